// The same shipment month by month: the landed cost at the law and the exchange rates of then, and the rates that changed.
import { element } from "../widget/dom.js";
import { detailOf } from "./calls.js";
import { downloads } from "./downloads.js";
import { Fields } from "./fields.js";
import { MEASURES } from "./law.js";
import { pictured } from "./pictures.js";

const MOST_YEARS = 20;
const USUAL_YEARS = "5";
const YEARS = "months-years";
/** The rates whose names the answers of the page do not have. */
const OTHER_RATES = { basis: "months.basis" };

/** The part of what moves the cost that looks back. */
export class Months {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   */
  constructor(words, server) {
    this.words = words;
    this.server = server;
    this.fields = new Fields(words, "", () => {});
    const button = element("button", {}, words.text("months.show"));
    this.form = element("form", { class: "form asked" }, this.fields.make(YEARS), button);
    const years = Array.from({ length: MOST_YEARS }, (_, at) => [`${at + 1}`, words.counted("months.years", at + 1)]);
    this.fields.offer(YEARS, years, USUAL_YEARS);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#look();
    });
    this.body = element("div", { "aria-live": "polite" });
    this.stop();
  }

  /** The shipment has changed: what was found no longer holds. */
  stop() {
    this.call?.abort();
    this.shipment = null;
    this.form.hidden = true;
    this.body.replaceChildren();
  }

  /** The request of a shipment that has a price. */
  show(shipment) {
    this.stop();
    this.shipment = shipment;
    this.form.hidden = false;
  }

  async #look() {
    const { words, server, body, shipment } = this;
    if (!shipment) return;
    this.call?.abort();
    const { signal } = (this.call = new AbortController());
    const request = { ...shipment, history: { years: Number(this.fields.control(YEARS).value) } };
    body.replaceChildren(element("p", { class: "aside" }, words.text("moves.wait")));
    try {
      const both = [server.stress(request, signal), server.stressed(request, "svg", "history", signal)];
      const [{ history: months }, drawing] = await Promise.all(both);
      if (signal.aborted) return;
      const picture = pictured(drawing, words.text("months"), words.text("months.picture"));
      body.replaceChildren(picture, ...this.#untold(months), this.#table(months), ...this.#files(request, drawing));
    } catch (failure) {
      if (!signal.aborted) body.replaceChildren(element("p", { class: "error" }, detailOf(failure, words)));
    }
  }

  /** How many months have no landed cost, and why the last of them has none. */
  #untold(months) {
    const untold = months.filter(({ reason }) => reason);
    if (!untold.length) return [];
    const count = this.words.counted("months.untold", untold.length);
    return [element("p", { class: "aside" }, `${count} ${untold.at(-1).reason.text}`)];
  }

  #table(months) {
    const { words } = this;
    const rows = months.flatMap(({ declared_on: on, changed }) => changed.map((each) => this.#row(words.day(on), each)));
    if (!rows.length) return element("p", {}, words.text("months.same"));
    const codes = ["months.rate", "months.month", "months.from", "months.to"];
    const heads = codes.map((code) => element("th", { scope: "col" }, words.text(code)));
    return element(
      "table",
      { class: "moves" },
      element("caption", {}, words.text("months.table")),
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    );
  }

  #row(month, { what, goods, from, to }) {
    const { words } = this;
    const rate = words.text(OTHER_RATES[what] ?? what);
    const named = this.shipment.goods.length > 1 ? `${words.text("line", { n: `${goods + 1}` })}: ${rate}` : rate;
    const told = (value) => (value === null ? words.text("months.none") : MEASURES[value] ? words.text(MEASURES[value]) : value);
    const cells = [month, told(from), told(to)].map((text) => element("td", { class: "number" }, element("bdi", {}, text)));
    return element("tr", {}, element("th", { scope: "row" }, named), ...cells);
  }

  /** The picture is there already; the table is asked for. */
  #files(request, drawing) {
    const { words, server } = this;
    const forms = { csv: words.text("compare.csv"), svg: words.text("months.svg") };
    const whole = { name: "history", label: words.text("months") };
    const fetched = async (form) => (form === "svg" ? drawing : server.stressed(request, form, "history"));
    return downloads(words, whole, forms, fetched);
  }
}
