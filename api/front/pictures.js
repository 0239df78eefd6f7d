// A picture that the API drew, wide enough to be read: a narrow screen scrolls it.
import { element } from "../widget/dom.js";

/**
 * @param {Blob} blob
 * @param {string} name what it is of
 * @param {string} described what it shows, for those who do not see it
 */
export function pictured(blob, name, described) {
  const src = URL.createObjectURL(blob);
  const image = element("img", { src, alt: described });
  for (const end of ["load", "error"]) image.addEventListener(end, () => URL.revokeObjectURL(src));
  return element("div", { class: "drawn", tabindex: "0", role: "group", "aria-label": name }, image);
}
