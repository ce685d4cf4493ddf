"""Columns and records of the table, and the columns that most records share.

A column with a ``term`` is one property of the thing that the row describes. The other columns belong to
related things (report, passage, time span, claim ...), which ``parts`` creates; these columns are in
``shared_columns``. The package ``records`` defines the records.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pyoxigraph import NamedNode

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.literals import ENGLISH, Duration, Language, Tagged, Words
from kg.importers.table.values import Kind, Name, Reads, Thing
from kg.iris import TERMS
from kg.terms import DIP, RDFS, SKOS

Groups: TypeAlias = tuple[tuple[str, ...], ...]

BETWEEN = ";"
"""Separator of values in a cell that may hold several."""


@dataclass(frozen=True)
class Column:
    """One column of one record."""

    name: str
    meaning: Bilingual
    reads: Reads
    term: NamedNode | None = None
    is_required: bool = False
    holds_many: bool = False
    needs: Groups = ()
    """Groups of columns; in each group, one must be filled if this column is."""
    is_inverse: bool = False
    """True if the property points from the value to the thing that the row describes."""

    @property
    def hint(self) -> Bilingual:
        """Description of its cells, for the documentation."""
        hint = self.reads.hint
        if not self.holds_many:
            return hint
        return Bilingual(f"{hint.en}; several with `{BETWEEN}`", f"{hint.es}; varios con `{BETWEEN}`")


@dataclass(frozen=True)
class Record:
    """A kind of row: its columns, the class of its thing, and conditionally required columns.

    ``needs`` maps a type, class, kind or status to groups of columns; one column of each group must be
    filled.
    """

    name: str
    meaning: Bilingual
    type: str
    columns: tuple[Column, ...]
    needs: Mapping[str, Groups] = field(default_factory=dict)
    namespace: str = TERMS
    """The namespace of its class."""

    def may_be_added_to(self) -> "Record":
        """Return the record with a column that names a thing from another submission."""
        return replace(self, columns=(self.columns[0], ADDS_TO, *self.columns[1:]))

    def column(self, name: str) -> Column | None:
        """Return a column by name; None if there is none."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def is_reported(self) -> bool:
        """True if a report must support the row: its own, or a row of ``report``."""
        hedge = self.column("hedge")
        return self.name != "report" and hedge is not None and hedge.is_required


GROUNDS = ("source", "hedge", "basis")
"""Columns that a row must fill, unless a row of ``report`` names it."""

ID = Column(
    "id",
    Bilingual(
        "its id, so that other rows can refer to it; if empty, it is derived from the label",
        "cómo llamarlo, para que otras filas puedan nombrarlo; vacío, se forma con el nombre",
    ),
    Name(),
)
ADDS_TO = Column(
    "adds_to",
    Bilingual(
        "the record of another submission to which the row adds; then fill in only the additions",
        "el registro de otro envío del que la fila dice más; entonces solo se rellena lo que añade",
    ),
    Thing(),
)
LABEL_ES = Column(
    "label_es", Bilingual("its name in Spanish", "su nombre en español"), Words("es"), RDFS.LABEL
)
NAMES = Column(
    "names",
    Bilingual(
        "its name in other languages, the language before each: `pt: Brasil; fr: Brésil`",
        "su nombre en otros idiomas, con el idioma delante: `pt: Brasil; fr: Brésil`",
    ),
    Tagged(),
    RDFS.LABEL,
    holds_many=True,
)
ALSO_KNOWN_AS = Column(
    "also_known_as",
    Bilingual("other names that sources use", "otros nombres que usan las fuentes"),
    Words(),
    SKOS.ALT_LABEL,
    holds_many=True,
)
NOTE = Column(
    "note",
    Bilingual("your own remark on the entry", "una observación suya sobre la entrada"),
    Words(),
    SKOS.NOTE,
)
LANGUAGE = Column(
    "language",
    Bilingual(
        "language of the row's texts other than its labels; `en` where empty",
        "idioma de los textos de la fila, salvo los nombres; `en` si está vacío",
    ),
    Language(),
)


def label(en: str = "its name in English", es: str = "su nombre en inglés") -> Column:
    """Return the column for a thing's name."""
    return Column("label", Bilingual(en, es), Words(ENGLISH), RDFS.LABEL)


NAMED: Groups = (("label", "label_es", "names"),)
"""Required columns of a record whose things have a name, in either language."""
NAME = label(
    "its name in English; needed where there is no id", "su nombre en inglés; necesario si no hay id"
)


def things(name: str, en: str, es: str, term: NamedNode, *, is_required: bool = False) -> Column:
    """Return a column that points to other things."""
    return Column(name, Bilingual(en, es), Thing(), term, is_required, holds_many=True)


def thing(name: str, en: str, es: str, term: NamedNode, *, is_required: bool = False) -> Column:
    """Return a column that points to one other thing."""
    return Column(name, Bilingual(en, es), Thing(), term, is_required)


def kind(list_name: str, en: str, es: str, *, holds_many: bool = False) -> Column:
    """Return the column for a thing's kind."""
    return Column(
        "kind", Bilingual(en, es), Kind((list_name,)), DIP.HAS_KIND, is_required=True, holds_many=holds_many
    )


TOPICS = Column(
    "topics", Bilingual("subject matters", "temas"), Kind(("topics",)), DIP.HAS_TOPIC, holds_many=True
)
FOUND_IN = things(
    "source", "a source that names it", "una fuente que lo nombra", DIP.FOUND_IN, is_required=True
)
FOLLOWS = things(
    "follows",
    "records known to be earlier, even if the dates do not show it",
    "lo que se sabe anterior, cualesquiera que sean las fechas",
    DIP.FOLLOWS,
)
ORDER = (
    things(
        "responds_to",
        "the earlier statement or happening that it answers",
        "la declaración o el suceso anterior al que responde",
        DIP.RESPONDS_TO,
    ),
    FOLLOWS,
    things(
        "same_day_as", "what took place on the same day", "lo que tuvo lugar el mismo día", DIP.SAME_DAY_AS
    ),
)
IN_OFFICE = things(
    "in_office",
    "the tenure (not the office) in which the speaker or performer acted",
    "el ejercicio (no el cargo) en que su autor habló o actuó",
    DIP.MADE_IN_OFFICE,
)
PLACE = things("place", "where", "dónde", DIP.TAKES_PLACE_IN)
QUANTITIES = things(
    "quantities",
    "amounts: rows of record quantity",
    "cuánto o cuántos: filas de quantity",
    DIP.HAS_QUANTITY,
)
LASTS = Column(
    "duration", Bilingual("how long, as stated", "cuánto dura, según consta"), Duration(), DIP.DURATION
)
REASON_FOR = things(
    "reason_for",
    "the happening or act for which it gives a reason",
    "el suceso o acto del que da la razón",
    DIP.GIVES_REASON_FOR,
)
PREDICTS = things(
    "predicts",
    "the acts, described in rows of record act, that it predicts",
    "los actos, descritos en filas de act, que dice que vendrán",
    DIP.PREDICTS,
)
QUOTE = Column(
    "quote",
    Bilingual("the exact words, without quotation marks around them", "las palabras mismas, sin comillas"),
    Words(),
    DIP.QUOTATION,
)
PARAPHRASE = Column(
    "paraphrase",
    Bilingual(
        "their gist, if the exact words are not given", "lo esencial, si no constan las palabras mismas"
    ),
    Words(),
    DIP.PARAPHRASE,
)
ASSESSOR = things(
    "assessor", "who makes the judgement", "quién lo valora así", DIP.ASSESSED_BY, is_required=True
)
