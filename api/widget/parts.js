// The parts of a line of the tariff that have a lower rate of their own, as an answer tells them.

/**
 * The parts that the goods may belong to, where the request does not say whether they do.
 * @param {any} quote
 * @param {number} line of the goods
 * @returns {{part: string, rate: string | null}[]} none where nothing is to be asked; a rate that nobody read is null
 */
export function partsOf({ warnings, alternatives }, line) {
  const asked = warnings.some(({ code, pointer }) => code === "partial_provisional" && pointer === `/goods/${line}/tariff_part`);
  return asked ? alternatives.filter(({ goods, part, because }) => goods === line && part && because === "part_not_claimed") : [];
}

/** A part in a few words: its rate, and what it is in the tariff's own words, which are Chinese. */
export function toldPart({ part, rate }, words) {
  return `${rate ?? words.text("part.unread")} · ${part}`;
}

/**
 * What can be said of the parts: that the goods belong to one, or to none.
 * @param {{part: string, rate: string | null}[]} parts none where a part is claimed of which nothing else is known
 * @param {import("./words.js").Words} words
 * @returns {[string, string, string?][]} as choices of a list, with the language of those that are not in the reader's
 */
export function claimsOf(parts, words) {
  const [only] = parts;
  const belonging = parts.length > 1 ? parts.map((each) => [each.part, toldPart(each, words), "zh"]) : [only ? ["true", toldPart(only, words), "zh"] : ["true", words.text("part.yes")]];
  return [...belonging, ["false", words.text("part.no")]];
}

/**
 * What is chosen of a list that does not offer it. The name of a part is Chinese.
 * @param {string} name of the list
 * @param {string} chosen
 * @param {[string, string, string?][]} found what it offers
 * @returns {[string, string, string?][]} none where it is offered, or nothing is chosen
 */
export function otherOf(name, chosen, found) {
  if (!chosen || found.some(([code]) => code === chosen)) return [];
  return [name === "tariff-part" ? [chosen, chosen, "zh"] : [chosen, chosen]];
}
