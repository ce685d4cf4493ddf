"""Records of assessments of statements, happenings and actors."""

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.columns import (
    ASSESSOR,
    FOLLOWS,
    ID,
    LABEL_ES,
    LANGUAGE,
    NAME,
    NAMES,
    PARAPHRASE,
    PREDICTS,
    QUOTE,
    REASON_FOR,
    TOPICS,
    Column,
    Record,
    thing,
    things,
)
from kg.importers.table.literals import Code, Decimal, Words
from kg.importers.table.shared_columns import CARRIES, DATED, dates, report
from kg.importers.table.values import Kind, ThingOrTopic
from kg.terms import DIP

_BEGIN = (ID, NAME, LABEL_ES, NAMES, LANGUAGE)
_END = (
    QUOTE,
    PARAPHRASE,
    ASSESSOR,
    TOPICS,
    REASON_FOR,
    PREDICTS,
    *dates("it was so", "era así"),
    *report(
        Bilingual(
            f"{CARRIES.en}; the quote where empty", f"{CARRIES.es}; las palabras de quote si está vacío"
        )
    ),
)


def _exceeds(what: str, spanish: str) -> Column:
    return things(
        "exceeds",
        f"the {what} of the same assessor that is weaker than this one",
        f"{spanish} más débil del mismo autor: esto lo es más",
        DIP.EXCEEDS,
    )


STANCE = Record(
    "stance",
    Bilingual(
        "An actor's position toward another actor or a policy, as somebody judges it.",
        "Dónde se sitúa un actor ante otro o ante una política, según alguien.",
    ),
    "Stance",
    (
        *_BEGIN,
        thing("holder", "whose stance it is", "de quién es la postura", DIP.HELD_BY, is_required=True),
        Column(
            "toward",
            Bilingual("the actor or policy toward which it is", "ante quién o ante qué"),
            ThingOrTopic(),
            DIP.TOWARD,
            is_required=True,
            holds_many=True,
        ),
        Column(
            "mode",
            Bilingual("whether it shows in words or in deeds", "se muestra en palabras o en hechos"),
            Kind(("stance-modes",)),
            DIP.HAS_MODE,
            is_required=True,
        ),
        Column(
            "position",
            Bilingual("where the holder stands", "dónde se sitúa el titular"),
            Kind(("stance-positions",)),
            DIP.POSITION,
            is_required=True,
        ),
        _exceeds("stance", "la postura"),
        *_END,
    ),
    {"Stance": DATED},
)

TONE = Record(
    "tone",
    Bilingual(
        "How friendly or hostile words were, as somebody judges them.",
        "Cuán amistosas u hostiles fueron unas palabras, según alguien.",
    ),
    "ToneAssessment",
    (
        *_BEGIN,
        things("of", "the statements of that tone", "las declaraciones de ese tono", DIP.ASSESSES),
        things(
            "about",
            "the actors whose tone it is, if the source mentions no particular statement",
            "los actores de ese tono, si la fuente no cuenta ninguna declaración",
            DIP.CONCERNS,
        ),
        Column("tone", Bilingual("which tone", "qué tono"), Kind(("tones",)), DIP.HAS_TONE, is_required=True),
        FOLLOWS,
        _exceeds("tone", "el tono"),
        *_END,
    ),
    {"ToneAssessment": (("of", "about"),)},
)

INTERPRETATION = Record(
    "interpretation",
    Bilingual(
        "What somebody says a gesture or deed means; one row for each interpretation.",
        "Lo que alguien dice que significa un gesto o acto; cada lectura es una fila.",
    ),
    "Interpretation",
    (
        *_BEGIN,
        things("of", "the gesture or happening", "el gesto o suceso", DIP.ASSESSES, is_required=True),
        Column(
            "meaning",
            Bilingual(
                "what it is said to mean, in the words of the source",
                "lo que se dice que significa, con sus palabras",
            ),
            Words(),
            DIP.MEANING,
            is_required=True,
        ),
        *_END,
    ),
)

CHARACTERIZATION = Record(
    "characterization",
    Bilingual(
        "How somebody describes a situation, a relation or a development.",
        "Cómo describe alguien una situación, una relación o una evolución.",
    ),
    "Characterization",
    (
        *_BEGIN,
        things(
            "about",
            "the actors, happenings or objects described",
            "los actores, sucesos u objetos descritos",
            DIP.CONCERNS,
            is_required=True,
        ),
        *_END,
    ),
    {"Characterization": (("quote", "paraphrase"),)},
)

CODING = Record(
    "coding",
    Bilingual(
        "The code that a coder gave a happening or statement; no evidence that it occurred.",
        "El código de un esquema de eventos que un codificador dio a un suceso o declaración; no"
        " fundamenta hechos.",
    ),
    "EventCoding",
    (
        *_BEGIN,
        thing(
            "of", "the happening or statement", "el suceso o la declaración", DIP.ASSESSES, is_required=True
        ),
        Column(
            "scheme",
            Bilingual("which coding scheme", "qué libro de códigos"),
            Kind(("coding-schemes",)),
            DIP.USES_SCHEME,
            is_required=True,
        ),
        Column(
            "scheme_version",
            Bilingual("its version or date", "su versión o fecha"),
            Words(""),
            DIP.SCHEME_VERSION,
            is_required=True,
        ),
        Column(
            "code",
            Bilingual(
                "the code, with every leading zero: format the column as text",
                "el código, con todos sus ceros iniciales: dé a la columna formato de texto",
            ),
            Code(),
            DIP.CODE,
            is_required=True,
        ),
        Column(
            "intensity",
            Bilingual(
                "the number on the scheme's scale of conflict and cooperation",
                "el número en la escala de conflicto y cooperación del esquema",
            ),
            Decimal(),
            DIP.INTENSITY,
        ),
        things(
            "rests_on",
            "the row of event data from which the code was taken",
            "la fila de datos de eventos en que se leyó el código",
            DIP.RESTS_ON,
        ),
        *_END,
    ),
)

IDENTITY = Record(
    "identity",
    Bilingual(
        "Somebody's judgement whether two descriptions are of the same thing; it can be withdrawn.",
        "Si dos descripciones son de una sola cosa, según alguien; puede retirarse.",
    ),
    "IdentityJudgement",
    (
        *_BEGIN,
        thing("of", "the first of the two", "la primera de las dos", DIP.ASSESSES, is_required=True),
        thing("compared_with", "the second", "la segunda", DIP.COMPARED_WITH, is_required=True),
        Column(
            "verdict",
            Bilingual("same, different or undecided", "la misma, distinta o sin decidir"),
            Kind(("verdicts",)),
            DIP.HAS_VERDICT,
            is_required=True,
        ),
        *_END,
    ),
)

RECORDS = (STANCE, TONE, INTERPRETATION, CHARACTERIZATION, CODING, IDENTITY)
