// Elements are made here and nowhere else: text goes in as text, never as markup, and styles are classes of one sheet.

const SVG = "http://www.w3.org/2000/svg";

/**
 * A new element. A child that is a string becomes text.
 * @param {string} tag
 * @param {Record<string, string>} attributes fixed names; values are text
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * A new element of a picture.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function drawn(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * A link to a source, or its title alone where the address is none of the web.
 * @param {string} title
 * @param {string | null} address
 * @returns {Node}
 */
export function link(title, address) {
  let href = "";
  try {
    const url = new URL(address ?? "");
    if (url.protocol === "https:" || url.protocol === "http:") href = url.href;
  } catch {
    // No address, or one that cannot be read: the title stays.
  }
  if (!href) return document.createTextNode(title);
  return element("a", { href, target: "_blank", rel: "noopener noreferrer", part: "link" }, title);
}
