// The table of an answer: sorted, filtered, with columns hidden, by name or by IRI; and drawn as a chart or a network.
const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && typeof value !== "string") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// The rows of a table as values: {text, iri, link, number, time} for each column.
function read(table) {
  const columns = [...table.tHead.rows[0].cells].map((cell, index) => ({
    index, heading: cell.textContent, kind: cell.dataset.kind, variable: cell.dataset.variable,
  }));
  const rows = [...table.tBodies[0].rows].map((row) => columns.map(({ index, kind }) => {
    const cell = row.cells[index];
    const link = cell.querySelector("a");
    const text = (link ?? cell.querySelector("span") ?? cell).textContent.trim();
    if (!text) return null;
    return { text, iri: link?.title, link: link?.href, number: kind === "number" ? Number(text) : null };
  }));
  return { columns: columns.filter(({ kind }) => kind !== "why"), rows };
}

function compare(kind, language) {
  const collator = new Intl.Collator(language, { numeric: true });
  return (one, other) => {
    if (!one || !other) return one ? -1 : other ? 1 : 0; // what is missing stands last
    return kind === "number" ? one.number - other.number : collator.compare(one.text, other.text);
  };
}

// Make the headings sort the rows of a page; a third click brings back the order of the answer.
function sortable(table, words) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const data = read(table);
  for (const { index, kind } of data.columns) {
    const heading = table.tHead.rows[0].cells[index];
    const button = element("button", { type: "button", class: "sort" }, heading.textContent);
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[heading.getAttribute("aria-sort") ?? "none"];
      sort(next === "none" ? null : index, kind, next);
    });
  }

  function sort(index, kind, direction) {
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
    const order = original.map((row, place) => ({ row, value: index === null ? null : data.rows[place][index] }));
    if (index !== null) {
      table.tHead.rows[0].cells[index].setAttribute("aria-sort", direction);
      const by = compare(kind, document.documentElement.lang);
      order.sort((one, other) => (!one.value || !other.value || direction === "ascending" ? by(one.value, other.value) : by(other.value, one.value)));
    }
    body.append(...order.map(({ row }) => row));
  }

  // Where rows are cards, on a phone, there are no headings to press.
  const select = element("select", {}, new Option(words.unsorted, ""));
  for (const { index, heading } of data.columns) select.append(new Option(`${heading} ↑`, `${index} ascending`), new Option(`${heading} ↓`, `${index} descending`));
  select.addEventListener("change", () => {
    const [index, direction] = select.value.split(" ");
    if (!select.value) return sort(null);
    return sort(Number(index), data.columns.find((column) => column.index === Number(index)).kind, direction);
  });
  const narrow = matchMedia("(max-width: 40rem)");
  const adapt = () => {
    for (const button of table.tHead.querySelectorAll(".sort")) button.tabIndex = narrow.matches ? -1 : 0;
  };
  narrow.addEventListener("change", adapt);
  adapt();
  return [data, element("label", { class: "sort-by" }, words.sort, " ", select)];
}

function filterable(table, words) {
  const status = element("span", { role: "status", class: "about" });
  const input = element("input", { type: "search", placeholder: words.filter, "aria-label": words.filter });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  input.addEventListener("input", () => {
    const sought = fold(input.value.trim());
    const rows = [...table.tBodies[0].rows];
    for (const row of rows) row.hidden = sought !== "" && !fold(row.textContent).includes(sought);
    status.textContent = sought ? say(words.shown, { shown: rows.filter((row) => !row.hidden).length, all: rows.length }) : "";
  });
  return [input, status];
}

function hideable(table, words) {
  const cells = [...table.tHead.rows[0].cells];
  const boxes = cells.map((cell, index) => {
    const box = element("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      for (const row of table.rows) row.cells[index].hidden = !box.checked;
    });
    return element("label", {}, box, " ", cell.textContent);
  });
  return element("details", { class: "columns-menu" }, element("summary", {}, words.columns), element("fieldset", {}, element("legend", { class: "hidden" }, words.columns), ...boxes));
}

function labelled(table, words) {
  const links = [...table.querySelectorAll("tbody a[title]")].filter((link) => link.title && link.title !== link.textContent);
  if (!links.length) return null;
  const box = element("input", { type: "checkbox", checked: true });
  box.addEventListener("change", () => {
    for (const link of links) [link.textContent, link.title] = [link.title, link.textContent];
  });
  return element("label", {}, box, " ", words.labels);
}

// Add the tools to the tables below an element; `onView` is called with the view that is chosen.
export function enliven(root, onView = () => {}) {
  const table = root.querySelector("table[data-answer]");
  if (!table) return;
  const words = JSON.parse(document.querySelector("#answer-words").dataset.words);
  const region = table.closest(".wide");
  const [data, sortBy] = sortable(table, words);
  const figure = element("div", { class: "drawing", hidden: true });
  region.after(figure);
  const tools = element("div", { class: "bar tools" }, ...[...filterable(table, words), sortBy, hideable(table, words), labelled(table, words)].filter(Boolean));
  const buttons = ["table", "chart", "network"].map((view) => {
    const button = element("button", { type: "button", "aria-pressed": "false" }, words[view]);
    button.addEventListener("click", () => choose(view));
    return [view, button];
  });
  const views = element("div", { class: "views", role: "group" }, ...buttons.map(([, button]) => button));
  region.before(element("div", { class: "bar" }, views), tools);

  async function choose(view, isAsked = true) {
    for (const [name, button] of buttons) button.setAttribute("aria-pressed", String(name === view));
    region.hidden = tools.hidden = view !== "table";
    figure.hidden = view === "table";
    if (isAsked) onView(view);
    if (view === "table") return;
    const { draw } = await import(view === "chart" ? "./chart.js" : "./network.js");
    draw(figure, data, words);
  }
  choose(table.closest("[data-view]").dataset.view, false);
}
