"""The record of kinds that a submission defines."""

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import ID, LANGUAGE, Column, Record
from kg.importers.table.literals import ENGLISH, Words
from kg.importers.table.values import OPEN_LISTS, Kind
from kg.iris import PREFIXES
from kg.terms import SKOS

KIND = Record(
    "kind",
    Bilingual(
        "A kind of your own, if no kind of a list describes what was done; a release may adopt"
        " frequent ones.",
        "Un tipo propio, si ningún tipo de una lista dice lo que se hizo; una versión puede adoptar"
        " los comunes.",
    ),
    "Concept",
    (
        ID,
        Column(
            "label",
            Bilingual("its name in English", "su nombre en inglés"),
            Words(ENGLISH),
            SKOS.PREF_LABEL,
            is_required=True,
        ),
        Column(
            "label_es", Bilingual("its name in Spanish", "su nombre en español"), Words("es"), SKOS.PREF_LABEL
        ),
        LANGUAGE,
        Column(
            "definition",
            Bilingual(
                "a sentence that says what it covers and what it does not",
                "una frase que dice qué es de este tipo y qué no",
            ),
            Words(),
            SKOS.DEFINITION,
            is_required=True,
        ),
        Column(
            "broader",
            Bilingual("the kind that it is a case of", "el tipo del que es un caso"),
            Kind(OPEN_LISTS),
            SKOS.BROADER,
            is_required=True,
        ),
    ),
    namespace=PREFIXES["skos"],
)

RECORDS = (KIND,)
