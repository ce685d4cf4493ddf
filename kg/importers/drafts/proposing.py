"""Proposes drafts for an article: one for each passage with trigger words, and for each marked passage."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.gate.rules import texts
from kg.importers.drafts import mentions, reserve, sentences, triggers
from kg.importers.drafts.article import Article, ArticleSource, actor_draft, filled, source_of
from kg.importers.drafts.draft import Cells, DraftRow
from kg.importers.drafts.known_names import KnownNames
from kg.importers.drafts.mentions import Mention
from kg.importers.drafts.parties import Parties, parties
from kg.importers.drafts.sentences import Passage
from kg.importers.drafts.triggers import EVENT, STATEMENT, TriggerMatch
from kg.importers.drafts.written_days import WrittenDay, written_day
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import BETWEEN
from kg.iris import slug

MOST_DRAFTS = 80
"""Maximum drafts of one run; to get drafts for further passages, mark them and run again."""

_CONDITION = re.compile(r"\b(?:if|unless|until|si|a menos que|salvo que|hasta que)\b.*", re.IGNORECASE)
_THAT = re.compile(r"^(?:that|que|to|con|with|by|de|of)\s", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:,? (?:and|y|but|pero|while|mientras|after|tras|including|a claim|has|had|have|ha|who|he|she"
    r"|both sides)\b[^,]{0,40}|,)$",
    re.IGNORECASE,
)
"""The beginning of a further clause, at the end of one."""
_KINDS_OF_ACTS = {
    "tariff": re.compile(r"\b(?:tariffs?|arancel(?:es)?)\b", re.IGNORECASE),
    "sanction": re.compile(r"\b(?:sanctions?|sanci(?:ón|ones))\b", re.IGNORECASE),
    "deportation-flight": re.compile(
        r"\bdeportation flights?\b|\bvuelos? de deportaci(?:ón|ones)\b", re.IGNORECASE
    ),
    "visa-measure": re.compile(r"\bvisas?\b", re.IGNORECASE),
}
_ACTS = frozenset({"threat", "promise", "demand", "appeal", "proposal"})
_CLAIMS = frozenset({"accusation", "allegation"})

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class DraftedTable:
    """Drafts of an article, marked passages that are not in its text, and the number of drafts left out."""

    drafts: tuple[DraftRow, ...]
    missing: tuple[str, ...] = ()
    left_out: int = 0


def proposed(article: Article, marks: Sequence[str], names: KnownNames) -> DraftedTable:
    """Propose drafts for the marked passages of an article, or for its whole text if none is marked."""
    source = source_of(article, names)
    places = {words: sentences.marked(article.text, words) for words in marks if words.strip()}
    passages = [place for place in places.values() if place] if places else sentences.sentences(article.text)
    drafting = _Drafting(article, source, mentions.mentions(article.text, names))
    drafts = [each for passage in passages for each in drafting.of(passage, is_marked=bool(places))]
    once = {each.id: each for each in reversed([*source.drafts, *drafts])}
    found = list(reversed(once.values()))
    missing = tuple(words for words, place in places.items() if place is None)
    return DraftedTable(tuple(found[:MOST_DRAFTS]), missing, max(0, len(found) - MOST_DRAFTS))


class _Drafting:
    """Drafts of one article."""

    def __init__(self, article: Article, source: ArticleSource, mentions: Sequence[Mention]) -> None:
        self._article = article
        self._source = source
        self._mentions = mentions

    def of(self, passage: Passage, *, is_marked: bool) -> Iterator[DraftRow]:
        """Yield the drafts of a passage.

        For a marked passage without trigger words, one draft for the whole passage.
        """
        found = list(triggers.matches(_without_quotations(passage.text)))
        begins = [0, *(match.end for match in found)]
        ends = [*(match.start for match in found[1:]), len(passage.text)]
        for begin, match, end in zip(begins, found, ends, strict=False):
            yield from self._of_trigger(passage, match, (begin, end))
        if not found and is_marked:
            held_back = reserve.of_happening(passage.text)
            record = STATEMENT if held_back or any(texts.quoted(passage.text)) else EVENT
            cells = self._cells(
                record, passage, 0, held_back.hedge if held_back else "plain", is_claim=record == STATEMENT
            )
            yield DraftRow(cells, (_MARKED,))

    def _of_trigger(self, passage: Passage, match: TriggerMatch, clause: Span) -> Iterator[DraftRow]:
        found = parties(passage.text, self._inside(passage), match)
        day = written_day(passage.text)
        reason = _reason(match)
        if match.trigger.record == STATEMENT:
            speaker = found.subjects[:1]
            if not speaker and (name := mentions.name_before(passage.text, match.start - 1)):
                yield actor_draft(name, self._source.id)
                speaker = (slug(name),)
            all_parties = Parties(speaker, found.objects, found.end)
            yield DraftRow(self._statement(passage, match, all_parties, clause, day), (reason,))
        elif held_back := reserve.of_happening(passage.text, match.start):
            yield DraftRow(self._claim(passage, match, held_back), (reason, _held_back(held_back)))
        else:
            yield DraftRow(self._happening(passage, match, found, day), (reason,))

    def _statement(
        self, passage: Passage, match: TriggerMatch, parties: Parties, clause: Span, day: WrittenDay | None
    ) -> Cells:
        held_back = reserve.of_statement(passage.text, match.start)
        quotations = list(texts.quoted(passage.text[slice(*clause)]))
        clause_text = _clause(passage.text[parties.end or match.end : clause[1]])
        kind = match.trigger.kind
        cells = {
            **self._cells(
                STATEMENT, passage, match.start, held_back.hedge if held_back else "plain", is_claim=True
            ),
            "speaker": _several(parties.subjects),
            match.trigger.object: _several(parties.objects),
            "kind": kind,
            "quote": quotations[0].rstrip(",.") if len(quotations) == 1 else "",
            "paraphrase": clause_text if len(quotations) != 1 else "",
            **(_date(day) if day and day.start < match.start else {}),
        }
        if kind in _CLAIMS:
            cells["claim"] = cells["quote"] or clause_text
            cells["alleged_actor"] = _several(parties.objects)
        if kind in _ACTS and clause_text:
            cells |= self._act(clause_text)
            cells["act_toward"] = _several(parties.objects) if kind in ("threat", "promise") else ""
        return filled(**cells)

    def _act(self, clause_text: str) -> dict[str, str]:
        condition = _CONDITION.search(clause_text)
        act = (clause_text[: condition.start()] if condition else clause_text).partition(", ")[0].strip(" ,")
        kinds = [kind for kind, pattern in _KINDS_OF_ACTS.items() if pattern.search(act)]
        return {
            "act_es" if self._article.language == "es" else "act": act,
            "act_kind": f"{BETWEEN} ".join(kinds),
            "condition": condition[0].strip(" ,") if condition else "",
        }

    def _happening(
        self, passage: Passage, match: TriggerMatch, parties: Parties, day: WrittenDay | None
    ) -> Cells:
        trigger = match.trigger
        cells = {
            **self._cells(trigger.record, passage, match.start, "plain", is_claim=False),
            "kind": trigger.kind,
            trigger.object: _several(parties.objects),
            **(_date(day) if day else {}),
        }
        both = (
            (*parties.subjects, *parties.objects) if trigger.subject == trigger.object else parties.subjects
        )
        cells[trigger.subject] = _several(tuple(dict.fromkeys(both)))
        if trigger.kind == "refusal" and (act := _clause(passage.text[match.end :]).partition(", ")[0]):
            cells["act_es" if self._article.language == "es" else "act"] = act
        return filled(**cells)

    def _claim(self, passage: Passage, match: TriggerMatch, held_back: reserve.Reserve) -> Cells:
        """Return the cells for a hedged happening: a statement with a claim, whose speaker may be unknown."""
        inside = self._inside(passage)
        tellers = [each for each in inside if held_back.names_teller and each.start == held_back.end + 1]
        found = parties(passage.text, [each for each in inside if each not in tellers], match)
        words = passage.text.rstrip(" .")
        return filled(
            **self._cells(STATEMENT, passage, match.start, held_back.hedge, is_claim=True),
            speaker=_several(each.actor for each in tellers),
            paraphrase=words,
            claim=words,
            alleged_actor=_several(found.subjects),
            alleged_kind=match.trigger.kind,
            alleged_target=_several(found.objects),
        )

    def _cells(
        self, record: str, passage: Passage, start: int, hedge: str, *, is_claim: bool
    ) -> dict[str, str]:
        """Return the cells that each draft of a passage has."""
        has_offset = self._source.has_same_text
        around = {} if has_offset else sentences.around(self._article.text, passage)
        return {
            "record": record,
            "id": f"{self._source.id}-{record}-{passage.start + start}",
            "language": "" if self._article.language == "en" else self._article.language,
            "passage": passage.text,
            "passage_start": str(passage.start) if has_offset else "",
            **around,
            "source": self._source.id,
            "hedge": hedge,
            "basis": "attributed" if is_claim else "own-voice",
        }

    def _inside(self, passage: Passage) -> list[Mention]:
        """Return the mentions in a passage, with offsets in it."""
        start, end = passage.start, passage.start + len(passage.text)
        return [
            Mention(each.start - start, each.end - start, each.actor, each.is_possessive)
            for each in self._mentions
            if start <= each.start < end
        ]


def _without_quotations(text: str) -> str:
    """Return a text with its quotations blanked: quoted words are not the source's own."""
    for words in texts.quoted(text):
        text = text.replace(words, " " * len(words), 1) if words.strip() else text
    return text


def _clause(text: str) -> str:
    """Return the words after a trigger, without a leading conjunction and the final full stop."""
    words = _TAIL.sub("", text.strip().lstrip(",:").strip().rstrip(".").strip())
    return _THAT.sub("", words, count=1)


def _date(day: WrittenDay) -> dict[str, str]:
    return {"date_as_written": day.words, "date": day.value}


def _several(actors: Iterable[str]) -> str:
    return f"{BETWEEN} ".join(actors)


def _reason(match: TriggerMatch) -> Bilingual:
    record, kind = match.trigger.record, match.trigger.kind
    if not kind:
        return Bilingual(
            f"“{match.words}” indicates a record {record}, but not its kind.",
            f"«{match.words}» apunta a un registro {record}, pero no dice su tipo.",
        )
    return Bilingual(
        f"“{match.words}” indicates a record {record} of kind {kind}.",
        f"«{match.words}» apunta a un registro {record} de tipo {kind}.",
    )


def _held_back(words: reserve.Reserve) -> Bilingual:
    return Bilingual(
        f"“{words.words}” is a hedge: record it as a claim, with the claimant as speaker, not as a fact.",
        f"«{words.words}» lo pone en duda: empieza como afirmación, con quien la hace en speaker, no como"
        " hecho.",
    )


_MARKED = Bilingual(
    "You marked this passage; no rule recognizes what it reports.",
    "Usted marcó este pasaje; ninguna regla sabe qué cuenta.",
)
