// What is said in a language: the texts of texts.json, amounts, numbers and days. An amount is digits that the API wrote:
// they are grouped and given their sign of currency, and never become a floating-point number.
import TEXTS from "./texts.json";

const NUMBER = /^-?\d+(\.\d+)?$/;
const USUAL = { en: "en", es: "es-MX", zh: "zh-CN" };

/** The words of one language, in the forms of one region. */
export class Words {
  /** @param {string} asked a language tag such as "es-MX"; the first of ours where it is none, which is English in the widget */
  constructor(asked) {
    const language = asked.toLowerCase().split("-")[0];
    /** @type {"en" | "es" | "zh"} */
    this.language = Object.hasOwn(TEXTS, language) ? language : Object.keys(TEXTS)[0];
    this.locale = region(asked, this.language);
    this.texts = TEXTS[this.language];
    this.plurals = new Intl.PluralRules(this.locale);
  }

  /**
   * @param {string} code
   * @param {Record<string, string>} facts
   * @returns {string}
   */
  text(code, facts = {}) {
    return this.texts[code].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  }

  /**
   * @param {string} code
   * @param {number} n
   */
  counted(code, n) {
    const forms = this.texts[code];
    const form = forms[this.plurals.select(n)] ?? forms.other;
    return form.replace("{n}", new Intl.NumberFormat(this.locale).format(n));
  }

  /** @param {{amount: string, currency: string}} money */
  money({ amount, currency }) {
    // The yuan by its sign; all others by their code, since half of them share the dollar's.
    const style = { style: "currency", currency, currencyDisplay: currency === "CNY" ? "narrowSymbol" : "code" };
    const usual = new Intl.NumberFormat(this.locale, style).resolvedOptions();
    return this.#digits(amount, Math.max(decimalsOf(amount), usual.maximumFractionDigits), style);
  }

  /** @param {string} number an exact decimal, or whatever else the API wrote in its place */
  decimal(number) {
    return NUMBER.test(number) ? this.#digits(number, decimalsOf(number), {}) : number;
  }

  /**
   * A number of something: of money where the unit is a currency.
   * @param {string} value
   * @param {string | null} unit
   */
  valued(value, unit) {
    if (unit && NUMBER.test(value) && /^[A-Z]{3}$/.test(unit)) return this.money({ amount: value, currency: unit });
    return unit ? `${this.decimal(value)} ${this.unit(unit)}` : this.decimal(value);
  }

  /** @param {string} day 2026-11-23, with or without a time */
  day(day) {
    const form = new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", timeZone: "UTC" });
    return form.format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
  }

  /** @param {bigint} permille */
  share(permille) {
    const form = new Intl.NumberFormat(this.locale, { style: "percent", maximumFractionDigits: 1 });
    return form.format(Number(permille) / 1000);
  }

  /** @param {string} code the code of a unit or of a package, such as "jin" or "carton-4kg" */
  unit(code) {
    if (this.texts[`unit.${code}`]) return this.texts[`unit.${code}`];
    const [, kind, size] = /^([a-z-]*[a-z])(?:-(\d.*))?$/.exec(code) ?? [];
    const name = this.texts[`package.${kind}`];
    if (!name) return code;
    return size ? `${name} (${size.replace(/^(\d+)x/, "$1 × ").replace(/(\d)([a-zA-Z])/, "$1 $2")})` : name;
  }

  /** Whole digits are grouped as a whole number, which is exact; the decimals stay as they were written. */
  #digits(text, decimals, style) {
    const [whole, fraction = ""] = text.replace("-", "").split(".");
    const form = new Intl.NumberFormat(this.locale, {
      ...style,
      minimumFractionDigits: Math.min(decimals, 20),
      maximumFractionDigits: Math.min(decimals, 20),
    });
    const shown = form
      .formatToParts(BigInt(whole))
      .map(({ type, value }) => (type === "fraction" ? fraction.padEnd(decimals, "0") : value))
      .join("");
    return text.startsWith("-") ? `−${shown}` : shown;
  }
}

function decimalsOf(text) {
  return text.split(".")[1]?.length ?? 0;
}

function region(asked, language) {
  try {
    if (asked.includes("-") && asked.toLowerCase().startsWith(`${language}-`)) return Intl.getCanonicalLocales(asked)[0];
  } catch {
    // No language tag: the usual region of the language.
  }
  return USUAL[language];
}
