"""Records of statements and of the acts that they hold out, ask for, announce or refuse."""

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import (
    ID,
    IN_OFFICE,
    LABEL_ES,
    LANGUAGE,
    LASTS,
    NAME,
    NAMED,
    NAMES,
    ORDER,
    PARAPHRASE,
    PLACE,
    PREDICTS,
    QUANTITIES,
    QUOTE,
    REASON_FOR,
    TOPICS,
    Column,
    Record,
    kind,
    label,
    thing,
    things,
)
from kg.importers.table.columns_within import of_act, of_claim
from kg.importers.table.literals import Words
from kg.importers.table.shared_columns import CARRIES, dates, report
from kg.importers.table.values import Kind
from kg.terms import DIP

_HELD_OUT = (("act", "holds_out"),)
_WORDS = (("quote", "paraphrase"),)

STATEMENT = Record(
    "statement",
    Bilingual(
        "What an actor said or issued, with its claim, or the act that it threatens, promises or announces.",
        "Lo que un actor dijo o emitió, y la afirmación o el acto que contiene.",
    ),
    "Statement",
    (
        ID,
        NAME,
        LABEL_ES,
        NAMES,
        LANGUAGE,
        things(
            "speaker",
            "who said or issued it, never the outlet that reports it",
            "quién lo dijo o emitió, nunca el medio que lo cuenta",
            DIP.MADE_BY,
            is_required=True,
        ),
        IN_OFFICE,
        things("addressee", "the audience to whom it was said", "para quién se dijo", DIP.ADDRESSED_TO),
        things(
            "about",
            "the actor, happening, act or object that it concerns; for a statement use responds_to",
            "el actor, suceso, acto u objeto del que trata; una declaración va en responds_to",
            DIP.CONCERNS,
        ),
        kind(
            "statement-kinds",
            "its speech act: accuse, praise, deny, threaten",
            "qué hace: acusar, elogiar, negar, amenazar",
        ),
        QUOTE,
        PARAPHRASE,
        TOPICS,
        Column("medium", Bilingual("by which channel", "por qué medio"), Kind(("media",)), DIP.HAS_MEDIUM),
        PLACE,
        *ORDER,
        things(
            "occasion", "the happening at which it was said", "el suceso en que se dijo", DIP.HAS_OCCASION
        ),
        things(
            "announces",
            "the happening or act, described elsewhere, that the speaker makes known as its own",
            "el suceso o acto, descrito en otra parte, que quien habla da a conocer como propio",
            DIP.ANNOUNCES,
        ),
        REASON_FOR,
        PREDICTS,
        QUANTITIES,
        things(
            "part_of",
            "the larger statement to which it belongs",
            "la declaración mayor de la que es parte",
            DIP.PART_OF,
        ),
        things(
            "denies",
            "the claims that it rejects, or the happenings that it says did not occur",
            "las afirmaciones que rechaza, o los sucesos que dice que no hubo",
            DIP.DENIES,
        ),
        thing(
            "version_of",
            "the text that all issued, of which this is the version of one side",
            "el texto que todos emitieron, del que esta es la versión de una parte",
            DIP.VERSION_OF,
        ),
        things(
            "disclaims",
            "the source whose claims it does not endorse; for a disclaimer",
            "la fuente cuyas afirmaciones no respalda; para un descargo",
            DIP.DISCLAIMS,
        ),
        things(
            "advances",
            "claims that are described in rows of record claim",
            "afirmaciones descritas en filas de claim",
            DIP.ADVANCES,
        ),
        *of_claim(),
        *of_act(
            Bilingual("held out, asked for or announced", "se pone en perspectiva, se pide o se anuncia"),
            Bilingual(
                "who would do it; where empty the addressee of a demand, appeal or proposal, else"
                " the speaker",
                "quién lo haría; vacío, el destinatario de una exigencia, llamamiento o propuesta,"
                " si no quien habla",
            ),
            Bilingual(
                "`threatened` for a threat or ultimatum, `promised` for a promise, `requested` for a demand,"
                " appeal or proposal, else `announced`",
                "`threatened` en una amenaza o ultimátum, `promised` en una promesa, `requested` en"
                " una exigencia,"
                " llamamiento o propuesta, si no `announced`",
            ),
            Bilingual("the speaker", "quien habla"),
            needs=(("act_kind",),),
        ),
        things(
            "holds_out",
            "acts that are described already, or in rows of record act, and held out here; kinds threat,"
            " ultimatum and promise only",
            "actos ya descritos, o en filas de act, que aquí se ponen en perspectiva; solo tipos threat,"
            " ultimatum y promise",
            DIP.HOLDS_OUT,
        ),
        things(
            "asks_for",
            "existing acts, or rows of record act, that this statement requests",
            "actos ya descritos, o en filas de act, que aquí se piden",
            DIP.ASKS_FOR,
        ),
        *dates("it was said", "se dijo"),
        *report(
            Bilingual(
                f"{CARRIES.en}; the quote where empty", f"{CARRIES.es}; las palabras de quote si está vacío"
            )
        ),
    ),
    {
        "Statement": _WORDS,
        "threat": _HELD_OUT,
        "promise": _HELD_OUT,
        "ultimatum": _HELD_OUT,
        "disclaimer": (("disclaims",),),
    },
)

ACT = Record(
    "act",
    Bilingual(
        "An act held out, asked for, announced or refused, which several rows mention; rows of record status "
        "give its outcome.",
        "Un acto que se pone en perspectiva, se pide, se anuncia o se rechaza, del que hablan varias"
        " filas; qué fue"
        " de él lo dicen filas de status.",
    ),
    "ProspectiveAct",
    (
        ID,
        label(),
        LABEL_ES,
        NAMES,
        LANGUAGE,
        kind("event-kinds", "its kind", "su tipo", holds_many=True),
        things("performer", "who would do it", "quién lo haría", DIP.WOULD_BE_PERFORMED_BY, is_required=True),
        things("target", "whom it would affect", "a quién afectaría", DIP.WOULD_BE_DIRECTED_AT),
        Column(
            "condition",
            Bilingual(
                "the condition on which it depends, as worded",
                "de qué depende, con las palabras de la fuente",
            ),
            Words(),
            DIP.CONDITION,
        ),
        QUANTITIES,
        LASTS,
    ),
    {"ProspectiveAct": NAMED},
)

STATUS = Record(
    "status",
    Bilingual(
        "The status, at some time, of a prospective act or of a claim.",
        "Qué había sido, en algún momento, de un acto en perspectiva o de una afirmación.",
    ),
    "StatusRecord",
    (
        ID,
        NAME,
        LABEL_ES,
        NAMES,
        LANGUAGE,
        thing(
            "of",
            "the prospective act, or the claim",
            "el acto en perspectiva o la afirmación",
            DIP.APPLIES_TO,
            is_required=True,
        ),
        Column(
            "status",
            Bilingual("its status", "qué fue de él o de ella"),
            Kind(("act-statuses", "claim-statuses")),
            DIP.HAS_STATUS,
            is_required=True,
        ),
        thing(
            "holder",
            "according to whom: a party, the publisher of a source that says it itself, or the body that"
            " found it",
            "según quién: una parte, quien publica la fuente que lo dice ella misma, o el órgano que"
            " lo determinó",
            DIP.HELD_BY,
            is_required=True,
        ),
        thing(
            "deadline",
            "the deadline, according to the holder: a row of record time",
            "el plazo para hacerlo, según el titular: una fila de time",
            DIP.HAS_DEADLINE,
        ),
        LASTS,
        things(
            "settled_by",
            "the happening that brought it about",
            "el suceso que lo produjo",
            DIP.SETTLED_BY,
        ),
        *dates("it was so", "estaba así"),
        *report(),
    ),
    {"agreed": (("settled_by",),), "averted": (("settled_by",),), "carried-out": (("settled_by",),)},
)

RECORDS = (STATEMENT, ACT, STATUS)
