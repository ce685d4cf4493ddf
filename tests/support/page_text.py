"""What tests of pages look for in their text."""

import re

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(r"<style\b|\sstyle=|<[^>]*\son[a-z]+=|javascript:", re.IGNORECASE)


def inline_code(text: str) -> list[str]:
    """Return what the content security policy forbids: scripts and styles that stand in the page itself.

    Embedded data (``application/ld+json``) is no script.
    """
    scripts = [
        found[0]
        for found in _SCRIPT.finditer(text)
        if 'type="application/ld+json"' not in found[1]
        and not re.search(r'\ssrc="[^"]*/static/[^"]*"', found[1])
    ]
    return scripts + _INLINE.findall(_SCRIPT.sub("", text))


def main_of(text: str) -> str:
    """Return the main part of a page: without what stands on every page."""
    return text.partition("<main")[2].partition("</main>")[0]


def loaded_from_elsewhere(text: str) -> list[str]:
    """Return the addresses of other servers that a browser fetches to show a page."""
    links = re.findall(r'<link rel="(?!alternate|canonical|license)[^>]*', text)
    return re.findall(r'(?:src|href|data)="((?:https?:)?//[^"]*)"', " ".join([*links, *_sources(text)]))


def _sources(text: str) -> list[str]:
    return re.findall(r"<(?:script|img|iframe|object|source|use|video|audio)\b[^>]*", text)
