"""Kinds that need a column which is otherwise optional, for the explanation of the table.

The table itself or the gate's shapes enforce this; the explanation lets curators know it before a rejection.
"""

from collections.abc import Mapping

from kg.importers.table.bilingual import Bilingual


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)


_OBJECT = Bilingual(
    "`gift`, `alteration-of-inscription`; or `object_label` instead",
    "`gift`, `alteration-of-inscription`; o la otra de `object` y `object_label`",
)

_WORDS = Bilingual("one of `quote` and `paraphrase`", "una de `quote` y `paraphrase`")

NEEDED_FOR: Mapping[tuple[str, str], Bilingual] = {
    ("actor", "governs"): Bilingual("class `Government`", "clase `Government`"),
    ("statement", "holds_out"): Bilingual(
        "`threat`, `ultimatum`, `promise`; or `act`", "`threat`, `ultimatum`, `promise`; o `act`"
    ),
    ("statement", "quote"): _WORDS,
    ("statement", "paraphrase"): _WORDS,
    ("statement", "disclaims"): _same("`disclaimer`"),
    ("status", "settled_by"): _same("`agreed`, `averted`, `carried-out`"),
    ("event", "performer"): Bilingual(
        "measures (sanctions, tariffs, visas, borders, suspension, resumption), refusals, visits, operations,"
        " flights; others without `participants`",
        "medidas (sanciones, aranceles, visados, fronteras, suspensión, reanudación), negativas, visitas,"
        " operaciones, vuelos; los demás sin `participants`",
    ),
    ("event", "participants"): Bilingual(
        "meetings, negotiations, agreements, understandings (two or more); other kinds if `performer` is"
        " empty",
        "reuniones, negociaciones, acuerdos, entendimientos, dos o más; los demás sin `performer`",
    ),
    ("event", "target"): Bilingual(
        "measures, except `border-closure` and `border-opening`",
        "medidas, salvo `border-closure` y `border-opening`",
    ),
    ("event", "host"): _same("`visit`"),
    ("event", "bound_for"): _same("`deportation-flight`"),
    ("event", "refuses"): Bilingual("`refusal`; or `act`", "`refusal`; o `act`"),
    ("gesture", "giver"): _same("`gift`"),
    ("gesture", "receiver"): _same("`gift`"),
    ("gesture", "performer"): Bilingual("all kinds but `gift`", "todos los tipos salvo `gift`"),
    ("gesture", "object"): _OBJECT,
    ("gesture", "object_label"): _OBJECT,
    ("gesture", "inscription_before"): _same("`alteration-of-inscription`"),
    ("gesture", "inscription_after"): _same("`alteration-of-inscription`"),
}
"""The kinds by record and column."""
