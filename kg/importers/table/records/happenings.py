"""Records of events and gestures, and of the objects and inscriptions of gestures."""

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import (
    FOUND_IN,
    ID,
    IN_OFFICE,
    LABEL_ES,
    LANGUAGE,
    LASTS,
    NAME,
    NAMED,
    NAMES,
    ORDER,
    PLACE,
    QUANTITIES,
    TOPICS,
    Column,
    Record,
    kind,
    label,
    thing,
    things,
)
from kg.importers.table.columns_within import of_act, of_reading
from kg.importers.table.literals import ENGLISH, Decimal, Words, WordsOrThing
from kg.importers.table.shared_columns import dates, report
from kg.importers.table.values import Class, Kind, Thing
from kg.terms import DIP

_PARTIES = (("participants",),)
_BY_AND_AT = (("performer",), ("target",))
_OBJECT = ("object", "object_label")

_TARGET = things(
    "target", "to whom or against whom it was done", "a quién o contra quién se hizo", DIP.DIRECTED_AT
)
_PARTICIPANTS = things(
    "participants",
    "who took part as an equal",
    "quién participó a la par de otros",
    DIP.INVOLVES,
)
_OUTCOME = Column(
    "outcome",
    Bilingual("its outcome, in the words of the source", "qué resultó, con las palabras de la fuente"),
    Words(),
    DIP.OUTCOME,
)
_PART_OF = things(
    "part_of", "the larger happening to which it belongs", "el suceso mayor del que es parte", DIP.PART_OF
)

EVENT = Record(
    "event",
    Bilingual(
        "What a source reports as having happened, in its own voice or as announced by the performer.",
        "Lo que una fuente da por sucedido, con voz propia o como lo anunció quien lo hizo.",
    ),
    "Event",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        LANGUAGE,
        Column(
            "class",
            Bilingual("its class; if empty, the class of its kind", "su clase; la de su tipo si está vacío"),
            Class("Event", Bilingual("event", "acontecimientos"), may_be_root=True),
        ),
        kind("event-kinds", "what happened", "qué sucedió", holds_many=True),
        things("performer", "who did it", "de quién fue el acto", DIP.PERFORMED_BY),
        _PARTICIPANTS,
        IN_OFFICE,
        _TARGET,
        PLACE,
        things("host", "who received the other participants", "quién recibió a los demás", DIP.HOSTED_BY),
        TOPICS,
        _OUTCOME,
        QUANTITIES,
        LASTS,
        things(
            "object",
            "the things, described in rows of record object, with which it was done",
            "las cosas, descritas en filas de object, con que se hizo",
            DIP.MADE_WITH,
        ),
        _PART_OF,
        *ORDER,
        things(
            "refuses",
            "the existing act, or row of record act, that was refused",
            "el acto, ya descrito o en una fila de act, que se rechazó",
            DIP.REFUSES,
        ),
        things("departs_from", "where a flight began", "de dónde salió un vuelo", DIP.DEPARTS_FROM),
        things("bound_for", "where it was to end", "adónde iba", DIP.BOUND_FOR),
        things("carries", "who was on board", "quién iba a bordo", DIP.CARRIES),
        things(
            "recorded_in",
            "the source that holds the agreed text",
            "la fuente que contiene el texto acordado",
            DIP.RECORDED_IN,
        ),
        *of_act(
            Bilingual("refused", "se rechaza"),
            Bilingual("who would do it", "quién lo haría"),
            Bilingual("`refused`", "`refused`"),
            Bilingual("the performer", "quien actúa"),
            needs=(("act_kind",), ("act_by",)),
        ),
        *dates("it happened", "sucedió"),
        *report(),
    ),
    {
        "Event": (*NAMED, ("performer", "participants")),
        "Agreement": _PARTIES,
        "Meeting": _PARTIES,
        "Negotiation": _PARTIES,
        "Refusal": (("performer",), ("act", "refuses")),
        "Measure": (("performer",),),
        "Sanction": _BY_AND_AT,
        "TradeMeasure": _BY_AND_AT,
        "MilitaryOperation": (("performer",),),
        "DeportationFlight": (("performer",), ("bound_for",)),
        "Visit": (("performer",), ("host",)),
    },
)

GESTURE = Record(
    "gesture",
    Bilingual(
        "An act done for its symbolic meaning: a gift, an altered inscription, a handshake.",
        "Un acto hecho por lo que muestra: un obsequio, una inscripción alterada, un apretón de manos.",
    ),
    "Gesture",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        LANGUAGE,
        kind("gesture-kinds", "what was done", "qué se hizo"),
        things("giver", "who gave; for a gift", "quién entregó; para un obsequio", DIP.GIVEN_BY),
        things("receiver", "who received; for a gift", "quién recibió; para un obsequio", DIP.RECEIVED_BY),
        things(
            "performer",
            "who did it; for any other gesture",
            "quién lo hizo; para cualquier otro gesto",
            DIP.PERFORMED_BY,
        ),
        _PARTICIPANTS,
        IN_OFFICE,
        things("target", "to whom it was shown", "a quién se mostró", DIP.DIRECTED_AT),
        Column("object", Bilingual("the thing it was made with", "la cosa con que se hizo"), Thing()),
        Column(
            "object_label",
            Bilingual(
                "the name of that thing in English, if it is not described yet",
                "el nombre de esa cosa en inglés, si aún no está descrita",
            ),
            Words(ENGLISH),
        ),
        Column(
            "inscription",
            Bilingual(
                "the words that the thing bears when first recorded",
                "las palabras que lleva la cosa cuando se registra",
            ),
            WordsOrThing(),
        ),
        Column(
            "inscription_before",
            Bilingual(
                "the words on it before they were changed", "las palabras que llevaba antes del cambio"
            ),
            WordsOrThing(),
        ),
        Column(
            "inscription_after",
            Bilingual("the words on it afterwards", "las palabras que lleva desde entonces"),
            WordsOrThing(),
        ),
        things(
            "occasion",
            "the happening at which it took place",
            "el suceso en que tuvo lugar",
            DIP.HAS_OCCASION,
        ),
        _PART_OF,
        PLACE,
        TOPICS,
        _OUTCOME,
        QUANTITIES,
        LASTS,
        *ORDER,
        *dates("it happened", "sucedió"),
        *report(),
        *of_reading(),
    ),
    {
        "Gesture": NAMED,
        "gift": (("giver",), ("receiver",), _OBJECT),
        "alteration-of-inscription": (
            ("performer",),
            _OBJECT,
            ("inscription_before",),
            ("inscription_after",),
        ),
        "display-of-symbol": (("performer",),),
        "handshake": (("performer",),),
    },
)

OBJECT = Record(
    "object",
    Bilingual(
        "A thing that gestures are made with: a hat, a medal, a flag.",
        "Una cosa con que se hacen gestos: una gorra, una medalla, una bandera.",
    ),
    "SymbolicObject",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        things(
            "bears",
            "the words on it, described in rows of record inscription",
            "las palabras que lleva, descritas en filas de inscription",
            DIP.BEARS,
        ),
        FOUND_IN,
    ),
    {"SymbolicObject": NAMED},
)

INSCRIPTION = Record(
    "inscription",
    Bilingual(
        "Words on a thing, if several rows mention them or they are adapted from another inscription.",
        "Palabras que lleva una cosa, si varias filas hablan de ellas o se adaptaron de otras.",
    ),
    "Inscription",
    (
        ID,
        LANGUAGE,
        Column(
            "inscription",
            Bilingual("the words as inscribed, without quotation marks", "las letras, sin comillas"),
            Words(),
            DIP.TEXT,
            is_required=True,
        ),
        thing(
            "adapted_from",
            "the inscription from which it was adapted",
            "la inscripción de la que es una forma cambiada",
            DIP.ADAPTED_FROM,
        ),
        FOUND_IN,
    ),
)

PARTICIPATION = Record(
    "participation",
    Bilingual(
        "The role of an actor in a happening or a text: mediator, host, drafter, witness.",
        "El papel que tuvo un actor en un suceso o un texto: mediador, anfitrión, redactor, testigo.",
    ),
    "Participation",
    (
        ID,
        NAME,
        LABEL_ES,
        NAMES,
        LANGUAGE,
        thing("holder", "who took the part", "de quién fue el papel", DIP.HELD_BY, is_required=True),
        things(
            "in",
            "the happenings, statements or acts in which it was taken",
            "los sucesos, declaraciones o actos en que se tuvo",
            DIP.TAKES_PART_IN,
            is_required=True,
        ),
        Column(
            "role",
            Bilingual("which part", "qué papel"),
            Kind(("participant-roles",)),
            DIP.HAS_KIND,
            is_required=True,
        ),
        *report(),
    ),
)

QUANTITY = Record(
    "quantity",
    Bilingual(
        "How many or how much, as a source words it; for a range, write two rows.",
        "Cuántos o cuánto, como lo dice una fuente; lo que está entre dos números son dos filas.",
    ),
    "Quantity",
    (
        ID,
        LANGUAGE,
        Column("amount", Bilingual("the number", "el número"), Decimal(), DIP.AMOUNT, is_required=True),
        Column(
            "unit",
            Bilingual("what is counted or measured", "qué se cuenta o mide"),
            Words(),
            DIP.UNIT,
            is_required=True,
        ),
        Column(
            "amount_as_written",
            Bilingual(
                "the words of the source: some forty truckers", "las palabras de la fuente: unos cuarenta"
            ),
            Words(),
            DIP.AMOUNT_AS_WRITTEN,
            is_required=True,
        ),
        Column(
            "amount_hedge",
            Bilingual("how exact the words are", "cuán exactas son las palabras"),
            Kind(("amount-hedges",)),
            DIP.HAS_KIND,
            is_required=True,
        ),
    ),
)

RECORDS = (EVENT, GESTURE, OBJECT, INSCRIPTION, PARTICIPATION, QUANTITY)
