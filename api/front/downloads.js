// Buttons that fetch an answer as files, one at a time.
import { element } from "../widget/dom.js";
import { detailOf, saveAs } from "./calls.js";

/**
 * The buttons, and the place where is told why there is no file.
 * @param {import("../widget/words.js").Words} words
 * @param {{name: string, label: string}} whole what the files are called, in the computer and for people
 * @param {Record<string, string>} forms what each form is called
 * @param {(form: string) => Promise<Blob>} fetched rejects with a Failure
 * @returns {HTMLElement[]}
 */
export function downloads(words, { name, label }, forms, fetched) {
  const failed = element("p", { class: "error", role: "status" });
  let busy = false;
  const save = async (form) => {
    if (busy) return;
    busy = true;
    failed.textContent = "";
    try {
      saveAs(await fetched(form), `galeon-${name}.${form}`);
    } catch (failure) {
      failed.textContent = detailOf(failure, words);
    } finally {
      busy = false;
    }
  };
  const buttons = Object.entries(forms).map(([form, called]) => {
    const described = words.text("compare.file", { form: called, name: label });
    const button = element("button", { type: "button", class: "small", "aria-label": described }, called);
    button.addEventListener("click", () => save(form));
    return button;
  });
  return [element("div", { class: "files" }, element("span", { class: "aside" }, words.text("compare.files")), ...buttons), failed];
}
