// Calls of the server that the page came from, with the reader's key where there is one. The key is kept by this tab alone.
import { element } from "../widget/dom.js";
import { Failure, ask, called, failed, failureOf } from "../widget/fetching.js";

const PLACE_OF_KEY = "galeon-key";
const FORM_OF_KEY = /^[sp]k_[A-Za-z0-9_-]{1,200}$/;

/** The server, as the page calls it. */
export class Server {
  get key() {
    return sessionStorage.getItem(PLACE_OF_KEY) ?? "";
  }

  /**
   * Take a key, or forget it ("").
   * @param {string} key
   * @returns {boolean} false for what is no key
   */
  take(key) {
    if (key && !FORM_OF_KEY.test(key)) return false;
    if (key) sessionStorage.setItem(PLACE_OF_KEY, key);
    else sessionStorage.removeItem(PLACE_OF_KEY);
    return true;
  }

  /** A look-up. Rejects with a Failure, or with the signal's reason. */
  look(path, signal) {
    return ask(addressOf(path), this.key, undefined, signal);
  }

  /** A quote that is not stored. */
  price(request, signal) {
    return ask(addressOf("/v1/quotes?store=false"), this.key, request, signal);
  }

  /** One shipment in many scenarios; nothing is stored. */
  compare(request, signal) {
    return ask(addressOf("/v1/comparisons"), this.key, request, signal);
  }

  /** The same as a file: csv, xlsx or svg. Rejects with a Failure. */
  compared(request, form) {
    return this.file(`/v1/comparisons?format=${form}`, request);
  }

  /** The highest price that meets a target; nothing is stored. */
  aim(request, signal) {
    return ask(addressOf("/v1/targets"), this.key, request, signal);
  }

  /** What moved figures make of the landed cost; nothing is stored. */
  stress(request, signal) {
    return ask(addressOf("/v1/sensitivities"), this.key, request, signal);
  }

  /** A part of that (shocks, history) as a file: csv or svg. Rejects with a Failure. */
  stressed(request, form, part, signal) {
    return this.file(`/v1/sensitivities?format=${form}&part=${part}`, request, {}, signal);
  }

  /** What a changed law makes of a basket; nothing is stored. The basket has no language: it is asked by the header. */
  async suppose(request, language, signal) {
    return JSON.parse(await (await this.supposed(request, language, "json", signal)).text());
  }

  /** The same as a file: csv or xlsx. Rejects with a Failure. */
  supposed(request, language, form, signal) {
    return this.file(`/v1/what-if?format=${form}`, request, { "Accept-Language": language }, signal);
  }

  /** A quote that is stored; the same name and request give the same quote. */
  keep(request, name) {
    const more = { "Idempotency-Key": name };
    return called(addressOf("/v1/quotes"), this.key, JSON.stringify(request), new AbortController(), more);
  }

  /** An address of a stored quote that needs no key, for a month. */
  share(path) {
    return called(addressOf(`${path}/share`), this.key, "", new AbortController());
  }

  /** Delete a stored quote; one that is gone already is no failure. */
  remove(path) {
    return this.file(path, undefined, {}, undefined, "DELETE");
  }

  /** How far a job is, now. */
  job(path, signal) {
    const controller = new AbortController();
    signal.addEventListener("abort", () => controller.abort(), { once: true });
    return called(addressOf(path), this.key, undefined, controller);
  }

  /** End a job, and delete what there is of it. */
  cancel(path) {
    return called(addressOf(`${path}/cancel`), this.key, "", new AbortController());
  }

  /**
   * A file that is sent for an answer; of how far it is, fetch tells nothing.
   * @param {string} path
   * @param {Blob} file
   * @param {Record<string, string>} more headers
   * @param {AbortSignal} signal
   * @param {(share: number) => void} told how much has gone out
   * @returns {Promise<Response>} rejects with a Failure, or with the signal's reason
   */
  send(path, file, more, signal, told) {
    const call = new XMLHttpRequest();
    const headers = { Accept: "*/*", ...(this.key ? { Authorization: `Bearer ${this.key}` } : {}), ...more };
    return new Promise((resolve, reject) => {
      const lost = () => reject(navigator.onLine ? failureOf("unreachable") : failureOf("offline"));
      signal.addEventListener("abort", () => { call.abort(); reject(signal.reason); }, { once: true });
      call.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => told(lengthComputable ? loaded / total : 0));
      call.addEventListener("error", lost);
      call.addEventListener("load", async () => {
        const { status, statusText } = call;
        const given = ["Retry-After", "X-Total-Count", "X-Problem-Count"].map((name) => [name, call.getResponseHeader(name)]).filter(([, value]) => value);
        const response = new Response(call.response, { status, statusText, headers: given });
        if (response.ok) resolve(response);
        else reject(failed(response, await response.text()));
      });
      call.open("POST", addressOf(path));
      call.responseType = "blob";
      for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value);
      call.send(file);
    });
  }

  /** A file that takes a key, which a link cannot send, or a request. Rejects with a Failure. */
  async file(path, request, more = {}, signal, method = "GET") {
    const key = this.key ? { Authorization: `Bearer ${this.key}` } : {};
    const sent = request ? { method: "POST", body: JSON.stringify(request) } : { method };
    const headers = { ...key, ...(request ? { "Content-Type": "application/json" } : {}), ...more };
    let response, text;
    try {
      response = await fetch(addressOf(path), { ...sent, headers, signal, credentials: "omit", redirect: "error" });
      if (response.ok) return await response.blob();
      text = await response.text();
    } catch {
      throw failureOf(navigator.onLine ? "unreachable" : "offline");
    }
    throw failed(response, text);
  }
}

/**
 * Give the reader a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function saveAs(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** What a problem says, in the reader's language where the server said it. */
export function detailOf(failure, words) {
  if (!(failure instanceof Failure)) throw failure;
  const { kind, problem } = failure;
  return problem.errors?.[0]?.detail ?? problem.detail ?? words.text(kind);
}

function addressOf(path) {
  return new URL(path, location.origin).href;
}
