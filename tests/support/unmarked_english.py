"""English in a page of another language that is not marked as English."""

import re

from playwright.sync_api import Page

_RUNS = """() => {
  const tongue = document.documentElement.lang, found = [];
  const apart = 'code, pre, textarea, script, style, .cm-editor, q, blockquote, mark, '
    + 'a[href*="/id/passage-"], span[dir]:not([lang])';
  const labels = ['aria-label', 'alt', 'placeholder'];
  const told = element => element.closest('[lang]')?.lang === tongue && !element.closest(apart);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (told(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
  for (const each of document.querySelectorAll(labels.map(name => `[${name}]`)))
    if (told(each)) found.push(...labels.map(name => each.getAttribute(name) ?? ''));
  return found;
}"""
_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """about all and are by each for from has have how in is it its no not of on only or other that
the their this to was were what when which who whom with you your""",
    )
)
_APART = re.compile(r"“[^”]*”|\[[^\]]*\]|\w+:[\w-]+")
"""Quoted words, titles in brackets, and short IRIs."""
_SPANISH = frozenset(
    re.findall(
        r"\w+",
        """a al con de del el en es la las lo los no o para por que se según sin su sus un una y""",
    )
)


def unmarked_english(page: Page) -> list[str]:
    """Return the texts of a page in Spanish, and labels that are read aloud, in which English words prevail.

    Words of a source, which are in quotation marks or name a passage, titles in brackets, and literals
    without a language are in a language that the graph does not know.
    """
    runs: list[str] = page.evaluate(_RUNS)
    return [run.strip() for run in dict.fromkeys(runs) if is_english(run)]


def is_english(text: str) -> bool:
    """Tell whether a text has at least two of the commonest English words, and fewer Spanish ones.

    >>> is_english("What is said of the hat"), is_english("Lo que se dice de la gorra"), is_english("The hat")
    (True, False, False)
    """
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", _APART.sub("", text))]
    english = sum(word in _ENGLISH - _SPANISH for word in words)
    return english >= 2 and english > sum(word in _SPANISH - _ENGLISH for word in words)
