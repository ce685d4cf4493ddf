"""Records of sources, and of things that several rows share: passages, time spans, reports."""

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import (
    ALSO_KNOWN_AS,
    ID,
    LANGUAGE,
    NAME,
    NOTE,
    Column,
    Record,
    kind,
    thing,
    things,
)
from kg.importers.table.literals import Address, Digest, Number, Words
from kg.importers.table.shared_columns import DATED, around_passage, dates, report, span
from kg.importers.table.values import Kind
from kg.terms import DCTERMS, DIP

SOURCE = Record(
    "source",
    Bilingual(
        "A document, page or message in which facts were found.",
        "Un documento, página o mensaje en que se hallaron hechos.",
    ),
    "Source",
    (
        ID,
        Column(
            "label",
            Bilingual(
                "its title, as printed; in brackets if you supply it",
                "su título, como está impreso; entre corchetes si lo pone usted",
            ),
            Words(),
            DCTERMS.TITLE,
            is_required=True,
        ),
        LANGUAGE,
        ALSO_KNOWN_AS,
        NOTE,
        kind("source-kinds", "what sort of document it is", "qué clase de documento es"),
        things("publisher", "who published it", "quién la publicó", DIP.PUBLISHED_BY, is_required=True),
        Column("url", Bilingual("where it can be found", "dónde se encuentra"), Address(), DIP.URL),
        things(
            "cites", "the sources that it cites, as a whole", "las fuentes que cita, como un todo", DIP.CITES
        ),
        Column(
            "text_hash",
            Bilingual(
                "SHA-256 of its full text, if you have the text", "SHA-256 de su texto completo, si se tiene"
            ),
            Digest(),
            DIP.TEXT_HASH,
        ),
        Column(
            "text_length",
            Bilingual("characters in its full text", "caracteres de su texto completo"),
            Number(),
            DIP.TEXT_LENGTH,
        ),
        *dates("it was published", "se publicó"),
    ),
)

PASSAGE = Record(
    "passage",
    Bilingual(
        "Words of a source that several rows quote; words quoted once go into the row itself.",
        "Palabras de una fuente que citan varias filas; las demás se dan en la propia fila.",
    ),
    "Passage",
    (
        ID,
        thing("source", "where the words occur", "dónde están las palabras", DIP.OCCURS_IN, is_required=True),
        Column(
            "passage",
            Bilingual("the words, exactly", "las palabras, exactas"),
            Words(""),
            DIP.EXACT_TEXT,
            is_required=True,
        ),
        *around_passage(),
    ),
)

TIME = Record(
    "time",
    Bilingual(
        "A time span that several rows share, or at which a tenure begins or ends.",
        "Un intervalo de tiempo que comparten varias filas, o en que empieza o termina un ejercicio.",
    ),
    "TimeSpan",
    (ID, LANGUAGE, *span(Bilingual("it was", "fue"))),
    {"TimeSpan": (tuple(name for name in DATED[0] if name != "time"),)},
)

REPORT = Record(
    "report",
    Bilingual(
        "A source's support for several rows, or for records that already exist; it does not support"
        " values that another table states.",
        "Lo que respalda una fuente, de varias filas a la vez o de algo ya descrito; no respalda ningún valor"
        " que diga otra tabla.",
    ),
    "Report",
    (
        ID,
        NAME,
        LANGUAGE,
        things(
            "reports",
            "the records that the source supports",
            "lo que respalda la fuente",
            DIP.REPORTS,
            is_required=True,
        ),
        Column(
            "topics",
            Bilingual(
                "the topic of the record to which the passage refers",
                "el tema suyo al que pertenece el pasaje",
            ),
            Kind(("topics",)),
            DIP.HAS_TOPIC,
            holds_many=True,
        ),
        *report(),
    ),
)

SHARED_BY_ROWS = (PASSAGE, TIME, REPORT)
