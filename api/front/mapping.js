// What the columns of a file stand for: the server says what it understood, and the reader says it where the server cannot know.
import { element } from "../widget/dom.js";

/** The step before a file is priced. */
export class Mapping {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {() => void} changed something is meant otherwise
   */
  constructor(words, changed) {
    this.words = words;
    this.changed = changed;
    this.body = element("tbody");
    const head = ["files.heading", "files.values", "files.meaning"].map((text) => element("th", { scope: "col" }, words.text(text)));
    this.table = element("table", { class: "mapping" }, element("caption", {}, words.text("files.understood")), element("thead", {}, element("tr", {}, ...head)), this.body);
    this.told = element("ul", { class: "error", role: "status" });
    this.element = element("div", { class: "understood" }, this.table, this.told);
    this.clear();
  }

  /** Another file: nothing is known of it. */
  clear() {
    /** @type {Map<string, string>} what headings stand for, where the reader has said so */
    this.meant = new Map();
    this.element.hidden = true;
    this.body.replaceChildren();
    this.told.replaceChildren();
  }

  /** What the reader has said, as the address of the call has it. */
  get said() {
    return [...this.meant].map(([heading, name]) => `${heading}=${name}`).join(";");
  }

  /**
   * Show what the server understood.
   * @param {any} understood the answer of /v1/batches/columns
   * @returns {boolean} whether the file can be priced so
   */
  show({ columns, missing, names, errors }) {
    const { words } = this;
    const at = document.activeElement?.id;
    this.element.hidden = false;
    this.body.replaceChildren(...columns.map((column, place) => this.#row(column, place, names)));
    if (at) document.getElementById(at)?.focus();
    const titles = new Map(names.map(({ name, title }) => [name, title]));
    const lacking = missing.map((each) => words.text("files.missing", { names: each.map((name) => titles.get(name)).join(" / ") }));
    // That columns are missing is told above for each of them.
    const wrong = errors.filter(({ code }) => code !== "columns_missing").map(({ detail }) => detail);
    this.told.replaceChildren(...[...lacking, ...wrong].map((text) => element("li", {}, text)));
    return errors.length === 0;
  }

  #row({ heading, name, samples }, place, names) {
    const { words } = this;
    const id = `column-${place}`;
    const own = element("option", { value: "" }, words.text("files.own"));
    const choice = element("select", { id, "aria-labelledby": `${id}-heading` }, own, ...names.map((each) => element("option", { value: each.name }, each.title)));
    choice.value = name ?? "";
    // A semicolon stands between what is said of two headings.
    const mute = heading.includes(";");
    const why = element("p", { class: "aside", id: `${id}-why` }, words.text("files.semicolon"));
    choice.disabled = mute;
    if (mute) choice.setAttribute("aria-describedby", why.id);
    choice.addEventListener("change", () => {
      this.meant.set(heading.trim(), choice.value);
      this.changed();
    });
    const shown = samples.length ? samples.join(", ") : words.text("files.empty");
    return element("tr", { class: name ? "" : "own" }, element("th", { scope: "row", id: `${id}-heading` }, heading || "—"), element("td", {}, shown), element("td", {}, choice, ...(mute ? [why] : [])));
  }
}
