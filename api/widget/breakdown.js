// The waterfall: what the landed cost is made of, each part where the one before it ends. The words and amounts beside the
// bars are text, so that the picture can be read without being seen. Places are whole parts of a thousand, reckoned in fen.
import { drawn, element } from "./dom.js";

const PARTS = [
  "goods", "freight", "insurance", "origin_charges", "destination_charges",
  "customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax", "payment_cost",
];
const TAXES = new Set(["customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax"]);

/**
 * @param {Record<string, {amount: string, currency: string}>} totals
 * @param {import("./words.js").Words} words
 * @returns {HTMLElement} a table
 */
export function breakdown(totals, words) {
  const whole = fen(totals.landed_cost.amount);
  let before = 0n;
  const rows = PARTS.filter((code) => fen(totals[code].amount) !== 0n).map((code) => {
    const amount = fen(totals[code].amount);
    const made = row(code, totals[code], bar(TAXES.has(code) ? "tax" : code, before, amount, whole, words), words);
    before += amount;
    return made;
  });
  rows.push(row("landed_cost", totals.landed_cost, bar("whole", 0n, whole, whole, words), words));
  const heads = ["part", "share", "amount"].map((code) => element("th", { scope: "col" }, words.text(code)));
  return element(
    "table",
    { part: "waterfall" },
    element("caption", { class: "unseen" }, words.text("breakdown")),
    element("thead", { class: "unseen" }, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows),
  );
}

function row(code, money, picture, words) {
  return element(
    "tr",
    code === "landed_cost" ? { class: "sum" } : {},
    element("th", { scope: "row" }, words.text(code)),
    element("td", { class: "picture" }, picture),
    element("td", { class: "number" }, element("bdi", {}, words.money(money))),
  );
}

function bar(kind, before, amount, whole, words) {
  const share = words.text("share.of", { share: words.share(permille(amount, whole)) });
  const start = permille(before, whole);
  const end = permille(before + amount, whole);
  const [left, right] = start < end ? [start, end] : [end, start];
  const width = right - left > 4n ? right - left : 4n;
  return drawn(
    "svg",
    { viewBox: "0 0 1000 20", preserveAspectRatio: "none", role: "img", "aria-label": share, part: "bar" },
    drawn("rect", { class: "lane", x: "0", y: "0", width: "1000", height: "20" }),
    drawn("rect", { class: `bar ${kind}`, x: String(left), y: "0", width: String(width), height: "20" }),
  );
}

/** An amount of yuan in fen. */
export function fen(amount) {
  const [whole, fraction = ""] = amount.split(".");
  return BigInt(whole + fraction.padEnd(2, "0").slice(0, 2));
}

function permille(amount, whole) {
  return whole === 0n ? 0n : (amount * 1000n) / whole;
}
