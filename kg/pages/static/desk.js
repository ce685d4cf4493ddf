// The reviewer's desk: marks passages, decides by key, and adds the accepted rows in one commit. Without scripts the
// form proposes, checks and downloads.
import { busy, problem, send, show } from "./outcome.js";

const form = document.getElementById("desk");
const adding = document.getElementById("add");
const TYPING = "input:not([type=radio]), textarea, select";

// Marked passages: the words that are selected in the article become a line of the marks.
const article = document.getElementById("article"), marks = document.getElementById("marks");
const mark = document.getElementById("mark");
mark.hidden = false;
mark.addEventListener("click", () => {
  const words = article.value.slice(article.selectionStart, article.selectionEnd).replace(/\s+/g, " ").trim();
  if (words) marks.value = `${marks.value.replace(/\n*$/, "")}\n${words}`.trim();
  article.focus();
});

// Keys: on a draft a accepts, r rejects, u leaves open; c checks. Never while somebody writes in a field.
const KEYS = { a: "accepted", r: "rejected", u: "open" };
function decide(draft, decision) {
  const button = draft.querySelector(`input[value="${decision}"]`);
  button.checked = true;
  button.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("keydown", event => {
  if (event.altKey && event.key.toLowerCase() === "m") {
    event.preventDefault();
    mark.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
  const draft = event.target.closest(".draft");
  if (event.key === "c" && document.getElementById("check")) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("check"));
  } else if (draft && event.key in KEYS) {
    event.preventDefault();
    decide(draft, KEYS[event.key]);
  }
});
form.addEventListener("change", event => {
  const draft = event.target.matches("input[type=radio]") && event.target.closest(".draft");
  if (draft) draft.className = `draft ${event.target.value}`;
});

// What was written is lost with the page, so leaving it asks first.
let isChanged = false;
form.addEventListener("input", () => { isChanged = true; });
form.addEventListener("submit", () => { isChanged = false; });
window.addEventListener("beforeunload", event => { if (isChanged) event.preventDefault(); });

if (adding) {
  const status = adding.querySelector("[role=status]"), token = document.getElementById("token");
  const reason = document.getElementById("reason");
  adding.hidden = false;

  async function add() {
    if (!form.querySelector(".draft input[value=accepted]:checked")) return show(status, adding.dataset.none);
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "csv");
    const table = await fetch(adding.dataset.table, { method: "POST", body: fields });
    if (!table.ok) return show(status, ...(await problem(table)).slice(0, 2));
    const more = new URLSearchParams();
    const url = form.elements.url.value.trim(), superseded = form.elements.supersedes?.value;
    if (reason.value.trim()) more.set("reason", reason.value.trim());
    if (url) more.set("source", url);
    if (superseded) more.set("supersedes", superseded);
    const response = await send(`${adding.dataset.facts}?${more}`, token.value.trim(), {
      method: "POST", body: await table.blob(), headers: { "Content-Type": "text/csv" },
    });
    if (!response.ok) return show(status, ...(await problem(response)).slice(0, 2));
    const verdict = await response.json();
    isChanged = false;
    if (response.status === 202) return show(status, adding.dataset.waits, [], [adding.dataset.proposals, adding.dataset.mine]);
    const name = /\/id\/([\w.~-]+)$/.exec((verdict.graphs || [])[0] || "");
    show(status, adding.dataset.done, [], name && [adding.dataset.things + name[1], adding.dataset.shown]);
  }

  document.getElementById("commit").addEventListener("click", event => {
    for (const [field, words] of [[token, adding.dataset.token], [form.elements.supersedes && reason, adding.dataset.why]]) {
      if (field && !field.value.trim()) {
        field.focus();
        return show(status, words);
      }
    }
    return busy(event.target, status, adding.dataset.lost, add);
  });
}
