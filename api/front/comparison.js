// Side by side: the same shipment under each regime, by each way, with each way of paying. Asked one after the other, and
// only for what somebody has opened.
import { fen } from "../widget/breakdown.js";
import { FIXED } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { Failure } from "../widget/fetching.js";
import { detailOf } from "./calls.js";
import { asked } from "./request_text.js";

const KINDS = ["regime", "mode", "rail"];

/** The three comparisons. */
export class Comparison {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   * @param {(name: string, value: string) => void} choose
   */
  constructor(words, server, choose) {
    this.words = words;
    this.server = server;
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
    this.call?.abort();
    this.call = new AbortController();
    this.said = said;
    const { signal } = this.call;
    for (const kind of KINDS) {
      const { details } = this.parts[kind];
      if (details.open && !details.dataset.done && !signal.aborted) await this.#fill(kind, signal);
    }
  }

  #part(kind) {
    const body = element("div", { class: "body", "aria-live": "polite" });
    const details = element("details", { class: "section" }, element("summary", {}, this.words.text(`compare.${kind}`)), body);
    details.addEventListener("toggle", () => this.said && details.open && this.show(this.said));
    return { details, body };
  }

  async #fill(kind, signal) {
    const { details, body } = this.parts[kind];
    body.replaceChildren(element("p", { class: "aside" }, this.words.text("compare.wait")));
    try {
      const found = await { regime: () => this.#regimes(signal), mode: () => this.#modes(signal), rail: () => this.#rails(signal) }[kind]();
      if (signal.aborted) return;
      details.dataset.done = "yes";
      body.replaceChildren(this.#cards(kind, found));
    } catch (failure) {
      if (!signal.aborted) body.replaceChildren(element("p", { class: "error" }, detailOf(failure, this.words)));
    }
  }

  #asked(chosen = {}) {
    return asked(this.said, chosen, this.words.language);
  }

  async #regimes(signal) {
    const quote = await this.server.price({ ...this.#asked(), regime: "best" }, signal);
    return quote.regimes.map(({ regime, label, totals, reason }) => ({
      code: regime, name: label, whole: totals?.landed_cost, reason: reason?.text,
      facts: totals ? [["taxes", this.words.money(totals.taxes)]] : [],
    }));
  }

  async #modes(signal) {
    const found = [];
    for (const mode of FIXED.mode) {
      const request = this.#asked((this.said.texts.mode || "sea") === mode ? {} : { mode });
      found.push({ code: mode, name: this.words.text(`mode.${mode}`), ...(await this.#way(request, signal)) });
    }
    return found;
  }

  async #way(request, signal) {
    try {
      const { totals, shipment } = await this.server.price(request, signal);
      const days = shipment?.transit_days;
      const way = [request.route?.from, request.route?.to].filter(Boolean).join(" → ");
      return {
        whole: totals.landed_cost, aside: way,
        facts: [
          ["freight", this.words.money(totals.freight)],
          ["taxes", this.words.money(totals.taxes)],
          ...(days ? [["days", this.words.text("days.of", days)]] : []),
        ],
      };
    } catch (failure) {
      if (!(failure instanceof Failure) || failure.kind !== "refused") throw failure;
      return { reason: detailOf(failure, this.words), facts: [] };
    }
  }

  async #rails(signal) {
    const request = this.#asked();
    const quote = await this.server.price({ ...request, payment: { ...request.payment, compare: true } }, signal);
    return quote.payment.options.map(({ rail, label, cost, buyer_pays: pays, seller_receives: receives, float_days: days }) => ({
      code: rail, name: label, whole: cost,
      facts: [["rail.buyer", this.words.money(pays)], ["rail.seller", this.words.money(receives)], ...(days === null ? [] : [["rail.days", days]])],
    }));
  }

  #cards(kind, found) {
    const open = found.filter(({ whole }) => whole).map(({ whole }) => fen(whole.amount));
    const least = open.reduce((one, other) => (one < other ? one : other), open[0] ?? 0n);
    const order = (each) => (each.whole ? fen(each.whole.amount) : null);
    const sorted = [...found].sort((one, other) => (order(one) === null) - (order(other) === null) || Number((order(one) ?? 0n) - (order(other) ?? 0n)));
    return element("ul", { class: "cards" }, ...sorted.map((each) => this.#card(kind, each, least)));
  }

  #card(kind, { code, name, whole, reason, aside, facts }, least) {
    const { words } = this;
    const rows = facts.map(([label, value]) => element("div", {}, element("dt", {}, words.text(label)), element("dd", {}, element("bdi", {}, value))));
    const title = element("h3", {}, name, ...(aside ? [element("span", { class: "aside" }, ` ${aside}`)] : []));
    if (!whole) return element("li", { class: "card closed" }, title, element("p", { class: "aside" }, reason ?? ""));
    const above = fen(whole.amount) - least;
    const told = above ? element("p", { class: "aside" }, words.text("above", { amount: words.money({ amount: yuanOf(above), currency: whole.currency }) })) : element("p", {}, element("span", { class: "badge complete" }, words.text("cheapest")));
    return element("li", { class: "card" }, title, ...(kind === "rail" ? [element("p", { class: "aside" }, words.text("rail.cost"))] : []), element("p", { class: "figure" }, words.money(whole)), told, element("dl", {}, ...rows), this.#button(kind, code, name));
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

/** Fen as an amount of yuan. */
function yuanOf(fen) {
  const digits = String(fen).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
