// What the form says as texts by the names of the widget's attributes: those of the whole shipment, and those of each line of
// goods; where each stands in a request, and the request as text for the fragment of an address. What a link says is only read
// here: the API alone knows whether it can be priced.
import { goodsOf, requestOf } from "../widget/request.js";

const LONGEST_LINK = 100_000;
const LONGEST_TEXT = 2_000;
const MOST_LINES_READ = 200;
/** Where each text of a line stands in it, as the pointers of problems name it. */
const OF_LINE = {
  product: "/product", "hs-code": "/hs_code", fraccion: "/fraccion", description: "/description",
  quantity: "/quantity", package: "/package", "net-weight": "/net_weight", "gross-weight": "/gross_weight", volume: "/volume",
  origin: "/origin", "tariff-part": "/tariff_part", price: "/price/amount", currency: "/price/currency", per: "/price/per",
  "duty-rate": "/tariff/duty", "vat-rate": "/tariff/vat", "consumption-tax-rate": "/tariff/consumption_tax",
};
/** Where each text of the whole shipment stands. */
const OF_WHOLE = {
  incoterm: "/incoterm", place: "/place", mode: "/route/mode", from: "/route/from", to: "/route/to", equipment: "/route/equipment",
  "pre-carriage": "/costs/origin/pre_carriage/amount", "pre-carriage-currency": "/costs/origin/pre_carriage/currency",
  "export-clearance": "/costs/origin/export_clearance/amount", "export-clearance-currency": "/costs/origin/export_clearance/currency",
  "origin-handling": "/costs/origin/origin_handling/amount", "origin-handling-currency": "/costs/origin/origin_handling/currency",
  "origin-charges": "/costs/origin/all_in/amount", "origin-charges-currency": "/costs/origin/all_in/currency",
  freight: "/costs/freight/amount", "freight-currency": "/costs/freight/currency",
  insurance: "/costs/insurance/amount", "insurance-currency": "/costs/insurance/currency",
  "insurance-rate": "/costs/insurance/rate", insured: "/costs/insurance/insured",
  regime: "/regime", "vat-recoverable": "/importer/vat_recoverable", rail: "/payment/rail", "payment-currency": "/payment/currency",
  fx: "/fx", "customs-fx": "/customs_fx", "fx-band": "/fx_band", "declared-on": "/declared_on", "display-currency": "/display_currency",
};

/**
 * @typedef {{texts: Record<string, string>, lines: Record<string, string>[]}} Said what is said of the whole, and of each line
 */

/**
 * What a request says. What the form has no place for is left out.
 * @param {any} request
 * @returns {Said}
 */
export function saidBy(request) {
  const goods = Array.isArray(request.goods) ? request.goods.slice(0, MOST_LINES_READ) : [];
  const lines = goods.map((line) => textsAt(line, OF_LINE));
  return { texts: textsAt(request, OF_WHOLE), lines: lines.length ? lines : [{}] };
}

/**
 * The request of what is said; costs without a currency are in that of the first line.
 * @param {Said} said
 * @param {Record<string, string>} chosen in place of what is said
 * @param {string} language
 */
export function asked({ texts, lines }, chosen, language) {
  const first = { ...lines[0], ...texts };
  const request = requestOf((name) => first[name] ?? "", chosen, language);
  return { ...request, goods: lines.map((line) => goodsOf((name) => line[name] ?? "")) };
}

/**
 * Whether all that a request says is said; what the form fills in beside it takes nothing away.
 * @param {Said} said
 * @param {any} request
 */
export function saysAll(said, { language, ...request }) {
  return holds(asked(said, {}, ""), request);
}

/**
 * The field that a pointer leads to, or into: its line, null for the whole, and its name, "" where there is none.
 * @param {string} pointer
 */
export function placeOf(pointer) {
  const [, line, inside] = /^\/goods\/(\d+)(.*)$/.exec(pointer) ?? (pointer === "/goods" ? ["", "0", ""] : []);
  if (line === undefined) return { line: null, name: nameAt(pointer, OF_WHOLE) };
  return { line: Number(line), name: nameAt(inside, OF_LINE) || "product" };
}

/** @param {any} request */
export function fragmentOf({ language, ...request }) {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `#q=${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/**
 * The request in a fragment; undefined where there is none, null where it cannot be read.
 * @param {string} fragment
 */
export function requestIn(fragment) {
  if (!fragment.startsWith("#q=")) return undefined;
  if (fragment.length > LONGEST_LINK) return null;
  try {
    const text = atob(fragment.slice(3).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const request = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(request) ? request : null;
  } catch {
    return null;
  }
}

function nameAt(pointer, places) {
  const within = Object.entries(places).find(([, own]) => pointer === own || pointer.startsWith(`${own}/`));
  const around = Object.entries(places).find(([, own]) => pointer && own.startsWith(`${pointer}/`));
  return (within ?? around)?.[0] ?? "";
}

function textsAt(whole, places) {
  const found = Object.entries(places).map(([name, pointer]) => [name, textAt(whole, pointer)]);
  return Object.fromEntries(found.filter(([, text]) => text));
}

function textAt(whole, pointer) {
  let at = whole;
  for (const name of pointer.slice(1).split("/")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return "";
    at = at[name];
  }
  if (pointer.endsWith("fx") && isObject(at)) return Object.entries(at).map(([pair, rate]) => `${pair}:${rate}`).join(",");
  if (pointer.endsWith("quantity") && isObject(at)) return `${at.value} ${at.unit}`.slice(0, LONGEST_TEXT);
  return ["string", "number", "boolean"].includes(typeof at) ? String(at).slice(0, LONGEST_TEXT) : "";
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function holds(whole, part) {
  if (isObject(part)) return isObject(whole) && Object.entries(part).every(([name, each]) => holds(whole[name], each));
  if (Array.isArray(part)) return Array.isArray(whole) && whole.length === part.length && part.every((each, at) => holds(whole[at], each));
  return JSON.stringify(whole) === JSON.stringify(part);
}
