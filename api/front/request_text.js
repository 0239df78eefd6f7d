// What the form says as texts by the names of the widget's attributes, where each stands in a request, and the request as
// text for the fragment of an address. What a link says is only read here: the API alone knows whether it can be priced.
import { requestOf } from "../widget/request.js";

const LONGEST_LINK = 20_000;
const LONGEST_TEXT = 2_000;
/** Where each text stands in a request, as the pointers of problems name it. */
export const POINTERS = {
  product: "/goods/0/product", "hs-code": "/goods/0/hs_code", description: "/goods/0/description",
  quantity: "/goods/0/quantity", package: "/goods/0/package", "net-weight": "/goods/0/net_weight",
  "gross-weight": "/goods/0/gross_weight", volume: "/goods/0/volume", origin: "/goods/0/origin",
  price: "/goods/0/price/amount", currency: "/goods/0/price/currency", per: "/goods/0/price/per",
  "duty-rate": "/goods/0/tariff/duty", "vat-rate": "/goods/0/tariff/vat", "consumption-tax-rate": "/goods/0/tariff/consumption_tax",
  incoterm: "/incoterm", place: "/place", mode: "/route/mode", from: "/route/from", to: "/route/to", equipment: "/route/equipment",
  freight: "/costs/freight/amount", "freight-currency": "/costs/freight/currency",
  insurance: "/costs/insurance/amount", "insurance-currency": "/costs/insurance/currency",
  "insurance-rate": "/costs/insurance/rate", insured: "/costs/insurance/insured",
  regime: "/regime", "vat-recoverable": "/importer/vat_recoverable", rail: "/payment/rail", "payment-currency": "/payment/currency",
  fx: "/fx", "customs-fx": "/customs_fx", "declared-on": "/declared_on", "display-currency": "/display_currency",
};

/**
 * The texts that a request says. What the form has no place for is left out.
 * @param {unknown} request
 * @returns {Record<string, string>}
 */
export function textsOf(request) {
  const found = Object.entries(POINTERS).map(([name, pointer]) => [name, textAt(request, pointer)]);
  return Object.fromEntries(found.filter(([, text]) => text));
}

/**
 * Whether the texts say all that a request says.
 * @param {Record<string, string>} texts
 * @param {any} request
 */
export function saysAll(texts, { language, ...request }) {
  const own = requestOf((name) => texts[name] ?? "", {}, "");
  return sorted(own) === sorted(request);
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

function textAt(request, pointer) {
  let at = request;
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

function sorted(value) {
  return JSON.stringify(value, (_, each) => (isObject(each) ? Object.fromEntries(Object.entries(each).sort()) : each));
}
