// The editor of an alert: shows the fields that a block's kind needs, folds Spanish away until it is wanted, puts
// merge fields where the cursor was, and counts the subject's characters. Without it every field is there.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("actionalert_form");
  const blocks = document.getElementById("blocks-group");
  if (!form || !blocks) return;

  // --- Fields by kind

  const words = document.querySelector("[data-editor-words]");
  const showKind = (block) => {
    const kind = block.querySelector("select[name$='-kind']");
    if (!kind) return;
    block.dataset.kind = kind.value;
    // A label is something else in each kind of block.
    for (const part of ["label", "label-es"]) {
      const name = words?.getAttribute(`data-${part}-${kind.value}`);
      const label = block.querySelector(`label[for$='-${part.replace("-", "_")}']`);
      if (name && label) label.textContent = name;
    }
  };
  const showTest = () => {
    const test = form.querySelector("select[name='test']");
    form.dataset.test = test ? test.value || "none" : "none";
  };
  const showAll = () => {
    blocks.querySelectorAll(".form-group").forEach(showKind);
    showTest();
  };
  form.addEventListener("change", showAll);
  document.addEventListener("formset:added", showAll);
  showAll();

  // --- Spanish

  const isSpanish = (field) => /_es$/.test(field.name || "") && field.value.replace(/<[^>]*>/g, "").trim();
  const spanish = document.createElement("button");
  spanish.type = "button";
  spanish.className = "desk-button desk-button--plain desk-button--small";
  const showSpanish = (shown) => {
    form.dataset.spanish = shown ? "shown" : "hidden";
    spanish.textContent = shown ? words.dataset.hide : words.dataset.show;
    spanish.setAttribute("aria-expanded", String(shown));
  };
  if (words) {
    const fields = [...form.querySelectorAll("input, textarea")];
    const wrong = form.querySelector("[class*='_es'] .errorlist, [class*='_es'].errors");
    showSpanish(fields.some(isSpanish) || Boolean(wrong));
    spanish.addEventListener("click", () => showSpanish(form.dataset.spanish !== "shown"));
    words.append(spanish);
  }

  // --- Merge fields

  let last = null;
  form.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field.isContentEditable || field.matches("input[type=text], textarea")) last = field;
  });
  const mayHoldFields = (field) => field.isContentEditable || /(subject|preheader|label|text)/.test(field.name || "");
  for (const button of document.querySelectorAll("[data-insert]")) {
    // The cursor stays where it is.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const field = last && mayHoldFields(last) && last.isConnected ? last : form.querySelector("[name='subject']");
      field.focus();
      if (field.isContentEditable) {
        document.execCommand("insertText", false, button.dataset.insert);
      } else {
        field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  }

  // --- How long the subject is

  const length = (text) => text.replace(/\{\{[^|}]*\|?\s*([^}]*?)\s*\}\}/g, (_all, instead) => instead || "Kimberly").length;
  for (const field of form.querySelectorAll("[name='subject'], [name='subject_es'], [name='test_subject'], [name='test_subject_es']")) {
    const note = document.createElement("p");
    note.className = "desk-quiet alert-length";
    const count = () => {
      const n = length(field.value);
      note.textContent = words ? words.dataset.length.replace("0", n) : String(n);
      note.classList.toggle("desk-warning", n > 50);
    };
    field.addEventListener("input", count);
    field.after(note);
    count();
  }
});
