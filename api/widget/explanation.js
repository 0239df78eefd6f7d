// What stands behind the landed cost: how sure it is, what to mind, which papers it takes, and every step with its formula,
// its figures, where they come from and the law. Made when somebody opens it.
import { element, link } from "./dom.js";

/**
 * Remarks with what can be done about them: reasons, assumptions, warnings.
 * @param {{text: string, action?: string | null}[]} remarks
 * @param {import("./words.js").Words} words
 */
export function remarks(remarks, words) {
  return list(
    remarks.map(({ text, action }) => [text, action ? element("span", { class: "aside" }, ` ${action}`) : ""]),
    words,
  );
}

/**
 * @param {any[]} requirements
 * @param {import("./words.js").Words} words
 */
export function requirements(requirements, words) {
  return list(
    requirements.map(({ text, authority, citations }) => [
      text,
      authority ? element("span", { class: "aside" }, ` ${authority}`) : "",
      cited(citations, words),
    ]),
    words,
  );
}

/**
 * Every step, each to be opened by itself.
 * @param {any[]} taken
 * @param {import("./words.js").Words} words
 */
export function steps(taken, words) {
  return element("ol", { class: "steps", part: "steps" }, ...taken.map((each) => element("li", {}, step(each, words))));
}

function step(taken, words) {
  const result = taken.amount ? words.money(taken.amount) : words.valued(taken.value, taken.unit);
  return element(
    "details",
    { part: "step" },
    element("summary", {}, element("span", {}, taken.label), element("bdi", { class: "number" }, result)),
    ...(taken.formula ? [element("p", { class: "formula" }, taken.formula)] : []),
    ...(taken.reason ? [element("p", {}, taken.reason.text)] : []),
    element("ul", { class: "inputs" }, ...taken.inputs.map((input) => element("li", {}, ...figure(input, words)))),
    cited(taken.citations, words),
  );
}

function figure({ label, value, unit, source, date, confidence }, words) {
  const said = { user: words.text("confidence.user") }[confidence] ?? (confidence && words.text("confidence", { letter: confidence }));
  const from = [source, date && words.day(date), said].filter(Boolean).join(" · ");
  return [
    element("span", {}, `${label}: `),
    element("bdi", { class: "value" }, words.valued(value, unit)),
    ...(from ? [element("span", { class: "aside" }, ` ${from}`)] : []),
  ];
}

function cited(citations, words) {
  const items = citations.map(({ title, article, url }) =>
    element("li", {}, link(article ? words.text("article", { title, article }) : title, url)),
  );
  return element("ul", { class: "sources" }, ...items);
}

function list(items, words) {
  if (!items.length) return element("p", {}, words.text("nothing"));
  return element("ul", { class: "remarks" }, ...items.map((children) => element("li", {}, ...children.filter(Boolean))));
}
