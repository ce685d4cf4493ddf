// Withdraws a submission, with a reason; if others rest on it, it lists them first and asks whether they go too.
import { busy, problem, send, show } from "./outcome.js";

const form = document.getElementById("withdraw");
const status = form.querySelector("[role=status]"), button = form.querySelector("button");
const { token, reason, cascade } = form.elements;
form.hidden = false;

async function withdraw() {
  const response = await send(form.action, token.value.trim(), {
    method: "POST",
    body: JSON.stringify({ graphs: [form.dataset.graph], reason: reason.value.trim(), cascade: cascade.checked }),
    headers: { "Content-Type": "application/json" },
  });
  if (response.ok) {
    const commit = await response.json();
    show(status, form.dataset.done, [], [`${form.dataset.commits}${commit.version}`, form.dataset.shown]);
    button.remove();
    return;
  }
  const [sentence, findings, members] = await problem(response);
  if (response.status !== 409 || !members.graphs?.length) return show(status, sentence, findings);
  show(status, form.dataset.rests);
  const list = document.createElement("ul");
  for (const graph of members.graphs) {
    const link = document.createElement("a"), item = document.createElement("li");
    link.href = graph.startsWith(form.dataset.base) ? form.dataset.things + graph.slice(form.dataset.base.length) : graph;
    link.textContent = graph.slice(graph.lastIndexOf("/") + 1);
    item.append(link);
    list.append(item);
  }
  status.append(list);
  cascade.parentElement.hidden = false;
}

form.addEventListener("submit", event => {
  event.preventDefault();
  return busy(button, status, form.dataset.lost, withdraw);
});
