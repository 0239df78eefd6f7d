// What if the law changed? The shipment with one rate of the Chinese tariff, or one tax, as somebody supposes it.
import { element } from "../widget/dom.js";
import { detailOf } from "./calls.js";
import { downloads } from "./downloads.js";
import { fact, signed } from "./facts.js";
import { Fields } from "./fields.js";
import { asked } from "./request_text.js";

/** What can be changed, and the code of the text that names it. */
export const MEASURES = {
  provisional: "law.provisional", mfn: "law.mfn", agreement: "law.agreement",
  vat: "vat", consumption_tax: "consumption_tax", anti_dumping: "law.anti_dumping",
};
/** Where the member of a change is written. */
const FIELDS = { measure: "law-measure", expression: "law-rate", hs_code: "law-code" };

/** The part of the page that supposes another law. */
export class Law {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   */
  constructor(words, server) {
    this.words = words;
    this.server = server;
    this.code = "";
    this.fields = new Fields(words, "", () => {});
    const fields = Object.values(FIELDS).map((name) => this.fields.make(name));
    const measures = Object.entries(MEASURES).map(([code, text]) => [code, words.text(text)]);
    this.fields.offer(FIELDS.measure, measures, "provisional");
    const button = element("button", {}, words.text("law.suppose"));
    this.form = element("form", { class: "form asked", novalidate: "" }, ...fields, button);
    for (const each of this.form.querySelectorAll(".error")) each.setAttribute("role", "status");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#suppose();
    });
    this.found = element("div", { "aria-live": "polite" });
    const body = element("div", { class: "body decision" }, this.form, this.found);
    this.element = element("details", { class: "section" }, element("summary", {}, words.text("law")), body);
    this.stop();
  }

  /** The shipment has changed: what was found no longer holds. */
  stop() {
    this.call?.abort();
    this.shipment = null;
    this.form.hidden = true;
    this.fields.clear();
    this.#tell(element("p", { class: "aside" }, this.words.text("compare.later")));
  }

  /**
   * Suppose another law for a shipment that has a price.
   * @param {import("./request_text.js").Said} said
   * @param {string | null} code of the first line, which is meant until somebody writes another
   */
  show(said, code) {
    this.stop();
    this.shipment = asked(said, {}, this.words.language);
    this.form.hidden = false;
    this.#tell();
    const field = this.fields.control(FIELDS.hs_code);
    if (field.value.trim() === this.code) field.value = code ?? "";
    this.code = code ?? "";
  }

  #tell(...told) {
    this.found.replaceChildren(...told);
  }

  /** The change as it is written; what is left empty is left out. */
  get #change() {
    const written = Object.entries(FIELDS).map(([member, name]) => [member, this.fields.control(name).value.trim()]);
    const change = Object.fromEntries(written.filter(([, value]) => value));
    return change.measure === "agreement" ? { ...change, origins: ["MX"] } : change;
  }

  async #suppose() {
    const { shipment, words, server } = this;
    if (!shipment) return;
    this.call?.abort();
    const { signal } = (this.call = new AbortController());
    const change = this.#change;
    const request = { changes: [change], basket: [shipment] };
    this.fields.clear();
    this.#tell(element("p", { class: "aside" }, words.text("moves.wait")));
    try {
      const answer = await server.suppose(request, words.language, signal);
      if (!signal.aborted) this.#tell(...this.#told(answer, change), ...this.#files(request));
    } catch (failure) {
      if (!signal.aborted) this.#fail(failure);
    }
  }

  #told({ basket: [{ before, after, difference, difference_percent: share, reason }], revenue, unmet }, change) {
    const { words } = this;
    const title = (code) => element("h3", {}, words.text(code));
    const written = { measure: words.text(MEASURES[change.measure]), rate: change.expression, code: change.hs_code };
    const supposed = element("p", { class: "label" }, words.text("law.supposed", written));
    const list = (...each) => element("dl", { class: "facts" }, ...each);
    const now = () => fact(words.text("law.before"), words.money(before.landed_cost));
    if (reason) return [supposed, ...(before ? [list(now())] : []), element("p", {}, reason.text)];
    if (unmet.length) return [supposed, element("p", {}, words.text("law.unmet"))];
    const by = share ? ` (${share.replace("-", "−")})` : "";
    const taxes = Object.entries(revenue.taxes).filter(([, { difference: { amount } }]) => /[1-9]/.test(amount));
    return [
      supposed,
      title("landed_cost"),
      list(
        now(),
        fact(words.text("law.after"), words.money(after.landed_cost)),
        fact(words.text("moves.difference"), signed(words, difference) + by),
      ),
      title("law.revenue"),
      list(
        fact(words.text("law.all"), signed(words, revenue.difference)),
        ...taxes.map(([name, tax]) => fact(words.text(name), signed(words, tax.difference))),
      ),
    ];
  }

  #files(request) {
    const { words, server } = this;
    const forms = { csv: words.text("compare.csv"), xlsx: words.text("compare.xlsx") };
    const whole = { name: "what-if", label: words.text("law") };
    return downloads(words, whole, forms, (form) => server.supposed(request, words.language, form));
  }

  /** What is wrong with the change stands at its field. */
  #fail(failure) {
    const errors = failure.problem?.errors ?? [];
    const named = errors.map(({ pointer, detail }) => [FIELDS[/^\/changes\/0\/(\w+)/.exec(pointer)?.[1]], detail]);
    for (const [name, detail] of named) if (name) this.fields.mark(name, detail);
    const told = named.length && named.every(([name]) => name);
    this.#tell(...(told ? [] : [element("p", { class: "error" }, detailOf(failure, this.words))]));
  }
}
