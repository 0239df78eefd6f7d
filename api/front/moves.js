// What moves the cost? The landed cost with single figures moved, as a picture and a table, and what breaks even with a
// domestic price in China.
import { element } from "../widget/dom.js";
import { AskedAmount, pricedText } from "./asked_amount.js";
import { detailOf } from "./calls.js";
import { downloads } from "./downloads.js";
import { fact, signed } from "./facts.js";
import { Months } from "./months.js";
import { pictured } from "./pictures.js";
import { asked } from "./request_text.js";

const SHOCKS = { fx: ["-10%", "10%"], freight: ["-20%", "20%"], price: ["-5%", "5%"], duty: ["-50%", "50%"] };

/** The part of the page that moves single figures. */
export class Moves {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   */
  constructor(words, server) {
    this.words = words;
    this.server = server;
    const texts = { label: words.text("moves.domestic"), hint: words.text("moves.hint"), button: words.text("moves.even") };
    this.domestic = new AskedAmount(words, "moves-domestic", "benchmark_price", texts, () => this.#breakEven());
    this.body = element("div", { "aria-live": "polite" });
    this.even = element("div", { "aria-live": "polite" });
    this.months = new Months(words, server);
    const parts = [this.body, this.domestic.element, this.even, this.months.form, this.months.body];
    const body = element("div", { class: "body decision" }, ...parts);
    this.element = element("details", { class: "section" }, element("summary", {}, words.text("moves")), body);
    this.element.addEventListener("toggle", () => this.#fill());
    this.stop();
  }

  /** The shipment has changed: what was found no longer holds. */
  stop() {
    this.call?.abort();
    this.call = this.shipment = null;
    this.done = false;
    this.domestic.element.hidden = true;
    this.domestic.clear();
    this.even.replaceChildren();
    this.months.stop();
    this.body.replaceChildren(element("p", { class: "aside" }, this.words.text("compare.later")));
  }

  /**
   * Move figures of a shipment that has a price.
   * @param {import("./request_text.js").Said} said
   */
  show(said) {
    this.stop();
    this.call = new AbortController();
    this.shipment = asked(said, {}, this.words.language);
    this.domestic.element.hidden = false;
    this.months.show(this.shipment);
    this.domestic.offer(this.shipment.goods[0].price?.per);
    this.#fill();
  }

  async #fill() {
    const { words, server, call, element: { open } } = this;
    if (!open || !call || this.done) return;
    this.done = true;
    this.body.replaceChildren(element("p", { class: "aside" }, words.text("moves.wait")));
    const request = { ...this.shipment, shocks: SHOCKS };
    if (this.domestic.money.amount) this.#breakEven();
    try {
      const both = [server.stress(request, call.signal), server.stressed(request, "svg", "shocks", call.signal)];
      const [answer, drawing] = await Promise.all(both);
      if (call.signal.aborted) return;
      const picture = pictured(drawing, words.text("moves"), words.text("moves.picture"));
      this.body.replaceChildren(picture, this.#table(answer), ...this.#files(request, drawing));
    } catch (failure) {
      if (call.signal.aborted) return;
      // Opened again, it is asked again.
      this.done = false;
      this.body.replaceChildren(element("p", { class: "error" }, detailOf(failure, words)));
    }
  }

  #table({ base, shocks }) {
    const { words } = this;
    const number = (money) => element("td", { class: "number" }, element("bdi", {}, money));
    const heads = ["moves.what", "moves.by", "moves.difference", "landed_cost"].map((code) => element("th", { scope: "col" }, words.text(code)));
    const rows = shocks.map(({ label, by, difference, landed_cost: cost, reason }) => {
      const told = cost ? [number(signed(words, difference)), number(words.money(cost))] : [element("td", { colspan: "2", class: "aside" }, reason?.text ?? "")];
      return element("tr", {}, element("th", { scope: "row" }, label), number(by.replace("-", "−")), ...told);
    });
    const caption = words.text("moves.table", { amount: words.money(base.landed_cost) });
    return element("table", { class: "moves" }, element("caption", {}, caption), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  }

  /** The picture is there already; the table is asked for. */
  #files(request, drawing) {
    const { words, server } = this;
    const forms = { csv: words.text("compare.csv"), svg: words.text("compare.svg") };
    const whole = { name: "shocks", label: words.text("moves") };
    const fetched = async (form) => (form === "svg" ? drawing : server.stressed(request, form, "shocks"));
    return downloads(words, whole, forms, fetched);
  }

  async #breakEven() {
    const { words, server, call, domestic } = this;
    if (!call) return;
    domestic.clear();
    this.even.replaceChildren(element("p", { class: "aside" }, words.text("moves.wait")));
    try {
      const answer = await server.stress({ ...this.shipment, benchmark_price: domestic.money }, call.signal);
      if (!call.signal.aborted) this.even.replaceChildren(this.#even(answer.break_even));
    } catch (failure) {
      if (call.signal.aborted) return;
      this.even.replaceChildren();
      domestic.fail(failure);
    }
  }

  #even({ landed_cost: landed, margin, margin_percent: share, price, fx }) {
    const { words } = this;
    return element(
      "dl",
      { class: "facts" },
      fact(words.text("landed_cost"), pricedText(words, landed)),
      fact(words.text("moves.margin"), `${pricedText(words, margin)} (${share.replace("-", "−")})`),
      ...(price ? [fact(words.text("moves.price"), pricedText(words, price))] : []),
      ...(fx ? [fact(words.text("moves.fx"), `${words.decimal(fx.rate)} ${fx.pair}`)] : []),
    );
  }
}
