"""Records of claims, of the points that they dispute, and of accounts, which consist of claims."""

from dataclasses import replace

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import (
    ID,
    LABEL_ES,
    LANGUAGE,
    NAME,
    NAMED,
    NAMES,
    QUANTITIES,
    TOPICS,
    Column,
    Record,
    label,
    thing,
    things,
)
from kg.importers.table.columns_within import words_of_claim
from kg.importers.table.literals import Words
from kg.importers.table.values import Kind
from kg.terms import DIP

CLAIM = Record(
    "claim",
    Bilingual(
        "A further claim of a statement, or a claim that several statements advance; never treated as fact.",
        "Otra afirmación de una declaración, o una que sostienen varias; nunca se da por hecho.",
    ),
    "Claim",
    (
        ID,
        NAME,
        LABEL_ES,
        NAMES,
        QUANTITIES,
        LANGUAGE,
        replace(
            things(
                "said_in",
                "the statements that advance it",
                "las declaraciones que la sostienen",
                DIP.ADVANCES,
            ),
            is_inverse=True,
        ),
        Column(
            "claim",
            Bilingual(
                "what the claimant says is or was the case, in the words of the source",
                "lo que quien afirma dice que es o fue, con sus palabras",
            ),
            Words(),
            DIP.CONTENT,
            is_required=True,
        ),
        things(
            "claim_by", "whose claim it is", "de quién es la afirmación", DIP.CLAIMED_BY, is_required=True
        ),
        things(
            "about",
            "the actor, happening, act or object that it concerns",
            "el actor, suceso, acto u objeto del que trata",
            DIP.CONCERNS,
        ),
        things("alleged_actor", "who is said to have acted", "quién se dice que actuó", DIP.ALLEGED_ACTOR),
        Column(
            "alleged_kind",
            Bilingual("what kind of act is alleged", "qué tipo de acto se alega"),
            Kind(("event-kinds", "gesture-kinds")),
            DIP.ALLEGED_KIND,
        ),
        things(
            "alleged_place",
            "where it is said to have been done",
            "dónde se dice que se hizo",
            DIP.ALLEGED_PLACE,
        ),
        thing(
            "alleged_time",
            "when it is said to have been done: a row of record time",
            "cuándo se dice que se hizo: una fila de time",
            DIP.ALLEGED_TIME,
        ),
        QUANTITIES,
        things(
            "alleged_target",
            "to whom it is said to have been done",
            "a quién se dice que se hizo",
            DIP.ALLEGED_TARGET,
        ),
        *words_of_claim((), DIP.CONTESTED_WORD, DIP.EQUIVALENT_WORD),
        TOPICS,
        replace(
            things(
                "bears_on",
                "the disputed point to which the claim gives an answer",
                "el punto en disputa sobre el que toma partido",
                DIP.DISPUTES,
            ),
            is_inverse=True,
        ),
    ),
)

POINT = Record(
    "point",
    Bilingual(
        "A question about a happening that at least two claims or accounts answer differently.",
        "Una cuestión sobre un suceso que al menos dos afirmaciones o versiones responden de otro modo.",
    ),
    "DisputedPoint",
    (
        ID,
        label("the question in English", "la pregunta en inglés"),
        LABEL_ES,
        NAMES,
        QUANTITIES,
        things(
            "about",
            "the happening, or the statement that has several versions",
            "el suceso, o la declaración que es un texto de varias versiones",
            DIP.CONCERNS,
            is_required=True,
        ),
        things(
            "disputes",
            "the claims, accounts or versions of a text that answer it; a claim may name the point"
            " in `bears_on`",
            "las afirmaciones, relatos o versiones de un texto que la responden; una afirmación"
            " puede nombrar el"
            " punto en `bears_on`",
            DIP.DISPUTES,
        ),
    ),
    {"DisputedPoint": NAMED},
)

ACCOUNT = Record(
    "account",
    Bilingual(
        "One holder's version of a happening of which others give a different version.",
        "La versión que da un titular de un suceso que otros cuentan de otro modo.",
    ),
    "Account",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        QUANTITIES,
        LANGUAGE,
        thing("of", "the happening", "el suceso", DIP.RECOUNTS, is_required=True),
        thing("holder", "whose version it is", "de quién es la versión", DIP.HELD_BY, is_required=True),
        things(
            "given_in",
            "the statement or source in which it was given",
            "la declaración o fuente en que se dio",
            DIP.GIVEN_IN,
            is_required=True,
        ),
        things(
            "claims",
            "the claims that make it up",
            "las afirmaciones que la componen",
            DIP.COMPRISES,
            is_required=True,
        ),
        Column(
            "reading_note",
            Bilingual(
                "why you read the words as an account of this happening",
                "por qué se lee que las palabras tratan de este suceso",
            ),
            Words(),
            DIP.INFERENCE_NOTE,
        ),
    ),
    {"Account": NAMED},
)

RECORDS = (CLAIM, POINT, ACCOUNT)
