"""Texts in the two languages of the table's explanations and faults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bilingual:
    """One text in English and in Spanish."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        """Return the text in Spanish if requested, else in English."""
        return self.es if language == "es" else self.en

    def each(self) -> dict[str, str]:
        """Return both texts by their language."""
        return {"en": self.en, "es": self.es}


class Misread(ValueError):
    """An unreadable cell: what is wrong and what to do."""

    def __init__(self, en: str, es: str) -> None:
        super().__init__(en)
        self.wrong = Bilingual(en, es)
