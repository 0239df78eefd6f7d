// The pages at /tariff without a script are whole; with it goods are found while their name is typed, and files take the
// reader's key where the tab has one.
import { Words } from "../../widget/words.js";
import { Server, detailOf, saveAs } from "../calls.js";
import { Combobox } from "../combobox.js";

const MOST_FOUND = 8;
const words = new Words(document.documentElement.lang);
const server = new Server();

/** The page of a line, asked as this one is. */
function pageOf(code) {
  const asked = new URLSearchParams(location.search);
  asked.delete("q");
  const query = asked.toString();
  return `/tariff/${encodeURIComponent(code)}${query ? `?${query}` : ""}`;
}

async function lines(text, signal) {
  const { items } = await server.look(`/v1/tariff-lines?${new URLSearchParams({ q: text, limit: String(MOST_FOUND), language: words.language })}`, signal);
  return items.map(({ hs_code: code, name }) => ({ value: `line:${code}`, name: `${code} ${name}`, aside: "" }));
}

const input = document.getElementById("q");
// Heard before the list hears it: what is typed and not chosen is asked of the server as a whole page.
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || input.hasAttribute("aria-activedescendant")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (input.value.trim()) input.form.requestSubmit();
});
const search = new Combobox(input, lines, (chosen) => {
  if (chosen.startsWith("line:")) location.assign(pageOf(chosen.slice(5)));
});
search.tell(words);
input.after(search.list, search.count);

const complaint = document.getElementById("file-error");
for (const link of document.querySelectorAll("a[data-file]")) {
  link.addEventListener("click", async (event) => {
    if (!server.key) return;
    event.preventDefault();
    try {
      saveAs(await server.file(link.getAttribute("href")), link.dataset.file);
    } catch (failure) {
      complaint.textContent = detailOf(failure, words);
    }
  });
}
