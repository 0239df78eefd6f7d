// What price can I offer? The highest price under the chosen Incoterm at which the landed cost stays within a target.
import { element } from "../widget/dom.js";
import { AskedAmount, perText, pricedText } from "./asked_amount.js";
import { fact } from "./facts.js";
import { asked } from "./request_text.js";

const NET = "landed_cost_net_of_vat";

/** The part of the page that looks for a price. */
export class Offer {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   * @param {(price: string) => void} put a price into the form
   */
  constructor(words, server, put) {
    this.words = words;
    this.server = server;
    this.put = put;
    this.shipment = null;
    const texts = { label: words.text("offer.target"), hint: words.text("offer.hint"), button: words.text("offer.find") };
    this.target = new AskedAmount(words, "offer-target", "target", texts, () => this.#find());
    this.net = element("input", { id: "offer-net", type: "checkbox" });
    this.recovered = element("div", { class: "field check" }, element("label", { for: "offer-net" }, words.text("offer.net")), this.net);
    this.target.element.firstChild.after(this.recovered);
    this.unfit = element("p", { class: "aside" });
    this.found = element("div", { class: "found-price", "aria-live": "polite" });
    this.element = element("details", { class: "section" }, element("summary", {}, words.text("offer")), element("div", { class: "body decision" }, this.unfit, this.target.element, this.found));
    this.show(null);
  }

  /** The shipment has changed; what was found holds until it is known how. */
  stop() {
    this.call?.abort();
    this.call = null;
    this.shipment = null;
  }

  /**
   * Look for the price of this shipment; where only its price is another, what was found still holds.
   * @param {import("./request_text.js").Said | null} said null for a shipment of which more is missing than a price
   */
  show(said) {
    this.stop();
    const one = said?.lines.length === 1;
    this.unfit.textContent = one ? "" : this.words.text(said ? "offer.one" : "offer.later");
    this.unfit.hidden = one;
    this.target.element.hidden = !one;
    if (one) this.#take(said);
    const text = JSON.stringify(this.shipment);
    if (text === this.text) return;
    this.text = text;
    this.found.replaceChildren();
    this.target.clear();
  }

  #take(said) {
    const { goods: [{ price, ...line }], ...rest } = asked(said, {}, this.words.language);
    const { amount, ...open } = price ?? {};
    this.shipment = { ...rest, goods: [{ ...line, price: open }] };
    this.target.offer(open.per);
    this.recovered.hidden = said.texts["vat-recoverable"] !== "true";
  }

  async #find() {
    const { shipment, words } = this;
    if (!shipment) return;
    this.call?.abort();
    const { signal } = (this.call = new AbortController());
    this.target.clear();
    this.found.replaceChildren(element("p", { class: "aside" }, words.text("offer.wait")));
    const of = this.net.checked && !this.recovered.hidden ? { of: NET } : {};
    try {
      const answer = await this.server.aim({ ...shipment, target: { ...this.target.money, ...of } }, signal);
      if (signal.aborted) return;
      this.found.replaceChildren(...this.#told(answer, shipment.incoterm ?? ""));
    } catch (failure) {
      if (signal.aborted) return;
      this.found.replaceChildren();
      this.target.fail(failure);
    }
  }

  #told({ price, reached, intervals }, incoterm) {
    const { words } = this;
    // Where a threshold lies between, lower prices may miss the target that a higher one meets.
    const ranges = intervals.map(({ from, to }) => `${words.money(from)} – ${pricedText(words, to)}`);
    const button = element("button", { type: "button", class: "first" }, words.text("offer.put"));
    button.addEventListener("click", () => this.shipment && this.put(price.amount));
    return [
      element("p", { class: "label" }, words.text("offer.highest", { incoterm })),
      element("p", { class: "figure" }, words.money(price), element("small", {}, ` ${perText(words, price.per)}`)),
      element(
        "dl",
        { class: "facts" },
        fact(words.text(reached.of === NET ? "offer.reached_net" : "offer.reached"), pricedText(words, reached)),
        fact(words.text("offer.left"), words.money(reached.left)),
        ...(ranges.length > 1 ? [fact(words.text("offer.all"), ...ranges)] : []),
      ),
      button,
    ];
  }
}
