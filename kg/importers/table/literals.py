"""Cell types for literals: texts, dates, numbers, addresses."""

import re
import unicodedata
from dataclasses import dataclass

from pyoxigraph import Literal

from kg.gate.dates.calendar import Period
from kg.importers.table.bilingual import Bilingual, Misread
from kg.importers.table.spreadsheet_dates import meant
from kg.importers.table.values import Thing, Value
from kg.terms import XSD

ENGLISH = "en"
_DATE = re.compile(r"-?\d{4}(-\d\d)?(-\d\d)?", re.ASCII)


@dataclass(frozen=True)
class Words:
    """A text: in the row's language, in a fixed one, or (empty) in none."""

    language: str | None = None

    @property
    def hint(self) -> Bilingual:
        return Bilingual("text", "texto")

    def read(self, text: str) -> Value:
        return Literal(text)

    def spoken(self, value: Value, language: str) -> Value:
        """Return a text with its language: that of the row, unless it has its own."""
        tag = language if self.language is None else self.language
        return Literal(value.value, language=tag) if isinstance(value, Literal) and tag else value


@dataclass(frozen=True)
class WordsOrThing(Words):
    """A text, or a thing with the prefix ``dipid:``."""

    @property
    def hint(self) -> Bilingual:
        return Bilingual("text, or `dipid:` and a slug", "texto, o `dipid:` y un slug")

    def read(self, text: str) -> Value:
        return Thing().read(text) if text.startswith("dipid:") else Literal(text)


@dataclass(frozen=True)
class Tagged:
    """A text preceded by its language tag."""

    hint: Bilingual = Bilingual("language, colon, text", "idioma, dos puntos, texto")

    def read(self, text: str) -> Literal:
        tag, _, words = text.partition(":")
        if not words.strip():
            raise Misread(
                "put the language before a name in another language, for example pt: Brasil",
                "un nombre en otro idioma lleva delante el idioma, por ejemplo pt: Brasil",
            )
        return Literal(words.strip(), language=Language().read(tag.strip()).value)


@dataclass(frozen=True)
class Date:
    """An existing year, month or day, at the known precision."""

    only_days: bool = False

    @property
    def hint(self) -> Bilingual:
        return (
            Bilingual("day", "día") if self.only_days else Bilingual("year, month or day", "año, mes o día")
        )

    def read(self, text: str) -> Literal:
        _require_usual_digits(text)
        match = _DATE.fullmatch(text)
        if not match and (days := meant(text)):
            raise Misread(
                f"a spreadsheet has reformatted this date; write {' or '.join(days)}",
                f"así escribe una fecha una hoja de cálculo; escriba {' o '.join(days)}",
            )
        if not match or (self.only_days and not match[2]):
            raise self._no_date()
        datatype = XSD.DATE if match[2] else XSD.G_YEAR_MONTH if match[1] else XSD.G_YEAR
        literal = Literal(text, datatype=datatype)
        if text.lstrip("-").startswith("0000") or Period.of(literal) is None:
            raise Misread(
                "this date does not exist; correct it", "ningún calendario tiene esta fecha; corríjala"
            )
        return literal

    def _no_date(self) -> Misread:
        if self.only_days:
            return Misread("this is not a date; write 2025-01-26", "aquí no es una fecha; escriba 2025-01-26")
        return Misread(
            "this is not a date; write 2025, 2025-01 or 2025-01-26,"
            " or leave it empty and keep the words in date_as_written",
            "aquí no es una fecha; escriba 2025, 2025-01 o 2025-01-26,"
            " o deje la celda vacía y conserve las palabras en date_as_written",
        )


@dataclass(frozen=True)
class Number:
    """A whole number, zero or more."""

    hint: Bilingual = Bilingual("number", "número")

    def read(self, text: str) -> Literal:
        _require_usual_digits(text)
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise Misread(
                "this is not a whole number; write digits only",
                "esto no es un número entero; escriba solo cifras",
            )
        return Literal(int(text))


@dataclass(frozen=True)
class Decimal:
    """A number with or without a fraction."""

    hint: Bilingual = Bilingual("number such as `-5.0`", "número como `-5.0`")

    def read(self, text: str) -> Literal:
        _require_usual_digits(text)
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?", text):
            raise Misread(
                "this is not a number; write it with digits and a point, for instance -5.0",
                "esto no es un número; escríbalo con cifras y un punto, por ejemplo -5.0",
            )
        whole, _, fraction = text.removeprefix("+").partition(".")
        number_text = f"{whole}.{fraction}".rstrip("0").rstrip(".")
        return Literal(number_text, datatype=XSD.DECIMAL)


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", re.ASCII)
_UNITS = {
    "minutes minute minutos minuto": "PT{}M",
    "hours hour horas hora": "PT{}H",
    "days day días día dias dia": "P{}D",
    "weeks week semanas semana": "P{}W",
    "months month meses mes": "P{}M",
    "years year años año": "P{}Y",
}


@dataclass(frozen=True)
class Duration:
    """A duration: a number and a unit, or ISO 8601.

    >>> Duration().read("90 days").value, Duration().read("2 semanas").value, Duration().read("PT36H").value
    ('P90D', 'P14D', 'P1DT12H')
    """

    hint: Bilingual = Bilingual("`90 days`, or `P90D`", "`90 días`, o `P90D`")

    def read(self, text: str) -> Literal:
        _require_usual_digits(text)
        number, _, unit = text.partition(" ")
        form = next((form for units, form in _UNITS.items() if unit.strip().lower() in units.split()), "")
        match = _DURATION.fullmatch(form.format(number) if number.isdigit() else text)
        if match is None or not any(match.groups()):
            raise Misread(
                "this is not a duration; write for example 90 days, 2 weeks, 3 months or 10 years",
                "esto no es una duración; escriba 90 días, 2 semanas, 3 meses, 10 años o algo así",
            )
        years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
        return Literal(
            _as_kept(years * 12 + months, (weeks * 7 + days) * 1440 + hours * 60 + minutes),
            datatype=XSD.DURATION,
        )


def _as_kept(months: int, minutes: int) -> str:
    """Return a duration in the store's form: years and months, days, hours and minutes."""
    days, rest = divmod(minutes, 1440)
    parts = [(months // 12, "Y"), (months % 12, "M"), (days, "D")]
    of_day = [(rest // 60, "H"), (rest % 60, "M")]
    date, time = ("".join(f"{number}{sign}" for number, sign in each if number) for each in (parts, of_day))
    return f"P{date}" + (f"T{time}" if time else "") if date or time else "PT0S"


@dataclass(frozen=True)
class Code:
    """The notation of a concept in a scheme, kept unchanged."""

    hint: Bilingual = Bilingual("code", "código")

    def read(self, text: str) -> Literal:
        _require_usual_digits(text)
        return Literal(text)


@dataclass(frozen=True)
class Address:
    """A web address, which is never fetched."""

    hint: Bilingual = Bilingual("web address", "dirección web")

    def read(self, text: str) -> Literal:
        if not re.fullmatch(r"https?://[^\s<>\"]+", text):
            raise Misread(
                "this is not a web address; it begins with http:// or https:// and holds no spaces",
                "esto no es una dirección web; empieza con http:// o https:// y no tiene espacios",
            )
        return Literal(text, datatype=XSD.ANY_URI)


@dataclass(frozen=True)
class Digest:
    """A SHA-256 in hexadecimal."""

    hint: Bilingual = Bilingual("64 hexadecimal digits", "64 cifras hexadecimales")

    def read(self, text: str) -> Literal:
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise Misread(
                "this is not a SHA-256; it has 64 lower-case hexadecimal digits",
                "esto no es un SHA-256; tiene 64 cifras hexadecimales en minúscula",
            )
        return Literal(text)


@dataclass(frozen=True)
class Language:
    """The tag of a language."""

    hint: Bilingual = Bilingual("language tag", "código de idioma")

    def read(self, text: str) -> Literal:
        try:
            Literal("", language=text.lower())
        except ValueError:
            raise Misread(
                "this is not a language tag; write es, en, pt or the like",
                "esto no es un código de idioma; escriba es, en, pt o algo así",
            ) from None
        return Literal(text.lower())


def _require_usual_digits(text: str) -> None:
    """Raise Misread for full-width digits, which East Asian keyboards produce: they look right.

    >>> _require_usual_digits("２０２５－０１")
    Traceback (most recent call last):
    kg.importers.table.bilingual.Misread: these are full-width digits; write 2025-01
    """
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and plain.isascii():
        raise Misread(
            f"these are full-width digits; write {plain}",
            f"estas cifras son de ancho completo; escriba {plain}",
        )
