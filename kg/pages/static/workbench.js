// The workbench: asks without leaving the page, stops, checks, completes, and keeps queries of one's own in this browser.
// Without scripts the form and the links do the same, but for charts, completion and one's own queries.
import { enliven } from "./answers.js";
import { edit } from "./sparql_editor.js";

const form = document.querySelector("#ask");
const field = form.elements.namedItem("query");
const words = JSON.parse(form.dataset.words);
const prefixes = JSON.parse(form.dataset.prefixes);
const [runButton, stopButton, progress] = ["run", "stop", "progress"].map((id) => document.getElementById(id));
const LONGEST_ADDRESS = 8000;
const OWN = "kg.queries";
const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
let running = null;

// Terms are fetched when they are first wanted, once.
let known;
const terms = () => (known ??= fetch(form.dataset.terms)
  .then((answer) => (answer.ok ? answer.json() : { terms: [] }))
  .then(({ terms }) => terms, () => []));

async function check(text) {
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams({ query: text }) });
    if (!answer.ok) return null;
    const { fault, warnings } = await answer.json();
    const faults = fault?.line ? [fault] : [];
    const lines = text.split("\n");
    for (const { name, detail } of warnings) {
      const line = lines.findIndex((each) => each.includes(name));
      if (line >= 0) faults.push({ line: line + 1, column: lines[line].indexOf(name) + 1, length: name.length, detail, severity: "warning" });
    }
    return faults;
  } catch {
    return null;
  }
}

const editor = edit(field, {
  nonce: form.dataset.nonce, words, terms, search: form.dataset.search, prefixes, check, run: () => form.requestSubmit(),
});
const { line, column, length, fault } = field.dataset;
if (line) editor.mark([{ line: Number(line), column: Number(column), length: Number(length), detail: fault }]);
document.querySelector(".keys").hidden = false;

// What is asked, as parameters of an address; defaults are left out.
function parameters() {
  const given = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...given]) if (!value.trim() && name !== "query") given.delete(name);
  if (given.get("rows") === "100") given.delete("rows");
  if (given.get("view") === "table") given.delete("view");
  return given;
}

async function ask(address, options = {}, isNew = true) {
  running?.abort();
  const aborting = running = new AbortController();
  const since = performance.now();
  const spent = () => ((performance.now() - since) / 1000).toFixed(1);
  const tick = setInterval(() => { progress.textContent = say(words.running, { seconds: spent() }); }, 100);
  stopButton.hidden = false;
  document.querySelector("#answer").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...options, signal: aborting.signal, headers: { Accept: "text/html", ...options.headers } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (aborting !== running) return;
    if (isNew) history.pushState({}, "", address.length <= LONGEST_ADDRESS && !options.method ? address : location.pathname);
    show(page);
    progress.textContent = "";
  } catch (fault) {
    if (aborting !== running) return;
    progress.textContent = fault.name === "AbortError" ? say(words.stopped, { seconds: spent() }) : words.lost;
  } finally {
    clearInterval(tick);
    if (aborting === running) {
      running = null;
      if (document.activeElement === stopButton) runButton.focus();
      stopButton.hidden = true;
      document.querySelector("#answer").removeAttribute("aria-busy");
    }
  }
}

// Put the answer of a page that came into this one, and mark its fault in the query.
function show(page) {
  const found = page.querySelector("#answer");
  if (!found) { // an answer of something that stands before the server
    progress.textContent = words.lost;
    return;
  }
  document.querySelector("#answer").replaceWith(document.adoptNode(found));
  const { line, column, length, fault } = page.querySelector("#text").dataset;
  editor.mark(line ? [{ line: Number(line), column: Number(column), length: Number(length), detail: fault }] : []);
  prepare();
}

function prepare() {
  const answer = document.querySelector("#answer");
  enliven(answer, (view) => {
    form.elements.namedItem("view").value = view;
    const address = new URL(location.href);
    if (view === "table") address.searchParams.delete("view");
    else address.searchParams.set("view", view);
    if (address.searchParams.has("query")) history.replaceState({}, "", address);
    const share = answer.querySelector("#share");
    if (share) share.value = address.href;
  });
  const share = answer.querySelector("#share");
  if (share) share.value = new URL(share.value, location.href).href;
  const copy = answer.querySelector("#copy");
  if (copy) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      share.select();
      await navigator.clipboard?.writeText(share.value).catch(() => document.execCommand("copy"));
      progress.textContent = words.copied;
    });
  }
  for (const repair of answer.querySelectorAll(".repair")) {
    repair.addEventListener("submit", (event) => {
      event.preventDefault();
      editor.replace(repair.elements.namedItem("query").value);
      form.requestSubmit();
    });
  }
  for (const link of answer.querySelectorAll(".pager a")) {
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await ask(link.href);
      document.querySelector("#answer-heading")?.scrollIntoView();
    });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = parameters();
  const address = `${form.getAttribute("action")}?${given}`;
  if (address.length <= LONGEST_ADDRESS) return ask(address);
  return ask(form.getAttribute("action"), { method: "POST", body: given });
});
stopButton.addEventListener("click", () => running?.abort());
addEventListener("popstate", () => location.reload());

// Queries of one's own
function own() {
  try {
    const found = JSON.parse(localStorage.getItem(OWN) ?? "[]");
    return Array.isArray(found) ? found.filter(({ name, query }) => typeof name === "string" && typeof query === "string") : [];
  } catch {
    return [];
  }
}

function list() {
  const items = own().map(({ name, query }) => {
    const item = document.createElement("li");
    const open = document.createElement("button");
    open.type = "button";
    open.className = "link";
    open.textContent = name;
    open.addEventListener("click", () => editor.replace(query));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "link";
    remove.textContent = "×";
    remove.setAttribute("aria-label", say(words.delete, { name }));
    remove.addEventListener("click", () => keep(own().filter((each) => each.name !== name)));
    item.append(open, " ", remove);
    return item;
  });
  if (!items.length) {
    const item = document.createElement("li");
    item.className = "about";
    item.textContent = words.none;
    items.push(item);
  }
  document.querySelector("#own-list").replaceChildren(...items);
}

function keep(queries) {
  try {
    localStorage.setItem(OWN, JSON.stringify(queries));
  } catch {
    return; // storage is off, or full
  }
  list();
}

const keeping = document.querySelector("#keep");
document.querySelector("#own").hidden = false;
keeping.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = document.querySelector("#keep-name").value.trim();
  if (!name) return;
  keep([...own().filter((each) => each.name !== name), { name, query: editor.text() }].sort((one, other) => one.name.localeCompare(other.name)));
  keeping.reset();
  progress.textContent = words.saved;
});
list();
prepare();
