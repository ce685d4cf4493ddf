"""The text of a page, and the part of it that stands neither in a claim's element nor in quotation marks."""

import re
from html.parser import HTMLParser

_VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_QUOTING = frozenset(("blockquote", "q", "code"))
"""Elements of quoted words, and of IRIs."""
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’(?!\w)|«[^»]*»|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.all: list[str] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        is_claimed = "claimed" in classes or tag in _QUOTING or tag == "style"
        if tag not in _VOID:
            self.open.append((tag, is_claimed))
        for name, value in attrs:
            is_text = name in ("aria-label", "content", "alt") and not (value or "").startswith(("http", "/"))
            if is_text and value and not self._is_claimed:
                self.bare.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened, _ = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        self.all.append(data)
        if not self._is_claimed:
            self.bare.append(data)

    @property
    def _is_claimed(self) -> bool:
        return any(claimed for _, claimed in self.open)


def read(page: str) -> tuple[str, str]:
    """Return all text of a page, and what of it no claim and no quotation marks hold; tags must match."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open, f"<{reader.open[-1][0]}> is not closed"
    bare = _QUOTED.sub(" ", " ".join(" ".join(reader.bare).split()))
    return " ".join(" ".join(reader.all).split()), bare
