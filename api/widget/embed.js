// The page of /embed: no margins, and its height told to the page around it, which is the only thing it tells.
const sheet = new CSSStyleSheet();
sheet.replaceSync("body { margin: 0 } html { color-scheme: light dark; background: transparent }");
document.adoptedStyleSheets = [sheet];

const tell = () => {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  parent.postMessage({ galeon: "height", height }, "*");
};
if (parent !== window) new ResizeObserver(tell).observe(document.documentElement);
