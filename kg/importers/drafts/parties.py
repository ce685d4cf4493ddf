"""Parties of a trigger: the actor before it and the actors after it, as far as the words determine them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.importers.drafts.mentions import Mention
from kg.importers.drafts.triggers import TriggerMatch


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ASIDE = re.compile(r",[^,;]{0,120},")
_NEXT = re.compile(r" (\w+)")
_WORD = re.compile(r"\w+")
_BETWEEN = _words(
    "has have had ha han había also later then meanwhile again también luego después ya was were been is are"
    " fue fueron sido es son"
)
"""Words that may occur between a name and its verb, in addition to adverbs."""
_BELONGS_TO = re.compile(r"\b(?:of|of the|de|del|de la|de los|from|by|con|with|to|a|in|en)\s$", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|fue|fueron|sido|es|son)\s(?:\w+ly\s)?$", re.IGNORECASE
)
_BY = re.compile(r"\s*(?:by|por)\s(?:the\s|el\s|la\s)?$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|and|y|e|, and)\s(?:the\s|el\s|la\s)?$", re.IGNORECASE)
_AFTER_A_NAME = _words(
    "of for with after over and or in on at to by as about during that from when if unless until while"
    " because before against into amid who de del por con tras a y e o en al que si cuando sobre desde"
    " durante como mientras porque hasta contra ante quien"
)
"""Words after which a name is still a noun: "Colombia of", but not "U.S. actions"."""


@dataclass(frozen=True)
class Parties:
    """The slugs of the actor and of the targets; empty if the words do not determine them."""

    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    end: int = 0
    """The offset at which the names after the trigger end."""


def parties(text: str, mentions: Sequence[Mention], trigger: TriggerMatch) -> Parties:
    """Return the actors beside trigger words in one sentence."""
    before = _subjects(text, mentions, trigger)
    after, end = _objects(text, mentions, trigger)
    if _PASSIVE.search(text, 0, trigger.start):
        agent = [
            each
            for each in mentions
            if each.start >= trigger.end and _BY.fullmatch(text, trigger.end, each.start)
        ]
        ends = [each.end for each in agent[:1]]
        return Parties(tuple(each.actor for each in agent[:1]), before, *ends)
    if not before and trigger.trigger.kind == "remark":
        inverted = [each for each in mentions if each.start == trigger.end + 1 and not each.is_possessive]
        return Parties(tuple(each.actor for each in inverted[:1]), (), trigger.end)
    return Parties(before, after, end)


def _subjects(text: str, mentions: Sequence[Mention], trigger: TriggerMatch) -> tuple[str, ...]:
    earlier = [each for each in mentions if each.end <= trigger.start and not trigger.words.endswith("ing")]
    chain: list[Mention] = []
    for last in reversed(earlier):
        if chain and not _AND.fullmatch(text, last.end, chain[0].start):
            break
        if not chain and not _is_close(text[last.end : trigger.start]):
            break
        if chain or not (last.is_possessive or _BELONGS_TO.search(text, 0, last.start)):
            chain.insert(0, last)
    return tuple(dict.fromkeys(each.actor for each in chain))


def _is_close(between: str) -> bool:
    """Return whether only auxiliaries, adverbs and parentheses occur between a name and its verb."""
    words = _WORD.findall(_ASIDE.sub(" ", between).lower())
    return all(word in _BETWEEN or word.endswith(("ly", "mente")) for word in words)


def _objects(text: str, mentions: Sequence[Mention], trigger: TriggerMatch) -> tuple[tuple[str, ...], int]:
    """Return the actors after trigger words, if only function words come between, and their end offset."""
    chain: list[str] = []
    end = trigger.end
    for each in (each for each in mentions if each.start >= trigger.end):
        if chain and not _AND.fullmatch(text, end, each.start):
            break
        if not chain and not _is_beside(text, trigger.end, each.start):
            break
        if each.is_possessive or not _is_noun(text, each.end):
            break
        chain.append(each.actor)
        end = each.end
    return tuple(dict.fromkeys(chain)), end


_BESIDE = re.compile(
    r"(?:\s(?:with|con|a|al|to|the|el|la|los|President|Presidente|de|to impose|against|contra))*\s",
    re.IGNORECASE,
)


def _is_beside(text: str, start: int, end: int) -> bool:
    return start < end and _BESIDE.fullmatch(text, start, end) is not None


def _is_noun(text: str, end: int) -> bool:
    """Return whether a name is used as a noun, not as an adjective of the next word."""
    match = _NEXT.match(text, end)
    return match is None or match[1].lower() in _AFTER_A_NAME or match[1][0].isupper()
