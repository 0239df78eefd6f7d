// Side by side: the same shipment under each regime, by each way, with each way of paying. Each is one call, made only for
// what somebody has opened, and can be had as a file.
import { fen } from "../widget/breakdown.js";
import { FIXED } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { detailOf } from "./calls.js";
import { downloads } from "./downloads.js";
import { asked } from "./request_text.js";

const KINDS = ["regime", "mode", "rail"];
const DOWNLOADS = ["csv", "xlsx", "svg"];
const CHEAPEST = "best";
const LAWFUL = FIXED.regime.filter((each) => each !== CHEAPEST);
/** By what the cards of each comparison are told apart. */
const CODES = { regime: ({ regime }) => regime, mode: ({ route }) => route.mode, rail: ({ payment }) => payment.rail };

/** The three comparisons. */
export class Comparison {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   * @param {import("./choices.js").Choices} choices
   * @param {(name: string, value: string) => void} choose
   */
  constructor(words, server, choices, choose) {
    this.words = words;
    this.server = server;
    this.choices = choices;
    this.choose = choose;
    this.parts = Object.fromEntries(KINDS.map((kind) => [kind, this.#part(kind)]));
    this.element = element("section", { class: "box", "aria-labelledby": "compare" }, element("h2", { id: "compare" }, words.text("compare")), ...KINDS.map((kind) => this.parts[kind].details));
    this.stop();
  }

  /** The shipment has changed: what was compared no longer holds. */
  stop() {
    this.call?.abort();
    this.said = null;
    for (const { details, body } of Object.values(this.parts)) {
      details.dataset.done = "";
      body.replaceChildren(element("p", { class: "aside" }, this.words.text("compare.later")));
    }
  }

  /**
   * Compare a shipment that has a price.
   * @param {import("./request_text.js").Said} said
   */
  async show(said) {
    this.stop();
    this.call = new AbortController();
    this.said = said;
    const { signal } = this.call;
    for (const kind of KINDS) if (this.parts[kind].details.open && !signal.aborted) await this.#fill(kind, signal);
  }

  #part(kind) {
    const body = element("div", { class: "body", "aria-live": "polite" });
    const details = element("details", { class: "section" }, element("summary", {}, this.words.text(`compare.${kind}`)), body);
    details.addEventListener("toggle", () => this.said && details.open && this.#fill(kind, this.call.signal));
    return { details, body };
  }

  async #fill(kind, signal) {
    const { details, body } = this.parts[kind];
    if (details.dataset.done) return;
    details.dataset.done = "asked";
    body.replaceChildren(element("p", { class: "aside" }, this.words.text("compare.wait")));
    try {
      const rails = kind === "rail" ? await this.choices.rails(signal) : [];
      const request = this.#request(kind, rails.map(([code]) => code));
      const { scenarios } = await this.server.compare(request, signal);
      if (signal.aborted) return;
      body.replaceChildren(this.#cards(kind, this.#found(kind, scenarios, new Map(rails))), ...this.#downloads(kind, request));
    } catch (failure) {
      if (signal.aborted) return;
      // Opened again, it is asked again.
      details.dataset.done = "";
      body.replaceChildren(element("p", { class: "error" }, detailOf(failure, this.words)));
    }
  }

  #asked(chosen = {}) {
    return asked(this.said, chosen, this.words.language);
  }

  /** The request of a comparison. Where the cheapest regime is asked for, a way is tried under every one of them. */
  #request(kind, rails) {
    const { regime, ...shipment } = this.#asked();
    if (kind === "regime") return { ...shipment, vary: { regime: LAWFUL } };
    const [request, under] = regime === CHEAPEST ? [shipment, { regime: LAWFUL }] : [{ ...shipment, regime }, {}];
    if (kind === "rail") {
      const named = new Set(request.payment ? [request.payment.rail, ...rails] : rails);
      return { ...request, vary: { ...under, payment: [...named].map((rail) => ({ ...request.payment, rail })) } };
    }
    // The freight that is stated is that of one way; each of the others has its own.
    const { freight, ...costs } = request.costs ?? {};
    return { ...request, costs, vary: { ...under, route: FIXED.mode.map((mode) => this.#way(mode)) } };
  }

  /** A way with its freight: the shipment's own, or the usual one of a mode. */
  #way(mode) {
    const { route, costs } = this.#asked((this.said.texts.mode || "sea") === mode ? {} : { mode });
    return { ...route, freight: costs?.freight };
  }

  /** What the cards tell, one for each choice. */
  #found(kind, scenarios, names) {
    const alike = Map.groupBy(scenarios, ({ differs }) => CODES[kind](differs));
    return [...alike].map(([code, tried]) => {
      const scenario = cheapestOf(tried);
      const { status, reason } = scenario;
      return { code, status, reason: reason?.text, ...this.#told(kind, code, scenario, names) };
    });
  }

  #told(kind, code, { label, differs, totals, payment, transit_days: days }, names) {
    const { words } = this;
    const taxes = totals ? [["taxes", words.money(totals.taxes)]] : [];
    if (kind === "regime") return { name: label, whole: totals?.landed_cost, facts: taxes };
    if (kind === "mode") {
      const { from, to } = differs.route;
      const freight = totals ? [["freight", words.money(totals.freight)]] : [];
      const onTheWay = days ? [["days", words.text("days.of", days)]] : [];
      return { name: words.text(`mode.${code}`), aside: `${from} → ${to}`, whole: totals?.landed_cost, facts: [...freight, ...taxes, ...onTheWay] };
    }
    if (!payment) return { name: names.get(code) ?? code, facts: [] };
    const { buyer_pays: pays, seller_receives: receives, float_days: float } = payment;
    const money = [["rail.buyer", words.money(pays)], ["rail.seller", words.money(receives)]];
    return { name: payment.label, whole: payment.cost, facts: [...money, ...(float === null ? [] : [["rail.days", float]])] };
  }

  /** Open ones first, by what they come to; those that cannot be priced last. */
  #cards(kind, found) {
    const rank = ({ status, whole }) => (status === "open" ? 0 : (whole ? 1 : 2));
    const order = ({ whole }) => (whole ? fen(whole.amount) : 0n);
    const sorted = found.toSorted((one, other) => rank(one) - rank(other) || Number(order(one) - order(other)));
    return element("ul", { class: "cards" }, ...sorted.map((each) => this.#card(kind, each, order(sorted[0]))));
  }

  #card(kind, { code, name, status, whole, reason, aside, facts }, least) {
    const { words } = this;
    const rows = facts.map(([label, value]) => element("div", {}, element("dt", {}, words.text(label)), element("dd", {}, element("bdi", {}, value))));
    const title = element("h3", {}, name, ...(aside ? [element("span", { class: "aside" }, ` ${aside}`)] : []));
    if (!whole) return element("li", { class: "card closed" }, title, element("p", { class: "aside" }, reason ?? ""));
    const above = fen(whole.amount) - least;
    const more = () => (above ? element("p", { class: "aside" }, words.text("above", { amount: words.money({ amount: yuanOf(above), currency: whole.currency }) })) : element("p", {}, element("span", { class: "badge complete" }, words.text("cheapest"))));
    const told = status === "open" ? more() : element("p", { class: "aside" }, reason ?? "");
    return element("li", { class: "card" }, title, ...(kind === "rail" ? [element("p", { class: "aside" }, words.text("rail.cost"))] : []), element("p", { class: "figure" }, words.money(whole)), told, element("dl", {}, ...rows), this.#button(kind, code, name));
  }

  /** The same comparison as files. */
  #downloads(kind, request) {
    const { words } = this;
    const forms = Object.fromEntries(DOWNLOADS.map((form) => [form, words.text(`compare.${form}`)]));
    return downloads(words, { name: kind, label: words.text(`compare.${kind}`) }, forms, (form) => this.server.compared(request, form));
  }

  #button(kind, code, name) {
    const usual = { regime: "general_trade", mode: "sea", rail: "" }[kind];
    const chosen = (this.said.texts[kind] || usual) === code;
    if (chosen) return element("p", { class: "chosen" }, this.words.text("chosen"));
    const button = element("button", { type: "button", "aria-label": this.words.text("choose.it", { name }) }, this.words.text("choose"));
    button.addEventListener("click", () => this.choose(kind, code));
    return button;
  }
}

/** Of scenarios that differ in their regime alone, the one that costs the buyer least; one that is not open where none is. */
function cheapestOf(tried) {
  const net = ({ totals }) => fen(totals.landed_cost_net_of_vat.amount);
  const open = tried.filter(({ status }) => status === "open");
  return open.reduce((one, other) => (net(other) < net(one) ? other : one), open[0] ?? tried[0]);
}

/** Fen as an amount of yuan. */
function yuanOf(fen) {
  const digits = String(fen).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
