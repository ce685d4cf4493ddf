"""Each sentence of the pages that is translated at all has its Spanish, with the same blanks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from kg.errors import KGError
from kg.pages import rendering
from kg.query import questions
from tests.test_errors import tree

PAGES = Path(rendering.__file__).parent
PYTHON = [*PAGES.rglob("*.py"), *(PAGES.parent / "api").rglob("*.py")]
BLANK = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str]:
    """Return what templates and modules of pages mark for translation."""
    found: set[str] = set()
    for file in (PAGES / "templates").glob("*.html"):
        extracted = rendering.TEMPLATES.extract_translations(file.read_text("utf-8"))  # type: ignore[attr-defined]
        for _, _, message in extracted:
            found.update(filter(None, message if isinstance(message, tuple) else (message,)))
    found |= {kind.title for kind in tree(KGError)}
    found |= {tag for question in questions.load().values() for tag in question.tags}
    found |= {"error", "warning"}  # severities of violations
    return found | {text for file in PYTHON for text in _marked(file.read_text("utf-8"))}


def _marked(text: str) -> Iterator[str]:
    """Yield what Python marks for translation: the texts in ``marked("…")`` and ``style.say("…")``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("marked", "say"):
                yield str(node.args[0].value)


def test_every_sentence_of_the_templates_is_in_spanish_and_no_other() -> None:
    assert set(rendering.translations("es")) == sentences()


def test_a_translation_has_the_blanks_of_its_sentence() -> None:
    for english, spanish in rendering.translations("es").items():
        assert sorted(BLANK.findall(english)) == sorted(BLANK.findall(spanish)), english


def test_every_question_that_comes_with_kg_is_in_spanish() -> None:
    for question in questions.load().values():
        sentence, returns = question.translated("es")
        assert sentence.startswith("¿")
        assert sentence.endswith("?")
        assert returns != question.returns


def test_no_template_translates_what_it_is_given_for_that_is_not_escaped() -> None:
    for file in (PAGES / "templates").glob("*.html"):
        assert not re.findall(r"\b_\((?!\s*[\"'])[^)]*\)", file.read_text("utf-8")), file.name
