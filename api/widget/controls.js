// What the shopper may change, as far as the merchant allows it.
import { element } from "./dom.js";
import { claimsOf, otherOf } from "./parts.js";

/** What a shopper may change where the merchant does not say. */
export const USUAL_CONTROLS = "quantity language";
/** The words of the attribute `controls`, and the figure that each lets the shopper choose. */
const FIGURES = { quantity: "quantity", place: "to", mode: "mode", regime: "regime", "tariff-part": "tariff-part", payment: "rail", language: "lang" };
/** What the API takes for these, in the order in which it is offered. */
export const FIXED = { mode: ["sea", "lcl", "air", "courier"], regime: ["general_trade", "cbec_retail", "postal_articles", "best"] };
/** What may be left open, and the code of the text that says so. */
const LEFT_OPEN = { rail: "rail.", "tariff-part": "tariff-part." };
/** Units of weight, as they are offered. */
export const OF_WEIGHT = ["kg", "t", "jin", "lb"];
const LANGUAGES = { en: "English", es: "Español", zh: "中文" };

/** The row of controls; it outlives every answer, so that nobody loses the field they are in. */
export class Controls {
  /** @param {(name: string, value: string, typed: boolean) => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.fields = {};
    /** @type {{part: string, rate: string | null}[]} of the goods, as far as an answer told them */
    this.parts = [];
    this.group = element("div", { class: "controls", part: "controls", role: "group" });
  }

  /**
   * Show the controls that the merchant allows, in the merchant's order.
   * @param {string} allowed
   */
  allow(allowed) {
    const names = [...new Set(allowed.split(/\s+/))].filter((each) => Object.hasOwn(FIGURES, each)).map((each) => FIGURES[each]);
    if (names.join() === Object.keys(this.fields).join() && this.group.childElementCount) return;
    this.fields = Object.fromEntries(names.map((name) => [name, name === "quantity" ? this.#quantity() : this.#select(name)]));
    this.group.replaceChildren(...names.map((name) => this.fields[name].field));
    this.group.hidden = !names.length;
  }

  /**
   * Say everything in a language, and show what is chosen.
   * @param {import("./words.js").Words} words
   * @param {(name: string) => string} value
   */
  tell(words, value) {
    this.group.setAttribute("aria-label", words.text("shipment"));
    for (const [name, { label, control, unit }] of Object.entries(this.fields)) {
      label.textContent = words.text(name);
      if (name === "quantity") this.#tellQuantity(control, unit, words, value(name));
      else if (name === "lang") options(control, Object.entries(LANGUAGES), words.language);
      else if (name in FIXED) options(control, FIXED[name].map((code) => [code, words.text(`${name}.${code}`)]), value(name) || FIXED[name][0]);
      else if (name === "tariff-part") this.#offerParts(value(name), words);
      else this.offer(name, this.fields[name].offered ?? [], value(name), words);
    }
  }

  /**
   * Offer what a look-up found.
   * @param {string} name
   * @param {[string, string, string?][]} found codes and names, with the language of those that are not in the reader's
   * @param {string} chosen
   * @param {import("./words.js").Words} words
   */
  offer(name, found, chosen, words) {
    const field = this.fields[name];
    if (!field) return;
    field.offered = found;
    const none = LEFT_OPEN[name] ? [["", words.text(LEFT_OPEN[name])]] : [];
    options(field.control, [...none, ...otherOf(name, chosen, found), ...found], chosen);
    if (name === "tariff-part") field.field.hidden = !found.length && !chosen;
  }

  /**
   * Ask whether the goods belong to a part of their line; what was asked stays once it is answered.
   * @param {{part: string, rate: string | null}[]} parts none where the answer asks nothing
   * @param {string} chosen
   * @param {import("./words.js").Words} words
   */
  askPart(parts, chosen, words) {
    if (parts.length || !chosen) this.parts = parts;
    this.#offerParts(chosen, words);
  }

  /** The goods are others: what was known of their parts is not so of these. */
  forgetParts() {
    this.parts = [];
  }

  /**
   * Say that the shopper's own entry is wrong, or that it no longer is.
   * @param {string} name "" for none
   * @param {string} described the id of what says why
   */
  mark(name, described) {
    for (const [each, { control }] of Object.entries(this.fields)) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
      if (each !== name) continue;
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", described);
    }
  }

  #offerParts(chosen, words) {
    this.offer("tariff-part", this.parts.length || chosen ? claimsOf(this.parts, words) : [], chosen, words);
  }

  #select(name) {
    const control = element("select", { id: name, part: "select" });
    control.addEventListener("change", () => this.changed(name, control.value, false));
    return labelled(name, control);
  }

  #quantity() {
    const control = element("input", { id: "quantity", part: "input", inputmode: "decimal", autocomplete: "off", maxlength: "40" });
    const unit = element("select", { part: "select" });
    const tell = (typed) => this.changed("quantity", `${control.value.trim()} ${unit.value}`.trim(), typed);
    control.addEventListener("input", () => tell(true));
    unit.addEventListener("change", () => tell(false));
    const made = labelled("quantity", control);
    made.field.append(unit);
    made.field.classList.add("double");
    return { ...made, unit };
  }

  #tellQuantity(control, select, words, value) {
    const [, number, unit] = /^([\d.,\s]*)(.*)$/.exec(value.trim()) ?? [];
    const units = OF_WEIGHT.includes(unit) ? OF_WEIGHT : [unit];
    select.setAttribute("aria-label", words.text("unit"));
    select.hidden = units.length === 1 && !unit;
    options(select, units.map((code) => [code, words.unit(code)]), unit);
    if (control.value.trim() !== number.trim()) control.value = number.trim();
  }
}

/** A control with its label. */
export function labelled(name, control) {
  const label = element("label", { for: name });
  return { field: element("div", { class: "field", part: "field" }, label, control), label, control };
}

/** Put choices (code, name, and its language where it is not the reader's) into a list, and choose one; a list that already has them is left as it is. */
export function options(select, choices, chosen) {
  const shown = [...select.options].map(({ value, text, lang }) => (lang ? [value, text, lang] : [value, text]));
  if (JSON.stringify(shown) !== JSON.stringify(choices)) {
    select.replaceChildren(...choices.map(([value, text, lang]) => element("option", lang ? { value, lang } : { value }, text)));
  }
  select.value = chosen;
}
