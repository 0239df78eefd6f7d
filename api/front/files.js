// A whole file of rows: chosen or dropped, understood, priced, and given back. The browser keeps nothing of it.
import { element } from "../widget/dom.js";
import { Failure } from "../widget/fetching.js";
import { detailOf } from "./calls.js";
import { Mapping } from "./mapping.js";

const FORMS = { csv: "csv", xlsx: "xlsx", xlsm: "xlsx", ods: "ods", parquet: "parquet", arrow: "arrow", feather: "arrow", ndjson: "ndjson", jsonl: "ndjson", json: "json" };
const SHEETS = ["xlsx", "ods"];
// Of these the first lines say as much of the columns as the whole.
const LINES = ["csv", "ndjson"];
const HEAD = 1 << 16;
const LONGEST = 200 * 1024 * 1024;
const FIRST_PAUSE = 700;
const LONGEST_PAUSE = 8000;

/** The part of the page that prices files. */
export class Files {
  /** @type {File | null} */
  #file = null;
  #form = "";
  #doing = new AbortController();

  /**
   * @param {import("../widget/words.js").Words} words
   * @param {import("./calls.js").Server} server
   * @param {(problem: any) => string} denied the server wants a key: what to say
   */
  constructor(words, server, denied) {
    this.words = words;
    this.server = server;
    this.denied = denied;
    this.mapping = new Mapping(words, () => this.#look());
    this.input = element("input", { type: "file", id: "file", accept: Object.keys(FORMS).map((each) => `.${each}`).join(",") });
    this.input.addEventListener("change", () => this.#take(this.input.files?.[0]));
    // The same file may be chosen again, mended.
    this.input.addEventListener("click", () => { this.input.value = ""; });
    this.drop = element("label", { class: "drop", for: "file" }, element("span", {}, words.text("files.choose")), this.input);
    this.#receive();
    this.sheet = element("input", { type: "text", id: "sheet", autocomplete: "off" });
    this.sheet.addEventListener("change", () => this.#look());
    this.sheets = element("div", { class: "field wide", hidden: "" }, element("label", { for: "sheet" }, words.text("files.sheet")), this.sheet);
    this.button = element("button", { type: "button", class: "first", disabled: "" }, words.text("files.price"));
    this.button.addEventListener("click", () => this.#price());
    this.bar = element("progress", { max: "1", "aria-label": words.text("files.progress") });
    this.stop = element("button", { type: "button" }, words.text("files.cancel"));
    this.told = element("div", { class: "saved", role: "status" });
    this.under = element("div", { class: "under-way", hidden: "" }, this.bar, this.stop);
    const title = element("h2", { id: "files" }, words.text("files"));
    const lead = element("p", { class: "aside" }, words.text("files.text"));
    this.element = element("section", { class: "box files-box", "aria-labelledby": "files" }, title, lead, this.drop, this.sheets, this.mapping.element, this.button, this.under, this.told);
  }

  /** Another key may open what the last one did not. */
  again() {
    if (this.#file && this.button.disabled) this.#look();
  }

  #receive() {
    const over = (event, is) => {
      event.preventDefault();
      this.drop.classList.toggle("over", is);
    };
    this.drop.addEventListener("dragover", (event) => over(event, true));
    this.drop.addEventListener("dragleave", (event) => over(event, false));
    this.drop.addEventListener("drop", (event) => {
      over(event, false);
      this.#take(event.dataTransfer?.files[0]);
    });
  }

  #take(file) {
    if (!file) return;
    this.#doing.abort();
    this.mapping.clear();
    this.sheet.value = "";
    this.#form = FORMS[file.name.split(".").at(-1).toLowerCase()] ?? "";
    this.#file = file;
    this.sheets.hidden = !SHEETS.includes(this.#form);
    this.drop.firstChild.textContent = this.words.text("files.chosen", { name: file.name });
    if (!this.#form) return this.#refuse(this.words.text("files.unknown", { forms: [...new Set(Object.values(FORMS))].join(", ") }));
    if (file.size > LONGEST) return this.#refuse(this.words.text("files.long"));
    this.#look();
  }

  #refuse(text) {
    this.button.disabled = true;
    this.under.hidden = true;
    this.told.replaceChildren(element("p", { class: "error" }, text));
  }

  /** The address of a call, with what was said of the file. */
  #address(path) {
    const said = { format: this.#form, columns: this.mapping.said, sheet: this.sheets.hidden ? "" : this.sheet.value.trim() };
    return `${path}?${new URLSearchParams(Object.entries(said).filter(([, value]) => value))}`;
  }

  #begin() {
    this.#doing.abort();
    this.#doing = new AbortController();
    this.button.disabled = true;
    this.told.replaceChildren();
    return this.#doing.signal;
  }

  async #look() {
    const signal = this.#begin();
    this.under.hidden = true;
    this.told.replaceChildren(this.words.text("files.reading"));
    try {
      const response = await this.#send("/v1/batches/columns", await this.#head(), {}, signal);
      const understood = await response.json();
      if (signal.aborted) return;
      this.told.replaceChildren();
      this.button.disabled = !this.mapping.show(understood);
    } catch (failure) {
      if (!signal.aborted) this.#refuse(this.#why(failure));
    }
  }

  /** As much of the file as says what its columns are. */
  async #head() {
    if (!LINES.includes(this.#form) || this.#file.size <= HEAD) return this.#file;
    const bytes = new Uint8Array(await this.#file.slice(0, HEAD).arrayBuffer());
    const end = bytes.lastIndexOf(10);
    return new Blob([end < 0 ? bytes : bytes.subarray(0, end + 1)]);
  }

  async #send(path, body, more, signal) {
    // One that has changed since it was chosen cannot be read: the call would be lost, and nobody would know why.
    await body.slice(0, 1).arrayBuffer();
    signal.throwIfAborted();
    const headers = { "Content-Type": "application/octet-stream", "Accept-Language": this.words.language, ...more };
    return this.server.send(this.#address(path), body, headers, signal, (share) => this.#progress(share));
  }

  async #price() {
    const signal = this.#begin();
    const stopped = () => {
      this.#doing.abort();
      this.under.hidden = true;
      this.button.disabled = false;
      this.told.replaceChildren(this.words.text("files.cancelled"));
    };
    this.#wait(stopped, this.words.text("files.sending"));
    try {
      const response = await this.#send("/v1/batches", this.#file, { "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") }, signal);
      if (response.status === 202) return await this.#follow(await response.json(), signal, stopped);
      const { headers } = response;
      this.#done(await response.blob(), Number(headers.get("X-Total-Count")), Number(headers.get("X-Problem-Count")));
    } catch (failure) {
      if (!signal.aborted) this.#refuse(this.#why(failure));
      if (!signal.aborted) this.button.disabled = false;
    }
  }

  /** A long file is a job: ask after it until it is over. A call that is lost on the way is made again. */
  async #follow(job, signal, stopped) {
    const path = job.links.self;
    const cancelled = () => {
      stopped();
      // One that is over, or gone, needs no end.
      this.server.cancel(path).catch(() => {});
    };
    for (let pause = FIRST_PAUSE; ["queued", "running"].includes(job.status); pause = longer(pause)) {
      this.#wait(cancelled, this.#counted("files.rows_done", job.done, job.failed));
      this.#progress(job.percent / 100);
      await passed(pause);
      if (signal.aborted) return;
      job = await again(() => this.server.job(path, signal), signal);
      if (signal.aborted) return;
    }
    if (job.status !== "done") return this.#refuse(job.problem ?? this.words.text("files.cancelled"));
    this.#progress(1);
    const result = await again(() => this.server.file(job.links.result), signal);
    if (!signal.aborted) this.#done(result, job.done, job.failed);
  }

  #wait(stopped, text) {
    this.under.hidden = false;
    this.stop.onclick = stopped;
    this.told.replaceChildren(text);
  }

  #progress(share) {
    // Nothing yet, or all of it gone out and the answer not there: under way, nobody knows how far.
    if (share > 0 && share < 1) this.bar.value = share;
    else this.bar.removeAttribute("value");
  }

  #done(blob, rows, wrong) {
    const dot = this.#file.name.lastIndexOf(".");
    const name = `${this.#file.name.slice(0, dot)}-${this.words.text("files.suffix")}.${this.#form}`;
    const address = URL.createObjectURL(blob);
    const link = element("a", { href: address, download: name }, this.words.text("files.download", { name }));
    this.#doing.signal.addEventListener("abort", () => URL.revokeObjectURL(address), { once: true });
    this.under.hidden = true;
    this.button.disabled = false;
    this.told.replaceChildren(element("p", {}, this.#counted("files.rows", rows, wrong)), element("p", { class: "files" }, link));
  }

  #counted(code, rows, wrong) {
    const { words } = this;
    return words.counted(code, rows) + (wrong ? ` ${words.counted("files.wrong", wrong)}` : "");
  }

  #why(failure) {
    if (failure instanceof Failure && failure.kind === "denied") return this.denied(failure.problem);
    if (failure instanceof DOMException) return this.words.text("files.changed");
    return detailOf(failure, this.words);
  }
}

/** A call that is made again, after longer and longer pauses, where it was lost on the way. */
async function again(call, signal) {
  for (let pause = FIRST_PAUSE; ; pause = longer(pause)) {
    try {
      return await call();
    } catch (failure) {
      if (signal.aborted || !(failure instanceof Failure) || ["refused", "denied"].includes(failure.kind)) throw failure;
    }
    await passed(pause);
    signal.throwIfAborted();
  }
}

function longer(pause) {
  return Math.min(pause * 1.3, LONGEST_PAUSE);
}

function passed(pause) {
  return new Promise((resolve) => setTimeout(resolve, pause));
}
