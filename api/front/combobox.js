// A field that finds goods by their name while it is typed (WAI-ARIA: editable combobox with a list).
import { element } from "../widget/dom.js";

const PAUSE_SEARCHING = 200;

/** The field with its list. */
export class Combobox {
  /**
   * @param {HTMLInputElement} input
   * @param {(text: string, signal: AbortSignal) => Promise<{value: string, name: string, aside: string, below?: boolean}[]>} search
   * @param {(value: string) => void} chosen called with what was chosen, or with what was typed and left so
   */
  constructor(input, search, chosen) {
    this.input = input;
    this.search = search;
    this.chosen = chosen;
    this.list = element("ul", { class: "found", id: `${input.id}-list`, role: "listbox", hidden: "" });
    this.count = element("p", { class: "unseen", role: "status" });
    this.options = [];
    this.active = -1;
    this.settled = true;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off" })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#leave());
    // The field keeps the focus while somebody points into the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** @param {import("../widget/words.js").Words} words */
  tell(words) {
    this.words = words;
    this.list.setAttribute("aria-label", words.text("found"));
  }

  /** Show a name that was chosen elsewhere. */
  show(name) {
    this.input.value = name;
    this.settled = true;
    this.#close();
  }

  #typed() {
    this.settled = false;
    clearTimeout(this.timer);
    this.call?.abort();
    const text = this.input.value.trim();
    if (!text) this.#close();
    else this.timer = setTimeout(() => this.#look(text), PAUSE_SEARCHING);
  }

  async #look(text) {
    const { signal } = (this.call = new AbortController());
    const found = await this.search(text, signal).catch(() => null);
    if (signal.aborted || this.settled || document.activeElement !== this.input) return;
    this.found = found ?? [];
    this.options = this.found.map(({ name, aside, below }, at) => {
      const option = element("li", { role: "option", class: below ? "below" : "", id: `${this.list.id}-${at}`, "aria-selected": "false" }, element("span", {}, name), element("span", { class: "aside" }, aside));
      option.addEventListener("click", () => this.#choose(at));
      return option;
    });
    this.list.replaceChildren(...this.options);
    this.count.textContent = this.words.counted("found.n", found?.length ?? 0);
    this.#open(this.options.length > 0);
  }

  #key(event) {
    const { key } = event;
    if (event.isComposing) return;
    const last = this.options.length - 1;
    if (key === "Escape" && !this.list.hidden) this.#close();
    else if (key === "ArrowDown" && this.options.length) this.#move(this.active < last ? this.active + 1 : 0);
    else if (key === "ArrowUp" && this.options.length) this.#move(this.active > 0 ? this.active - 1 : last);
    else if (key === "Enter") this.active >= 0 ? this.#choose(this.active) : this.#leave();
    else return;
    event.preventDefault();
  }

  #move(at) {
    this.#open(true);
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    this.options[at].setAttribute("aria-selected", "true");
    this.options[at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", this.options[at].id);
  }

  #choose(at) {
    const { value, name } = this.found[at];
    this.show(name);
    this.chosen(value);
  }

  /** What was typed and not chosen goes to the API as it is, which says what it knows in its place. */
  #leave() {
    this.#close();
    if (this.settled) return;
    this.settled = true;
    this.chosen(this.input.value.trim());
  }

  #open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (open) return;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  #close() {
    clearTimeout(this.timer);
    this.call?.abort();
    this.options = [];
    this.#open(false);
  }
}
