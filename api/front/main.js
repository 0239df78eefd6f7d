// The page: one form, one answer, one call at a time. What the form says stands in the fragment of the address, which no
// server sees, so that a reload, a change of language and a link to somebody else all bring it back.
import { element } from "../widget/dom.js";
import { Failure } from "../widget/fetching.js";
import { requestOf, wayOf } from "../widget/request.js";
import { View } from "../widget/view.js";
import { Words } from "../widget/words.js";
import { Server } from "./calls.js";
import { Choices } from "./choices.js";
import { Comparison } from "./comparison.js";
import { Form } from "./form.js";
import { Keeping } from "./keeping.js";
import { fragmentOf, requestIn, saysAll, textsOf } from "./request_text.js";
import { Snippet } from "./snippet.js";

const PAUSE_CHOOSING = 150;
const PAUSE_WRITING = 450;
const USUAL_TEXTS = { currency: "USD", per: "kg", incoterm: "FOB", mode: "sea", regime: "general_trade" };
const EXAMPLE = { product: "avocado-fresh", quantity: "20 t", price: "2.90" };

class Front {
  #words = new Words(document.documentElement.lang);
  #server = new Server();
  #choices = new Choices(this.#server, this.#words);
  #texts = {};
  #timer = 0;
  /** @type {AbortController | null} ends with the call that is under way */
  #call = null;
  #form = new Form(this.#words, this.#choices, (...change) => this.#changed(...change));
  #comparison = new Comparison(this.#words, this.#server, (name, value) => this.#changed(name, value, false));
  #keeping = new Keeping(this.#words, this.#server);
  #snippet = new Snippet(this.#words, this.#server);
  #result = element("div", { class: "answer" });
  #view = new View(this.#result.attachShadow({ mode: "open" }), () => {}, () => this.#schedule(0));
  #net = element("p", { class: "net", role: "status" });
  #fragment = "";
  #notice = element("p", { class: "notice", role: "status" });
  #example = element("button", { type: "button" }, this.#words.text("example"));
  #start = element("div", { class: "box start" }, element("p", { role: "status" }, this.#words.text("start")), this.#example);
  /** On a phone the answer stands below the form: this keeps it in sight. */
  #bar = element("button", { type: "button", class: "glance", hidden: "" });

  constructor() {
    this.#example.addEventListener("click", () => this.#fill({ ...USUAL_TEXTS, ...EXAMPLE }));
    this.#view.tell(this.#words, "", () => "");
    this.#bar.addEventListener("click", () => this.#result.scrollIntoView());
    new IntersectionObserver(([{ isIntersecting }]) => this.#bar.classList.toggle("away", isIntersecting), { rootMargin: "0px 0px -160px" }).observe(this.#result);
    const title = element("h2", { id: "result", class: "unseen" }, this.#words.text("result"));
    const result = element("section", { class: "result-side", "aria-labelledby": "result" }, title, this.#notice, this.#start, this.#result, this.#net);
    const more = element("div", { class: "more" }, this.#keeping.element, this.#snippet.element, this.#keys());
    document.getElementById("page").append(element("div", { class: "quote" }, this.#form.element, result, this.#bar), this.#comparison.element, more);
    for (const link of document.querySelectorAll(".languages a")) link.addEventListener("click", () => { link.hash = this.#fragment; });
    addEventListener("hashchange", () => location.hash.startsWith("#q=") && this.#restore());
    addEventListener("online", () => this.#schedule(0));
    this.#restore();
  }

  #restore() {
    const request = requestIn(location.hash);
    const said = request ? textsOf(request) : {};
    const unread = request === null ? "link.unread" : "";
    this.#notice.textContent = unread || (request && !saysAll(said, request)) ? this.#words.text(unread || "link.part") : "";
    this.#fill({ ...USUAL_TEXTS, ...said });
  }

  /** Everything anew: from a link, or the example. */
  #fill(texts) {
    this.#texts = texts;
    const kind = texts.product ? "product" : "hs-code";
    const code = texts[kind] ?? texts.description ?? "";
    this.#form.search.show(code);
    if (texts[kind]) {
      const { signal } = new AbortController();
      this.#choices.nameOf(kind, code, signal).then((name) => this.#texts[kind] === code && this.#form.search.show(name), () => {});
    }
    this.#form.show(texts);
    this.#schedule(0);
  }

  #changed(name, value, typed) {
    if (name === "goods") this.#chooseGoods(value);
    else if (value) this.#texts[name] = value;
    else delete this.#texts[name];
    // A seaport is no airport: the places go back to the usual ones of the way.
    if (name === "mode") for (const each of ["from", "to", "equipment"]) delete this.#texts[each];
    this.#form.show(this.#texts);
    this.#schedule(typed ? PAUSE_WRITING : PAUSE_CHOOSING);
  }

  /** A choice of the list ("product:…", "hs-code:…"), or what was typed: digits are a code, all else a name. */
  #chooseGoods(value) {
    for (const name of ["product", "hs-code", "description", "package"]) delete this.#texts[name];
    const [, kind, code] = /^(product|hs-code):(.*)$/s.exec(value) ?? [];
    if (kind) this.#texts[kind] = code;
    else if (/^[\d.]{6,}$/.test(value)) this.#texts["hs-code"] = value.replaceAll(".", "");
    else if (value) this.#texts.product = value;
  }

  #schedule(pause) {
    clearTimeout(this.#timer);
    this.#call?.abort();
    this.#call = null;
    this.#comparison.stop();
    this.#keeping.show(null);
    this.#timer = setTimeout(() => this.#load(), pause);
  }

  async #load() {
    const { signal } = (this.#call = new AbortController());
    const texts = { ...this.#texts };
    const request = requestOf((name) => texts[name] ?? "", {}, this.#words.language);
    this.#fragment = fragmentOf(request);
    history.replaceState(null, "", this.#fragment);
    this.#snippet.show(texts);
    this.#offer(texts, signal);
    if (!(texts.product || texts["hs-code"] || texts.description) || !texts.quantity || !texts.price) return this.#wait();
    this.#begun(true);
    this.#view.wait(this.#words, request);
    try {
      const quote = await this.#server.price(request, signal);
      if (signal.aborted) return;
      this.#show(quote, request, texts);
    } catch (failure) {
      if (!signal.aborted) this.#failed(failure);
    }
  }

  #show(quote, request, texts) {
    this.#form.mark([]);
    this.#view.show(this.#words, quote, request);
    const { landed_cost: whole, landed_cost_net_of_vat: net } = quote.totals;
    this.#net.textContent = whole.amount === net.amount ? "" : this.#words.text("net", { amount: this.#words.money(net) });
    this.#bar.replaceChildren(element("span", {}, this.#words.text("title")), element("strong", {}, this.#words.money(whole)));
    this.#bar.hidden = false;
    this.#keeping.show(request);
    this.#comparison.show(texts);
  }

  /** Not enough is said for a price. */
  #wait() {
    this.#form.mark([]);
    this.#net.textContent = "";
    this.#example.hidden = Boolean(this.#texts.product || this.#texts["hs-code"]);
    this.#begun(false);
  }

  #begun(begun) {
    this.#start.hidden = begun;
    this.#result.hidden = !begun;
    if (!begun) this.#bar.hidden = true;
  }

  #failed(failure) {
    if (!(failure instanceof Failure)) throw failure;
    const { kind, problem } = failure;
    if (kind === "refused") {
      const errors = problem.errors ?? [];
      const rest = this.#form.mark(errors);
      const text = this.#words.text(rest.length === errors.length ? "mend.other" : "mend");
      return this.#quiet(text, { aside: errors.length ? rest.join(" ") : (problem.detail ?? "") });
    }
    if (kind === "denied") {
      this.#opened.open = true;
      return this.#quiet(this.#words.text("key.needed"), { aside: problem.detail ?? "" });
    }
    this.#quiet(this.#words.text(kind), { retry: kind !== "offline" });
  }

  #quiet(text, more) {
    this.#net.textContent = "";
    this.#bar.hidden = true;
    this.#view.fail(text, more);
  }

  /** The lists that only the server knows. */
  #offer(texts, signal) {
    const { mode, from, to } = wayOf((name) => texts[name] ?? "", {});
    const offer = (found, name, chosen) => found.then((items) => signal.aborted || this.#form.offer(name, items, chosen), () => {});
    const places = this.#choices.places(mode, from, signal);
    offer(places.then((each) => each.from), "from", from);
    offer(places.then((each) => each.to), "to", to);
    offer(this.#choices.incoterms(signal), "incoterm", texts.incoterm ?? "");
    offer(this.#choices.containers(signal), "equipment", texts.equipment ?? "");
    offer(this.#choices.rails(signal), "rail", texts.rail ?? "");
    if (texts.product) offer(this.#choices.packages(texts.product, signal), "package", texts.package ?? "");
    else this.#form.offer("package", [], texts.package ?? "");
  }

  #opened = element("details", { class: "section key" });

  #keys() {
    const words = this.#words;
    const input = element("input", { id: "key", type: "password", autocomplete: "off", maxlength: "220", "aria-describedby": "key-hint key-error" });
    const wrong = element("p", { class: "error", id: "key-error", role: "alert" });
    const take = (key) => {
      const good = this.#server.take(key);
      wrong.textContent = good ? "" : words.text("key.bad");
      if (!good) return;
      input.value = "";
      this.#schedule(0);
    };
    const forget = element("button", { type: "button" }, words.text("key.forget"));
    forget.addEventListener("click", () => take(""));
    const use = element("button", {}, words.text("key.use"));
    const field = element("div", { class: "field wide" }, element("label", { for: "key" }, words.text("key")), input, element("p", { class: "aside", id: "key-hint" }, words.text("key.hint")), wrong);
    const form = element("form", {}, field, element("div", { class: "copy" }, use, forget));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      take(input.value.trim());
    });
    this.#opened.append(element("summary", {}, words.text("key")), form);
    return element("section", { class: "box", "aria-labelledby": "keys" }, element("h2", { id: "keys" }, words.text("keys")), element("p", { class: "aside" }, words.text("keys.text")), this.#opened);
  }
}

new Front();
