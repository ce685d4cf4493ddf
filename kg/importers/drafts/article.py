"""An article: its text, the known metadata of its source, and the rows that describe the source."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from kg.importers.drafts.draft import DraftRow
from kg.importers.drafts.known_names import KnownNames
from kg.importers.table.bilingual import Bilingual
from kg.iris import slug

_LONGEST_ID = 48


@dataclass(frozen=True)
class Article:
    """A text, and the title, address, publisher, day and language of its source, as far as known."""

    text: str
    title: str = ""
    url: str = ""
    publisher: str = ""
    date: str = ""
    language: str = "en"

    @property
    def id(self) -> str:
        """The id of the source, for a source that the graph does not describe."""
        return slug(self.title)[:_LONGEST_ID].strip("-") or f"text-{self.hash[:12]}"

    @property
    def hash(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class ArticleSource:
    """The slug of an article's source, and whether offsets in the text are offsets in the source's text."""

    id: str
    has_same_text: bool
    drafts: tuple[DraftRow, ...]
    """The rows that describe it; empty if the graph describes it."""


def plain_text(text: str) -> str:
    """Return a text with a line feed at each line end, as texts of sources are hashed.

    >>> plain_text("one\\r\\ntwo ")
    'one\\ntwo '
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def source_of(article: Article, names: KnownNames) -> ArticleSource:
    """Return the graph's source with the article's address or text, else a new one with its rows."""
    if source := names.source(article.url, article.hash):
        return ArticleSource(source.id, source.text_hash == article.hash, ())
    return ArticleSource(article.id, has_same_text=True, drafts=tuple(_drafts(article, names)))


def _drafts(article: Article, names: KnownNames) -> Iterator[DraftRow]:
    publisher = names.actor(article.publisher)
    yield DraftRow(
        filled(
            record="source",
            id=article.id,
            label=article.title,
            kind="article",
            language="" if article.language == "en" else article.language,
            publisher=publisher or slug(article.publisher),
            url=article.url,
            date=article.date,
            text_hash=article.hash,
            text_length=str(len(article.text)),
        ),
        (_SOURCE,),
    )
    if article.publisher and not publisher:
        yield actor_draft(article.publisher, article.id)


def actor_draft(name: str, source: str) -> DraftRow:
    """Return the row of an actor that is not in the graph; its class is empty, as no name determines it."""
    cells = filled(record="actor", id=slug(name), label=name, source=source)
    reason = Bilingual(
        f"The graph has no actor of the name “{name}”; say what it is in class.",
        f"El grafo no tiene ningún actor llamado «{name}»; diga qué es en class.",
    )
    return DraftRow(cells, (reason,))


def filled(**cells: str) -> dict[str, str]:
    """Return the nonempty cells."""
    return {name: text for name, text in cells.items() if text}


_SOURCE = Bilingual(
    "The source, as you describe it; its hash and length are those of the text.",
    "La fuente, tal como usted la describe; su hash y su longitud son los del texto.",
)
