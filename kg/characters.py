"""Characters that the graph rejects: those that XML cannot represent (XML 1.0, section 2.2)."""

import re
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.errors import BadInput

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_text(text: str, what: str) -> None:
    """Raise BadInput if a text holds a character that XML cannot represent; ``what`` names the text.

    >>> check_text("a\\0b", "The reason")
    Traceback (most recent call last):
    kg.errors.BadInput: The reason holds the character U+0000, which XML cannot represent; remove it.
    """
    if match := NOT_IN_XML.search(text):
        raise BadInput(
            f"{what} holds the character {code_point(match[0])}, which XML cannot represent; remove it."
        )


def check_quads(quads: Iterable[Quad]) -> None:
    """Raise BadInput if an IRI or literal of a quad holds such a character."""
    for quad in quads:
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(node, NamedNode | Literal) and (match := NOT_IN_XML.search(node.value)):
                raise _unfit(quad, match[0])


def _unfit(quad: Quad, character: str) -> BadInput:
    subject = "a blank node" if isinstance(quad.subject, BlankNode) else str(quad.subject)[:100]
    sujeto = "un nodo anónimo" if isinstance(quad.subject, BlankNode) else subject
    name = code_point(character)
    english = f"A fact about {subject} holds the character {name}, which XML cannot represent; remove it."
    spanish = f"Un hecho sobre {sujeto} contiene el carácter {name}, que XML no admite; quítelo."
    return BadInput(english, sentence={"en": english, "es": spanish})


def line_of(text: str, number: int | None) -> str:
    """Return the line with a number (from 1); empty if the number is None or beyond the last line.

    Parsers sometimes count one line feed too many.

    >>> line_of("a\\nb", 2), line_of("a", 2)
    ('b', '')
    """
    lines = text.split("\n", number or 0)
    return lines[number - 1] if number and number <= len(lines) else ""


def code_point(character: str) -> str:
    """Return a character's code point.

    >>> code_point("\\0")
    'U+0000'
    """
    return f"U+{ord(character):04X}"
