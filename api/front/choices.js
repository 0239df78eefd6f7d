// What only the server knows and the form offers: goods by name, ports of a way, containers, packages, ways of paying.
// Where it does not answer, a list keeps what it shows.

const MOST_FOUND = 6;
const MOST_OFFERED = 200;

/** The look-ups of the form. */
export class Choices {
  /**
   * @param {import("./calls.js").Server} server
   * @param {import("../widget/words.js").Words} words
   */
  constructor(server, words) {
    this.server = server;
    this.words = words;
  }

  /**
   * Products, then lines of the tariff.
   * @param {string} text
   * @param {AbortSignal} signal
   */
  async goods(text, signal) {
    const [products, lines] = await Promise.all([
      this.#items("/v1/products", { q: text, limit: MOST_FOUND }, signal),
      this.#items("/v1/tariff-lines", { q: text, limit: MOST_FOUND }, signal),
    ]);
    return [
      ...products.map(({ slug, name, hs_code: code }) => ({ value: `product:${slug}`, name, aside: code ?? "" })),
      ...lines.map(({ hs_code: code, name }) => ({ value: `hs-code:${code}`, name: `${code} ${name}`, aside: "" })),
    ];
  }

  /** The name of goods that a link or an example named. */
  async nameOf(kind, code, signal) {
    const path = kind === "product" ? "/v1/products/" : "/v1/tariff-lines/";
    const { name } = await this.server.look(`${path}${encodeURIComponent(code)}?language=${this.words.language}`, signal);
    return kind === "product" ? name : `${code} ${name}`;
  }

  /** The places of a way: those that lead from Mexico, and those that one of them reaches. */
  async places(mode, from, signal) {
    const lanes = await this.#items("/v1/lanes", { mode, limit: MOST_OFFERED }, signal);
    const names = (end, at, taken) => [...new Map(lanes.filter(taken).map((lane) => [lane[end], lane.name.split(" – ").at(at)]))];
    return { from: names("from", 0, () => true), to: names("to", -1, (lane) => lane.from === from) };
  }

  /** The Incoterms, each with the legs that its price contains. */
  terms(signal) {
    return this.server.look(`/v1/incoterms?language=${this.words.language}`, signal);
  }

  async containers(signal) {
    const items = await this.#items("/v1/equipment", { kind: "container" }, signal);
    return items.map(({ code, name }) => [code, `${code} · ${name}`]);
  }

  async rails(signal) {
    const items = await this.#items("/v1/payment-rails", { limit: MOST_OFFERED }, signal);
    return items.filter(({ reachable }) => reachable).map(({ code, name }) => [code, name]);
  }

  async packages(product, signal) {
    const items = await this.#items("/v1/packages", { product, limit: MOST_OFFERED }, signal);
    return [...new Set(items.map(({ package: code }) => code))].map((code) => [code, this.words.unit(code)]);
  }

  async #items(path, query, signal) {
    const { items } = await this.server.look(`${path}?${new URLSearchParams({ ...query, language: this.words.language })}`, signal);
    return items;
  }
}
