// Forms of saved questions: names are picked from those of the graph, days from a calendar. Without scripts a name is
// written out, and the server says who may be meant.
import { enliven } from "./answers.js";

const form = document.querySelector(".ask-question");

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The short form of an IRI of our data; others in full.
function short(iri) {
  const match = /^https:\/\/w3id\.org\/regional-diplomacy\/(id|kinds)\/([\w-]+)$/.exec(iri);
  return match ? `${match[1] === "id" ? "dipid" : "dipk"}:${match[2]}` : iri;
}

// An ARIA combobox: the field shows a name, and a hidden field holds the IRI of the thing that was picked.
function picker(field, words) {
  const hidden = element("input", { type: "hidden", name: field.name });
  const list = element("ul", { class: "offered", role: "listbox", id: `${field.id}-list`, "aria-label": field.labels[0].textContent.trim() });
  const status = element("p", { class: "hidden", role: "status" });
  let chosen = -1, waiting, request = new AbortController();
  list.hidden = true;
  hidden.disabled = true;
  field.after(hidden, list, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) field.setAttribute(name, value);

  function pick(value, label) {
    hidden.value = value;
    hidden.disabled = false;
    field.removeAttribute("name");
    field.value = label;
    field.removeAttribute("aria-invalid");
    field.closest(".field").querySelector(".now")?.remove();
    close();
  }

  function close() {
    clearTimeout(waiting);
    request.abort();
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const options = [...list.children];
    chosen = index < 0 ? options.length - 1 : index % options.length;
    options.forEach((each, place) => each.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  async function suggest() {
    const text = field.value.trim();
    request.abort();
    request = new AbortController();
    const { signal } = request;
    if (!text) return close();
    const query = new URLSearchParams({ q: text, limit: "10", format: "json", lang: document.documentElement.lang });
    if (field.dataset.class) query.set("class", field.dataset.class);
    try {
      const answer = await fetch(`${form.dataset.search}?${query}`, { signal });
      const hits = answer.ok ? (await answer.json()).results : [];
      if (signal.aborted) return;
      list.replaceChildren(...hits.map((hit, index) => {
        const name = element("span", hit.lang ? { lang: hit.lang } : {}, hit.label);
        const item = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false", "data-iri": short(hit.iri), "data-label": hit.label }, name);
        item.append(element("small", {}, [hit.type_label, hit.description].filter(Boolean).join(" · ")));
        return item;
      }));
      list.hidden = !hits.length;
      chosen = -1;
      field.setAttribute("aria-expanded", String(!list.hidden));
      field.removeAttribute("aria-activedescendant");
      status.textContent = hits.length ? `${hits.length} ${words.results}` : words.none;
    } catch (fault) {
      if (fault.name !== "AbortError") close();
    }
  }

  field.addEventListener("input", () => {
    hidden.disabled = true;
    field.name = hidden.name;
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return suggest();
      mark(event.key === "ArrowDown" ? chosen + 1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      const { iri, label } = list.children[chosen].dataset;
      pick(iri, label);
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const item = event.target.closest("li");
    if (item) pick(item.dataset.iri, item.dataset.label);
  });
  if (field.dataset.label) pick(field.value, field.dataset.label);
}

// A button beside the field opens the calendar of the browser; the field itself takes months, years and words too.
function calendar(field, words) {
  const day = element("input", { type: "date", class: "day", tabindex: "-1", "aria-hidden": "true" });
  if (!day.showPicker) return;
  const button = element("button", { type: "button", class: "second" }, words.day);
  const around = element("div", { class: "dated" });
  field.before(around);
  around.append(field, button, day);
  if (/^\d{4}-\d\d-\d\d$/.test(field.value)) day.value = field.value;
  button.addEventListener("click", () => day.showPicker());
  day.addEventListener("change", () => {
    if (day.value) field.value = day.value;
    field.focus();
  });
}

if (form) {
  const words = JSON.parse(form.dataset.words);
  for (const field of form.querySelectorAll("[data-picker]")) picker(field, words);
  for (const field of form.querySelectorAll("[data-date]")) calendar(field, words);
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("input[name]")) if (!field.value.trim() && !field.required) field.disabled = true;
  });
  addEventListener("pageshow", () => { // back from the answer
    for (const field of form.querySelectorAll("input:not([type=hidden])")) field.disabled = false;
  });
}
const answer = document.querySelector("#answer");
if (answer) {
  enliven(answer, (view) => {
    const address = new URL(location.href);
    if (view === "table") address.searchParams.delete("view");
    else address.searchParams.set("view", view);
    history.replaceState({}, "", address);
  });
}
