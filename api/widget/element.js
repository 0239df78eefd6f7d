// <galeon-quote>: listens to its attributes and to the shopper, asks the API one call at a time, and tells the page what came.
import ATTRIBUTES from "./attributes.json";
import { USUAL_CONTROLS } from "./controls.js";
import { Failure, ask } from "./fetching.js";
import { partsOf } from "./parts.js";
import { requestOf, wayOf } from "./request.js";
import { View } from "./view.js";
import { Words } from "./words.js";

/** Where this script came from, which is where the API is. */
const SOURCE = document.currentScript?.src ?? "";
const PAUSE = 250;
const PAUSE_TYPING = 450;
const MOST_RETRIES = 3;
const LONGEST_WAIT = 60;
/** The places of a request that a shopper's choice decides. */
const PLACES = { quantity: /^\/goods\/0\/quantity/, "tariff-part": /^\/goods\/0\/tariff_part/, mode: /^\/route/, to: /^\/route/, regime: /^\/regime/, rail: /^\/payment/ };

/** What says which line the goods are of; a part of the line before is none of another. */
const OF_GOODS = ["product", "hs-code", "fraccion"];

class GaleonQuote extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  // A property says what holds: what the shopper chose, else what the merchant wrote. Setting it sets the attribute.
  static {
    for (const name of ATTRIBUTES) {
      // HTMLElement reflects `lang` itself.
      if (name === "lang") continue;
      Object.defineProperty(this.prototype, property(name), {
        configurable: true,
        enumerable: true,
        get() {
          return this.#chosen[name] ?? this.getAttribute(name) ?? "";
        },
        set(value) {
          if (value === null || value === undefined) this.removeAttribute(name);
          else this.setAttribute(name, value);
        },
      });
    }
  }

  #view = new View(this.attachShadow({ mode: "open" }), (...change) => this.#chose(...change), () => this.refresh());
  /** @type {Record<string, string>} what the shopper chose in place of what the merchant wrote */
  #chosen = {};
  #seen = false;
  #timer = 0;
  #retries = 0;
  /** @type {AbortController | null} ends with the call that is under way */
  #call = null;
  /** @type {AbortController | null} ends when the element leaves the page */
  #life = null;

  connectedCallback() {
    for (const name of ATTRIBUTES) this.#upgrade(property(name));
    this.#life = new AbortController();
    const { signal } = this.#life;
    addEventListener("online", () => this.refresh(), { signal });
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      this.#seen = true;
      this.#schedule(0);
    }, { rootMargin: "200px" });
    watch.observe(this);
    signal.addEventListener("abort", () => watch.disconnect());
    this.#tell();
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.#stop();
    this.#seen = false;
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    delete this.#chosen[name];
    if (OF_GOODS.includes(name)) {
      delete this.#chosen["tariff-part"];
      this.#view.controls.forgetParts();
    }
    // A theme is a matter of the sheet alone.
    if (this.#life && name !== "theme") this.#schedule(PAUSE);
  }

  /** Ask again now, whatever came before. */
  refresh() {
    this.#retries = 0;
    this.#schedule(0);
  }

  #written = (name) => this.getAttribute(name)?.trim() ?? "";

  get #words() {
    return new Words(this.#chosen.lang ?? (this.#written("lang") || navigator.language));
  }

  #tell() {
    const way = wayOf(this.#written, this.#chosen);
    const value = (name) => ({ ...way, ...this.#chosen })[name] ?? this.#written(name);
    this.#view.tell(this.#words, this.getAttribute("controls") ?? USUAL_CONTROLS, value);
  }

  #chose(name, value, typed) {
    this.#chosen[name] = value;
    // A seaport is no airport: the place goes back to the usual one of the way.
    if (name === "mode") delete this.#chosen.to;
    this.#schedule(typed ? PAUSE_TYPING : PAUSE);
  }

  #schedule(pause) {
    this.#stop();
    if (!this.#seen) return;
    this.#timer = setTimeout(() => this.#load(), pause);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#call?.abort();
    this.#call = null;
  }

  async #load() {
    const call = (this.#call = new AbortController());
    const words = this.#words;
    this.#tell();
    const request = requestOf(this.#written, this.#chosen, words.language);
    this.#view.wait(words, request);
    try {
      const quote = await this.#asked("/v1/quotes?store=false", request, call.signal);
      if (call.signal.aborted) return;
      this.#retries = 0;
      this.#view.show(words, quote, request);
      this.#view.controls.askPart(partsOf(quote, 0), this.#chosen["tariff-part"] ?? this.#written("tariff-part"), words);
      this.#fire("galeon-quote", quote);
      this.#lookUp(words, call.signal);
    } catch (failure) {
      if (call.signal.aborted) return;
      this.#failed(failure, words);
    }
  }

  async #asked(path, body, signal) {
    const key = this.#written("key");
    if (key.startsWith("sk_")) throw misused("secret_key");
    let address;
    try {
      address = new URL(path, this.#written("api") || SOURCE);
    } catch {
      throw misused("bad_api");
    }
    if (!/^https?:$/.test(address.protocol)) throw misused("bad_api");
    return ask(address.href, key, body, signal);
  }

  /** What a control offers that only the API knows. Where it does not answer, the control keeps what it shows. */
  async #lookUp(words, signal) {
    const { mode, from, to } = wayOf(this.#written, this.#chosen);
    const { fields } = this.#view.controls;
    const found = async (path, named) => {
      try {
        const { items } = await this.#asked(path, undefined, signal);
        return items.map(named);
      } catch {
        return null;
      }
    };
    if (fields.to) {
      const query = new URLSearchParams({ mode, from, language: words.language });
      const lanes = await found(`/v1/lanes?${query}`, ({ to: code, name }) => [code, name.split(" – ").pop()]);
      if (lanes && !signal.aborted) this.#view.controls.offer("to", lanes, to, words);
    }
    if (fields.rail) {
      const rails = await found(`/v1/payment-rails?language=${words.language}`, ({ code, name, reachable }) => reachable && [code, name]);
      const rail = this.#chosen.rail ?? this.#written("rail");
      if (rails && !signal.aborted) this.#view.controls.offer("rail", rails.filter(Boolean), rail, words);
    }
  }

  #failed(failure, words) {
    if (!(failure instanceof Failure)) reportError(failure);
    const { kind = "server", problem = { type: "about:blank", title: String(failure), status: 0, errors: [] }, seconds } = failure;
    this.#fire("galeon-error", problem);
    if (kind === "busy" && this.#retries < MOST_RETRIES && seconds <= LONGEST_WAIT) {
      this.#retries += 1;
      this.#view.fail(words.counted("busy.wait", seconds), { retry: true });
      this.#timer = setTimeout(() => this.#load(), seconds * 1000);
      return;
    }
    const detail = problem.errors?.[0]?.detail ?? problem.detail ?? "";
    const field = kind === "refused" ? this.#chosenWrong(problem.errors ?? []) : "";
    if (field) {
      const text = words.text(field === "quantity" ? "refused.quantity" : "refused.choice");
      this.#view.fail(`${text} ${detail}`, { field });
      return;
    }
    const aside = detail && ["refused", "denied"].includes(kind) ? words.text("shop", { detail }) : "";
    this.#view.fail(words.text(kind), { aside, retry: !["refused", "denied", "offline"].includes(kind) });
  }

  /** The figure that the shopper chose and that is wrong, "" where it is the merchant's doing. */
  #chosenWrong(errors) {
    const wrong = Object.keys(PLACES).filter((name) => errors.some(({ pointer }) => PLACES[name].test(pointer)));
    return wrong.find((name) => name in this.#chosen) ?? "";
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** A property that was set before the script came is set again, through its setter. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }
}

/** The name of an attribute as a property: hs-code is hsCode. */
function property(name) {
  return name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

/** What the merchant must mend before anything is sent. */
function misused(code) {
  const words = new Words(navigator.language);
  return new Failure("denied", { type: `about:blank#${code}`, title: code, status: 0, detail: words.text(code), errors: [] });
}

// A second copy of the script finds the name taken, and leaves it.
if (!customElements.get("galeon-quote")) customElements.define("galeon-quote", GaleonQuote);
