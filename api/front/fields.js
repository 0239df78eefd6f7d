// Fields of the form: each a control with its label, what stands beside it, a hint, and room for what is wrong with it.
import { labelled, options } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { otherOf } from "../widget/parts.js";

const DIGITS = { inputmode: "decimal", maxlength: "40" };
const MEASURE = { type: "text", maxlength: "40" };
/** What is typed or ticked, and how; all else is chosen from a list. */
const TYPED = {
  product: { type: "text", maxlength: "200" },
  quantity: DIGITS,
  "gross-weight": MEASURE,
  "net-weight": MEASURE,
  volume: MEASURE,
  price: DIGITS,
  place: { type: "text", maxlength: "100" },
  "pre-carriage": DIGITS,
  "export-clearance": DIGITS,
  "origin-handling": DIGITS,
  "origin-charges": DIGITS,
  freight: DIGITS,
  "declared-on": { type: "date" },
  "law-rate": { type: "text", maxlength: "200" },
  "law-code": { type: "text", inputmode: "numeric", maxlength: "40" },
  "vat-recoverable": { type: "checkbox" },
};
/** The costs, each with its currency beside it. */
export const COSTS = ["pre-carriage", "export-clearance", "origin-handling", "origin-charges", "freight"];
/** What stands in the same field. */
const BESIDE = {
  quantity: ["unit"],
  price: ["currency", "per"],
  ...Object.fromEntries(COSTS.map((name) => [name, [`${name}-currency`]])),
};
/** What may be left open, and the code of the text that says so. */
const OPEN = ["tariff-part", "package", "equipment", "rail", "display-currency"];
/** What has a hint from the beginning; other hints come with what is chosen. */
const HINTED = ["product", "gross-weight", "net-weight", "volume", "place", "freight", "declared-on", "law-rate", "law-code", "months-years"];

/** Fields of one part of the form. */
export class Fields {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {string} suffix of the ids, where the form has the same fields several times
   * @param {(name: string, value: string, typed: boolean) => void} changed
   */
  constructor(words, suffix, changed) {
    this.words = words;
    this.suffix = suffix;
    this.changed = changed;
    /** @type {Record<string, {control: HTMLElement, error: HTMLElement, whole: HTMLElement, hint?: HTMLElement, offered: [string, string][]}>} */
    this.made = {};
  }

  /** A new field. */
  make(name) {
    const id = this.#id(name);
    const control = name in TYPED ? element("input", { id, ...TYPED[name] }) : element("select", { id });
    const { field: whole, label } = labelled(id, control);
    label.textContent = this.words.text(`field.${name}`);
    const error = element("p", { class: "error", id: `${id}-error` });
    const hint = element("p", { class: "aside", id: `${id}-hint` }, HINTED.includes(name) ? this.words.text(`hint.${name}`) : "");
    control.setAttribute("aria-describedby", `${error.id} ${hint.id}`);
    const beside = (BESIDE[name] ?? []).map((each) => this.#beside(each, error, whole));
    whole.classList.add(control.type === "checkbox" ? "check" : `with-${beside.length}`, `field-${name}`);
    whole.append(...beside, hint, error);
    this.made[name] = { control, error, whole, hint, offered: [] };
    this.#listen(name, control);
    return whole;
  }

  control(name) {
    return this.made[name].control;
  }

  /** Show what is said; a field that somebody is in keeps what they write. */
  show(values) {
    for (const [name, { control, offered }] of Object.entries(this.made)) {
      const value = values[name] ?? "";
      if (control.type === "checkbox") control.checked = value === "true";
      else if (control.tagName === "SELECT") this.#choices(name, control, offered, value);
      else if (name !== "product" && control !== document.activeElement) control.value = control.type === "date" ? dayIn(value) : value;
    }
  }

  /** Offer what a look-up found, or what never changes. */
  offer(name, found, chosen) {
    const field = this.made[name];
    field.offered = found;
    this.#choices(name, field.control, found, chosen);
  }

  /**
   * @param {string} name
   * @param {string | (Node | string)[]} text
   * @param {boolean} told it says something of what is in the field, and not only what may stand there
   */
  hint(name, text, told = false) {
    const { hint } = this.made[name];
    hint.replaceChildren(...[text].flat());
    hint.classList.toggle("told", told);
  }

  hide(name, hidden) {
    this.made[name].whole.hidden = hidden;
  }

  /** Say what is wrong with a field, and show it if it was not shown. */
  mark(name, detail) {
    const { control, error, whole } = this.made[name];
    whole.hidden = false;
    control.setAttribute("aria-invalid", "true");
    error.append(...(error.textContent ? [" "] : []), detail);
  }

  /** Nothing is wrong. */
  clear() {
    for (const { control, error } of Object.values(this.made)) {
      control.removeAttribute("aria-invalid");
      error.textContent = "";
    }
  }

  #id(name) {
    return name + this.suffix;
  }

  #beside(name, error, whole) {
    const control = element("select", { id: this.#id(name), "aria-label": this.words.text(name === "unit" ? "unit" : `field.${name}`), "aria-describedby": error.id });
    this.made[name] = { control, error, whole, offered: [] };
    this.#listen(name, control);
    return control;
  }

  #listen(name, control) {
    if (name === "product") return;
    const typed = control.tagName === "INPUT" && control.type !== "checkbox";
    const said = () => (control.type === "checkbox" ? (control.checked ? "true" : "") : control.value.trim());
    control.addEventListener(typed ? "input" : "change", () => this.changed(name, said(), typed));
  }

  #choices(name, select, found, chosen) {
    const open = OPEN.includes(name) ? [["", this.words.text(`${name}.`)]] : [];
    options(select, [...open, ...otherOf(name, chosen, found), ...found], chosen);
  }
}

/** The day that a field of days can show: "" for whatever else is said. */
function dayIn(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : "";
}
