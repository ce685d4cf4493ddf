"""The columns of the template: what each is for, how it is read, which term it becomes.

A column with a ``term`` is one property of the thing that the row describes. The other columns belong to
the things around it (report, passage, time span, claim ...), which ``parts`` makes. Here stand
those that several records share; ``records`` puts the records together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pyoxigraph import NamedNode

from kg.importers.table.values import (
    ENGLISH,
    Date,
    Kind,
    Language,
    Name,
    Number,
    Reads,
    Thing,
    Words,
    WordsOrThing,
)
from kg.iris import TERMS
from kg.terms import DIP, RDFS

Groups: TypeAlias = tuple[tuple[str, ...], ...]

BETWEEN = ";"
"""Stands between the values of a cell that may hold several."""


@dataclass(frozen=True)
class Column:
    """One column of one record."""

    name: str
    meaning: str
    reads: Reads
    term: NamedNode | None = None
    is_required: bool = False
    holds_many: bool = False
    needs: Groups = ()
    """What must be filled beside it: one column of each group."""

    @property
    def hint(self) -> str:
        """What its cells hold, for the documentation."""
        return f"{self.reads.hint}; several with `{BETWEEN}`" if self.holds_many else self.reads.hint


@dataclass(frozen=True)
class Record:
    """A kind of row: its columns, the class of what it describes, and the columns that some kinds need.

    ``needs`` gives the columns that a record of a type, class, kind or status cannot do without: one of each
    group.
    """

    name: str
    meaning: str
    type: str
    columns: tuple[Column, ...]
    needs: Mapping[str, Groups] = field(default_factory=dict)
    namespace: str = TERMS
    """The namespace of its class."""

    def column(self, name: str) -> Column | None:
        """Find a column by its name."""
        return next((column for column in self.columns if column.name == name), None)


ID = Column(
    "id", "what to call it, so that others can point at it; left empty, it is made of the label", Name()
)
LABEL_ES = Column("label_es", "its name in Spanish", Words("es"), RDFS.LABEL)
LANGUAGE = Column(
    "language", "language of the row's texts other than its labels; `en` where empty", Language()
)


def label(meaning: str = "its name in English", *, is_required: bool = True) -> Column:
    """Give the column of a thing's name."""
    return Column("label", meaning, Words(ENGLISH), RDFS.LABEL, is_required)


NAME = label("its name in English; needed where there is no id", is_required=False)


def things(name: str, meaning: str, term: NamedNode, *, is_required: bool = False) -> Column:
    """Give a column that points at other things."""
    return Column(name, meaning, Thing(), term, is_required, holds_many=True)


def kind(list_name: str, meaning: str, *, holds_many: bool = False) -> Column:
    """Give the column of a thing's kind."""
    return Column("kind", meaning, Kind((list_name,)), DIP.HAS_KIND, is_required=True, holds_many=holds_many)


TOPICS = Column("topics", "subject matters", Kind(("topics",)), DIP.HAS_TOPIC, holds_many=True)
ORDER = (
    things("responds_to", "the earlier statement or happening that it answers", DIP.RESPONDS_TO),
    things("follows", "what is known to be earlier, whatever the dates", DIP.FOLLOWS),
    things("same_day_as", "what took place on the same day", DIP.SAME_DAY_AS),
)
IN_OFFICE = things(
    "in_office", "the tenure (not the office) in which the author spoke or acted", DIP.MADE_IN_OFFICE
)


DAY = Date(only_days=True)


def dates(what: str) -> tuple[Column, ...]:
    """Give the columns of a time span; ``spans`` says what is worked out of them."""
    return (
        Column("date_as_written", f"when {what}, in the words of the source", Words()),
        Column("date", f"when {what}, as precisely as known and no more", Date()),
        Column(
            "date_basis",
            "how the date is known; `stated` where empty and the words give it, with its year",
            Kind(("date-bases",)),
        ),
        Column("inference_note", "how the date was inferred", Words()),
        Column("earliest", "the first possible day, where that is all there is or it is known better", DAY),
        Column("latest", "the last possible day, likewise", DAY),
        Column("time", "a time span that is described already, instead of these columns", Thing()),
    )


DATED: Groups = (("date", "date_as_written", "earliest", "latest", "time"),)
CARRIES = "the words of the source that carry it, exactly"


def report(passage: str = CARRIES) -> tuple[Column, ...]:
    """Give the columns that say which source bears it out, in which words."""
    quoted: Groups = (("passage", "quote"),) if passage != CARRIES else (("passage",),)
    return Column("source", "where it was found", Thing(), is_required=True), *_in_which_words(
        passage, quoted
    )


def report_of_ties() -> tuple[Column, ...]:
    """Give the columns that say in which words a source bears out an actor's ties to other actors."""
    passage = "the words of the source that tell whose part it is, or for whom it speaks"
    columns = _in_which_words(passage, (("passage",),))
    return tuple(replace(column, is_required=False) for column in columns)


def tie(name: str, meaning: str, term: NamedNode) -> Column:
    """Give a column that ties an actor to others, which a source bears out."""
    return replace(things(name, meaning, term), needs=(("hedge",), ("basis",)))


def _in_which_words(passage: str, quoted: Groups) -> tuple[Column, ...]:
    return (
        Column("passage", passage, WordsOrThing("")),
        Column("passage_prefix", "up to 32 characters before the passage", Words(""), needs=quoted),
        Column("passage_suffix", "up to 32 characters after it", Words(""), needs=quoted),
        Column(
            "passage_start",
            "characters of the source's text before the passage, where that text is at hand",
            Number(),
            needs=quoted,
        ),
        Column("hedge", "with how much reserve the source words it", Kind(("hedges",)), is_required=True),
        Column(
            "basis", "on what ground the source vouches for it", Kind(("report-bases",)), is_required=True
        ),
        Column("through", "the statements through which the source has it", Thing(), holds_many=True),
        Column("seen_in", "the source in which you saw it, if you did not read `source` itself", Thing()),
        Column(
            "qualifier",
            "words of the passage that limit what it says: often, some of, such as",
            Words(),
            holds_many=True,
            needs=quoted,
        ),
        Column("reading_note", "what you read into the words, and why", Words()),
    )


def of_claim() -> tuple[Column, ...]:
    """Give the columns of a claim."""
    beside: Groups = (("claim",),)
    return (
        Column("claim", "what the speaker says is or was the case, as worded; never taken for fact", Words()),
        Column("claim_label", "its name in English", Words(ENGLISH), needs=beside),
        Column("claim_label_es", "its name in Spanish", Words("es"), needs=beside),
        Column(
            "claim_by", "whose claim it is; the speaker where empty", Thing(), holds_many=True, needs=beside
        ),
        Column("alleged_actor", "who is said to have acted", Thing(), holds_many=True, needs=beside),
        Column("alleged_kind", "what kind of act is alleged", Kind(("event-kinds",)), needs=beside),
        Column("alleged_target", "to whom it is said to be done", Thing(), holds_many=True, needs=beside),
        Column(
            "contested_word",
            "a word that only the claimant uses of it, in lower case",
            Words(""),
            holds_many=True,
            needs=beside,
        ),
        Column(
            "equivalent_word",
            "a translation of it or a word that says the same, which labels may not use either, in lower"
            " case; its plural and verb forms are found without being listed",
            Words(""),
            holds_many=True,
            needs=(("contested_word",),),
        ),
        Column("claim_topics", "its subject matters", Kind(("topics",)), holds_many=True, needs=beside),
        Column(
            "bears_on", "the disputed point on which it takes a side", Thing(), holds_many=True, needs=beside
        ),
    )


def of_act(what: str, by: str, status: str, holder: str, needs: Groups) -> tuple[Column, ...]:
    """Give the columns of an act that is spoken of or refused, and not reported as done."""
    beside: Groups = (("act",),)
    return (
        Column("act", f"the act that is {what}, named in English", Words(ENGLISH), needs=needs),
        Column("act_es", "its name in Spanish", Words("es"), needs=beside),
        Column(
            "act_id", "what to call the act; left empty, it is made of the row's id", Name(), needs=beside
        ),
        Column("act_kind", "its kind", Kind(("event-kinds",)), holds_many=True, needs=beside),
        Column("act_by", by, Thing(), holds_many=True, needs=beside),
        Column("act_toward", "whom it would affect", Thing(), holds_many=True, needs=beside),
        Column("condition", "on what it depends, as worded", Words(), needs=beside),
        Column(
            "act_status",
            f"what had become of it; {status} where empty",
            Kind(("act-statuses",)),
            needs=beside,
        ),
        Column("act_holder", f"by whose word it stood so; {holder} where empty", Thing(), needs=beside),
    )


def of_reading() -> tuple[Column, ...]:
    """Give the columns of what somebody says a gesture means."""
    beside: Groups = (("meaning",),)
    return (
        Column("interpreter", "who says what it means", Thing(), holds_many=True, needs=beside),
        Column(
            "meaning",
            "what the interpreter says it means, as worded",
            Words(),
            needs=(("interpreter",), ("meaning_hedge",), ("meaning_basis",)),
        ),
        Column("meaning_topics", "subject matters of that", Kind(("topics",)), holds_many=True, needs=beside),
        Column(
            "meaning_passage",
            f"{CARRIES}; the passage of the gesture where empty",
            WordsOrThing(""),
            needs=beside,
        ),
        Column("meaning_start", "as passage_start", Number(), needs=(("meaning_passage",),)),
        Column("meaning_hedge", "as hedge", Kind(("hedges",)), needs=beside),
        Column("meaning_basis", "as basis", Kind(("report-bases",)), needs=beside),
        Column("meaning_through", "as through", Thing(), holds_many=True, needs=beside),
    )
