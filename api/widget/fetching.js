// Calls of the API. Widgets that ask the same share one call and its answer; a call that nobody waits for is given up.

const PATIENCE = 10_000;
const FRESH = 60_000;
const MOST_KEPT = 20;
/** @type {Map<string, {answer: Promise<any>, stop: () => void, waiting: number, since: number, done: boolean}>} */
const calls = new Map();

/** Why there is no answer. */
export class Failure extends Error {
  /**
   * @param {"offline" | "timeout" | "unreachable" | "server" | "busy" | "denied" | "refused"} kind
   * @param {any} problem a problem (RFC 9457): the API's own, or one in its form
   * @param {number} seconds after which to ask again, where the API says so
   */
  constructor(kind, problem, seconds = 0) {
    super(problem.title);
    this.kind = kind;
    this.problem = problem;
    this.seconds = seconds;
  }
}

/**
 * The answer to a call, shared.
 * @param {string} address
 * @param {string} key a publishable key, or ""
 * @param {unknown} body undefined: a GET
 * @param {AbortSignal} signal whoever gives up; the call itself is given up when all have
 * @returns {Promise<any>} the JSON of the answer; rejects with a Failure, or with the signal's reason
 */
export function ask(address, key, body, signal) {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const name = JSON.stringify([address, key, sent]);
  let call = calls.get(name);
  if (!call || (call.done && Date.now() - call.since > FRESH)) call = begun(name, address, key, sent);
  return waited(name, call, signal);
}

function begun(name, address, key, body) {
  const controller = new AbortController();
  const call = { stop: () => controller.abort(), waiting: 0, since: Date.now(), done: false };
  call.answer = called(address, key, body, controller);
  calls.delete(name);
  calls.set(name, call);
  call.answer.then(
    () => (call.done = true),
    () => forget(name, call),
  );
  for (const [old, { done }] of calls) if (calls.size > MOST_KEPT && done) calls.delete(old);
  return call;
}

function forget(name, call) {
  if (calls.get(name) === call) calls.delete(name);
}

function waited(name, call, signal) {
  call.waiting += 1;
  return new Promise((resolve, reject) => {
    const left = () => {
      call.waiting -= 1;
      if (!call.waiting && !call.done) {
        call.stop();
        forget(name, call);
      }
      reject(signal.reason);
    };
    signal.addEventListener("abort", left, { once: true });
    call.answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", left));
  });
}

/**
 * One call, shared with nobody.
 * @param {string} address
 * @param {string} key
 * @param {string | undefined} body undefined: a GET
 * @param {AbortController} controller gives it up
 * @param {Record<string, string>} more headers
 */
export async function called(address, key, body, controller, more = {}) {
  if (!navigator.onLine) throw failureOf("offline");
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, PATIENCE);
  try {
    const response = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(key ? { Authorization: `Bearer ${key}` } : {}),
        ...more,
      },
      body,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal: controller.signal,
    });
    const text = await response.text();
    return response.ok ? JSON.parse(text) : Promise.reject(failed(response, text));
  } catch (error) {
    if (late) throw failureOf("timeout");
    throw failureOf(navigator.onLine ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Why an answer is none.
 * @param {Response} response
 * @param {string} text its body
 */
export function failed(response, text) {
  const { status } = response;
  let problem = { type: "about:blank", title: response.statusText || String(status), status, errors: [] };
  try {
    problem = { ...problem, ...JSON.parse(text) };
  } catch {
    // Whatever stands before the API (a proxy) answered with a page of its own.
  }
  if (status === 429 || status === 503) return new Failure("busy", problem, seconds(response.headers.get("Retry-After")));
  if (status === 401 || status === 403) return new Failure("denied", problem);
  return new Failure(status < 500 ? "refused" : "server", problem);
}

/** Retry-After as seconds: a number of them, or a date; 5 where nothing is said. */
function seconds(text) {
  if (!text) return 5;
  const stated = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return Number.isFinite(stated) ? Math.max(1, stated) : 5;
}

/** A failure of the way to the API, its problem in the form of the API's own. */
export function failureOf(kind) {
  return new Failure(kind, { type: `about:blank#${kind}`, title: kind, status: 0, errors: [] });
}
