"""The records of the template: which columns each has, and what its kinds cannot do without."""

from collections.abc import Mapping

from kg.importers.table.columns import (
    CARRIES,
    DATED,
    ID,
    IN_OFFICE,
    LABEL_ES,
    LANGUAGE,
    NAME,
    ORDER,
    TOPICS,
    Column,
    Record,
    dates,
    kind,
    label,
    of_act,
    of_claim,
    of_reading,
    report,
    report_of_ties,
    things,
    tie,
)
from kg.importers.table.table import RECORD_COLUMN
from kg.importers.table.values import (
    ENGLISH,
    OPEN_LISTS,
    Address,
    Class,
    Digest,
    Kind,
    Number,
    Thing,
    ThingOrTopic,
    Words,
    WordsOrThing,
)
from kg.iris import PREFIXES
from kg.terms import DCTERMS, DIP, SKOS

_HELD_OUT = (("act", "holds_out"),)
_PARTIES = (("participants",),)
_BY_AND_AT = (("performer",), ("target",))
_WORDS = (("quote", "paraphrase"),)

SOURCE = Record(
    "source",
    "A document, page or message in which facts were found.",
    "Source",
    (
        ID,
        Column(
            "label",
            "its title, as printed; in brackets if you supply it",
            Words(),
            DCTERMS.TITLE,
            is_required=True,
        ),
        LANGUAGE,
        kind("source-kinds", "what sort of document it is"),
        things("publisher", "who published it", DIP.PUBLISHED_BY, is_required=True),
        Column("url", "where it can be found", Address(), DIP.URL),
        things("cites", "the sources that it cites, as a whole", DIP.CITES),
        Column("text_hash", "SHA-256 of its full text, if that is at hand", Digest(), DIP.TEXT_HASH),
        Column("text_length", "characters in its full text", Number(), DIP.TEXT_LENGTH),
        *dates("it was published"),
    ),
)


ACTOR = Record(
    "actor",
    "A state, government, organization, region, person or role group able to act.",
    "Actor",
    (
        ID,
        label(),
        LABEL_ES,
        LANGUAGE,
        Column("class", "what it is, once and for all", Class("Actor"), is_required=True),
        Column(
            "also_known_as",
            "other names that sources use",
            Words(),
            SKOS.ALT_LABEL,
            holds_many=True,
        ),
        tie("part_of", "the larger actor it belongs to", DIP.PART_OF),
        tie("speaks_for", "on whose behalf it issues statements", DIP.SPEAKS_FOR),
        tie("governs", "the state whose government it is", DIP.GOVERNS),
        things("source", "a source that names it", DIP.FOUND_IN, is_required=True),
        *report_of_ties(),
    ),
    {"Government": (("governs",),)},
)

PLACE = Record(
    "place",
    "A building, site or town, smaller than a state.",
    "Place",
    (
        ID,
        label(),
        LABEL_ES,
        things("part_of", "the larger place, state or region", DIP.PART_OF),
        things("source", "a source that names it", DIP.FOUND_IN, is_required=True),
    ),
)


OFFICE = Record(
    "office",
    "A position of authority that persons hold one after another.",
    "Office",
    (
        ID,
        label(),
        LABEL_ES,
        kind("office-kinds", "what authority it carries", holds_many=True),
        things("office_of", "the state or body it belongs to", DIP.OFFICE_OF, is_required=True),
        things("source", "a source that names it", DIP.FOUND_IN, is_required=True),
    ),
)


TENURE = Record(
    "tenure",
    "One person in one office, at a time at which a source shows it.",
    "OfficeHolding",
    (
        ID,
        NAME,
        LABEL_ES,
        LANGUAGE,
        Column("holder", "the person", Thing(), DIP.HELD_BY, is_required=True),
        Column("office", "the office", Thing(), DIP.HOLDS_OFFICE, is_required=True),
        *dates("the source shows the person in office"),
        *report(),
    ),
    {"OfficeHolding": DATED},
)


STATEMENT = Record(
    "statement",
    "What an actor said or issued, and the claim or the act held out in it.",
    "Statement",
    (
        ID,
        NAME,
        LABEL_ES,
        LANGUAGE,
        things(
            "speaker",
            "who said or issued it, never the outlet that reports it",
            DIP.MADE_BY,
            is_required=True,
        ),
        IN_OFFICE,
        things("addressee", "for whose ears it was said", DIP.ADDRESSED_TO),
        things("about", "the actor, happening or object it is about", DIP.CONCERNS),
        kind("statement-kinds", "what it does: accuse, praise, deny, threaten"),
        Column("quote", "the very words, without quotation marks around them", Words(), DIP.QUOTATION),
        Column("paraphrase", "their gist, where the very words are not given", Words(), DIP.PARAPHRASE),
        TOPICS,
        Column("medium", "by which channel", Kind(("media",)), DIP.HAS_MEDIUM),
        *ORDER,
        things("occasion", "the happening at which it was said", DIP.HAS_OCCASION),
        things(
            "announces",
            "the happening, described elsewhere, that the speaker makes known as its own",
            DIP.ANNOUNCES,
        ),
        things(
            "reason_for", "the happening or act for which the speaker gives a reason", DIP.GIVES_REASON_FOR
        ),
        things("part_of", "the larger statement it belongs to", DIP.PART_OF),
        things("denies", "the claims that it rejects", DIP.DENIES),
        things("disclaims", "the source whose claims it does not endorse; for a disclaimer", DIP.DISCLAIMS),
        *of_claim(),
        *of_act(
            "held out, asked for or announced",
            "who would do it; where empty the addressee of a demand, appeal or proposal, else the speaker",
            "`threatened` for a threat or ultimatum, `promised` for a promise, `requested` for a demand,"
            " appeal or proposal, else `announced`",
            "the speaker",
            needs=(("act_kind",),),
        ),
        things("holds_out", "acts that are described already and held out again", DIP.HOLDS_OUT),
        things("asks_for", "acts that are described already and asked for", DIP.ASKS_FOR),
        *dates("it was said"),
        *report(f"{CARRIES}; the quote where empty"),
    ),
    {
        "Statement": _WORDS,
        "threat": _HELD_OUT,
        "promise": _HELD_OUT,
        "ultimatum": _HELD_OUT,
        "disclaimer": (("disclaims",),),
    },
)

EVENT = Record(
    "event",
    "What a source reports as having happened, in its own voice or as its performer announced it.",
    "Event",
    (
        ID,
        label(),
        LABEL_ES,
        LANGUAGE,
        Column("class", "its class; that of its kind where empty", Class("Event", may_be_root=True)),
        kind("event-kinds", "what happened", holds_many=True),
        things("performer", "whose deed it was", DIP.PERFORMED_BY),
        things("participants", "who took part on a footing with others", DIP.INVOLVES),
        IN_OFFICE,
        things("target", "to whom or against whom it was done", DIP.DIRECTED_AT),
        things("place", "where", DIP.TAKES_PLACE_IN),
        things("host", "who received the others", DIP.HOSTED_BY),
        TOPICS,
        Column("outcome", "what came of it, as worded", Words(), DIP.OUTCOME),
        things("part_of", "the larger happening it belongs to", DIP.PART_OF),
        *ORDER,
        things("refuses", "the act, described already, that was refused", DIP.REFUSES),
        things("departs_from", "where a flight began", DIP.DEPARTS_FROM),
        things("bound_for", "where it was to end", DIP.BOUND_FOR),
        things("carries", "who was on board", DIP.CARRIES),
        things("recorded_in", "the source that holds the agreed text", DIP.RECORDED_IN),
        *of_act(
            "refused",
            "who would do it",
            "`refused`",
            "the performer",
            needs=(("act_kind",), ("act_by",)),
        ),
        *dates("it happened"),
        *report(),
    ),
    {
        "Event": (("performer", "participants"),),
        "Agreement": _PARTIES,
        "Meeting": _PARTIES,
        "Negotiation": _PARTIES,
        "Refusal": (("performer",), ("act", "refuses")),
        "Measure": _BY_AND_AT,
        "Sanction": _BY_AND_AT,
        "TradeMeasure": _BY_AND_AT,
        "MilitaryOperation": (("performer",),),
        "DeportationFlight": (("performer",), ("bound_for",)),
        "Visit": (("performer",), ("host",)),
    },
)

GESTURE = Record(
    "gesture",
    "An act done for what it shows: a gift, an altered inscription, a handshake.",
    "Gesture",
    (
        ID,
        label(),
        LABEL_ES,
        LANGUAGE,
        kind("gesture-kinds", "what was done"),
        things("giver", "who gave; for a gift", DIP.GIVEN_BY),
        things("receiver", "who received; for a gift", DIP.RECEIVED_BY),
        things("performer", "who did it; for any other gesture", DIP.PERFORMED_BY),
        IN_OFFICE,
        things("target", "to whom it was shown", DIP.DIRECTED_AT),
        Column("object", "the thing it was made with", Thing()),
        Column(
            "object_label", "the name of that thing in English, if it is not described yet", Words(ENGLISH)
        ),
        Column("inscription", "the words that the thing bears when first recorded", WordsOrThing()),
        Column("inscription_before", "the words upon it before they were changed", WordsOrThing()),
        Column("inscription_after", "the words upon it since", WordsOrThing()),
        things("occasion", "the happening at which it took place", DIP.HAS_OCCASION),
        things("part_of", "the larger happening it belongs to", DIP.PART_OF),
        things("place", "where", DIP.TAKES_PLACE_IN),
        TOPICS,
        *ORDER,
        *dates("it happened"),
        *report(),
        *of_reading(),
    ),
    {
        "gift": (("giver",), ("receiver",), ("object", "object_label")),
        "alteration-of-inscription": (
            ("performer",),
            ("object", "object_label"),
            ("inscription_before",),
            ("inscription_after",),
        ),
        "display-of-symbol": (("performer",),),
        "handshake": (("performer",),),
    },
)

STANCE = Record(
    "stance",
    "Where an actor stands toward another or toward a policy, as somebody judges.",
    "Stance",
    (
        ID,
        NAME,
        LABEL_ES,
        LANGUAGE,
        Column("holder", "whose stance it is", Thing(), DIP.HELD_BY, is_required=True),
        Column(
            "toward", "toward whom or what", ThingOrTopic(), DIP.TOWARD, is_required=True, holds_many=True
        ),
        Column(
            "mode",
            "does it show in words or in deeds",
            Kind(("stance-modes",)),
            DIP.HAS_MODE,
            is_required=True,
        ),
        Column(
            "position",
            "where the holder stands",
            Kind(("stance-positions",)),
            DIP.POSITION,
            is_required=True,
        ),
        things("assessor", "who judges so", DIP.ASSESSED_BY, is_required=True),
        TOPICS,
        *dates("it was so"),
        *report(),
    ),
    {"Stance": DATED},
)

STATUS = Record(
    "status",
    "What had become, at some time, of an act held out or of a claim.",
    "StatusRecord",
    (
        ID,
        NAME,
        LANGUAGE,
        Column("of", "the act held out, or the claim", Thing(), DIP.APPLIES_TO, is_required=True),
        Column(
            "status",
            "what became of it",
            Kind(("act-statuses", "claim-statuses")),
            DIP.HAS_STATUS,
            is_required=True,
        ),
        Column(
            "holder",
            "by whose word: a party, the publisher of a source that says it itself, or the body that"
            " found it",
            Thing(),
            DIP.HELD_BY,
            is_required=True,
        ),
        things("settled_by", "the happening that brought it about", DIP.SETTLED_BY),
        *dates("it was so"),
        *report(),
    ),
    {"agreed": (("settled_by",),), "averted": (("settled_by",),), "carried-out": (("settled_by",),)},
)

REPORT = Record(
    "report",
    "One more source for what is described already; it bears out no value that another table states.",
    "Report",
    (
        ID,
        NAME,
        LANGUAGE,
        things("reports", "what the source bears out", DIP.REPORTS, is_required=True),
        Column(
            "topics",
            "the topic of it to which the passage belongs",
            Kind(("topics",)),
            DIP.HAS_TOPIC,
            holds_many=True,
        ),
        *report(),
    ),
)


KIND = Record(
    "kind",
    "A kind of your own, where no kind of a list says what was done; a release may take up the common ones.",
    "Concept",
    (
        ID,
        Column("label", "its name in English", Words(ENGLISH), SKOS.PREF_LABEL, is_required=True),
        Column("label_es", "its name in Spanish", Words("es"), SKOS.PREF_LABEL),
        LANGUAGE,
        Column(
            "definition",
            "a sentence that says what is of it and what is not",
            Words(),
            SKOS.DEFINITION,
            is_required=True,
        ),
        Column("broader", "the kind that it is a case of", Kind(OPEN_LISTS), SKOS.BROADER, is_required=True),
    ),
    namespace=PREFIXES["skos"],
)


RECORDS: Mapping[str, Record] = {
    record.name: record
    for record in (
        SOURCE,
        ACTOR,
        PLACE,
        OFFICE,
        TENURE,
        KIND,
        STATEMENT,
        EVENT,
        GESTURE,
        STANCE,
        STATUS,
        REPORT,
    )
}

COLUMNS: tuple[str, ...] = (
    RECORD_COLUMN,
    *dict.fromkeys(column.name for record in RECORDS.values() for column in record.columns),
)
"""Every column there is, in the order in which a table of all records has them."""
