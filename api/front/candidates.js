// The lines of the tariff that a refused code leaves to choose from: what each would cost, and a button that takes it.
import { element } from "../widget/dom.js";
import { placeOf } from "./request_text.js";

const DUE = ["customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax"];
const NOTHING = /^0(\.0+)?$/;

/** The lists; empty where nothing is to be chosen. */
export class Candidates {
  /** @param {import("../widget/words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.element = element("div", { class: "candidates" });
  }

  /**
   * @param {any[]} errors of a problem
   * @param {import("./line.js").Line[]} sent the lines of the request
   */
  show(errors, sent) {
    const open = errors.filter(({ candidates }) => candidates?.length);
    this.element.replaceChildren(...open.map((each, at) => this.#list(each, sent[placeOf(each.pointer).line ?? 0], at)));
  }

  #list({ candidates }, line, at) {
    const { words } = this;
    const title = line.goods ? words.text("candidates.of", { goods: line.goods }) : words.text("candidates");
    const id = `candidates-${at}`;
    const cards = candidates.map((each) => element("li", { class: "card" }, ...this.#card(each, line)));
    const count = element("p", { class: "aside", role: "status" }, words.counted("candidates.n", candidates.length));
    return element("section", { class: "box", "aria-labelledby": id }, element("h3", { id }, title), count, element("ul", { class: "cards" }, ...cards));
  }

  #card({ hs_code: code, name, names, rates, taxes, landed_cost: whole, problem }, line) {
    const { words } = this;
    const button = element("button", { type: "button", "aria-label": words.text("candidates.take.it", { code, name }) }, words.text("candidates.take"));
    button.addEventListener("click", () => line.choose(code, name ?? ""));
    const row = (term, told) => element("div", {}, element("dt", {}, term), element("dd", {}, told));
    const cost = whole ? [element("p", { class: "figure" }, words.money(whole)), element("p", { class: "aside" }, words.text("landed_cost"))] : [];
    const due = taxes ? DUE.filter((each) => taxes[each] && !NOTHING.test(taxes[each].amount)).map((each) => row(words.text(each), words.money(taxes[each]))) : [];
    return [
      element("h4", {}, code),
      element("p", { class: "name" }, name ?? ""),
      // The names of subheadings are often those of several lines: the words of the law tell these apart.
      ...(names.zh && names.zh !== name ? [element("p", { class: "aside", lang: "zh" }, names.zh)] : []),
      ...cost,
      element("dl", {}, ...(rates ? this.#rates(rates).map((each) => row(...each)) : []), ...due),
      ...(problem ? [element("p", { class: "aside" }, problem.text)] : []),
      button,
    ];
  }

  #rates({ mfn, provisional, vat }) {
    const { words } = this;
    const duty = provisional ?? mfn;
    return [
      ...(duty ? [[words.text("candidates.rate", { tax: words.text("customs_duty") }), duty]] : []),
      ...(vat?.length ? [[words.text("candidates.rate", { tax: words.text("vat") }), vat.join(" / ")]] : []),
    ];
  }
}
