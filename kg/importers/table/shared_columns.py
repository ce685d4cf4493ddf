"""Columns of related things: time span and report."""

from dataclasses import replace

from pyoxigraph import NamedNode

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import Column, Groups, things
from kg.importers.table.literals import Date, Number, Words, WordsOrThing
from kg.importers.table.values import Kind, Thing

DAY = Date(only_days=True)


def span(what: Bilingual) -> tuple[Column, ...]:
    """Return the columns of a time span; ``spans`` computes values from them."""
    return (
        Column(
            "date_as_written",
            Bilingual(
                f"when {what.en}, in the words of the source", f"cuándo {what.es}, como dice la fuente"
            ),
            Words(),
        ),
        Column(
            "date",
            Bilingual(
                f"when {what.en}, as precisely as known and no more",
                f"cuándo {what.es}, con la precisión que se conoce y no más",
            ),
            Date(),
        ),
        Column(
            "date_basis",
            Bilingual(
                "how the date is known; if empty, `stated` if the words give the date with its year",
                "cómo se conoce la fecha; `stated` si está vacío y las palabras la dan, con su año",
            ),
            Kind(("date-bases",)),
        ),
        Column(
            "inference_note",
            Bilingual("how the date was inferred", "cómo se infirió la fecha"),
            Words(),
        ),
        Column(
            "earliest",
            Bilingual(
                "the first possible day, if only a range is known or it is more precise than `date`",
                "el primer día posible, si no hay más o se conoce mejor",
            ),
            DAY,
        ),
        Column(
            "latest",
            Bilingual(
                "the last possible day, if only a range is known or it is more precise than `date`",
                "el último día posible, igual",
            ),
            DAY,
        ),
    )


def dates(en: str, es: str) -> tuple[Column, ...]:
    """Return the columns for the time of a row's thing."""
    return (
        *span(Bilingual(en, es)),
        Column(
            "time",
            Bilingual(
                "an existing time span, instead of these columns",
                "un intervalo ya descrito, en lugar de estas columnas",
            ),
            Thing(),
        ),
    )


DATED: Groups = (("date", "date_as_written", "earliest", "latest", "time"),)
CARRIES = Bilingual(
    "the exact words of the source that support it", "las palabras de la fuente que lo dicen, exactas"
)


def report(passage: Bilingual = CARRIES) -> tuple[Column, ...]:
    """Return the columns for the source of a row, and its words."""
    quoted: Groups = (("passage", "quote"),) if passage != CARRIES else (("passage",),)
    source = Column("source", Bilingual("where it was found", "dónde se halló"), Thing(), is_required=True)
    return source, *_in_which_words(passage, quoted)


def report_of_ties() -> tuple[Column, ...]:
    """Return the columns for the words in which a source supports an actor's ties to other actors."""
    passage = Bilingual(
        "the words of the source that say what it is part of, or for whom it speaks",
        "las palabras de la fuente que dicen de quién es parte o por quién habla",
    )
    columns = _in_which_words(passage, (("passage",),))
    return tuple(replace(column, is_required=False) for column in columns)


def tie(name: str, en: str, es: str, term: NamedNode) -> Column:
    """Return a column that ties an actor to others, with a source's support."""
    return replace(things(name, en, es, term), needs=(("hedge",), ("basis",)))


def around_passage(needs: Groups = (), names: tuple[str, str, str] | None = None) -> tuple[Column, ...]:
    """Return the columns that locate words in a source's text."""
    prefix, suffix, start = names or ("passage_prefix", "passage_suffix", "passage_start")
    return (
        Column(
            prefix,
            Bilingual("up to 32 characters before the passage", "hasta 32 caracteres antes del pasaje"),
            Words(""),
            needs=needs,
        ),
        Column(
            suffix,
            Bilingual("up to 32 characters after it", "hasta 32 caracteres después"),
            Words(""),
            needs=needs,
        ),
        Column(
            start,
            Bilingual(
                "number of characters in the source's text before the passage, if you have the text",
                "caracteres del texto de la fuente antes del pasaje, si se tiene ese texto",
            ),
            Number(),
            needs=needs,
        ),
    )


def _in_which_words(passage: Bilingual, quoted: Groups) -> tuple[Column, ...]:
    return (
        Column("passage", passage, WordsOrThing("")),
        *around_passage(quoted),
        Column(
            "more_passages",
            Bilingual(
                "other passages that support it, described in rows of record passage",
                "otros pasajes que lo dicen, descritos en filas de passage",
            ),
            Thing(),
            holds_many=True,
        ),
        Column(
            "hedge",
            Bilingual("how strongly the source hedges it", "con cuánta reserva lo dice la fuente"),
            Kind(("hedges",)),
            is_required=True,
        ),
        Column(
            "basis",
            Bilingual(
                "the basis on which the source states it: its own voice, somebody's words, an announcement",
                "con qué fundamento responde la fuente de ello",
            ),
            Kind(("report-bases",)),
            is_required=True,
        ),
        Column(
            "through",
            Bilingual(
                "the statements from which the source knows it",
                "las declaraciones por las que lo sabe la fuente",
            ),
            Thing(),
            holds_many=True,
        ),
        Column(
            "seen_in",
            Bilingual(
                "the source in which you saw it, if you did not read `source` itself",
                "la fuente en que usted lo vio, si no leyó `source`",
            ),
            Thing(),
        ),
        Column(
            "qualifier",
            Bilingual(
                "words of the passage that limit what it says: often, some of, such as",
                "palabras del pasaje que limitan lo que dice: a menudo, algunos de, como",
            ),
            Words(),
            holds_many=True,
            needs=quoted,
        ),
        Column(
            "reading_note",
            Bilingual("what you infer from the words, and why", "qué lee usted en las palabras y por qué"),
            Words(),
        ),
    )
