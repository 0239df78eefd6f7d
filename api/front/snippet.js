// The one line that puts <galeon-quote> on a page of the reader's own, with what the form says as its attributes.
import ATTRIBUTES from "../widget/attributes.json";
import { USUAL_CONTROLS } from "../widget/controls.js";
import { element } from "../widget/dom.js";
import { copyButton } from "./keeping.js";

const ALLOWED = ["quantity", "place", "mode", "regime", "tariff-part", "payment", "language"];

/** The generator. */
export class Snippet {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   */
  constructor(words, server) {
    this.words = words;
    this.server = server;
    this.texts = {};
    this.copy = null;
    this.code = element("textarea", { id: "snippet-code", readonly: "", rows: "6", spellcheck: "false" });
    this.fixed = element("input", { type: "checkbox", id: "snippet-fixed" });
    this.key = element("input", { type: "text", id: "snippet-key", autocomplete: "off", maxlength: "100", placeholder: "pk_…", "aria-describedby": "snippet-secret" });
    this.wrong = element("p", { class: "error", id: "snippet-secret" });
    this.first = element("p", { class: "aside" });
    this.controls = ALLOWED.map((name) => [name, element("input", { type: "checkbox", id: `control-${name}`, ...(USUAL_CONTROLS.split(" ").includes(name) ? { checked: "" } : {}) })]);
    for (const [, box] of this.controls) box.addEventListener("change", () => this.#write());
    this.key.addEventListener("input", () => this.#write());
    this.fixed.addEventListener("change", () => this.#fix());
    this.element = this.#made();
  }

  /**
   * Write what is said; the element shows one line of goods.
   * @param {import("./request_text.js").Said} said
   */
  show({ texts, lines }) {
    this.texts = { ...lines[0], ...texts };
    this.first.textContent = lines.length > 1 ? this.words.text("snippet.first") : "";
    this.#write();
  }

  #made() {
    const { words } = this;
    const box = (control, text) => element("div", { class: "field check" }, element("label", { for: control.id }, text), control);
    return element(
      "section",
      { class: "box", "aria-labelledby": "snippet" },
      element("h2", { id: "snippet" }, words.text("snippet")),
      element("p", { class: "aside" }, words.text("snippet.text")),
      element("fieldset", { class: "boxes" }, element("legend", {}, words.text("snippet.controls")), ...this.controls.map(([name, each]) => box(each, words.text(`control.${name}`)))),
      element("div", { class: "field wide" }, element("label", { for: this.key.id }, words.text("snippet.key")), this.key, this.wrong),
      box(this.fixed, words.text("snippet.fixed")),
      element("div", { class: "field wide" }, element("label", { for: this.code.id }, words.text("snippet.code")), this.code, this.first, copyButton(this.code, words)),
    );
  }

  async #fix() {
    this.copy = null;
    if (this.fixed.checked) {
      try {
        this.copy = await this.server.look("/widget/v1.json", new AbortController().signal);
      } catch {
        this.fixed.checked = false;
      }
    }
    this.#write();
  }

  #write() {
    const key = this.key.value.trim();
    const secret = key.startsWith("sk_");
    this.wrong.textContent = secret ? this.words.text("snippet.secret") : "";
    if (secret) this.key.setAttribute("aria-invalid", "true");
    else this.key.removeAttribute("aria-invalid");
    const controls = this.controls.filter(([, box]) => box.checked).map(([name]) => name).join(" ");
    const said = { ...this.texts, lang: this.words.language, key: secret ? "" : key };
    const written = ATTRIBUTES.filter((name) => said[name]).map((name) => attribute(name, said[name]));
    if (controls !== USUAL_CONTROLS) written.push(attribute("controls", controls));
    const whole = this.copy ? attribute("integrity", this.copy.integrity) + attribute("crossorigin", "anonymous") : "";
    const script = `<script${attribute("src", new URL(this.copy?.src ?? "/widget/v1.js", location.origin).href)}${whole} defer></script>`;
    this.code.value = `${script}<galeon-quote${written.join("")}></galeon-quote>`;
  }
}

function attribute(name, text) {
  const marks = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
  return ` ${name}="${text.replace(/[&"<>]/g, (mark) => marks[mark])}"`;
}
