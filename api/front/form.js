// The form: what it asks, what it offers, and what is wrong, each at its field. It checks nothing itself.
import { FIXED } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { COSTS, Fields } from "./fields.js";
import { CURRENCIES, Line } from "./line.js";
import { placeOf } from "./request_text.js";
import { BEFORE_LOADING } from "./terms.js";

const INCOTERMS = ["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"];
const FREIGHT_IN_PRICE = INCOTERMS.slice(INCOTERMS.indexOf("CFR"));
/** Which field shows what is wrong with something that has no field of its own. */
const SHOWN_AT = { "hs-code": "product", fraccion: "product", description: "product" };
const OF_TERM = ["incoterm", "place"];
const OF_WAY = ["mode", "from", "to", "equipment", "freight"];
const OF_CUSTOMS = ["regime", "rail", "declared-on", "display-currency", "vat-recoverable"];
/** As many lines as the API prices in one request. */
const MOST_LINES = 200;

/** The form; it outlives every answer. */
export class Form {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./choices.js").Choices} choices
   * @param {import("./terms.js").Terms} terms
   * @param {{changed: (name: string, value: string, typed: boolean) => void, goods: (typed: boolean) => void, named: () => void}} heard
   */
  constructor(words, choices, terms, heard) {
    this.words = words;
    this.choices = choices;
    this.terms = terms;
    this.heard = heard;
    this.fields = new Fields(words, "", heard.changed);
    this.serial = 0;
    /** @type {Line[]} */
    this.lines = [];
    this.box = element("div", { class: "lines" });
    this.more = element("button", { type: "button" }, words.text("line.add"));
    this.more.addEventListener("click", () => this.#addAnother());
    this.before = this.#group("before", "group inner", BEFORE_LOADING.map((name) => this.fields.make(name)));
    const made = (names) => names.map((name) => this.fields.make(name));
    const groups = [
      this.#group("goods", "group", [this.box, this.more]),
      this.#group("way", "group", [...made(OF_TERM), this.before, ...made(OF_WAY)]),
      this.#group("customs", "group", made(OF_CUSTOMS)),
    ];
    this.element = element("form", { id: "form", class: "box form", tabindex: "-1", novalidate: "", autocomplete: "off", "aria-label": words.text("form") }, ...groups);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.#offerFixed();
    this.fill([{}]);
  }

  /** Show what is said of the whole shipment. */
  show(texts) {
    const currency = this.lines[0].texts.currency ?? "";
    const currencies = COSTS.map((name) => [`${name}-currency`, texts[`${name}-currency`] ?? currency]);
    this.fields.show({ ...texts, ...Object.fromEntries(currencies) });
    this.fields.hide("equipment", (texts.mode ?? "sea") !== "sea");
    this.fields.hint("freight", this.words.text(FREIGHT_IN_PRICE.includes(texts.incoterm) ? "hint.freight.paid" : "hint.freight"));
    this.#showTerm(texts);
  }

  /** Show lines of goods, and no others. */
  fill(lines) {
    while (this.lines.length > lines.length) this.lines.pop().element.remove();
    while (this.lines.length < lines.length) this.#add();
    lines.forEach((texts, at) => this.lines[at].show(texts));
    this.#number();
  }

  /** Offer what a look-up found. */
  offer(name, found, chosen) {
    this.fields.offer(name, found, chosen);
  }

  /**
   * Say at each field what is wrong with it.
   * @param {{pointer: string, detail: string, code?: string}[]} errors
   * @param {Line[]} sent the lines of the request
   * @param {boolean} more beside what is marked already
   * @returns {string[]} what stands at no field
   */
  mark(errors, sent, more = false) {
    if (!more) for (const { fields } of [this, ...this.lines]) fields.clear();
    const rest = [];
    for (const { pointer, detail, code } of errors) {
      const { line, name } = placeOf(pointer);
      const shown = SHOWN_AT[name] ?? name;
      const fields = (line === null ? this : sent[line])?.fields;
      if (!fields?.made[shown]) rest.push(detail);
      else {
        if (BEFORE_LOADING.includes(shown)) this.before.hidden = false;
        fields.mark(shown, code === "leg_missing" ? this.words.text("cost.missing") : detail);
      }
    }
    return rest;
  }

  #showTerm({ incoterm, place, ...texts }) {
    const needed = this.terms.needed(incoterm, place) ?? [];
    const shown = BEFORE_LOADING.filter((name) => needed.includes(name) || texts[name]);
    for (const name of BEFORE_LOADING) this.fields.hide(name, !shown.includes(name));
    this.before.hidden = !shown.length;
    const side = this.terms.side(incoterm);
    this.fields.hint("place", this.words.text(side ? `hint.place.${side}` : "hint.place"));
    this.fields.hint("incoterm", this.terms.told(incoterm, place));
  }

  #group(name, kind, children) {
    return element("fieldset", { class: kind }, element("legend", {}, this.words.text(`group.${name}`)), ...children);
  }

  #add() {
    const { goods: changed, named } = this.heard;
    this.serial += 1;
    const line = new Line(this.words, this.choices, this.serial, { changed, named, removed: (each) => this.#remove(each) });
    this.lines.push(line);
    this.box.append(line.element);
    return line;
  }

  /** Another line, priced as the last one is. */
  #addAnother() {
    const { currency, per } = this.lines.at(-1).texts;
    const line = this.#add();
    line.show({ currency, per });
    this.#number();
    this.heard.goods(false);
    line.search.input.focus();
  }

  #remove(line) {
    this.lines = this.lines.filter((each) => each !== line);
    line.element.remove();
    this.#number();
    this.heard.goods(false);
    this.more.focus();
  }

  #number() {
    this.lines.forEach((line, at) => line.number(at + 1, this.lines.length === 1));
    this.more.hidden = this.lines.length >= MOST_LINES;
  }

  #offerFixed() {
    const { words } = this;
    const named = (codes, name) => codes.map((code) => [code, name(code)]);
    const currencies = named(CURRENCIES, (code) => code);
    for (const name of COSTS) this.fields.offer(`${name}-currency`, currencies, "");
    this.fields.offer("display-currency", currencies.filter(([code]) => code !== "CNY"), "");
    this.fields.offer("incoterm", named(INCOTERMS, (code) => code), "");
    for (const name of ["mode", "regime"]) this.fields.offer(name, named(FIXED[name], (code) => words.text(`${name}.${code}`)), "");
  }
}
