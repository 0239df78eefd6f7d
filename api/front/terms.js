// What an Incoterm leaves to the buyer, as the server tells it: which costs the form asks for, and where the named place lies.

/** The legs before loading, and the field of each. */
const FIELD_OF_LEG = { pre_carriage: "pre-carriage", export_clearance: "export-clearance", origin_handling: "origin-handling" };
/** One sum in place of several of them. */
const ONE_SUM = "origin-charges";
export const BEFORE_LOADING = [...Object.values(FIELD_OF_LEG), ONE_SUM];
/** A place as people write its code (MXZLO, MEX). Whether it is a port, the server knows; here it decides what is shown. */
const CODE_OF_PLACE = /^([a-z]{2} ?[a-z2-9]{3}|[a-z]{3})$/i;

/** The terms; none until the server has told them. */
export class Terms {
  /** @param {import("../widget/words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.terms = {};
    this.labels = {};
  }

  /** @param {{items: any[], legs: {code: string, label: string}[]}} told the answer of /v1/incoterms */
  learn({ items, legs }) {
    this.terms = Object.fromEntries(items.map((each) => [each.code, each]));
    this.labels = Object.fromEntries(legs.map(({ code, label }) => [code, label]));
  }

  /** @returns {"origin" | "destination" | ""} where the named place lies, "" where that is not known */
  side(incoterm) {
    return this.terms[incoterm]?.named_place ?? "";
  }

  /**
   * The fields of costs that a term needs; undefined where that is not known.
   * @returns {string[] | undefined}
   */
  needed(incoterm, place) {
    const legs = this.#case(incoterm, place)?.buyer_pays.map((leg) => FIELD_OF_LEG[leg]).filter(Boolean);
    return legs && legs.length > 1 ? [...legs, ONE_SUM] : legs;
  }

  /**
   * Lay aside costs that the term leaves to the seller, and take up again those that it leaves to the buyer.
   * @param {Record<string, string>} texts what is said; changed in place
   * @param {Record<string, string>} aside what is laid aside; likewise
   */
  sort(texts, aside) {
    const needed = this.needed(texts.incoterm, texts.place);
    if (!needed) return;
    for (const name of BEFORE_LOADING) {
      const [from, to] = needed.includes(name) ? [aside, texts] : [texts, aside];
      for (const each of [name, `${name}-currency`]) {
        if (from[each]) to[each] = from[each];
        delete from[each];
      }
    }
  }

  /** In words: what the price contains, and what the buyer pays beside it. */
  told(incoterm, place) {
    const { price_contains: inside, buyer_pays: beside } = this.#case(incoterm, place) ?? {};
    if (!inside) return "";
    const list = new Intl.ListFormat(this.words.locale);
    const named = (legs) => list.format(legs.map((leg) => this.labels[leg] ?? leg));
    const first = this.words.text(inside.length ? "term.contains" : "term.alone", { legs: named(inside) });
    return beside.length ? first + this.words.text("term.beside", { legs: named(beside) }) : first;
  }

  #case(incoterm, place = "") {
    const kind = !place ? "no_place" : (CODE_OF_PLACE.test(place) ? "at_port" : "inland");
    return this.terms[incoterm]?.[kind];
  }
}
