"""Mentions of actors in a text: names that the graph has, and the last names of persons named in full."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from kg.importers.drafts.known_names import KnownNames


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][\w-]*(?:['’](?!s\b)\w+)*")
_JOINTS = _words("de del la las los el of the y e da do dos von van")
_LONGEST_NAME = 6
_TITLES = _words(
    "President Presidente Presidenta Mr Mrs Ms Dr Sr Sra Señor Señora Secretary Secretario Secretaria"
    " Minister Ministro Ministra Chancellor Canciller Ambassador Embajador Embajadora Senator Senador"
    " Senadora General Governor Gobernador Gobernadora Spokesperson Spokesman Spokeswoman Portavoz Vocero"
    " Vocera"
)
_OPENINGS = _words(
    "after before when while then later yesterday today but and yet however still if as in on at for by with"
    " from since meanwhile both although because tras cuando mientras ayer hoy pero y luego según aunque si"
    " en para por con desde como porque"
)
"""Words that are capitalised at the beginning of a sentence but are not part of the name after them."""
_GOVERNMENTS = _words("administration government gobierno administración")


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True)
class Mention:
    """A mention of an actor in a text; it may be a possessive ("Petro’s")."""

    start: int
    end: int
    actor: str
    is_possessive: bool = False


def mentions(text: str, names: KnownNames) -> list[Mention]:
    """Return the mentions of actors that the graph has, in order."""
    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    full = list(_full_names(text, tokens, names))
    last_names = _last_names(text, full, names)
    ranges = [(each.start, each.end) for each in full]
    alone = (
        _mention(text, token.start, token.end, last_names[token.text])
        for place, token in enumerate(tokens)
        if token.text in last_names and _stands_alone(text, tokens, place) and not _lies_in(token, ranges)
    )
    return sorted([*full, *alone], key=lambda each: each.start)


def name_before(text: str, end: int) -> str:
    """Return the personal name that ends a text, without titles: two to four words with capital letters.

    >>> name_before("Colombian Foreign Minister Laura Sarabia", 40)
    'Laura Sarabia'
    """
    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text[:end])]
    words: list[_Token] = []
    for token in reversed(tokens):
        is_next = not words or text[token.end : words[0].start] == " "
        if not is_next or not token.is_name or token.text in _TITLES:
            break
        words.insert(0, token)
    return text[words[0].start : words[-1].end] if 2 <= len(words) <= 4 and words[-1].end == end else ""


def _full_names(text: str, tokens: Sequence[_Token], names: KnownNames) -> Iterator[Mention]:
    place = 0
    while place < len(tokens):
        found = _longest_name(text, tokens, place, names)
        if found:
            length, actor = found
            yield _mention(text, tokens[place].start, tokens[place + length - 1].end, actor)
            place += length
        else:
            place += 1


def _longest_name(
    text: str, tokens: Sequence[_Token], place: int, names: KnownNames
) -> tuple[int, str] | None:
    for length in range(min(_LONGEST_NAME, len(tokens) - place), 0, -1):
        run = tokens[place : place + length]
        if not (run[-1].is_name or run[-1].text in _GOVERNMENTS) or not _is_run(text, run):
            continue
        for name in (text[run[0].start : run[-1].end], text[run[0].start : run[-1].end + 1]):
            if (actor := names.actor(name)) and not _is_part(text, tokens, place + length, actor, names):
                return length, actor
    return None


def _is_run(text: str, run: Sequence[_Token]) -> bool:
    """Return whether tokens are adjacent, and all except linking words are capitalised."""
    gaps = (text[one.end : other.start] for one, other in pairwise(run))
    inner = (token for token in run[:-1] if token.text not in _JOINTS)
    return (
        run[0].text not in _JOINTS - {"the", "las", "los"}
        and all(token.is_name for token in inner)
        and all(gap in (" ", ". ") for gap in gaps)
    )


def _is_part(text: str, tokens: Sequence[_Token], after: int, actor: str, names: KnownNames) -> bool:
    """Return whether a person's name is only the beginning of a longer name, or of a government's."""
    if after >= len(tokens) or text[tokens[after - 1].end : tokens[after].start] != " ":
        return False
    return names.is_person(actor) and (tokens[after].is_name or tokens[after].text in _GOVERNMENTS)


def _last_names(text: str, full: Sequence[Mention], names: KnownNames) -> dict[str, str]:
    """Return the last words of persons' full names, if each is the last word of one person only."""
    persons = {each.actor: text[each.start : each.end] for each in full if names.is_person(each.actor)}
    last = {actor: name.split()[-1] for actor, name in persons.items() if " " in name}
    number = Counter(last.values())
    return {name: actor for actor, name in last.items() if number[name] == 1}


def _stands_alone(text: str, tokens: Sequence[_Token], place: int) -> bool:
    """Return whether a last name is not part of another name, apart from a title before it."""
    token = tokens[place]
    if place and text[tokens[place - 1].end : token.start] == " ":
        before = tokens[place - 1]
        is_title = before.text in _TITLES or before.text.endswith(".")
        if before.is_name and not is_title and before.text.lower() not in _OPENINGS:
            return False
    if place + 1 < len(tokens) and text[token.end : tokens[place + 1].start] == " ":
        after = tokens[place + 1]
        return not after.is_name and after.text not in _GOVERNMENTS
    return True


def _lies_in(token: _Token, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in ranges)


def _mention(text: str, start: int, end: int, actor: str) -> Mention:
    return Mention(start, end, actor, text[end : end + 2] in ("’s", "'s"))
