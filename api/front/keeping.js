// Saving a quote with its files, and a link that carries the request itself, so that nothing is stored.
import { element } from "../widget/dom.js";
import { detailOf, saveAs } from "./calls.js";
import { fragmentOf } from "./request_text.js";

const FILES = { xlsx: "XLSX", csv: "CSV" };

/**
 * A button that copies what a field shows, and says so; where the browser refuses, the field stands selected.
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {import("../widget/words.js").Words} words
 */
export function copyButton(field, words) {
  const button = element("button", { type: "button", "aria-describedby": field.id }, words.text("copy"));
  const told = element("span", { class: "aside", role: "status" });
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = words.text("copied");
    } catch {
      told.textContent = "";
    }
  });
  return element("div", { class: "copy" }, button, told);
}

/** What is saved and shared. */
export class Keeping {
  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   */
  constructor(words, server) {
    this.words = words;
    this.server = server;
    this.request = null;
    this.button = element("button", { type: "button", class: "first" }, words.text("save"));
    this.button.addEventListener("click", () => this.#save());
    this.told = element("div", { class: "saved", role: "status" });
    this.link = element("input", { id: "share", readonly: "", type: "text" });
    this.element = element(
      "section",
      { class: "box", "aria-labelledby": "keep" },
      element("h2", { id: "keep" }, words.text("keep")),
      element("p", { class: "aside" }, words.text("keep.text")),
      this.button,
      this.told,
      element("div", { class: "field wide" }, element("label", { for: "share" }, words.text("link")), this.link, copyButton(this.link, words)),
    );
    this.show(null);
  }

  /** The request that can be saved; null for none. */
  show(request) {
    if (JSON.stringify(request) === JSON.stringify(this.request) && request) return;
    this.request = request;
    this.name = crypto.getRandomValues(new Uint8Array(16)).reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
    this.told.replaceChildren();
    this.button.disabled = !request;
    this.link.value = request ? `${location.origin}/?lang=${this.words.language}${fragmentOf(request)}` : "";
  }

  async #save() {
    const { request, words } = this;
    this.button.disabled = true;
    this.told.replaceChildren(words.text("saving"));
    try {
      const quote = await this.server.keep(request, this.name);
      if (request === this.request) this.told.replaceChildren(this.#saved(quote));
    } catch (failure) {
      if (request === this.request) this.told.replaceChildren(this.#failed("save.failed", failure));
    }
    this.button.disabled = !this.request;
  }

  /** What there is of one saved quote; once it is deleted, that it is. Another that is saved meanwhile has a place of its own. */
  #saved(quote) {
    const { id, links } = quote;
    const place = element("div");
    const gone = () => {
      const message = element("p", { tabindex: "-1" }, this.words.text("deleted", { id }));
      place.replaceChildren(message);
      // Whoever has gone on to something else stays there.
      if (document.activeElement === document.body) message.focus();
    };
    place.append(this.words.text("saved"), this.#links(quote), this.#sharing(links.self), this.#deleting(quote, gone));
    return place;
  }

  #links({ id, links }) {
    const { words } = this;
    const shown = (text, path, name) => this.#link(text, path, name);
    return element(
      "ul",
      { class: "files" },
      element("li", {}, shown(words.text("saved.page", { id }), links.html, "")),
      ...Object.entries(FILES).map(([kind, text]) => element("li", {}, shown(text, links[kind], `${id}.${kind}`))),
      element("li", {}, shown(words.text("saved.print"), links.html, "")),
      element("li", {}, shown("JSON", links.self, `${id}.json`)),
    );
  }

  /** A button that makes an address which needs no key; the address is shown once, to be copied. */
  #sharing(path) {
    const { words } = this;
    const button = element("button", { type: "button" }, words.text("public"));
    const place = element("div", { class: "shared" }, button, element("p", { class: "aside" }, words.text("public.text")));
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const { links } = await this.server.share(path);
        const field = element("input", { id: "shared", readonly: "", type: "text", value: new URL(links.html, location.origin).href });
        const label = element("label", { for: "shared" }, words.text("public.address"));
        place.replaceChildren(element("div", { class: "field wide" }, label, field, copyButton(field, words)));
      } catch (failure) {
        place.replaceChildren(button, this.#failed("save.failed", failure));
        button.disabled = false;
      }
    });
    return place;
  }

  /** A button that deletes the quote, once the reader has said so again; `gone` is told of it. */
  #deleting({ id, links }, gone) {
    const { words } = this;
    const place = element("div", { class: "shared" });
    const button = (name, clicked) => {
      const made = element("button", { type: "button" }, words.text(name));
      made.addEventListener("click", clicked);
      return made;
    };
    const show = (...shown) => {
      place.replaceChildren(...shown);
      shown.at(-1).focus();
    };
    const kept = button("delete.no", () => show(first));
    const sure = button("delete.yes", async () => {
      sure.disabled = true;
      try {
        await this.server.remove(links.self);
        gone();
      } catch (failure) {
        show(this.#failed("delete.failed", failure), first);
      }
      sure.disabled = false;
    });
    const first = button("delete", () => show(element("p", {}, words.text("delete.sure", { id })), sure, kept));
    place.append(first);
    return place;
  }

  #failed(text, failure) {
    return element("p", { class: "error" }, this.words.text(text, { detail: detailOf(failure, this.words) }));
  }

  /** A link to a file; with a key the file is fetched, since a link cannot send one. */
  #link(text, path, name) {
    const opened = name ? { download: name } : { target: "_blank", rel: "noopener" };
    const made = element("a", { href: path, ...opened }, text);
    if (this.server.key) made.addEventListener("click", (event) => this.#fetched(event, path, name || path.split("/").at(-1)));
    return made;
  }

  async #fetched(event, path, name) {
    event.preventDefault();
    try {
      saveAs(await this.server.file(path), name);
    } catch {
      this.told.replaceChildren(element("p", { class: "error" }, this.words.text("unreachable")));
    }
  }
}
