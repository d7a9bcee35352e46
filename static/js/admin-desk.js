// Gives the admin's own controls the names that people with a screen reader need: the page's main part,
// the rich-text editor and the searching choosers. Every page works without it.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("main")?.setAttribute("role", "main");

  const labelOf = (field) => document.querySelector(`label[for="${field.id}"]`);
  const wordsOf = (label) => label.innerText.replace("*", "").trim();

  const nameEditor = (field) => {
    const editor = field.closest(".prose-editor")?.querySelector("[contenteditable]:not([aria-label])");
    const label = labelOf(field);
    if (editor && label) editor.setAttribute("aria-label", wordsOf(label));
  };

  const nameChooser = (field) => {
    const box = field.nextElementSibling;
    const label = labelOf(field);
    if (!box || box.dataset.named) return;
    if (!label && field.getAttribute("aria-label")) {
      // A cell of a table, which says its column's name.
      box.dataset.named = "yes";
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox]")) {
        part.setAttribute("aria-label", field.getAttribute("aria-label"));
        part.removeAttribute("aria-labelledby");
      }
    }
    if (!label || box.dataset.named) return;
    box.dataset.named = "yes";
    label.id ||= `label-${field.id}`;
    const value = box.querySelector(".select2-selection__rendered[id]");
    if (value) {
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox]")) {
        part.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
      }
    }
    box.querySelector(".select2-search__field")?.setAttribute("aria-label", wordsOf(label));
  };

  // Scrolled parts all call themselves by the same words; the one in the navigation has a name already, the navigation's.
  const freeNavigation = () => {
    for (const part of document.querySelectorAll("#nav-sidebar-apps [role=region]")) {
      part.removeAttribute("role");
      part.removeAttribute("aria-label");
    }
  };

  // A table that scrolls is called by its own heading.
  const nameTables = () => {
    for (const part of document.querySelectorAll('fieldset[aria-labelledby] [role=region][aria-label="scrollable content"]')) {
      const heading = document.getElementById(part.closest("fieldset").getAttribute("aria-labelledby"));
      if (heading) part.setAttribute("aria-label", heading.textContent.trim());
    }
  };

  // A heading over nothing, and a list whose items are no list items, promise more than there is.
  const calmDown = () => {
    for (const head of document.querySelectorAll("th:not([role])")) {
      if (!head.textContent.trim() && !head.querySelector("input, img, [aria-label]")) head.setAttribute("role", "cell");
    }
    document.querySelector("ul.object-tools")?.setAttribute("role", "presentation");
    for (const part of document.querySelectorAll("ul.select2-selection__rendered > span")) part.setAttribute("role", "listitem");
  };

  const nameAll = () => {
    document.querySelectorAll("textarea[data-django-prose-editor-configurable]").forEach(nameEditor);
    document.querySelectorAll("select.select2-hidden-accessible").forEach(nameChooser);
    freeNavigation();
    nameTables();
    calmDown();
  };
  nameAll();
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
});
