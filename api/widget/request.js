// The request of a quote, from what the merchant wrote and what the shopper chose. Nothing is checked here: the API knows
// what may stand where, and says it in the shopper's language.

const LEFT_TO_BUYER = ["EXW", "FCA", "FAS", "FOB"];
const OF_AIR = ["air", "courier"];
const USUAL_WAY = { sea: ["MXZLO", "CNSHA"], air: ["MEX", "PVG"] };
/** What each attribute of a charge before loading is called in a request. */
const ORIGIN_CHARGES = {
  "pre-carriage": "pre_carriage", "export-clearance": "export_clearance", "origin-handling": "origin_handling", "origin-charges": "all_in",
};
const PORT_OF_MEXICO = /^MX[A-Z]{3}$/;

/**
 * @callback Read what an attribute says, "" where it is not there
 * @param {string} name
 * @returns {string}
 */

/**
 * The way of the goods: the merchant's, or the usual one by the mode that the shopper chose in its place.
 * @param {Read} written what the merchant wrote
 * @param {Record<string, string>} chosen what the shopper chose
 */
export function wayOf(written, chosen) {
  const mode = chosen.mode || written("mode") || "sea";
  const kind = OF_AIR.includes(mode) ? "air" : "sea";
  const own = OF_AIR.includes(written("mode")) === (kind === "air");
  const place = kind === "sea" && PORT_OF_MEXICO.test(written("place")) ? written("place") : "";
  return {
    mode,
    from: (own && written("from")) || place || USUAL_WAY[kind][0],
    to: chosen.to || (own && written("to")) || USUAL_WAY[kind][1],
    equipment: mode === (written("mode") || "sea") ? written("equipment") : "",
  };
}

/**
 * The body of POST /v1/quotes.
 * @param {Read} written
 * @param {Record<string, string>} chosen
 * @param {string} language
 */
export function requestOf(written, chosen, language) {
  const read = (name) => chosen[name] ?? written(name);
  const currency = written("currency");
  const money = (name) => amount(written(name), written(`${name}-currency`) || currency);
  const moved = ["quantity", "mode", "to"].some((name) => name in chosen);
  const stated = written("freight") && !moved;
  const buyers = LEFT_TO_BUYER.includes(written("incoterm") || "FOB");
  const described = ["mode", "from", "to", "equipment"].some((name) => written(name));
  const planning = buyers && !stated;
  const origin = Object.entries(ORIGIN_CHARGES).map(([name, leg]) => [leg, money(name)]);
  const insurance = money("insurance") ?? { rate: written("insurance-rate"), insured: written("insured") };
  return kept({
    goods: [goodsOf(read)],
    incoterm: written("incoterm"),
    place: written("place"),
    route: planning || described || moved ? kept(wayOf(written, chosen)) : undefined,
    costs: kept({
      freight: planning ? "planning" : (stated ? money("freight") : undefined),
      origin: kept(Object.fromEntries(origin)),
      insurance: kept(insurance),
    }),
    regime: read("regime"),
    payment: read("rail") ? kept({ rail: read("rail"), currency: written("payment-currency") }) : undefined,
    importer: kept({ vat_recoverable: flag(written("vat-recoverable")) }),
    fx: rates(written("fx")),
    customs_fx: rates(written("customs-fx")),
    fx_band: written("fx-band"),
    declared_on: written("declared-on"),
    display_currency: written("display-currency"),
    language,
  });
}

/**
 * A line of goods.
 * @param {Read} read
 */
export function goodsOf(read) {
  return kept({
    product: read("product"),
    hs_code: read("hs-code"),
    fraccion: read("fraccion"),
    description: read("description"),
    quantity: read("quantity"),
    package: read("package"),
    price: kept({ amount: read("price"), currency: read("currency"), per: read("per") }),
    origin: read("origin"),
    tariff_part: flag(read("tariff-part")),
    tariff: kept({ duty: read("duty-rate"), vat: read("vat-rate"), consumption_tax: read("consumption-tax-rate") }),
    net_weight: read("net-weight"),
    gross_weight: read("gross-weight"),
    volume: read("volume"),
  });
}

function amount(text, currency) {
  return text ? kept({ amount: text, currency }) : undefined;
}

function flag(text) {
  return { true: true, false: false }[text] ?? text;
}

/** "USD/CNY:6.7628, MXN/CNY:0.35" as the API has it; what has no rate goes as it is, for the API to refuse. */
function rates(text) {
  if (!text) return undefined;
  return Object.fromEntries(text.split(",").map((pair) => pair.split(":")).map(([pair, rate = ""]) => [pair.trim(), rate.trim()]));
}

/** An object without what is not there; undefined where nothing is left. */
function kept(object) {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined && value !== "");
  return entries.length ? Object.fromEntries(entries) : undefined;
}
