// The guide to a witness slip: buttons that copy a field, and a countdown that keeps up. The page works without it.
const status = document.querySelector("[data-copy-status]");

const copy = async (field) => {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
};

for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-words]");
  const usual = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(field);
    words.textContent = button.dataset.done;
    if (status) status.textContent = `${field.labels[0].textContent}: ${button.dataset.done}`;
    setTimeout(() => (words.textContent = usual), 2500);
  });
}

// Days, hours or minutes, in the page's own language; the last hour by minutes.
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const language = document.documentElement.lang || "en";
const amount = (number, unit) =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number);

const left = (seconds) => {
  const parts = [];
  let rest = Math.max(0, seconds);
  for (const [unit, size] of UNITS) {
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number || (unit === "minute" && !parts.length)) parts.push(amount(number, unit));
  }
  return parts.slice(0, 2).join(", ");
};

const clocks = document.querySelectorAll("time[data-countdown]");
const tick = () => {
  for (const clock of clocks) clock.textContent = left((new Date(clock.dateTime) - Date.now()) / 1000);
};
if (clocks.length) {
  tick();
  setInterval(tick, 30000);
}
