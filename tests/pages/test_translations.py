"""Each sentence of the templates that is translated at all has its Spanish, with the same blanks."""

import re
from pathlib import Path

from kg.pages import rendering

BLANK = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str]:
    """Return what the templates mark for translation."""
    found: set[str] = set()
    for file in (Path(rendering.__file__).parent / "templates").glob("*.html"):
        extracted = rendering.TEMPLATES.extract_translations(file.read_text("utf-8"))  # type: ignore[attr-defined]
        for _, _, message in extracted:
            found.update(filter(None, message if isinstance(message, tuple) else (message,)))
    return found


def test_every_sentence_of_the_templates_is_in_spanish_and_no_other() -> None:
    assert set(rendering.translations("es")) == sentences()


def test_a_translation_has_the_blanks_of_its_sentence() -> None:
    for english, spanish in rendering.translations("es").items():
        assert sorted(BLANK.findall(english)) == sorted(BLANK.findall(spanish)), english
