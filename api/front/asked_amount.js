// A small form that asks for one amount of money: how much, in which currency, for what.
import { labelled, options } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { detailOf } from "./calls.js";
import { CURRENCIES, UNITS } from "./line.js";

/** What an amount is for, in words. */
export function perText(words, per) {
  return per === "total" ? words.text("per.total") : words.text("per", { unit: words.unit(per) });
}

/** An amount of money for a unit, or in total, in words. */
export function pricedText(words, { amount, currency, per }) {
  return `${words.money({ amount, currency })} ${perText(words, per)}`;
}

/** The form; it outlives every answer. */
export class AskedAmount {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {string} id of the field
   * @param {string} member of a request in which the amount stands
   * @param {{label: string, hint: string, button: string}} texts
   * @param {() => void} asked
   */
  constructor(words, id, member, texts, asked) {
    this.words = words;
    this.member = member;
    this.amount = element("input", { id, inputmode: "decimal", maxlength: "40", autocomplete: "off", "aria-describedby": `${id}-error ${id}-hint` });
    this.currency = element("select", { "aria-label": words.text("field.currency"), "aria-describedby": `${id}-error` });
    this.per = element("select", { "aria-label": words.text("field.per"), "aria-describedby": `${id}-error` });
    this.error = element("p", { class: "error", id: `${id}-error`, role: "status" });
    this.button = element("button", {}, texts.button);
    const { field, label } = labelled(id, this.amount);
    label.textContent = texts.label;
    field.classList.add("with-2");
    field.append(this.currency, this.per, element("p", { class: "aside", id: `${id}-hint` }, texts.hint), this.error);
    this.element = element("form", { class: "form asked", novalidate: "" }, field, this.button);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      asked();
    });
    options(this.currency, ["CNY", ...CURRENCIES.filter((code) => code !== "CNY")].map((code) => [code, code]), "CNY");
    this.chosen = false;
    this.per.addEventListener("change", () => { this.chosen = true; });
    this.offer("kg");
  }

  /** Offer the units, and that of the price too, which is chosen until somebody chooses. */
  offer(per) {
    const offered = [...new Set([...UNITS, ...(per ? [per] : []), "total"])];
    const chosen = this.chosen ? this.per.value : per;
    options(this.per, offered.map((code) => [code, perText(this.words, code)]), offered.includes(chosen) ? chosen : "total");
  }

  /** What is written, as a request has it; the amount is left out where nothing is. */
  get money() {
    const amount = this.amount.value.trim();
    return { ...(amount ? { amount } : {}), currency: this.currency.value, per: this.per.value };
  }

  /** Nothing is wrong. */
  clear() {
    this.error.textContent = "";
    for (const control of [this.amount, this.currency, this.per]) control.removeAttribute("aria-invalid");
  }

  /** Why there is no answer; what is wrong with the amount stands at its control. */
  fail(failure) {
    this.error.textContent = detailOf(failure, this.words);
    const pointer = failure.problem.errors?.[0]?.pointer ?? "";
    if (!pointer.startsWith(`/${this.member}`)) return;
    const control = { currency: this.currency, per: this.per }[pointer.split("/")[2]] ?? this.amount;
    control.setAttribute("aria-invalid", "true");
  }
}
