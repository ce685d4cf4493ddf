"""Decoding of XML documents: their encoding, and the entities that their document type declares.

Document types are read as Protégé and others write them: entities that stand for text. Nothing outside of the
document is read. The returned text has neither a document type nor its own entities.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from kg.facts.text_places import TextPlace

MOST_EXPANDED = 1 << 20
"""Maximum characters that all entities of a document may expand to together."""
MOST_NESTED = 64
"""Maximum depth of entities within entities."""

_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_DECLARATION = re.compile(r"\s*+<\?xml\s[^>]*+>")
_ENCODING = re.compile(r"""\sencoding\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_READ = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252"}
"""Supported encodings, in lower case; others are rare and would need guessing."""

_COMMENT = r"<!--(?:[^-]|-(?!->))*+-->"
_INSTRUCTION = r"<\?(?:[^?]|\?(?!>))*+\?>"
_NAME = r"[^\W\d][\w.:-]*+"
_QUOTED = r"""(?:"[^"]*+"|'[^']*+')"""
_PROLOG = re.compile(rf"(?:\s++|{_INSTRUCTION}|{_COMMENT})*+(?=<!DOCTYPE\b)")
_BEGIN = re.compile(
    rf"<!DOCTYPE\s++{_NAME}\s*+(?:SYSTEM\s++{_QUOTED}|PUBLIC\s++{_QUOTED}\s*+{_QUOTED})?+\s*+"
)
_SPACE = re.compile(rf"(?:\s++|{_COMMENT}|{_INSTRUCTION})++")
_ENTITY = re.compile(rf"<!ENTITY\s++({_NAME})\s++(?:({_QUOTED})|(?:SYSTEM|PUBLIC)\s++[^>]*+)\s*+>")
_ELEMENT = re.compile(rf"<!(?:ELEMENT|NOTATION)\s(?:[^>\"']|{_QUOTED})*+>")
_END = re.compile(r"\]?+\s*+>")
_CHARACTER = re.compile(r"&#(?:([0-9]{1,7}+)|x([0-9A-Fa-f]{1,6}+));")
_REFERENCE = re.compile(rf"&(?:#(?:([0-9]{{1,7}}+)|x([0-9A-Fa-f]{{1,6}}+))|({_NAME}));")
_USE = re.compile(
    rf"<!--(?:[^-]|-(?!->))*+|<!\[CDATA\[(?:[^\]]|\](?!\]>))*+|<\?(?:[^?]|\?(?!>))*+|&({_NAME});"
)
"""An entity reference, or a part of the text in which references are not recognized."""
_PREDEFINED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}


def decoded(data: bytes) -> str | None:
    """Decode a document by its byte order mark or declaration; return None if it is UTF-8.

    Raises Unreadable.
    """
    name = _UTF_16.get(data[:2]) or _declared(data)
    if name is None:
        return None
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise TextPlace().unreadable(
            f"this is not {name.upper()}, as its first bytes show; save the text in UTF-8",
            f"esto no es {name.upper()}, como indican sus primeros bytes; guarde el texto en UTF-8",
        ) from None
    return text.removeprefix("\ufeff")


def without_encoding(text: str) -> str:
    """Blank the encoding in the XML declaration, which does not apply to decoded text."""
    head = _DECLARATION.match(text)
    if head is None:
        return text
    return _ENCODING.sub(lambda found: " " * len(found[0]), head[0]) + text[head.end() :]


def _declared(data: bytes) -> str | None:
    """Return the declared encoding if it is not UTF-8; raises Unreadable if it is not supported."""
    head = _DECLARATION.match(data[:200].decode("latin-1"))
    found = _ENCODING.search(head[0]) if head else None
    name = (found[1] or found[2] or "").lower() if found else "utf-8"
    if name not in _READ:
        raise TextPlace().unreadable(
            f"this text says that its encoding is {name[:40]}; save it in UTF-8",
            f"este texto dice que su codificación es {name[:40]}; guárdelo en UTF-8",
        )
    return None if name in ("utf-8", "utf8", "utf-16") else name


def without_entities(text: str) -> str:
    """Return a document with entities expanded and without its document type, on the same lines.

    Raises Unreadable for an unsupported document type, and for entities that expand to too much text.
    """
    prolog = _PROLOG.match(text)
    if prolog is None:
        return text
    entities = _Entities()
    end = entities.declare(text, prolog.end())
    lines = "\n" * text.count("\n", prolog.end(), end)
    return text[: prolog.end()] + lines + _USE.sub(entities.written, text[end:])


@dataclass
class _Entities:
    """The entities that a document declares, and the size of their expansions so far."""

    declared: dict[str, str | None] = field(default_factory=dict)
    """The text of each entity, with entities in it; None for an external entity."""
    _values: dict[str, str] = field(default_factory=dict)
    _size: int = 0

    def declare(self, text: str, start: int) -> int:
        """Parse a document type, and return where it ends."""
        head = _BEGIN.match(text, start)
        if head is None:
            raise _unread(text, start)
        position = head.end()
        if text.startswith("[", position):
            position = self._declare_all(text, position + 1)
        end = _END.match(text, position)
        if end is None:
            raise _unread(text, position)
        return end.end()

    def _declare_all(self, text: str, position: int) -> int:
        while not text.startswith("]", position):
            part = _ENTITY.match(text, position)
            if part:
                value = None if part[2] is None else _CHARACTER.sub(_character, part[2][1:-1])
                self.declared.setdefault(part[1], value)  # the first declaration wins
            else:
                part = _SPACE.match(text, position) or _ELEMENT.match(text, position)
            if part is None:
                raise _unread(text, position)
            position = part.end()
        return position

    def written(self, match: re.Match[str]) -> str:
        """Return the replacement of an entity reference; references to other entities stay as they are."""
        name = match[1]
        if name is None or name in _PREDEFINED or name not in self.declared:
            return match[0]
        value = escape(self._value(name, 0))
        self._count(value)
        return value

    def _value(self, name: str, depth: int) -> str:
        """Return the text of an entity, with all entities in it expanded."""
        if name in self._values:
            return self._values[name]
        entity_text = self.declared[name]
        if entity_text is None:
            raise TextPlace().unreadable(
                f"the entity &{name}; is defined outside this document, and external entities are not "
                f"fetched; write its text in the document",
                f"la entidad &{name}; está fuera de este documento y no se descarga nada; escriba el texto",
            )
        if depth > MOST_NESTED:
            raise TextPlace().unreadable(
                f"the entity &{name}; refers to itself, or to too many others; write it out",
                f"la entidad &{name}; se contiene a sí misma o a demasiadas otras; escriba el texto",
            )
        if "<" in entity_text:
            raise TextPlace().unreadable(
                f"the entity &{name}; contains elements, but only text entities are supported; write "
                f"the elements out",
                f"la entidad &{name}; contiene elementos y solo se lee texto; escríbalos",
            )
        self._values[name] = value = "".join(self._pieces(entity_text, depth))
        return value

    def _pieces(self, entity_text: str, depth: int) -> Iterator[str]:
        end = 0
        for match in _REFERENCE.finditer(entity_text):
            piece = entity_text[end : match.start()] + self._resolved(match, depth)
            self._count(piece)
            yield piece
            end = match.end()
        self._count(entity_text[end:])
        yield entity_text[end:]

    def _resolved(self, match: re.Match[str], depth: int) -> str:
        name = match[3]
        if name is None:
            return _character(match)
        if name in _PREDEFINED:
            return _PREDEFINED[name]
        return self._value(name, depth + 1) if name in self.declared else match[0]

    def _count(self, piece: str) -> None:
        self._size += len(piece)
        if self._size > MOST_EXPANDED:
            raise TextPlace().unreadable(
                f"its entities expand to more than {MOST_EXPANDED:,} characters; write them out",
                f"sus entidades representan más de {MOST_EXPANDED:,} caracteres; escríbalas",
            )


def _character(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF or number == 0:
        raise TextPlace().unreadable(
            f"{match[0]} is not a character reference; write the intended character",
            f"{match[0]} no es un carácter; escriba el que corresponde",
        )
    return chr(number)


def _unread(text: str, position: int) -> Exception:
    return TextPlace.at(position, text).unreadable(
        "this part of a document type declaration is not supported; keep only entities that stand for text",
        "esta parte del tipo de documento no se lee; deje las entidades de texto y quite lo demás",
    )
