// A line of goods in the form: what they are, how much, how packed, at what price. It knows what is said of it and nothing else.
import { OF_WEIGHT } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { claimsOf, toldPart } from "../widget/parts.js";
import { detailOf } from "./calls.js";
import { fraccionIn, withZero } from "./choices.js";
import { Combobox } from "./combobox.js";
import { Fields } from "./fields.js";

export const CURRENCIES = ["USD", "MXN", "CNY", "EUR"];
export const UNITS = ["t", ...OF_WEIGHT.filter((unit) => unit !== "t"), "carton", "pallet", "L", "unit"];
const ASKED = ["product", "tariff-part", "quantity", "package", "gross-weight", "net-weight", "volume", "price"];
/** What is asked only where the server cannot do without, because no package of the tables tells it. */
const WHERE_NEEDED = ["gross-weight", "net-weight", "volume"];
/** What is hidden until it is said, or asked for by an answer. */
const HIDDEN = [...WHERE_NEEDED, "tariff-part"];

/** One line. */
export class Line {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./choices.js").Choices} choices
   * @param {number} serial of its fields, which never changes; the number that it is called by may
   * @param {{changed: (typed: boolean) => void, removed: (line: Line) => void, named: () => void}} heard
   */
  constructor(words, choices, serial, heard) {
    this.words = words;
    this.choices = choices;
    this.heard = heard;
    this.texts = {};
    /** Ends with the goods whose code is looked up. */
    this.asking = new AbortController();
    const suffix = serial > 1 ? `-${serial}` : "";
    this.fields = new Fields(words, suffix, (...change) => this.#changed(...change));
    this.title = element("div", { id: `line${suffix}`, class: "title" });
    this.away = element("button", { type: "button", class: "small" }, words.text("line.remove"));
    this.away.addEventListener("click", () => heard.removed(this));
    this.head = element("div", { class: "line-head" }, this.title, this.away);
    this.element = element("div", { class: "line", role: "group", "aria-labelledby": this.title.id }, this.head, ...ASKED.map((name) => this.fields.make(name)));
    this.#searching();
    this.#offerFixed();
  }

  /** Say which line it is; where it is the only one, nothing needs to be said. */
  number(n, only) {
    this.name = this.words.text("line", { n });
    this.title.textContent = this.name;
    this.away.setAttribute("aria-label", this.words.text("line.remove.it", { line: this.name }));
    this.head.hidden = only;
  }

  /** Everything of the line anew. */
  show(texts) {
    this.asking.abort();
    this.texts = { ...texts };
    this.search.show(texts.product ?? texts["hs-code"] ?? texts.fraccion ?? texts.description ?? "");
    for (const name of HIDDEN) this.fields.hide(name, !texts[name]);
    this.#offerParts([]);
    this.#fill();
    this.learnName();
  }

  /** Write something into the line, as its reader would. */
  write(name, value) {
    this.#say(name, value);
    this.#fill();
    this.heard.changed(false);
  }

  /** What the goods of a code are called. */
  learnName() {
    this.#learnFraccion();
    const kind = this.texts.product ? "product" : "hs-code";
    const code = this.texts[kind];
    if (!code) return;
    const { signal } = new AbortController();
    const show = (name) => {
      if (this.texts[kind] !== code || this.search.input === document.activeElement) return;
      this.search.show(name);
      this.heard.named();
    };
    this.choices.nameOf(kind, code, signal).then(show, () => {});
  }

  /** The line of the tariff that was chosen of those that a refusal left; the exporter's own code stays beside it. */
  choose(code, name) {
    const { fraccion } = this.texts;
    // The goods are the same as before, so that what was said of them stands.
    const said = Object.fromEntries(["package", ...WHERE_NEEDED].filter((each) => this.texts[each]).map((each) => [each, this.texts[each]]));
    this.#choose(fraccion ? `hs-code:${code}:${fraccion}` : `hs-code:${code}`, said);
    this.search.show(`${code} ${name}`);
    this.search.input.focus();
  }

  /**
   * Ask whether the goods belong to a part of their line, where an answer says that one has a lower rate; what was asked stays
   * once it is answered.
   * @param {{part: string, rate: string | null}[]} parts
   */
  askPart(parts) {
    if (parts.length) this.#offerParts(parts);
    this.fields.hide("tariff-part", !parts.length && !this.texts["tariff-part"]);
    this.#fill();
  }

  /** What the goods are called in the form. */
  get goods() {
    return this.search.input.value;
  }

  /** Offer the packages of the product. */
  async offer(signal) {
    const { product } = this.texts;
    if (product === this.packed) return;
    const found = product ? await this.choices.packages(product, signal).catch(() => null) : [];
    if (!found || signal.aborted || product !== this.texts.product) return;
    this.packed = product;
    this.fields.offer("package", found, this.texts.package ?? "");
  }

  /** The names of the fields that a price needs and that are empty. */
  get lacking() {
    const { texts } = this;
    const goods = texts.product || texts["hs-code"] || texts.fraccion || texts.description;
    return [...(goods ? [] : ["product"]), ...["quantity", "price"].filter((name) => !texts[name])];
  }

  /** Whether nothing is said. */
  get empty() {
    return this.lacking.length === 3;
  }

  #offerParts(parts) {
    const { words, fields } = this;
    fields.offer("tariff-part", claimsOf(parts, words), this.texts["tariff-part"] ?? "");
    const told = parts.flatMap(({ part, rate }, at) => [at ? "; " : "", toldPart({ part: "", rate }, words), element("span", { lang: "zh" }, part)]);
    const [before, after] = words.text("hint.tariff-part", { parts: "\n" }).split("\n");
    fields.hint("tariff-part", told.length ? [before, ...told, after] : "");
  }

  #searching() {
    const { control } = this.fields.made.product;
    this.search = new Combobox(control, (text, signal) => this.choices.goods(text, signal), (value) => this.#choose(value));
    this.search.tell(this.words);
    control.after(this.search.list, this.search.count);
  }

  #changed(name, value, typed) {
    if (name === "quantity" || name === "unit") {
      const number = this.fields.control("quantity").value.trim();
      this.unit = this.fields.control("unit").value;
      this.#say("quantity", number && `${number} ${this.unit}`);
    } else this.#say(name, value);
    this.#fill();
    this.heard.changed(typed);
  }

  /** A choice of the list ("product:…", "hs-code:…", "fraccion:…"), or what was typed: digits are a code, all else a name. */
  #choose(value, said = {}) {
    this.asking.abort();
    for (const name of ["product", "hs-code", "fraccion", "description", "package", ...HIDDEN]) delete this.texts[name];
    Object.assign(this.texts, said);
    for (const name of HIDDEN) this.fields.hide(name, !said[name]);
    const [, kind, code, fraccion] = /^(product|hs-code|fraccion):([^:]*):?(\d*)$/s.exec(value) ?? [];
    if (kind) {
      this.texts[kind] = code;
      if (fraccion) this.texts.fraccion = fraccion;
    } else if (fraccionIn(value)) return this.#typedCode(fraccionIn(value));
    // The API asks whether the zero is what it lacks.
    else if (withZero(value)) this.texts.fraccion = value;
    else if (/^[\d.]{6,}$/.test(value)) this.texts["hs-code"] = value.replaceAll(".", "");
    else this.#say("product", value);
    this.#learnFraccion();
    this.#fill();
    this.heard.changed(false);
  }

  /**
   * A code that was typed as Mexico writes its own: it is China's where only China has it, and Mexico's where both have, or
   * where the server does not say.
   */
  async #typedCode(code) {
    const { signal } = (this.asking = new AbortController());
    this.texts.fraccion = code;
    this.fields.hint("product", this.words.text("hint.product"));
    this.#fill();
    // What was priced before is of other goods.
    this.heard.changed(false);
    let own, chinese;
    try {
      ({ own, chinese } = await this.choices.bothOf(code, signal));
    } catch (failure) {
      if (!signal.aborted) this.fields.hint("product", detailOf(failure, this.words), true);
      return;
    }
    if (signal.aborted || this.texts.fraccion !== code) return;
    const mexican = own?.known || !chinese;
    if (mexican) await this.#learnFraccion();
    else {
      delete this.texts.fraccion;
      this.texts["hs-code"] = code;
      // A field that somebody writes in again keeps what they write.
      if (this.search.settled) this.search.show(chinese);
      this.heard.changed(false);
    }
    if (signal.aborted) return;
    if (chinese) this.fields.hint("product", this.words.text(mexican ? "code.both" : "code.only", { code, told: own?.told ?? "" }), true);
  }

  /** What Mexico calls the exporter's own code, and asks under it, in place of the hint. */
  async #learnFraccion() {
    const { fraccion, "hs-code": code } = this.texts;
    this.fields.hint("product", this.words.text("hint.product"));
    if (!fraccion) return;
    const { signal } = new AbortController();
    const found = await this.choices.fraccion(fraccion, signal).catch(() => null);
    if (!found || this.texts.fraccion !== fraccion) return;
    this.fields.hint("product", code ? `${found.name}. ${found.told}` : found.told, true);
    if (code || this.search.input === document.activeElement) return;
    this.search.show(found.name);
    this.heard.named();
  }

  #say(name, value) {
    if (value) this.texts[name] = value;
    else delete this.texts[name];
  }

  #fill() {
    const [, number, unit] = /^([\d.,\s]*)(.*)$/s.exec(this.texts.quantity ?? "") ?? [];
    this.fields.show({ ...this.texts, quantity: number.trim(), unit: unit.trim() || (this.unit ?? "t") });
  }

  #offerFixed() {
    const { words, fields } = this;
    const per = UNITS.map((code) => [code, words.text("per", { unit: words.unit(code) })]);
    fields.offer("currency", CURRENCIES.map((code) => [code, code]), "");
    fields.offer("unit", UNITS.map((code) => [code, words.unit(code)]), "t");
    fields.offer("per", [...per, ["total", words.text("per.total")]], "");
  }
}
