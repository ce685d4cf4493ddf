// Filters the list of terms while somebody types; without scripts the form asks the server for the same.
const field = document.querySelector("#filter");
const status = document.querySelector("#found");
const groups = [...document.querySelectorAll(".terms")].map((group) => ({
  group,
  wasOpen: group.open,
  lines: [...group.querySelectorAll("li")].reverse().map((line) => ({
    line,
    text: folded(line.querySelector(".term").textContent),
  })),
}));

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// From the innermost lines outwards: a line stays if it matches or one below it does.
function filter() {
  const words = folded(field.value).split(/\s+/).filter(Boolean);
  let number = 0;
  for (const { group, wasOpen, lines } of groups) {
    for (const { line, text } of lines) {
      const matches = words.every((word) => text.includes(word));
      number += matches;
      line.hidden = !matches && !line.querySelector("li:not([hidden])");
    }
    group.hidden = lines.every(({ line }) => line.hidden);
    group.open = words.length ? true : wasOpen;
  }
  const said = number === 1 ? field.dataset.one : field.dataset.several.replace("{n}", number);
  status.textContent = words.length ? said : "";
}

if (!field.value) field.addEventListener("input", filter); // what the server filtered has lines missing
