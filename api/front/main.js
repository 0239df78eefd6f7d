// The page: one form, one answer, one call at a time. What the form says stands in the fragment of the address, which no
// server sees, so that a reload, a change of language and a link to somebody else all bring it back.
import { element } from "../widget/dom.js";
import { Failure } from "../widget/fetching.js";
import { wayOf } from "../widget/request.js";
import { partsOf } from "../widget/parts.js";
import { View } from "../widget/view.js";
import { Words } from "../widget/words.js";
import { Server } from "./calls.js";
import { Candidates } from "./candidates.js";
import { Choices } from "./choices.js";
import { Comparison } from "./comparison.js";
import { Files } from "./files.js";
import { Form } from "./form.js";
import { Keeping } from "./keeping.js";
import { Keys } from "./keys.js";
import { Law } from "./law.js";
import { Moves } from "./moves.js";
import { Offer } from "./offer.js";
import { PricedLines } from "./priced_lines.js";
import { asked, fragmentOf, requestIn, saidBy, saysAll } from "./request_text.js";
import { Snippet } from "./snippet.js";
import { Terms } from "./terms.js";

const PAUSE_CHOOSING = 150;
const PAUSE_WRITING = 450;
const USUAL_TEXTS = { incoterm: "FOB", mode: "sea", regime: "general_trade" };
const USUAL_LINE = { currency: "USD", per: "kg" };
const EXAMPLE = { product: "avocado-fresh", quantity: "20 t", price: "2.90" };

class Front {
  #words = new Words(document.documentElement.lang);
  #server = new Server();
  #choices = new Choices(this.#server, this.#words);
  #terms = new Terms(this.#words);
  /** @type {Record<string, string>} what is said of the whole shipment; each line knows its own */
  #texts = {};
  /** What was said of costs that the term of the moment does not leave to the buyer. */
  #laidAside = {};
  #timer = 0;
  /** @type {AbortController | null} ends with the call that is under way */
  #call = null;
  #form = new Form(this.#words, this.#choices, this.#terms, { changed: (...change) => this.#changed(...change), goods: (typed) => this.#goodsChanged(typed), named: () => this.#lines.name() });
  #comparison = new Comparison(this.#words, this.#server, this.#choices, (name, value) => this.#changed(name, value, false));
  #offer = new Offer(this.#words, this.#server, (price) => this.#form.lines.find((line) => !line.empty).write("price", price));
  #moves = new Moves(this.#words, this.#server);
  #law = new Law(this.#words, this.#server);
  #keeping = new Keeping(this.#words, this.#server);
  #snippet = new Snippet(this.#words, this.#server);
  #keys = new Keys(this.#words, this.#server, () => this.#keyChanged());
  #files = new Files(this.#words, this.#server, (problem) => this.#keys.denied(problem));
  #lines = new PricedLines(this.#words);
  #candidates = new Candidates(this.#words);
  #result = element("div", { class: "answer" });
  #view = new View(this.#result.attachShadow({ mode: "open" }), () => {}, () => this.#schedule(0));
  #net = element("p", { class: "net", role: "status" });
  #fragment = "";
  #notice = element("p", { class: "notice", role: "status" });
  #example = element("button", { type: "button" }, this.#words.text("example"));
  #lacking = element("p", { role: "status" });
  #start = element("div", { class: "box start" }, this.#lacking, this.#example);
  /** On a phone the answer stands below the form: this keeps it in sight. */
  #bar = element("button", { type: "button", class: "glance", hidden: "" });

  constructor() {
    this.#example.addEventListener("click", () => this.#fill({ texts: {}, lines: [EXAMPLE] }));
    this.#view.tell(this.#words, "", () => "");
    this.#bar.addEventListener("click", () => this.#result.scrollIntoView());
    new IntersectionObserver(([{ isIntersecting }]) => this.#bar.classList.toggle("away", isIntersecting), { rootMargin: "0px 0px -160px" }).observe(this.#result);
    const title = element("h2", { id: "result", class: "unseen" }, this.#words.text("result"));
    const result = element("section", { class: "result-side", "aria-labelledby": "result" }, title, this.#notice, this.#start, this.#result, this.#candidates.element, this.#net, this.#lines.element);
    const decide = element("section", { class: "box", "aria-labelledby": "decide" }, element("h2", { id: "decide" }, this.#words.text("decide")), this.#offer.element, this.#moves.element, this.#law.element);
    const more = element("div", { class: "more" }, this.#keeping.element, this.#snippet.element, this.#keys.element);
    document.getElementById("page").append(element("div", { class: "quote" }, this.#form.element, result, this.#bar), this.#comparison.element, decide, this.#files.element, more);
    for (const link of document.querySelectorAll(".languages a")) link.addEventListener("click", () => { link.hash = this.#fragment; });
    addEventListener("hashchange", () => location.hash.startsWith("#q=") && this.#restore());
    addEventListener("online", () => this.#schedule(0));
    this.#restore();
  }

  #restore() {
    const request = requestIn(location.hash);
    const said = request ? saidBy(request) : { texts: {}, lines: [{}] };
    const unread = request === null ? "link.unread" : "";
    this.#notice.textContent = unread || (request && !saysAll(said, request)) ? this.#words.text(unread || "link.part") : "";
    this.#fill(said);
  }

  /** Everything anew: from a link, or the example. */
  #fill({ texts, lines }) {
    this.#texts = { ...USUAL_TEXTS, ...texts };
    this.#laidAside = {};
    this.#form.fill(lines.map((line) => ({ ...USUAL_LINE, ...line })));
    this.#form.show(this.#texts);
    this.#schedule(0);
  }

  #changed(name, value, typed) {
    // A place where goods set out is none where they arrive.
    if (name === "incoterm" && this.#terms.side(value) !== this.#terms.side(this.#texts.incoterm)) delete this.#texts.place;
    if (value) this.#texts[name] = value;
    else delete this.#texts[name];
    // A seaport is no airport: the places go back to the usual ones of the way.
    if (name === "mode") for (const each of ["from", "to", "equipment"]) delete this.#texts[each];
    if (["incoterm", "place"].includes(name)) this.#terms.sort(this.#texts, this.#laidAside);
    this.#form.show(this.#texts);
    this.#schedule(typed ? PAUSE_WRITING : PAUSE_CHOOSING);
  }

  #goodsChanged(typed) {
    this.#form.show(this.#texts);
    this.#schedule(typed ? PAUSE_WRITING : PAUSE_CHOOSING);
  }

  #schedule(pause) {
    clearTimeout(this.#timer);
    this.#call?.abort();
    this.#call = null;
    for (const each of [this.#comparison, this.#offer, this.#moves, this.#law]) each.stop();
    this.#keeping.show(null);
    this.#timer = setTimeout(() => this.#load(), pause);
  }

  async #load() {
    const { signal } = (this.#call = new AbortController());
    const said = this.#form.lines.filter((line) => !line.empty);
    const sent = said.length ? said : this.#form.lines.slice(0, 1);
    const whole = { texts: { ...this.#texts }, lines: sent.map(({ texts }) => ({ ...texts })) };
    const request = asked(whole, {}, this.#words.language);
    this.#fragment = fragmentOf(request);
    history.replaceState(null, "", this.#fragment);
    this.#snippet.show(whole);
    this.#offerLists(whole.texts, signal);
    const priceless = sent.every(({ lacking }) => !lacking.some((name) => name !== "price"));
    this.#offer.show(priceless ? whole : null);
    const unfinished = sent.find(({ lacking }) => lacking.length);
    if (unfinished) return this.#wait(unfinished);
    this.#begun(true);
    this.#candidates.show([], []);
    this.#view.wait(this.#words, request);
    try {
      const quote = await this.#server.price(request, signal);
      if (signal.aborted) return;
      this.#show(quote, request, whole, sent);
    } catch (failure) {
      if (!signal.aborted) this.#failed(failure, sent);
    }
  }

  #show(quote, request, whole, sent) {
    this.#form.mark([], []);
    this.#keys.taken();
    this.#result.classList.remove("failed");
    this.#view.show(this.#words, quote, request);
    this.#lines.show(quote.goods, sent);
    sent.forEach((line, at) => line.askPart(partsOf(quote, at)));
    const { landed_cost: sum, landed_cost_net_of_vat: net } = quote.totals;
    this.#net.textContent = sum.amount === net.amount ? "" : this.#words.text("net", { amount: this.#words.money(net) });
    this.#bar.replaceChildren(element("span", {}, this.#words.text("title")), element("strong", {}, this.#words.money(sum)));
    this.#bar.hidden = false;
    this.#keeping.show(request);
    this.#moves.show(whole);
    this.#law.show(whole, quote.goods[0].hs_code);
    this.#comparison.show(whole);
  }

  /** Not enough is said for a price. */
  #wait({ name, lacking, empty }) {
    this.#form.mark([], []);
    this.#candidates.show([], []);
    this.#net.textContent = "";
    this.#lines.hide();
    const fields = new Intl.ListFormat(this.#words.locale).format(lacking.map((each) => this.#words.text(`field.${each}`)));
    this.#lacking.textContent = empty ? this.#words.text("start") : this.#words.text("lacking", { line: name, fields });
    this.#example.hidden = !empty;
    this.#begun(false);
  }

  #begun(begun) {
    this.#start.hidden = begun;
    this.#result.hidden = !begun;
    if (!begun) this.#bar.hidden = true;
  }

  #failed(failure, sent) {
    if (!(failure instanceof Failure)) throw failure;
    const { kind, problem } = failure;
    if (kind === "refused") return this.#refused(problem, sent);
    if (kind === "denied") return this.#quiet(this.#keys.denied(problem), { aside: problem.detail ?? "" });
    this.#quiet(this.#words.text(kind), { retry: kind !== "offline" });
  }

  #refused(problem, sent) {
    const errors = problem.errors ?? [];
    const rest = this.#form.mark(errors, sent);
    // What every line to choose from lacks, such as a weight, has its field as well.
    const lacking = errors.flatMap(({ candidates }) => candidates ?? []).map((each) => each.problem).filter((each) => each?.code === "missing_field");
    this.#form.mark([...new Map(lacking.map(({ pointer, text, code }) => [pointer, { pointer, detail: text, code }])).values()], sent, true);
    this.#candidates.show(errors, sent);
    const choose = errors.some(({ candidates }) => candidates?.length);
    const costs = errors.length > 0 && errors.every(({ code }) => code === "leg_missing");
    const text = costs ? "mend.costs" : choose ? "mend.choose" : (rest.length === errors.length ? "mend.other" : "mend");
    this.#quiet(this.#words.text(text), { aside: errors.length ? rest.join(" ") : (problem.detail ?? "") });
  }

  #quiet(text, more) {
    this.#net.textContent = "";
    this.#lines.hide();
    this.#bar.hidden = true;
    this.#result.classList.add("failed");
    this.#view.fail(text, more);
  }

  /** The lists that only the server knows. */
  #offerLists(texts, signal) {
    const { mode, from, to } = wayOf((name) => texts[name] ?? "", {});
    const offer = (found, name, chosen) => found.then((items) => signal.aborted || this.#form.offer(name, items, chosen), () => {});
    const places = this.#choices.places(mode, from, signal);
    offer(places.then((each) => each.from), "from", from);
    offer(places.then((each) => each.to), "to", to);
    offer(this.#choices.containers(signal), "equipment", texts.equipment ?? "");
    offer(this.#choices.rails(signal), "rail", texts.rail ?? "");
    this.#learnTerms(texts.incoterm ?? "", signal);
    for (const line of this.#form.lines) line.offer(signal);
  }

  async #learnTerms(chosen, signal) {
    const told = await this.#choices.terms(signal).catch(() => null);
    if (!told || signal.aborted) return;
    this.#terms.learn(told);
    this.#form.offer("incoterm", told.items.map(({ code, name }) => [code, `${code} · ${name}`]), chosen);
    this.#form.show(this.#texts);
  }

  /** What could not be looked up without the key is looked up again. */
  #keyChanged() {
    for (const line of this.#form.lines) line.learnName();
    this.#files.again();
    this.#schedule(0);
  }
}

new Front();
