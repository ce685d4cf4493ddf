// Proposals of drafters: shown with a token, which stays on this page; accepted and rejected by button or by key.
import { busy, problem, send, show } from "./outcome.js";

const form = document.getElementById("sign-in"), status = document.getElementById("outcome");
const proposals = document.getElementById("proposals");
const { token, state } = form.elements;
const TYPING = "input, textarea, select";
form.hidden = false;

async function load() {
  const address = `${form.action}?${new URLSearchParams({ state: state.value })}`;
  const response = await send(address, token.value.trim(), { headers: { Accept: "application/problem+json, text/html;q=0.9" } });
  if (!response.ok) {
    proposals.replaceChildren();
    return show(status, ...(await problem(response)).slice(0, 2));
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  proposals.replaceChildren(...page.getElementById("proposals").children);
  const sections = [...proposals.querySelectorAll(".proposal")];
  for (const section of sections) section.tabIndex = -1;
  (sections[0] ?? proposals.querySelector("h2"))?.focus();
}

// Decide on one proposal: a reason is needed to reject it.
async function decide(section, button) {
  const reason = section.querySelector("[name=reason]");
  const decision = button.dataset.do, words = reason?.value.trim();
  if (decision === "rejection" && !words) {
    reason.focus();
    return show(status, reason.dataset.needed);
  }
  const address = `${form.action.replace(/desk\/proposals$/, "proposals")}/${section.dataset.id}${decision && `/${decision}`}`;
  const response = await send(address, token.value.trim(), decision
    ? { method: "POST", body: JSON.stringify(words ? { reason: words } : {}), headers: { "Content-Type": "application/json" } }
    : { method: "DELETE" });
  if (!response.ok) return show(status, ...(await problem(response)).slice(0, 2));
  const committed = response.status === 204 ? null : (await response.json()).version;
  await load();
  show(status, button.dataset.done, [], decision === "acceptance" && committed && [`${form.dataset.commits}${committed}`, form.dataset.shown]);
}

form.addEventListener("submit", event => {
  event.preventDefault();
  status.replaceChildren();
  return busy(form.querySelector("button"), status, form.dataset.lost, load);
});
proposals.addEventListener("click", event => {
  const button = event.target.closest("button[data-do]");
  if (button) return busy(button, status, form.dataset.lost, () => decide(button.closest(".proposal"), button));
});

// Keys: within a proposal a accepts, r rejects; j and k go to the next and the one before.
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
  const section = event.target.closest(".proposal");
  const decision = { a: "acceptance", r: "rejection" }[event.key];
  const step = { j: 1, k: -1 }[event.key];
  if (section && decision) {
    event.preventDefault();
    section.querySelector(`button[data-do="${decision}"]`)?.click();
  } else if (step) {
    const all = [...proposals.querySelectorAll(".proposal")];
    all[all.indexOf(section) + step]?.focus();
  }
});
