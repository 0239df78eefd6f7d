// What is seen: the controls, the answer, or why there is none. Every part has its room from the beginning, so that nothing
// around the widget moves when an answer comes.
import { breakdown } from "./breakdown.js";
import { Controls } from "./controls.js";
import { element } from "./dom.js";
import { remarks, requirements, steps } from "./explanation.js";
import STYLE from "./style.css";

const SECTIONS = ["sure", "warnings", "requirements", "steps"];
const COUNTS = { sure: "points", warnings: "warnings.n", requirements: "requirements.n", steps: "steps.n" };
/** One sheet for every widget of the page. A sheet that is constructed needs no leave of the page's policy for styles. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** The shadow tree of one widget. */
export class View {
  /**
   * @param {ShadowRoot} root
   * @param {(name: string, value: string, typed: boolean) => void} changed
   * @param {() => void} again
   */
  constructor(root, changed, again) {
    root.adoptedStyleSheets = [sheet];
    this.controls = new Controls(changed);
    const part = (tag, name, ...children) => (this[name] = element(tag, { class: name, part: name }, ...children));
    this.sections = Object.fromEntries(SECTIONS.map((name) => [name, section(name)]));
    this.result = element(
      "div",
      { class: "result", part: "result" },
      part("p", "label"),
      part("p", "amount"),
      part("p", "terms"),
      part("p", "outcome"),
      part("ul", "units"),
      part("p", "note"),
      part("div", "waterfall"),
      ...SECTIONS.map((name) => this.sections[name].details),
      part("p", "foot"),
    );
    this.reason = element("p", { id: "reason", role: "alert" });
    this.aside = element("p", { class: "aside" });
    this.retry = element("button", { type: "button", part: "retry" });
    this.retry.addEventListener("click", again);
    this.message = element("div", { class: "message", part: "message", hidden: "" }, this.reason, this.aside, this.retry);
    this.spoken = element("p", { class: "unseen", role: "status" });
    this.box = element("div", { class: "box", part: "box" }, this.controls.group, element("div", { class: "stage" }, this.result, this.message), this.spoken);
    root.append(this.box);
  }

  /**
   * Say everything that does not wait for an answer.
   * @param {import("./words.js").Words} words
   * @param {string} allowed
   * @param {(name: string) => string} value
   */
  tell(words, allowed, value) {
    this.box.lang = words.locale;
    this.controls.allow(allowed);
    this.controls.tell(words, value);
    this.label.textContent = words.text("title");
    this.retry.textContent = words.text("retry");
    for (const name of SECTIONS) this.sections[name].title.textContent = words.text(name);
  }

  /**
   * The answer is being waited for; what was there stays, dimmed.
   * @param {import("./words.js").Words} words
   * @param {any} request
   */
  wait(words, request) {
    this.result.setAttribute("aria-busy", "true");
    this.result.classList.toggle("empty", !this.amount.textContent);
    this.amount.classList.toggle("two", (request.display_currency ?? "CNY") !== "CNY");
    this.waterfall.classList.toggle("long", Boolean(request.payment));
    this.note.textContent = request.costs?.freight === "planning" ? words.text("planning") : "";
    this.message.classList.add("quiet");
    if (!this.message.hidden) this.reason.textContent = words.text("loading");
    this.aside.textContent = "";
    this.retry.hidden = true;
  }

  /**
   * @param {import("./words.js").Words} words
   * @param {any} quote
   * @param {any} request
   */
  show(words, quote, request) {
    const { totals, outcome, goods } = quote;
    const landed = words.money(totals.landed_cost);
    const other = totals.landed_cost_display;
    const display = other.currency === totals.landed_cost.currency ? [] : [element("small", {}, words.text("display", { amount: words.money(other) }))];
    this.amount.replaceChildren(element("bdi", {}, landed), ...display);
    this.terms.textContent = terms(quote, request, words);
    this.outcome.replaceChildren(element("span", { class: `badge ${outcome.status}`, part: "badge" }, words.text(outcome.status)), ` ${range(outcome, words)}`);
    // Prices per unit of several goods would be told apart by nothing.
    this.units.hidden = goods.length > 1;
    this.units.replaceChildren(...(goods.length > 1 ? [] : goods[0].per_unit).filter(shown).map((unit) => perUnit(unit, words)));
    this.waterfall.replaceChildren(breakdown(totals, words));
    const until = quote.expires_at && words.text("valid", { day: words.day(quote.declared_on), until: words.day(quote.expires_at), because: quote.expires_because });
    this.foot.textContent = until || words.text("valid.open", { day: words.day(quote.declared_on) });
    this.#fill("sure", [...outcome.reasons, ...quote.assumptions], remarks, words);
    this.#fill("warnings", quote.warnings, remarks, words);
    this.#fill("requirements", quote.requirements, requirements, words);
    this.#fill("steps", quote.steps, steps, words);
    this.#settle(true);
    this.spoken.textContent = `${words.text("title")}: ${landed}. ${words.text(`${outcome.status}.text`)}`;
  }

  /**
   * @param {string} text
   * @param {{aside?: string, field?: string, retry?: boolean}} more
   */
  fail(text, { aside = "", field = "", retry = false }) {
    this.#settle(false);
    this.message.classList.remove("quiet");
    this.reason.textContent = text;
    this.aside.textContent = aside;
    this.retry.hidden = !retry;
    this.controls.mark(field, "reason");
  }

  #settle(good) {
    this.result.removeAttribute("aria-busy");
    this.result.classList.toggle("away", !good);
    this.result.classList.remove("empty");
    this.message.hidden = good;
    if (good) this.controls.mark("", "");
  }

  #fill(name, items, made, words) {
    const { details, count, body } = this.sections[name];
    count.textContent = words.counted(COUNTS[name], items.length);
    details.classList.toggle("warned", name === "warnings" && items.length > 0);
    const fill = () => body.replaceChildren(details.open ? made(items, words) : "");
    details.ontoggle = fill;
    fill();
  }
}

function section(name) {
  const title = element("span");
  const count = element("span", { class: "count" });
  const body = element("div", { class: "body" });
  return { details: element("details", { class: "section", part: `section ${name}` }, element("summary", {}, title, count), body), title, count, body };
}

function terms({ goods, regime }, request, words) {
  const [{ quantity }] = goods;
  const facts = {
    quantity: goods.length > 1 ? words.counted("lines.n", goods.length) : words.valued(quantity.value, quantity.unit),
    incoterm: [request.incoterm ?? "FOB", request.place].filter(Boolean).join(" "),
    regime: words.text(`regime.${regime}`),
  };
  return words.text("terms", facts);
}

function range({ status, range }, words) {
  if (!range || range.low.landed_cost.amount === range.high.landed_cost.amount) return words.text(`${status}.text`);
  return words.text("range", { low: words.money(range.low.landed_cost), high: words.money(range.high.landed_cost) });
}

/** A tonne says nothing that a kilogram does not. */
function shown({ unit }) {
  return unit !== "t";
}

function perUnit({ unit, amount }, words) {
  return element("li", { part: "unit" }, element("bdi", {}, words.money(amount)), element("span", {}, words.text("per", { unit: words.unit(unit) })));
}
