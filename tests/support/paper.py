"""What a page loses when it is printed: what its PDF file lacks, and content that print styles hide."""

import json
from collections import Counter
from collections.abc import Iterable
from unicodedata import normalize

from playwright.sync_api import Page

from tests.support import pdf_text

MARGIN = 42
"""The margin of a sheet, in points: 15 mm."""

_CONTROLS = (
    "header nav, p.chips, nav.chips, form:not(.on-paper), button:not(.sort), .skip, .views, .tools, "
    ".downloads, .pager a, .share, .bench, .hint, #progress, .field:has([value=''])"
)
"""What is of no use on paper: ways to other pages, and fields to fill in."""

_TEXTS = """() => {
  const texts = [], nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const parent = nodes.currentNode.parentElement;
    if (parent.closest('script, style, noscript, option, textarea, svg title, [hidden], .hidden')) continue;
    if (nodes.currentNode.data.trim()) texts.push([parent, nodes.currentNode.data]);
  }
  const isShown = each => each.checkVisibility({visibilityProperty: true});
"""
_EXPECTED = (
    _TEXTS
    + """
  const fields = [...document.querySelectorAll('form.on-paper :is(input, select)')].filter(isShown)
    .filter(each => !['checkbox', 'hidden'].includes(each.type))
    .map(each => each.selectedOptions ? each.selectedOptions[0].text : each.value);
  return texts.filter(([parent]) => isShown(parent)).map(([_, text]) => text).concat(fields);
}"""
)
_HEADINGS = """() => [...document.querySelectorAll('table')].filter(table => table.rows.length > 1)
  .flatMap(table => [...table.querySelectorAll('thead th')])
  .filter(each => [...each.closest('table').tBodies[0].rows].some(
    row => row.cells[each.cellIndex] && row.cells[each.cellIndex].textContent.trim()))
  .map(each => each.textContent)"""
_MARK_SHOWN = (
    _TEXTS + "texts.filter(([parent]) => isShown(parent)).forEach(([each]) => each.dataset.shown = ''); }"
)
_HIDDEN = (
    _TEXTS
    + """
  const said = fold => getComputedStyle(fold.querySelector('summary'), '::after').content;
  const isFolded = each => {
    const fold = each.closest('details:not([open])');
    return fold && said(fold) !== 'none' && said(fold) !== 'normal';
  };
  const isBesideCells = each => each.closest('thead')
    && getComputedStyle(each.closest('table').querySelector('td'), '::before').content !== 'none';
  return texts.filter(([parent]) => !isShown(parent) && !parent.closest(CONTROLS))
    .filter(([parent]) => !isFolded(parent) && !isBesideCells(parent))
    .filter(([parent]) => 'shown' in parent.dataset || parent.closest('details'))
    .map(([_, text]) => text.trim());
}"""
)


def losses(page: Page) -> list[str]:
    """Return what is on a page and not on its printed sheets, each with a word on how it is lost."""
    page.emulate_media(media="screen")
    page.evaluate(_MARK_SHOWN)
    page.emulate_media(media="print")
    hidden: list[str] = page.evaluate(_HIDDEN.replace("CONTROLS", json.dumps(_CONTROLS)))
    expected: list[str] = page.evaluate(_EXPECTED)
    headings: list[str] = page.evaluate(_HEADINGS)
    sheets = pdf_text.sheets(page.pdf(format="A4", prefer_css_page_size=True))
    printed = _squeezed(sheet.text for sheet in sheets)
    lacking = Counter(_squeezed(expected)) - Counter(printed)
    beyond = [
        glyph.text
        for sheet in sheets
        for glyph in sheet.glyphs
        if glyph.text.strip() and not MARGIN <= glyph.left <= glyph.right <= sheet.width - MARGIN + 1
    ]
    return [
        *(f"hidden: {text}" for text in hidden),
        *(f"column not printed: {text}" for text in headings if _squeezed([text]) not in printed),
        *(f"not printed: {text}" for text in expected if _squeezed([text]) not in printed if lacking),
        *([f"characters not printed: {lacking}"] if lacking else []),
        *([f"beyond the margin: {''.join(beyond)}"] if beyond else []),
    ]


def _squeezed(texts: Iterable[str]) -> str:
    """Return texts as one, without spaces, ligatures and capitals, which a PDF file writes otherwise."""
    return "".join(normalize("NFKC", "".join(texts)).casefold().split())
