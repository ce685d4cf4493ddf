// The list of names under the search field of each page (ARIA combobox). Without scripts the form is a plain GET.
const field = document.querySelector("#search");
const form = field.form;
const list = document.createElement("ul");
const status = document.createElement("p");
let waiting, asked = "", chosen = -1, request = new AbortController();

list.id = "suggested";
list.className = "suggested";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", field.getAttribute("aria-label"));
status.className = "hidden";
status.setAttribute("role", "status");
field.parentElement.append(list, status);
for (const [name, value] of Object.entries({
  role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggested", "aria-expanded": "false",
})) field.setAttribute(name, value);

// Where the page of a thing is: ours on this server, others by a search for their IRI.
function address(iri) {
  const root = form.action.replace(/search$/, "");
  if (!iri.startsWith(form.dataset.base)) return `${form.action}?${new URLSearchParams({ q: iri })}`;
  return root + encodeURI(iri.slice(form.dataset.base.length)).replaceAll("?", "%3F");
}

function close() {
  clearTimeout(waiting);
  request.abort();
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const options = [...list.children];
  chosen = (index + options.length + 1) % (options.length + 1);
  options.forEach((each, place) => each.setAttribute("aria-selected", String(place === chosen)));
  if (chosen === options.length) {
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
  } else {
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }
}

function option(text, about, address, language) {
  const item = document.createElement("li");
  item.id = `suggested-${list.children.length}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.address = address;
  const name = document.createElement("span");
  name.textContent = text;
  if (language) name.lang = language;
  const note = document.createElement("small");
  note.textContent = about;
  item.append(name, note);
  list.append(item);
}

async function suggest() {
  const text = field.value.trim();
  if (text === asked && !list.hidden) return;
  asked = text;
  if (text.length < 2) return close();
  request.abort();
  request = new AbortController();
  const { signal } = request;
  try {
    const query = new URLSearchParams({ q: text, limit: "8", format: "json", lang: document.documentElement.lang });
    const answer = await fetch(`${form.action}?${query}`, { signal });
    if (!answer.ok) return close();
    const found = (await answer.json()).results;
    if (signal.aborted) return;
    list.replaceChildren();
    for (const hit of found) {
      option(hit.label, [hit.type_label, hit.description].filter(Boolean).join(" · "), address(hit.iri), hit.lang);
    }
    if (found.length) option(field.dataset.all, `“${text}”`, `${form.action}?${new URLSearchParams({ q: text })}`);
    list.hidden = !found.length;
    chosen = -1;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    status.textContent = `${found.length} ${field.dataset.hint}`;
  } catch (fault) {
    if (fault.name !== "AbortError") close();
  }
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 120);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (list.hidden) return suggest();
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    location.assign(list.children[chosen].dataset.address);
  }
});
field.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => {
  event.preventDefault(); // the field keeps the focus, or the list would close before the click
  const item = event.target.closest("li");
  if (item) location.assign(item.dataset.address);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  field.focus();
});
