// Calls of the server that the page came from, with the reader's key where there is one. The key is kept by this tab alone.
import { Failure, ask, called } from "../widget/fetching.js";

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

  /** A quote that is stored; the same name and request give the same quote. */
  keep(request, name) {
    const more = { "Idempotency-Key": name };
    return called(addressOf("/v1/quotes"), this.key, JSON.stringify(request), new AbortController(), more);
  }

  /** An address of a stored quote that needs no key, for a month. */
  share(path) {
    return called(addressOf(`${path}/share`), this.key, "", new AbortController());
  }

  /** An address of a stored quote that needs no key, for a month. */
  share(path) {
    return called(addressOf(`${path}/share`), this.key, "", new AbortController());
  }

  /** A file that takes a key, which a link cannot send. */
  async file(path) {
    const headers = { Authorization: `Bearer ${this.key}` };
    const response = await fetch(addressOf(path), { headers, credentials: "omit", redirect: "error" });
    if (!response.ok) throw new Failure("server", { title: response.statusText, status: response.status, errors: [] });
    return response.blob();
  }
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
