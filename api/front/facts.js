// Figures that the page tells: each with its name, differences with their sign.
import { element } from "../widget/dom.js";

/** A name and its values, for a list of facts. */
export function fact(name, ...values) {
  return element("div", {}, element("dt", {}, name), ...values.map((value) => element("dd", {}, element("bdi", {}, value))));
}

/** A difference with its sign. */
export function signed(words, money) {
  return (money.amount.startsWith("-") || !/[1-9]/.test(money.amount) ? "" : "+") + words.money(money);
}
