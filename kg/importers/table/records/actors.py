"""Records of actors, places, offices and tenures."""

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import (
    ALSO_KNOWN_AS,
    FOUND_IN,
    ID,
    LABEL_ES,
    LANGUAGE,
    NAME,
    NAMED,
    NAMES,
    NOTE,
    Column,
    Record,
    kind,
    label,
    thing,
    things,
)
from kg.importers.table.shared_columns import dates, report, report_of_ties, tie
from kg.importers.table.values import Class, WikidataItem
from kg.terms import DIP

_WIKIDATA = Column(
    "wikidata",
    Bilingual("its item in Wikidata, by number", "su elemento de Wikidata, por número"),
    WikidataItem(),
    DIP.WIKIDATA_ITEM,
    holds_many=True,
)

ACTOR = Record(
    "actor",
    Bilingual(
        "A state, government, organization, region, person or role group able to act.",
        "Un Estado, gobierno, organización, región, persona o grupo capaz de actuar.",
    ),
    "Actor",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        LANGUAGE,
        Column(
            "class",
            Bilingual("what sort of actor it is, permanently", "qué es, de una vez por todas"),
            Class("Actor", Bilingual("actor", "actores")),
            is_required=True,
        ),
        ALSO_KNOWN_AS,
        tie(
            "part_of", "the larger actor to which it belongs", "el actor mayor al que pertenece", DIP.PART_OF
        ),
        tie(
            "speaks_for", "on whose behalf it issues statements", "en nombre de quién declara", DIP.SPEAKS_FOR
        ),
        tie("governs", "the state whose government it is", "el Estado del que es gobierno", DIP.GOVERNS),
        _WIKIDATA,
        NOTE,
        FOUND_IN,
        *report_of_ties(),
    ),
    {"Actor": NAMED, "Government": (("governs",),)},
)

PLACE = Record(
    "place",
    Bilingual(
        "A building, site or town, smaller than a state.", "Un edificio, sitio o ciudad, menor que un Estado."
    ),
    "Place",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        LANGUAGE,
        ALSO_KNOWN_AS,
        things(
            "part_of", "the larger place, state or region", "el lugar mayor, Estado o región", DIP.PART_OF
        ),
        _WIKIDATA,
        NOTE,
        FOUND_IN,
    ),
    {"Place": NAMED},
)

OFFICE = Record(
    "office",
    Bilingual(
        "A position of authority that persons hold one after another.",
        "Un puesto de autoridad que ejercen personas una tras otra.",
    ),
    "Office",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        LANGUAGE,
        ALSO_KNOWN_AS,
        kind("office-kinds", "the authority that it carries", "qué autoridad confiere", holds_many=True),
        things(
            "office_of",
            "the state or body to which it belongs",
            "el Estado u órgano al que pertenece",
            DIP.OFFICE_OF,
            is_required=True,
        ),
        _WIKIDATA,
        NOTE,
        FOUND_IN,
    ),
    {"Office": NAMED},
)

TENURE = Record(
    "tenure",
    Bilingual(
        "One person's tenure of one office, at a time for which a source attests it.",
        "Una persona en un cargo, en un momento en que lo muestra una fuente.",
    ),
    "OfficeHolding",
    (
        ID,
        NAME,
        LABEL_ES,
        NAMES,
        LANGUAGE,
        thing("holder", "the person", "la persona", DIP.HELD_BY, is_required=True),
        thing("office", "the office", "el cargo", DIP.HOLDS_OFFICE, is_required=True),
        *dates("the source shows the person in office", "la fuente muestra a la persona en el cargo"),
        things(
            "also_attested_at",
            "other times for which the source attests it: rows of record time",
            "otros momentos en que la fuente lo muestra: filas de time",
            DIP.ATTESTED_AT,
        ),
        thing(
            "starts_at",
            "when it began: a row of record time",
            "cuándo empezó: una fila de time",
            DIP.STARTS_AT,
        ),
        thing("ends_at", "when it ended: a row of record time", "cuándo terminó, igual", DIP.ENDS_AT),
        *report(),
    ),
    {"OfficeHolding": (("date", "date_as_written", "earliest", "latest", "time", "starts_at"),)},
)

RECORDS = (ACTOR, PLACE, OFFICE, TENURE)
