// The reader's key, where the server asks for one: typed here, tried at once, and forgotten when it is asked to be.
import { element } from "../widget/dom.js";

/** The part of the page that takes a key. */
export class Keys {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   * @param {() => void} changed there is another key, or none
   */
  constructor(words, server, changed) {
    this.words = words;
    this.server = server;
    this.changed = changed;
    this.input = element("input", { id: "key", type: "password", autocomplete: "off", maxlength: "220", "aria-describedby": "key-hint key-error" });
    this.wrong = element("p", { class: "error", id: "key-error", role: "alert" });
    this.inUse = element("p", { class: "aside", role: "status" });
    this.opened = element("details", { class: "section key" }, element("summary", {}, words.text("key")), this.#form());
    this.element = element("section", { class: "box", "aria-labelledby": "keys" }, element("h2", { id: "keys" }, words.text("keys")), element("p", { class: "aside" }, words.text("keys.text")), this.opened);
    this.#tell("");
  }

  /**
   * The server wants a key, or another one.
   * @param {any} problem the server's own
   * @returns {string} what is the matter
   */
  denied(problem) {
    this.opened.open = true;
    if (!this.server.key) return this.words.text("key.needed");
    this.#tell(problem.detail ?? "");
    return this.words.text(problem.status === 401 ? "key.refused" : "key.unfit");
  }

  /** The key opens what is asked. */
  taken() {
    this.#tell("");
  }

  #form() {
    const { words } = this;
    const forget = element("button", { type: "button" }, words.text("key.forget"));
    forget.addEventListener("click", () => this.#take(""));
    const use = element("button", {}, words.text("key.use"));
    const field = element("div", { class: "field wide" }, element("label", { for: "key" }, words.text("key")), this.input, element("p", { class: "aside", id: "key-hint" }, words.text("key.hint")), this.wrong);
    const form = element("form", {}, field, element("div", { class: "copy" }, use, forget), this.inUse);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take(this.input.value.trim());
    });
    return form;
  }

  #take(key) {
    const good = this.server.take(key);
    this.#tell(good ? "" : this.words.text("key.bad"));
    if (!good) return;
    this.input.value = "";
    this.changed();
  }

  #tell(wrong) {
    const { key } = this.server;
    this.wrong.textContent = wrong;
    if (wrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    // The name of a key, which is no secret, says which one it is.
    this.inUse.textContent = key ? this.words.text("key.in_use", { name: `${key.slice(0, 6)}…` }) : "";
  }
}
