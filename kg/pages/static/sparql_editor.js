// The SPARQL editor: CodeMirror 6 in place of a textarea, which stays the field of the form.
import * as cm from "./vendor/editor.js";

const WORDS = ("SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS GRAPH BIND VALUES SERVICE CONSTRUCT ASK DESCRIBE PREFIX FROM NAMED "
  + "ORDER_BY GROUP_BY HAVING LIMIT OFFSET DESC ASC COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT EXISTS NOT_EXISTS IN NOT_IN AS a "
  + "STR LANG LANGMATCHES DATATYPE BOUND COALESCE IF IRI CONCAT CONTAINS STRSTARTS STRENDS STRLEN SUBSTR REPLACE REGEX LCASE UCASE "
  + "STRBEFORE STRAFTER YEAR MONTH DAY NOW ABS ROUND isIRI isLiteral isBlank UNDEF").split(" ").map((word) => word.replace("_", " "));

const language = cm.SparqlLanguage.configure({
  props: [cm.styleTags({ "Pname_ln Pname_ns": cm.tags.namespace, A_predicate: cm.tags.keyword })],
});

const colours = cm.HighlightStyle.define([
  { tag: cm.tags.keyword, class: "tok-keyword" },
  { tag: [cm.tags.variableName, cm.tags.special(cm.tags.variableName)], class: "tok-variable" },
  { tag: [cm.tags.string, cm.tags.literal, cm.tags.number, cm.tags.bool], class: "tok-literal" },
  { tag: [cm.tags.url, cm.tags.namespace, cm.tags.link], class: "tok-iri" },
  { tag: [cm.tags.comment, cm.tags.lineComment], class: "tok-comment" },
]);

// What may be written at a place: {from, options}, or null.
function completions({ words, terms, search, prefixes }) {
  const short = (iri) => {
    const found = Object.entries(prefixes).find(([, namespace]) => iri.startsWith(namespace));
    const local = found && iri.slice(found[1].length);
    return local && /^[A-Za-z0-9_][\w-]*$/.test(local) ? `${found[0]}:${local}` : `<${iri}>`;
  };
  const ofTerm = (term) => ({
    label: term.name, detail: term.label, info: term.definition || undefined,
    type: term.kind, kind: words[term.kind],
  });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  async function things(text, signal) {
    const query = new URLSearchParams({ q: text, limit: "8", format: "json", lang: document.documentElement.lang });
    try {
      const answer = await fetch(`${search}?${query}`, { signal });
      if (!answer.ok) return [];
      return (await answer.json()).results.map((hit) => ({
        label: short(hit.iri), detail: hit.label, kind: hit.type_label, info: hit.description || undefined, type: "thing",
      }));
    } catch {
      return [];
    }
  }

  return async (context) => {
    const node = cm.syntaxTree(context.state).resolveInner(context.pos, -1);
    if (/Comment/.test(node.name)) return null;
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const names = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
      names.delete(variable.text);
      return { from: variable.from, options: [...names].sort().map((label) => ({ label, type: "variable", kind: words.variable })), validFor: /^[?$]\w*$/ };
    }
    const name = context.matchBefore(/[\p{L}_][\p{L}\w-]*:?[\p{L}\w.-]*/u);
    if (!name || (name.text.length < 2 && !context.explicit)) {
      if (!context.explicit) return null;
    }
    const typed = name?.text ?? "";
    const from = name?.from ?? context.pos;
    const aborting = new AbortController();
    context.addEventListener("abort", () => aborting.abort());
    const [prefix, local] = typed.includes(":") ? typed.split(":", 2) : [null, typed];
    const sought = fold(local);
    const known = (await terms())
      .filter((term) => prefix === null || term.name.startsWith(`${prefix}:`))
      .map((term) => ({ term, own: fold(term.name.split(":")[1]), label: fold(term.label) }))
      .filter(({ own, label }) => own.includes(sought) || label.includes(sought))
      .sort((one, other) => rank(one, sought) - rank(other, sought) || one.own.length - other.own.length)
      .slice(0, 40)
      .map(({ term }) => ofTerm(term));
    const isOfData = prefix === null || prefixes[prefix] === prefixes.dipid;
    const found = isOfData && local.length > 1 ? await things(local.replaceAll("-", " "), aborting.signal) : [];
    if (context.aborted) return null;
    const keywords = prefix === null
      ? WORDS.filter((word) => word.toLowerCase().startsWith(sought)).map((label) => ({ label, type: "keyword", kind: words.keyword }))
      : [];
    const ownPrefixes = prefix === null
      ? Object.keys(prefixes).filter((each) => each.startsWith(sought)).map((each) => ({ label: `${each}:`, type: "prefix", kind: words.prefix, detail: prefixes[each] }))
      : [];
    const seen = new Set();
    const options = [...keywords.slice(0, 6), ...ownPrefixes, ...known, ...found].filter(({ label }) => !seen.has(label) && seen.add(label));
    return options.length ? { from, options, filter: false } : null;
  };
}

function rank({ own, label }, sought) {
  if (own === sought || label === sought) return 0;
  if (own.startsWith(sought)) return 1;
  if (label.startsWith(sought)) return 2;
  return 3;
}

// Make an editor that takes the place of a field. `check(text)` resolves to the faults to mark: {line, column, length, detail,
// severity}. Returns {view, text(), replace(text), mark(faults)}.
export function edit(field, { nonce, words, terms, search, prefixes, check, run }) {
  let view, waiting, checks = 0;

  function mark(faults) {
    const { doc } = view.state;
    const diagnostics = faults.map(({ line, column, length = 1, detail, severity = "error" }) => {
      const start = doc.line(Math.min(Math.max(line, 1), doc.lines));
      const before = [...start.text].slice(0, column - 1).join("").length; // columns count code points
      const from = Math.min(start.from + before, doc.length);
      return { from, to: Math.min(Math.max(from + length, from), doc.length), severity, message: detail };
    });
    view.dispatch(cm.setDiagnostics(view.state, diagnostics));
  }

  async function judge() {
    const text = view.state.doc.toString();
    const number = ++checks;
    const faults = text.trim() ? await check(text) : [];
    if (faults && number === checks && text === view.state.doc.toString()) mark(faults);
  }

  view = new cm.EditorView({
    state: cm.EditorState.create({
      doc: field.value,
      extensions: [
        cm.EditorView.cspNonce.of(nonce),
        cm.Prec.highest(cm.keymap.of([{ key: "Mod-Enter", run: () => { run(); return true; } }])),
        cm.lineNumbers(), cm.history(), cm.drawSelection(), cm.bracketMatching(), cm.closeBrackets(), cm.indentOnInput(),
        cm.highlightActiveLine(), cm.EditorView.lineWrapping,
        language, language.data.of({ commentTokens: { line: "#" } }),
        cm.syntaxHighlighting(colours),
        cm.autocompletion({
          override: [completions({ words, terms, search, prefixes })],
          icons: false, maxRenderedOptions: 60,
          addToOptions: [{ position: 90, render: (option) => {
            const kind = document.createElement("span");
            kind.className = "completion-kind";
            kind.textContent = option.kind ?? "";
            return kind;
          } }],
        }),
        cm.keymap.of([...cm.closeBracketsKeymap, ...cm.completionKeymap, ...cm.historyKeymap, ...cm.defaultKeymap]),
        cm.EditorView.contentAttributes.of({ "aria-label": words.editor, spellcheck: "false", id: "editor" }),
        cm.EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          field.dispatchEvent(new Event("change"));
          clearTimeout(waiting);
          waiting = setTimeout(judge, 400);
        }),
      ],
    }),
  });
  const hadFocus = document.activeElement === field;
  field.hidden = true;
  field.removeAttribute("required"); // a hidden field cannot say what it lacks; the server does
  field.after(view.dom);
  if (hadFocus) view.focus(); // who was quicker than the scripts writes on
  const label = document.querySelector(`label[for="${field.id}"]`);
  label.removeAttribute("for"); // the field is hidden, and the editor names itself
  label.addEventListener("click", () => view.focus());
  return {
    view,
    mark,
    text: () => view.state.doc.toString(),
    replace(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      view.focus();
    },
  };
}
