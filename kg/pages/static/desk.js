// The reviewer's desk: marks passages, decides by key, and adds the accepted rows in one commit. Without scripts the
// form proposes, checks and downloads.
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
  adding.hidden = false;

  // A sentence, then each finding as an item of a list.
  function show(sentence, findings = [], link = null) {
    const paragraph = document.createElement("p"), list = document.createElement("ul");
    paragraph.append(sentence);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = adding.dataset.shown;
      paragraph.append(" ", anchor);
    }
    list.append(...findings.map(text => Object.assign(document.createElement("li"), { textContent: text })));
    status.replaceChildren(paragraph, ...(findings.length ? [list] : []));
  }

  async function problem(response) {
    const told = await response.json().catch(() => ({}));
    const language = document.documentElement.lang;
    const inLanguage = each => each?.[language] ?? each?.en;
    const findings = (told.violations || []).map(each => inLanguage(each.sentence)).filter(Boolean);
    return [inLanguage(told.sentence) || told.detail || told.title || String(response.status), findings];
  }

  async function add() {
    if (!form.querySelector(".draft input[value=accepted]:checked")) {
      show(adding.dataset.none);
      return;
    }
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "csv");
    const table = await fetch(adding.dataset.table, { method: "POST", body: fields });
    if (!table.ok) return show(...await problem(table));
    const more = new URLSearchParams();
    const reason = document.getElementById("reason").value.trim(), url = form.elements.url.value.trim();
    if (reason) more.set("reason", reason);
    if (url) more.set("source", url);
    if (form.elements.supersedes) more.set("supersedes", form.elements.supersedes.value);
    const language = document.documentElement.lang;
    const response = await fetch(`${adding.dataset.facts}?${more}`, {
      method: "POST",
      body: await table.blob(),
      headers: {
        Authorization: `Bearer ${token.value.trim()}`, "Content-Type": "text/csv",
        Accept: "application/json", "Accept-Language": language,
      },
    });
    if (!response.ok) return show(...await problem(response));
    const verdict = await response.json();
    isChanged = false;
    const name = /\/id\/([\w.~-]+)$/.exec((verdict.graphs || [])[0] || "");
    show(adding.dataset.done, [], name && adding.dataset.things + name[1]);
  }

  document.getElementById("commit").addEventListener("click", async event => {
    if (!token.value.trim()) {
      token.focus();
      return show(adding.dataset.token);
    }
    event.target.disabled = true;
    try {
      await add();
    } catch {
      show(adding.dataset.lost);
    } finally {
      event.target.disabled = false;
    }
  });
}
