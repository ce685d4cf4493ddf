// What the server says of a change that somebody sent: a sentence, what the gate found, and where to go on.

// Fill an element with a sentence, a list of findings, and a link.
export function show(status, sentence, findings = [], link = null) {
  const paragraph = document.createElement("p"), list = document.createElement("ul");
  paragraph.append(sentence);
  if (link) {
    const anchor = document.createElement("a");
    [anchor.href, anchor.textContent] = link;
    paragraph.append(" ", anchor);
  }
  list.append(...findings.map(text => Object.assign(document.createElement("li"), { textContent: text })));
  status.replaceChildren(paragraph, ...(findings.length ? [list] : []));
}

// Read a refusal: its sentence and findings in the language of the page, and the members of the problem document.
export async function problem(response) {
  const members = await response.json().catch(() => ({}));
  const language = document.documentElement.lang;
  const inLanguage = each => each?.[language] ?? each?.en;
  const findings = (members.violations || []).map(each => inLanguage(each.sentence)).filter(Boolean);
  return [inLanguage(members.sentence) || members.detail || members.title || String(response.status), findings, members];
}

// Send a request with a token; the answer is in the language of the page.
export function send(address, token, options = {}) {
  const headers = {
    Accept: "application/json", Authorization: `Bearer ${token}`, "Accept-Language": document.documentElement.lang,
    ...options.headers,
  };
  return fetch(address, { ...options, headers });
}

// Do what a button is for, with the button disabled; say so if the server cannot be reached.
export async function busy(button, status, lost, work) {
  button.disabled = true;
  try {
    await work();
  } catch {
    show(status, lost);
  } finally {
    button.disabled = false;
  }
}
