"""axe-core on a page in a browser: what it finds that hinders people."""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from playwright.sync_api import Page

_RUN = "rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules})"
ALL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast",)
"""What a change of colours alone may break."""
_HINDERING = ("serious", "critical")


@cache
def _source() -> str:
    """Return the script, which the package axe-playwright-python carries; it is evaluated, not loaded."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def hindrances(page: Page, rules: Sequence[str] = ALL) -> list[str]:
    """Return the findings of axe-core that are serious or critical, each with its places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: dict[str, Any] = page.evaluate(_RUN, list(rules))
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes']][:5]}"
        for each in found["violations"]
        if each["impact"] in _HINDERING
    ]
