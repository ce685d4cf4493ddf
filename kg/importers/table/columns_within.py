"""Columns of things within a statement or gesture: a claim, an act, a first reading."""

from pyoxigraph import NamedNode

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import Column, Groups
from kg.importers.table.literals import ENGLISH, Number, Words, WordsOrThing
from kg.importers.table.shared_columns import CARRIES
from kg.importers.table.values import Kind, Name, Thing


def _alleged(name: str, en: str, es: str, beside: Groups) -> Column:
    return Column(name, Bilingual(en, es), Thing(), holds_many=True, needs=beside)


def of_claim() -> tuple[Column, ...]:
    """Return the columns of a claim within a statement."""
    beside: Groups = (("claim",),)
    return (
        Column(
            "claim",
            Bilingual(
                "what the speaker says is or was the case, in their words; never treated as fact",
                "lo que quien habla dice que es o fue, con sus palabras; nunca se da por hecho",
            ),
            Words(),
        ),
        Column(
            "claim_label",
            Bilingual("its name in English", "su nombre en inglés"),
            Words(ENGLISH),
            needs=beside,
        ),
        Column(
            "claim_label_es",
            Bilingual("its name in Spanish", "su nombre en español"),
            Words("es"),
            needs=beside,
        ),
        _alleged(
            "claim_by",
            "whose claim it is; if empty, the speaker",
            "de quién es la afirmación; de quien habla si está vacío",
            beside,
        ),
        _alleged(
            "claim_about",
            "the actor, happening, act or object that it concerns",
            "el actor, suceso, acto u objeto del que trata",
            beside,
        ),
        _alleged("alleged_actor", "who is said to have acted", "quién se dice que actuó", beside),
        Column(
            "alleged_kind",
            Bilingual("what kind of act is alleged", "qué tipo de acto se alega"),
            Kind(("event-kinds", "gesture-kinds")),
            needs=beside,
        ),
        _alleged("alleged_place", "where it is said to have been done", "dónde se dice que se hizo", beside),
        Column(
            "alleged_time",
            Bilingual(
                "when it is said to have been done: a row of record time",
                "cuándo se dice que se hizo: una fila de time",
            ),
            Thing(),
            needs=beside,
        ),
        _alleged(
            "alleged_target", "to whom it is said to have been done", "a quién se dice que se hizo", beside
        ),
        *words_of_claim(beside),
        Column(
            "claim_topics",
            Bilingual("its subject matters", "sus temas"),
            Kind(("topics",)),
            holds_many=True,
            needs=beside,
        ),
        _alleged(
            "bears_on",
            "the disputed point to which the claim gives an answer",
            "el punto en disputa sobre el que toma partido",
            beside,
        ),
    )


def words_of_claim(
    beside: Groups, contested: NamedNode | None = None, equivalent: NamedNode | None = None
) -> tuple[Column, ...]:
    """Return the columns for the words that only a claimant uses."""
    return (
        Column(
            "contested_word",
            Bilingual(
                "a word that only the claimant uses for it, in lower case",
                "una palabra que solo usa quien afirma, en minúscula",
            ),
            Words(""),
            contested,
            holds_many=True,
            needs=beside,
        ),
        Column(
            "equivalent_word",
            Bilingual(
                "a translation or synonym of the contested word, which labels may not use either, in lower"
                " case; its plural and verb forms are found without being listed",
                "una traducción suya o palabra que dice lo mismo, que los nombres tampoco usan, en minúscula;"
                " su plural y sus formas verbales se hallan sin escribirlos",
            ),
            Words(""),
            equivalent,
            holds_many=True,
            needs=(("contested_word",),),
        ),
    )


def of_act(
    what: Bilingual, by: Bilingual, status: Bilingual, holder: Bilingual, needs: Groups
) -> tuple[Column, ...]:
    """Return the columns of an act that is spoken of or refused, and not reported as done."""
    beside: Groups = (("act",),)
    return (
        Column(
            "act",
            Bilingual(
                f"the act that is {what.en}, named in English",
                f"el acto que {what.es}, con su nombre en inglés",
            ),
            Words(ENGLISH),
            needs=needs,
        ),
        Column("act_es", Bilingual("its name in Spanish", "su nombre en español"), Words("es"), needs=beside),
        Column(
            "act_id",
            Bilingual(
                "the id of the act; if empty, it is made from the row's id",
                "cómo llamar al acto; vacío, se forma con el id de la fila",
            ),
            Name(),
            needs=beside,
        ),
        Column(
            "act_kind",
            Bilingual("its kind", "su tipo"),
            Kind(("event-kinds",)),
            holds_many=True,
            needs=beside,
        ),
        Column("act_by", by, Thing(), holds_many=True, needs=beside),
        Column(
            "act_toward",
            Bilingual("whom it would affect", "a quién afectaría"),
            Thing(),
            holds_many=True,
            needs=beside,
        ),
        Column(
            "condition",
            Bilingual(
                "the condition on which it depends, as worded",
                "de qué depende, con las palabras de la fuente",
            ),
            Words(),
            needs=beside,
        ),
        Column(
            "act_status",
            Bilingual(
                f"its status at that time; {status.en} where empty",
                f"qué había sido de él; {status.es} si está vacío",
            ),
            Kind(("act-statuses",)),
            needs=beside,
        ),
        Column(
            "act_deadline",
            Bilingual(
                "the deadline: a row of record time",
                "el plazo para hacerlo: una fila de time",
            ),
            Thing(),
            needs=beside,
        ),
        Column(
            "act_holder",
            Bilingual(
                f"according to whom it had that status; {holder.en} where empty",
                f"según quién estaba así; {holder.es} si está vacío",
            ),
            Thing(),
            needs=beside,
        ),
    )


def of_reading() -> tuple[Column, ...]:
    """Return the columns of an interpretation of a gesture."""
    beside: Groups = (("meaning",),)
    return (
        Column(
            "interpreter",
            Bilingual("who says what it means", "quién dice qué significa"),
            Thing(),
            holds_many=True,
            needs=beside,
        ),
        Column(
            "meaning",
            Bilingual(
                "what the interpreter says it means, as worded; put other interpretations into separate rows",
                "qué dice el intérprete que significa, con sus palabras; otras lecturas tienen filas propias",
            ),
            Words(),
            needs=(("interpreter",), ("meaning_hedge",), ("meaning_basis",)),
        ),
        Column(
            "meaning_topics",
            Bilingual("subject matters of the meaning", "temas de esa lectura"),
            Kind(("topics",)),
            holds_many=True,
            needs=beside,
        ),
        Column(
            "meaning_passage",
            Bilingual(
                f"{CARRIES.en}; the passage of the gesture where empty",
                f"{CARRIES.es}; el pasaje del gesto si está vacío",
            ),
            WordsOrThing(""),
            needs=beside,
        ),
        Column(
            "meaning_start",
            Bilingual("like passage_start, for the meaning", "como passage_start"),
            Number(),
            needs=(("meaning_passage",),),
        ),
        Column("meaning_hedge", Bilingual("as hedge", "como hedge"), Kind(("hedges",)), needs=beside),
        Column("meaning_basis", Bilingual("as basis", "como basis"), Kind(("report-bases",)), needs=beside),
        Column(
            "meaning_through", Bilingual("as through", "como through"), Thing(), holds_many=True, needs=beside
        ),
    )
