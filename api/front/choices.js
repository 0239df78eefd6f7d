// What only the server knows and the form offers: goods by name, ports of a way, containers, packages, ways of paying.
// Where it does not answer, a list keeps what it shows.
import { Failure } from "../widget/fetching.js";

const MOST_FOUND = 6;
const MOST_OFFERED = 200;
/** What the server answers of a code that there is none of, or that is no code. All else leaves open whether there is one. */
const NO_SUCH_CODE = [404, 422];

/** Mexico writes 0804.40.01, with a NICO 0804.40.01.00; in China the last two digits begin with 0 only where both are 0. */
const FRACCION = /^(\d{4}[.\s]\d{2}[.\s](?!00)\d{2}([.\s]\d{2})?|\d{6}0[1-9](\d{2})?)$/;

/** The digits of a code as Mexico writes it; "" for whatever else is typed. */
export function fraccionIn(text) {
  return FRACCION.test(text) ? text.replace(/\D/g, "") : "";
}

/** A code that lacks the zero it begins with, as spreadsheets leave it, with its zero; "" for whatever else is typed. */
export function withZero(text) {
  return /^[1-9]\d{2}[.\s]?\d/.test(text) ? fraccionIn(`0${text}`) : "";
}

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
   * Products, then lines of the tariff; of an exporter's own code, that code and then the lines that it leads to.
   * @param {string} text
   * @param {AbortSignal} signal
   */
  async goods(text, signal) {
    const code = fraccionIn(text) || withZero(text);
    const own = code ? await this.#led(code, signal) : [];
    if (own.length) return own;
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

  /** What Mexico calls a code of its own, and asks under it; and the Chinese lines that it leads to. */
  async fraccion(code, signal) {
    const query = new URLSearchParams({ fraccion: code, limit: MOST_FOUND, language: this.words.language });
    const { fraccion: told, items } = await this.server.look(`/v1/tariff-lines?${query}`, signal);
    const unit = told.unit ? this.words.text("fraccion.unit", { unit: told.unit }) : "";
    return { name: [told.fraccion, told.name ?? ""].join(" ").trim(), told: [unit, told.export_duty.text].filter(Boolean).join(" "), known: told.in_table, items };
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

  /**
   * What either country has under a code that is written as Mexico writes its own: null and "" for nothing. Rejects with a
   * Failure where the server does not say, or with the signal's reason.
   * @returns {Promise<{own: {name: string, told: string, known: boolean, items: any[]} | null, chinese: string}>}
   */
  async bothOf(code, signal) {
    const [own, [line]] = await Promise.all([
      this.fraccion(code, signal).catch(noneOf),
      this.#items("/v1/tariff-lines", { q: code, limit: 1 }, signal),
    ]);
    return { own, chinese: line?.hs_code === code ? `${code} ${line.name}` : "" };
  }

  /** Nothing where the code leads nowhere: the API says why once a price is asked. */
  async #led(code, signal) {
    const { own, chinese } = await this.bothOf(code, signal);
    const line = chinese ? [{ value: `hs-code:${code}`, name: chinese, aside: this.words.text("code.chinese") }] : [];
    if (!own) return line;
    const mexican = { value: `fraccion:${code}`, name: own.name, aside: own.told, below: true };
    const lines = own.items.filter(({ hs_code: other }) => other !== code).map(({ hs_code: other, name }) => ({ value: `hs-code:${other}:${code}`, name: `${other} ${name}`, aside: "" }));
    return own.known ? [mexican, ...line, ...lines] : [...line, mexican, ...lines];
  }

  async #items(path, query, signal) {
    const { items } = await this.server.look(`${path}?${new URLSearchParams({ ...query, language: this.words.language })}`, signal);
    return items;
  }
}

/** Nothing, where a failure says that there is no such code; any other failure stays one. */
function noneOf(failure) {
  if (failure instanceof Failure && NO_SUCH_CODE.includes(failure.problem.status)) return null;
  throw failure;
}
