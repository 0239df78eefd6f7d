// The form: what it asks, what it offers, and what is wrong, each at its field. It checks nothing itself.
import { FIXED, OF_WEIGHT, labelled, options } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { Combobox } from "./combobox.js";
import { POINTERS } from "./request_text.js";

const CURRENCIES = ["USD", "MXN", "CNY", "EUR"];
const INCOTERMS = ["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"];
const FREIGHT_IN_PRICE = INCOTERMS.slice(INCOTERMS.indexOf("CFR"));
const UNITS = ["t", ...OF_WEIGHT.filter((unit) => unit !== "t"), "carton", "pallet", "L", "unit"];
/** What may be left open, and the code of the text that says so. */
const OPEN = ["package", "equipment", "rail", "display-currency"];
/** Which field shows what is wrong with something that has no field of its own. */
const SHOWN_AT = { "hs-code": "product", description: "product" };
const GROUPS = {
  goods: ["product", "quantity", "package", "price"],
  way: ["incoterm", "place", "mode", "from", "to", "equipment", "freight"],
  customs: ["regime", "rail", "declared-on", "display-currency", "vat-recoverable"],
};

/** The form; it outlives every answer. */
export class Form {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./choices.js").Choices} choices
   * @param {(name: string, value: string, typed: boolean) => void} changed
   */
  constructor(words, choices, changed) {
    this.words = words;
    this.changed = changed;
    /** @type {Record<string, {control: HTMLElement, error: HTMLElement, offered?: [string, string][]}>} */
    this.fields = {};
    this.hints = {};
    const groups = Object.entries(GROUPS).map(([name, fields]) => element("fieldset", { class: "group" }, element("legend", {}, words.text(`group.${name}`)), ...fields.map((each) => this.#made(each))));
    this.element = element("form", { id: "form", class: "box form", tabindex: "-1", novalidate: "", autocomplete: "off", "aria-label": words.text("form") }, ...groups);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.search = new Combobox(this.fields.product.control, (text, signal) => choices.goods(text, signal), (value) => changed("goods", value, false));
    this.search.tell(words);
    this.fields.product.control.after(this.search.list, this.search.count);
    this.#offerFixed();
  }

  /** Show what is said; a field that somebody is in keeps what they write. */
  show(texts) {
    const [, number, unit] = /^([\d.,\s]*)(.*)$/s.exec(texts.quantity ?? "") ?? [];
    const freight = texts["freight-currency"] ?? texts.currency;
    const values = { ...texts, "freight-currency": freight, quantity: number.trim(), unit: unit.trim() || "t", product: texts.product ?? texts["hs-code"] ?? texts.description ?? "" };
    for (const [name, field] of Object.entries(this.fields)) {
      const { control, offered } = field;
      const value = values[name] ?? "";
      if (control.type === "checkbox") control.checked = value === "true";
      else if (control.tagName === "SELECT") this.#choices(name, control, offered ?? [], value);
      else if (name !== "product" && control !== document.activeElement) control.value = value;
    }
    this.fields.equipment.whole.hidden = (texts.mode ?? "sea") !== "sea";
    this.hints.freight.textContent = this.words.text(FREIGHT_IN_PRICE.includes(texts.incoterm) ? "hint.freight.paid" : "hint.freight");
  }

  /** Offer what a look-up found. */
  offer(name, found, chosen) {
    this.fields[name].offered = found;
    this.#choices(name, this.fields[name].control, found, chosen);
  }

  /**
   * Say at each field what is wrong with it.
   * @param {{pointer: string, detail: string}[]} errors
   * @returns {string[]} what stands at no field
   */
  mark(errors) {
    for (const { control, error } of Object.values(this.fields)) {
      control.removeAttribute("aria-invalid");
      error.textContent = "";
    }
    const rest = [];
    for (const { pointer, detail } of errors) {
      const field = this.fields[fieldAt(pointer)];
      if (!field) rest.push(detail);
      else {
        field.control.setAttribute("aria-invalid", "true");
        field.error.append(...(field.error.textContent ? [" "] : []), detail);
      }
    }
    return rest;
  }

  #made(name) {
    const { words } = this;
    const check = name === "vat-recoverable";
    const control = check || name in CONTROLS ? element("input", { id: name, ...(CONTROLS[name] ?? { type: "checkbox" }) }) : element("select", { id: name });
    const { field, label } = labelled(name, control);
    label.textContent = words.text(`field.${name}`);
    const error = element("p", { class: "error", id: `${name}-error` });
    const hint = element("p", { class: "aside", id: `${name}-hint` }, ["product", "place", "freight", "declared-on"].includes(name) ? words.text(`hint.${name}`) : "");
    control.setAttribute("aria-describedby", `${name}-error ${name}-hint`);
    const beside = (BESIDE[name] ?? []).map((each) => this.#beside(each, error));
    field.classList.add(check ? "check" : `with-${beside.length}`, `field-${name}`);
    field.append(...beside, ...(hint.textContent ? [hint] : []), error);
    this.hints[name] = hint;
    this.fields[name] = { control, error, whole: field };
    this.#listen(name, control);
    return field;
  }

  #beside(name, error) {
    const control = element("select", { id: name, "aria-label": this.words.text(name === "unit" ? "unit" : `field.${name}`), "aria-describedby": error.id });
    this.fields[name] = { control, error };
    this.#listen(name, control);
    return control;
  }

  #listen(name, control) {
    if (name === "product") return;
    const typed = control.tagName === "INPUT" && control.type !== "checkbox";
    control.addEventListener(typed ? "input" : "change", () => {
      if (name === "quantity" || name === "unit") {
        const number = this.fields.quantity.control.value.trim();
        this.changed("quantity", number && `${number} ${this.fields.unit.control.value}`, typed);
      } else if (control.type === "checkbox") this.changed(name, control.checked ? "true" : "", false);
      else this.changed(name, control.value.trim(), typed);
    });
  }

  #offerFixed() {
    const { words } = this;
    const named = (codes, name) => codes.map((code) => [code, name(code)]);
    const currencies = named(CURRENCIES, (code) => code);
    const units = named(UNITS, (code) => words.unit(code));
    const per = [...named(UNITS, (code) => words.text("per", { unit: words.unit(code) })), ["total", words.text("per.total")]];
    const fixed = { currency: currencies, "freight-currency": currencies, "display-currency": currencies.filter(([code]) => code !== "CNY"), unit: units, per, incoterm: named(INCOTERMS, (code) => code) };
    for (const name of ["mode", "regime"]) fixed[name] = named(FIXED[name], (code) => words.text(`${name}.${code}`));
    for (const [name, found] of Object.entries(fixed)) this.fields[name].offered = found;
  }

  #choices(name, select, found, chosen) {
    const open = OPEN.includes(name) ? [["", this.words.text(`${name}.`)]] : [];
    const other = chosen && !found.some(([code]) => code === chosen) ? [[chosen, chosen]] : [];
    options(select, [...open, ...other, ...found], chosen);
  }
}

/** What is typed, and how. */
const CONTROLS = {
  product: { type: "text", maxlength: "200" },
  quantity: { inputmode: "decimal", maxlength: "40" },
  price: { inputmode: "decimal", maxlength: "40" },
  place: { type: "text", maxlength: "100" },
  freight: { inputmode: "decimal", maxlength: "40" },
  "declared-on": { type: "date" },
};
/** What stands in the same field. */
const BESIDE = { quantity: ["unit"], price: ["currency", "per"], freight: ["freight-currency"] };

/** The field that a pointer leads to, or into: "" where there is none. */
function fieldAt(pointer) {
  const within = Object.entries(POINTERS).filter(([, own]) => pointer === own || pointer.startsWith(`${own}/`));
  const around = Object.entries(POINTERS).filter(([, own]) => pointer && own.startsWith(`${pointer}/`));
  const name = (within[0] ?? around[0])?.[0] ?? "";
  return SHOWN_AT[name] ?? name;
}
