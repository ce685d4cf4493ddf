// Charts of an answer, chosen by what its columns hold: numbers along times, texts, things or other numbers.
import * as Plot from "./vendor/chart.js";

const MOST_BARS = 40;
const SERIES = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];
const MARKS = ["circle", "square", "triangle", "diamond", "star", "cross"];
const say = (sentence, values = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function chosen(label, options, value) {
  const select = document.createElement("select");
  for (const [key, text] of options) select.append(new Option(text, key, false, key === value));
  const wrapped = document.createElement("label");
  wrapped.append(label, " ", select);
  return [wrapped, select];
}

// A year, a month or a day as a date.
function date(text) {
  const [, year, month, day] = /^(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(text) ?? [];
  if (!year) return null;
  const made = new Date(Date.UTC(2000, Number(month ?? 1) - 1, Number(day ?? 1)));
  made.setUTCFullYear(Number(year));
  return made;
}

export function draw(figure, { columns, rows }, words) {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const others = columns.filter((column) => column.kind !== "number");
  const along = [...others.filter(({ kind }) => kind === "time"), ...others.filter(({ kind }) => kind !== "time"), ...numbers];
  if (!numbers.length || along.length < 2) {
    figure.textContent = words.no_chart;
    return;
  }
  const y = numbers.find((column) => column !== along[0]) ?? numbers[0];
  const options = (list) => list.map((column) => [String(column.index), column.heading]);
  const [alongLabel, alongSelect] = chosen(words.by, options(along), String(along[0].index));
  const [heightLabel, heightSelect] = chosen(words.value, options(numbers), String(y.index));
  const groups = [["", words.none], ...options(others)];
  const [groupLabel, groupSelect] = chosen(words.group, groups, guessedGroup(others, along[0], rows));
  const [kindLabel, kindSelect] = chosen(words.kind, [["bars", words.bars], ["line", words.line], ["dots", words.dots]], usual(along[0]));
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.append(kindLabel, alongLabel, heightLabel, groupLabel);
  const place = document.createElement("div");
  const paint = () => place.replaceChildren(...plotted(figure, {
    rows, words, kind: kindSelect.value,
    x: columns.find(({ index }) => String(index) === alongSelect.value),
    y: columns.find(({ index }) => String(index) === heightSelect.value),
    group: columns.find(({ index }) => String(index) === groupSelect.value),
  }));
  alongSelect.addEventListener("change", () => {
    kindSelect.value = usual(columns.find(({ index }) => String(index) === alongSelect.value));
  });
  bar.addEventListener("change", paint);
  figure.replaceChildren(bar, place);
  paint();
}

const usual = ({ kind }) => ({ time: "line", number: "dots" }[kind] ?? "bars");

// Another column of few values divides the numbers into series.
function guessedGroup(others, along, rows) {
  const found = others.find((column) => {
    if (column === along || column.kind === "time") return false;
    const values = new Set(rows.map((row) => row[column.index]?.text));
    return values.size > 1 && values.size <= SERIES.length && values.size < rows.length;
  });
  return along.kind === "time" && found ? String(found.index) : "";
}

function plotted(figure, { rows, words, kind, x, y, group }) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const data = rows
    .filter((row) => row[x.index] && row[y.index])
    .map((row) => ({
      x: x.kind === "number" ? row[x.index].number : x.kind === "time" && kind !== "bars" ? date(row[x.index].text) : row[x.index].text,
      y: row[y.index].number,
      z: group ? row[group.index]?.text ?? "" : "",
    }))
    .filter(({ x, y }) => x !== null && Number.isFinite(y));
  const names = [...new Set(data.map(({ z }) => z))];
  const domain = names.slice(0, SERIES.length);
  const width = Math.max(280, figure.clientWidth || 640);
  const notes = [];
  let drawn = data;
  if (kind === "bars") {
    const bars = [...new Set(data.map(({ x }) => x))];
    if (bars.length > MOST_BARS) {
      notes.push(say(words.bars_left_out, { shown: MOST_BARS, all: bars.length }));
      const kept = new Set(bars.slice(0, MOST_BARS));
      drawn = data.filter(({ x }) => kept.has(x));
    }
  }
  drawn = drawn.filter(({ z }) => domain.includes(z));
  const colours = { domain, range: domain.map((_, index) => colour(SERIES[index])) };
  const sortedByX = [...drawn].sort((one, other) => (one.x < other.x ? -1 : one.x > other.x ? 1 : 0));
  const title = ({ x, y, z }) => [x instanceof Date ? x.toISOString().slice(0, 10) : x, y, z].filter((each) => each !== "").join(" · ");
  const marks = {
    bars: () => [Plot.ruleX([0]), Plot.barX(drawn, { x: "y", y: "x", fill: "z", title, sort: null, inset: 0.5 })],
    line: () => [Plot.ruleY([0]), Plot.line(sortedByX, { x: "x", y: "y", stroke: "z", z: "z" }), Plot.dot(sortedByX, { x: "x", y: "y", fill: "z", symbol: "z", title })],
    dots: () => [Plot.dot(drawn, { x: "x", y: "y", stroke: "z", symbol: "z", title })],
  }[kind]();
  const longest = Math.min(width * 0.45, 8 + 6.5 * Math.max(4, ...drawn.map(({ x }) => String(x).length)));
  const most = Math.floor((longest - 14) / 5.6); // letters
  const shortened = (text) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const rowsDrawn = new Set(drawn.map(({ x }) => x)).size;
  const highest = Math.max(0, ...drawn.map(({ y }) => y));
  const counted = drawn.every(({ y }) => Number.isInteger(y)) && highest < 10 ? { ticks: highest } : {}; // no half of a record
  const sizes = kind === "bars"
    ? { marginLeft: longest, height: 60 + 22 * rowsDrawn, x: { label: y.heading, grid: true, ...counted }, y: { label: null, tickFormat: shortened, domain: [...new Set(drawn.map(({ x }) => x))] } }
    : { marginLeft: 56, height: 340, x: { label: x.heading, type: x.kind === "time" ? "utc" : undefined }, y: { label: y.heading, grid: true, nice: true, ...counted } };
  // Plot writes a <style>, which the policy of the page refuses: it is drawn in another document, and left without.
  const svg = Plot.plot({ document: document.implementation.createHTMLDocument(""), width, ...sizes, color: { type: "ordinal", ...colours }, symbol: { domain, range: domain.map((_, index) => MARKS[index]) }, marks });
  for (const part of svg.querySelectorAll("style")) part.remove();
  svg.setAttribute("role", "img");
  const sentence = say(words.caption, { value: y.heading, by: x.heading, count: drawn.length });
  svg.setAttribute("aria-label", sentence);
  for (const part of svg.querySelectorAll("[aria-label]")) {
    part.removeAttribute("aria-label");
    part.setAttribute("aria-hidden", "true");
  }
  const caption = document.createElement("p");
  caption.className = "about";
  caption.textContent = [sentence, ...notes].join(". ");
  return [...(group ? [legend(domain, colours.range)] : []), document.adoptNode(svg), caption];
}

// The series by colour and sign; the sign says it where colours look alike.
function legend(names, colours) {
  const list = document.createElement("ul");
  list.className = "legend";
  names.forEach((name, index) => {
    const item = document.createElement("li");
    const sign = document.createElement("span");
    sign.setAttribute("aria-hidden", "true");
    sign.style.color = colours[index];
    sign.textContent = "●■▲◆★✚"[index];
    item.append(sign, ` ${name || "–"}`);
    list.append(item);
  });
  return list;
}
