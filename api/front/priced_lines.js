// What each line of goods comes to, where there are several: the landed cost, the taxes in it, and the price of a unit.
import { element } from "../widget/dom.js";

const RATES = ["customs_duty", "consumption_tax", "vat", "postal_articles_tax"];

/** The table of the lines; it outlives every answer. */
export class PricedLines {
  /** @param {import("../widget/words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.body = element("tbody");
    this.names = [];
    this.sent = [];
    const heads = ["line.goods", "landed_cost", "line.unit"].map((code) => element("th", { scope: "col" }, words.text(code)));
    const table = element("table", {}, element("caption", {}, words.text("line.each")), element("thead", {}, element("tr", {}, ...heads)), this.body);
    this.element = element("div", { class: "box priced", hidden: "" }, table);
  }

  /**
   * @param {any[]} goods the lines of a quote
   * @param {import("./line.js").Line[]} sent the same in the form
   */
  show(goods, sent) {
    this.element.hidden = goods.length < 2;
    this.names = goods.map(() => element("span"));
    this.sent = sent;
    this.name();
    this.body.replaceChildren(...(goods.length < 2 ? [] : goods.map((line, at) => this.#row(line, this.names[at]))));
  }

  /** Call the lines as the form calls them, which may learn their names later. */
  name() {
    this.names.forEach((name, at) => { name.textContent = `${at + 1}. ${this.sent[at].goods}`; });
  }

  hide() {
    this.show([], []);
  }

  #row({ hs_code: code, quantity, rates, landed_cost: whole, taxes, per_unit: units }, name) {
    const { words } = this;
    const aside = (text) => element("span", { class: "aside" }, text);
    const facts = [code, words.valued(quantity.value, quantity.unit)].filter(Boolean).join(" · ");
    const unit = units.find((each) => each.unit !== "t") ?? units[0];
    const per = unit ? [element("bdi", {}, words.money(unit.amount)), aside(words.text("per", { unit: words.unit(unit.unit) }))] : [];
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, name, aside(facts), aside(this.#rates(rates))),
      element("td", { class: "number" }, element("bdi", {}, words.money(whole)), aside(words.text("line.taxes", { amount: words.money(taxes) }))),
      element("td", { class: "number" }, ...per),
    );
  }

  #rates(rates) {
    const told = RATES.filter((name) => rates[name]).map((name) => `${this.words.text(name)} ${rates[name]}`);
    return told.join(" · ");
  }
}
