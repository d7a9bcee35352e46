// Buttons that copy a text. They appear where they work; the page is complete without them.
const say = document.querySelector("[data-copy-status]");
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-words]");
  const usual = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      document.execCommand("copy");
    }
    words.textContent = button.dataset.done;
    if (say) say.textContent = `${field.labels[0].textContent}: ${button.dataset.done}`;
    setTimeout(() => (words.textContent = usual), 2500);
  });
}
