"""Words used in dates in English, Spanish, Portuguese and French, without accents and in lower case."""

from collections.abc import Mapping
from typing import Literal as OneOf
from typing import TypeAlias

LANGUAGES = frozenset({"", "en", "es", "pt", "fr"})
"""Languages whose dates are read; the empty one stands for text without a language tag."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTHS = """
january jan enero ene janeiro janvier janv
february feb febrero fevereiro fev fevrier fevr
march mar marzo marco mars
april apr abril abr avril avr
may mayo maio mai
june jun junio junho juin
july jul julio julho juillet juil
august aug agosto ago aout
september sept sep septiembre setiembre setembro set septembre
october oct octubre outubro out octobre
november nov noviembre novembro novembre
december dec diciembre dic dezembro dez decembre
"""
MONTHS: Mapping[str, int] = {
    name: number for number, names in enumerate(_MONTHS.split("\n")[1:-1], 1) for name in names.split()
}

ORDINAL_ENDINGS = frozenset({"", "st", "nd", "rd", "th", "o", "a", "er", "ero", "e", "eme"})
ORDINALS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "first primer primero primera primeiro primeira premier premiere",
            "second segundo segunda deuxieme",
            "third tercer tercero tercera terceiro terceira troisieme",
            "fourth cuarto cuarta quarto quarta quatrieme",
        ),
        1,
    )
    for name in names.split()
}
PARTS_OF_YEAR: Mapping[str, int] = {
    name: months
    for months, names in ((3, "quarter trimestre"), (6, "half semester semestre"))
    for name in names.split()
}
"""Parts of a year, with their length in months."""

FILLERS = _words("of de del do da d , the el la los las le les l o on en in em au dans nel")
"""Words between or before the parts of a date that do not change its meaning."""
_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun
lunes martes miercoles jueves viernes sabado domingo segunda terca quarta quinta sexta feira
lundi mardi mercredi jeudi vendredi samedi dimanche
"""
_PHASES = """
early mid late beginning start middle end earlier later morning afternoon evening noon midnight
principio principios comienzo comienzos inicio inicios mediado mediados final finales fin fines manana tarde
meados debut mi matin soir
"""
PASSED_OVER = FILLERS | frozenset("-") | _words(_WEEKDAYS) | _words(_PHASES)
"""Words allowed before or between dates that do not change their precision."""
YEARS = _words("year ano annee an")
DECADES = _words("decade decada anos annees decennie")
_UNITS = """
hour hours day days night nights week weeks weekend weekends fortnight month months year years decade decades
hora horas dia dias noche noches semana semanas quincena mes meses ano anos decada decadas noite noites
heure heures jour jours nuit nuits semaine semaines mois annee annees
"""
UNITS = _words(_UNITS)
"""Units of time: "two days after" a date means another date, which is not written."""
NAMED_UNITS = _words("year month day night ano mes dia noche noite annee mois jour nuit an")
"""Units that only name the precision of the date: "the month of January 2025"."""

_TIMES = """
am pm a m p h hr hrs hour hours hora horas heure heures clock t z utc gmt est edt et bst cet cest local time
"""
_OCCASIONS = """
at na his her its their this that an un una uno une su sus a las um uma seu sua
speech remarks interview address statement post tweet message letter press conference ceremony summit meeting
session discurso comentarios entrevista declaracion mensaje carta rueda prensa conferencia ceremonia cumbre
reunion sesion entretien discours conference reuniao cimeira
dated signed held published posted fechado fechada firmado firmada celebrado celebrada publicado publicada
"""
TIMES = _words(_TIMES)
"""Words used with a time of day."""
HARMLESS = PASSED_OVER | NAMED_UNITS | TIMES | _words(_OCCASIONS) | frozenset("().,:;/'\"“”‘’«»+")
"""Words allowed beside a day that do not relate it to something else."""
BOUNDING = _words("since from starting a partir desde depuis des until till through up to hasta ate jusqu au")
"""Words allowed beside the day on which a span begins or ends."""
BEFORE_A_TIME = _words("at las h")

ERAS: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("b", "c", "e"), True),
    (("b", "c"), True),
    (("bce",), True),
    (("bc",), True),
    (("a", "c"), True),
    (("a", "de", "c"), True),
    (("antes", "de", "cristo"), True),
    (("av", "j", "-", "c"), True),
    (("a", "d"), False),
    (("ad",), False),
    (("c", "e"), False),
    (("ce",), False),
    (("d", "c"), False),
    (("d", "de", "c"), False),
    (("despues", "de", "cristo"), False),
)
"""How an era is written after a year, and whether its years are counted backwards."""

TO = _words("- / to through thru until till al a hasta ate au jusqu")
AND = _words("and & y e et ,")
OR = _words("or o u ou")

Effect: TypeAlias = OneOf[
    "since", "until", "before", "after", "not after", "not before", "between", "no date"
]


def _phrases(effect: Effect, text: str) -> dict[tuple[str, ...], Effect]:
    """Return the phrases of a text, which are separated by semicolons."""
    return {tuple(phrase.split()): effect for phrase in text.split(";")}


BEFOREHAND: Mapping[tuple[str, ...], Effect] = {
    **_phrases("since", "since; from; starting; a partir; desde; depuis; des"),
    **_phrases("until", "until; till; through; up to; hasta; ate; jusqu; jusqu a; to"),
    **_phrases("before", "before; prior to; earlier than; previous to; antes; avant; anterior a; previo a"),
    **_phrases("after", "after; following; later than; despues; tras; apos; depois; apres; posterior a"),
    **_phrases(
        "not after",
        "by; no later than; not later than; not after; on or before; a mas tardar; no despues; no mas tarde;"
        " at the latest; at latest",
    ),
    **_phrases(
        "not before",
        "no earlier than; not earlier than; not before; not until; no sooner than; on or after; no antes;"
        " hasta no; como pronto; at the earliest; at earliest",
    ),
    **_phrases("between", "between; entre"),
    **_phrases(
        "no date",
        "about; around; circa; c; ca; approximately; approx; roughly; near; nearly; almost; ~; ?; probably;"
        " possibly; perhaps; maybe; presumably; likely; not; no; never; except; other than; rather than;"
        " unlike; instead; eve; anniversary; week; weekend; fortnight;"
        " hacia; alrededor; cerca; aproximadamente; aprox; en torno; en torno a; sobre; quiza; quizas;"
        " tal vez; nunca; salvo; excepto; vispera; visperas; aniversario; semana; fin de semana;"
        " probablemente; posiblemente; vers; environ; veille; semaine; por volta; vespera; talvez",
    ),
}
"""The effect of a phrase before a date; "no date" means an estimate, a denial or a reference point."""

AFTERWARDS: Mapping[tuple[str, ...], Effect] = {
    **_phrases("since", "onward; onwards; en adelante; and after; and later; em diante"),
    **_phrases("not after", "at the latest; a mas tardar; or earlier; or before; o antes; au plus tard"),
    **_phrases(
        "not before", "at the earliest; or later; or after; o despues; o mas tarde; como pronto; au plus tot"
    ),
    **_phrases("no date", "?; or so; or thereabouts; approximately; approx; aproximadamente; aprox; o asi"),
}
"""The effect of a phrase after a date."""

LONGEST_PHRASE = max(map(len, (*BEFOREHAND, *AFTERWARDS)))
