// The rich-text editor takes its field's place; this gives it the field's name, for people who use a screen reader.
document.addEventListener("DOMContentLoaded", () => {
  const fields = document.querySelectorAll("textarea[data-django-prose-editor-configurable]");
  if (!fields.length) return;

  const name = () => {
    for (const field of fields) {
      const editor = field.closest(".prose-editor")?.querySelector("[contenteditable]:not([aria-label])");
      const label = document.querySelector(`label[for="${field.id}"]`);
      if (editor && label) editor.setAttribute("aria-label", label.innerText.replace("*", "").trim());
    }
  };
  name();
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
});
