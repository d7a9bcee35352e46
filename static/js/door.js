// The list at the door. Taps are kept on this phone until they have arrived: a lost connection loses nothing. Each has a
// key of its own, so that one that is sent twice counts once. The page works without this script.
const door = document.querySelector("[data-door]");
const find = (what) => door.querySelector(what);
const say = door.dataset;
const rows = find("[data-rows]");
const search = find("#door-search");
const form = find("[data-walk-in-form]");
const store = `door-${say.door}`;

const read = () => JSON.parse(localStorage.getItem(store) || "[]");
const change = (step) => localStorage.setItem(store, JSON.stringify(step(read())));
const rowOf = (id) => find(`#place-${id}`);
const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");

let trouble = "";
const tell = () => {
  const waiting = read().length;
  find("[data-kept]").textContent = `${waiting ? `${say.kept} ${waiting}. ` : ""}${trouble}`;
};

const paint = (row, status, waits = false) => {
  const isHere = status === "attended";
  const button = row.querySelector("button");
  if (row.dataset.status !== status || waits || row.classList.contains("door-row--waiting")) {
    row.querySelector("[data-status-words]").textContent = waits ? say.waiting : isHere ? say.here : "";
  }
  row.dataset.status = status;
  row.classList.toggle("door-row--here", isHere);
  row.classList.toggle("door-row--waiting", waits);
  button.value = isHere ? "out" : "in";
  button.classList.toggle("button--secondary", isHere);
  button.firstElementChild.textContent = isHere ? say.out : say.in;
  row.querySelector("[data-excuse]")?.toggleAttribute("hidden", isHere);
};

// What waits on this phone lies over what the server knows.
const overlay = () => {
  for (const { fields } of read()) {
    const row = fields.place && rowOf(fields.place);
    if (row) paint(row, fields.action === "in" ? "attended" : "registered", true);
  }
};

const show = (state) => {
  find("[data-here]").textContent = state.here;
  find("[data-expected]").textContent = state.expected;
  if (state.html && !rowOf(state.place)) rows.insertAdjacentHTML("afterbegin", state.html);
  if (state.note) find("[data-note]").textContent = state.note;
  for (const [id, status] of Object.entries(state.places)) if (rowOf(id)) paint(rowOf(id), status);
  overlay();
};

const ask = (url, options) => fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", ...options });
const look = async () => {
  const answer = await ask(say.state);
  if (answer.ok) show(await answer.json());
};

let busy = false;
const send = async () => {
  if (busy) return;
  busy = true;
  try {
    for (let tap = read()[0]; tap; tap = read()[0]) {
      const body = new FormData(form);
      for (const name in tap.fields) body.set(name, tap.fields[name]);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("key", tap.key);
      body.set("age", Math.max(0, Date.now() - tap.at));
      const answer = await ask(tap.url, { method: "POST", body, signal: AbortSignal.timeout(10000) });
      trouble = answer.type === "opaqueredirect" || answer.status === 403 ? say.signIn : "";
      if (trouble || answer.status > 409) break;
      const state = await answer.json();
      change((taps) => taps.filter((one) => one.key !== tap.key));
      if (state.refused) trouble = `${tap.name}: ${state.refused}`;
      await (state.refused ? look() : show(state));
    }
  } catch {
    trouble = say.offline;
  }
  busy = false;
  tell();
};

const keep = (url, name, fields) => {
  change((taps) => [...taps, { key: key(), at: Date.now(), url, name, fields }]);
  overlay();
  tell();
  send();
};

rows.addEventListener("submit", (event) => {
  const { value: action, form: own } = event.submitter;
  if (action === "excuse") return;
  event.preventDefault();
  const row = own.closest("li");
  keep(say.tick, row.querySelector("strong").textContent, { place: row.dataset.place, action });
});

form.addEventListener("submit", (event) => {
  const fields = Object.fromEntries(new FormData(form));
  // What would be refused at once the server says better, at the fields.
  if (!fields.first_name.trim() || !fields.last_name.trim() || !/.@.+\../.test(fields.email)) return;
  event.preventDefault();
  keep(say.walkIn, `${fields.first_name} ${fields.last_name}`, fields);
  form.reset();
  search.focus();
});

const filter = (event) => {
  event.preventDefault();
  const wanted = search.value.toLowerCase().split(/\s+/);
  for (const row of rows.children) row.hidden = !wanted.every((word) => row.dataset.search.includes(word));
  find("[data-none]").hidden = Boolean(rows.querySelector("li:not([hidden])"));
};
search.addEventListener("input", filter);
search.form.addEventListener("submit", filter);

addEventListener("online", send);
setInterval(() => (read().length ? send() : document.hidden || look().catch(() => {})), 5000);
overlay();
send();
