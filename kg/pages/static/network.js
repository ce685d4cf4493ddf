// The network of an answer: things of two columns, and a link for each row. Names are links; the table holds all.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, select, zoom, zoomIdentity } from "./vendor/network.js";

const MOST_NODES = 60;
const STEPS = 300;
const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function chosen(label, columns, value) {
  const select = document.createElement("select");
  for (const { index, heading } of columns) select.append(new Option(heading, index, false, index === value));
  const wrapped = document.createElement("label");
  wrapped.append(label, " ", select);
  return [wrapped, select];
}

export function draw(figure, { columns, rows }, words) {
  const things = columns.filter(({ kind, index }) => kind === "thing" || rows.some((row) => row[index]?.iri));
  if (things.length < 2) {
    figure.textContent = words.no_network;
    return;
  }
  const [source, target] = ends(things, rows);
  const [fromLabel, from] = chosen(words.from, things, source.index);
  const [toLabel, to] = chosen(words.to, things, target.index);
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.append(fromLabel, toLabel);
  const place = document.createElement("div");
  const buttons = document.createElement("span");
  buttons.className = "bar";
  bar.append(buttons);
  const paint = () => place.replaceChildren(...laidOut(rows, Number(from.value), Number(to.value), columns, words, buttons, figure.clientWidth));
  bar.addEventListener("change", paint);
  figure.replaceChildren(bar, place);
  paint();
}

// The two columns whose things recur most; of triples subject and object.
function ends(things, rows) {
  const named = ["subject", "object"].map((name) => things.find(({ variable }) => variable === name));
  if (named.every(Boolean)) return named;
  const different = ({ index }) => new Set(rows.map((row) => row[index]?.iri)).size;
  const recurring = [...things].sort((one, other) => different(one) - different(other)).slice(0, 2);
  return recurring.sort((one, other) => one.index - other.index);
}

function laidOut(rows, from, to, columns, words, buttons, room) {
  const nodes = new Map();
  const links = new Map();
  const node = (cell) => {
    const key = cell.iri ?? cell.text;
    if (!nodes.has(key)) nodes.set(key, { key, text: cell.text, link: cell.link, degree: 0 });
    return nodes.get(key);
  };
  const predicate = columns.find(({ variable }) => variable === "predicate")?.index;
  for (const row of rows) {
    if (!row[from] || !row[to] || from === to) continue;
    const [source, target] = [node(row[from]), node(row[to])];
    const key = JSON.stringify([source.key, target.key]);
    const known = links.get(key) ?? { source, target, count: 0, names: new Set() };
    known.count += 1;
    if (predicate !== undefined && row[predicate]) known.names.add(row[predicate].text);
    links.set(key, known);
    source.degree += 1;
    target.degree += 1;
  }
  const kept = [...nodes.values()].sort((one, other) => other.degree - one.degree).slice(0, MOST_NODES);
  const isKept = new Set(kept);
  const drawn = [...links.values()].filter(({ source, target }) => isKept.has(source) && isKept.has(target));
  const width = Math.min(960, Math.max(320, room));
  const height = Math.min(760, (width < 600 ? 320 : 240) + 14 * kept.length);
  const longest = width < 600 ? 18 : 28;
  const simulation = forceSimulation(kept)
    .force("link", forceLink(drawn).distance(width / 9))
    .force("charge", forceManyBody().strength(-420))
    .force("x", forceX(width / 2).strength(0.06))
    .force("y", forceY(height / 2).strength(0.1))
    .force("collide", forceCollide(({ text }) => 16 + 1.6 * shortened(text, longest).length))
    .stop();
  simulation.tick(STEPS);
  fit(kept, width, height);

  const inner = svg("g");
  for (const { source, target, count, names } of drawn) inner.append(arrow(source, target, count, [...names].join(", ")));
  for (const each of kept) {
    const label = svg("text", { x: each.x, y: each.y + 18, "text-anchor": "middle" }, shortened(each.text, longest));
    const parts = [svg("title", {}, each.text), svg("circle", { cx: each.x, cy: each.y, r: 4 + Math.min(8, Math.sqrt(each.degree)) }), label];
    inner.append(each.link ? svg("a", { href: each.link }, ...parts) : svg("g", {}, ...parts));
  }
  const caption = document.createElement("p");
  caption.className = "about";
  const sentences = [`${say(words.drawn, { nodes: kept.length, links: drawn.length })}, ${words.of_page}`];
  if (nodes.size > kept.length) sentences.push(say(words.left_out, { shown: kept.length, all: nodes.size }));
  caption.textContent = `${sentences.join(". ")}`;
  const picture = svg("svg", { class: "network", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": sentences.join(". ") },
    svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerUnits: "userSpaceOnUse", markerWidth: 10, markerHeight: 10, orient: "auto-start-reverse" }, svg("path", { d: "M0 0 8 4 0 8z" }))),
    inner);
  buttons.replaceChildren(...zoomed(picture, inner, words));
  return [picture, caption];
}

// Stretch the places of nodes to the picture, with room for the labels.
function fit(nodes, width, height) {
  for (const [axis, size, margin] of [["x", width, width < 600 ? 64 : 110], ["y", height, 30]]) {
    const places = nodes.map((node) => node[axis]);
    const [least, most] = [Math.min(...places), Math.max(...places)];
    for (const node of nodes) {
      node[axis] = most > least ? margin + ((node[axis] - least) / (most - least)) * (size - 2 * margin) : size / 2;
    }
  }
}

function arrow(source, target, count, names) {
  const dx = target.x - source.x, dy = target.y - source.y;
  const length = Math.hypot(dx, dy) || 1;
  const end = { x: target.x - (dx / length) * 12, y: target.y - (dy / length) * 12 };
  const bend = { x: (source.x + target.x) / 2 - dy * 0.12, y: (source.y + target.y) / 2 + dx * 0.12 };
  const path = source === target
    ? `M${source.x - 6} ${source.y - 6}c-30 -30 42 -30 12 0`
    : `M${source.x} ${source.y}Q${bend.x} ${bend.y} ${end.x} ${end.y}`;
  const line = svg("path", { d: path, class: "link", "stroke-width": 1 + Math.min(4, Math.log2(count)), "marker-end": "url(#arrow)" });
  const sentence = `${source.text} → ${target.text}${names ? `: ${names}` : ""}${count > 1 ? ` (${count} ×)` : ""}`;
  line.append(svg("title", {}, sentence));
  return line;
}

const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Buttons that zoom; the wheel alone goes on scrolling the page.
function zoomed(picture, inner, words) {
  const behaviour = zoom()
    .scaleExtent([0.5, 6])
    .filter((event) => (event.type === "wheel" ? event.ctrlKey : !event.button && !event.target.closest("a")))
    .on("zoom", ({ transform }) => inner.setAttribute("transform", transform));
  const selection = select(picture).call(behaviour);
  const made = [];
  for (const [text, label, change] of [["+", words.nearer, () => selection.call(behaviour.scaleBy, 1.5)], ["−", words.farther, () => selection.call(behaviour.scaleBy, 1 / 1.5)], [words.whole, words.whole, () => selection.call(behaviour.transform, zoomIdentity)]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", change);
    made.push(button);
  }
  return made;
}
