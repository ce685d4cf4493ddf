"""Rule on labels: blank texts, and names with no, an unknown or a repeated language.

Blank texts are rejected, the others give warnings. The description of dipsh:blank-label lists the texts. A
name needs a letter or digit, any other text a visible character.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Severity, Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import DATA, SHAPES
from kg.ontology import examined
from kg.terms import DCTERMS, RDFS, SKOS

BLANK = SHAPES + "blank-label"
LANGUAGE = SHAPES + "label-language"

_NAMES = frozenset({RDFS.LABEL, SKOS.PREF_LABEL, SKOS.ALT_LABEL, DCTERMS.TITLE})
_ONE_IN_A_LANGUAGE = (RDFS.LABEL, SKOS.PREF_LABEL)
_TEXT = frozenset({Literal("").datatype, Literal("", language="en").datatype})
_LETTER = re.compile(r"[^\W_\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
"""A visible letter or digit: fillers are letters in Unicode, but blank."""
_VISIBLE = re.compile(
    r"[^\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\ufeff\uffa0]"
)
_TAG = re.compile(r"([a-z]{2,8})(-[a-z0-9]{1,8})*")
_LANGUAGES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
    lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
    rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
    tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_OF_TWO_LETTERS = frozenset(_LANGUAGES.split())
"""The codes of ISO 639-1; codes of three letters (ISO 639-3) are not checked."""
_PRIVATE = re.compile(r"q[a-t][a-z]")


@dataclass(frozen=True)
class Labels:
    """The properties whose texts must not be blank."""

    texts: frozenset[NamedNode]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Return the properties from the description of the rule among the shapes."""
        return cls(examined(shapes, NamedNode(BLANK)).properties)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by the texts and names of a change."""
        for quad in overlay.added:
            if self._is_blank(quad):
                yield _blank(quad)
            elif quad.predicate in _ONE_IN_A_LANGUAGE and _is_text_of_ours(quad):
                yield from _of_language(overlay, quad)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by the blank texts of a store."""
        for predicate in sorted(self.texts, key=str):
            quads = overlay.quads_for_pattern(None, predicate, None)
            yield from (_blank(quad) for quad in quads if self._is_blank(quad))

    def _is_blank(self, quad: Quad) -> bool:
        if quad.predicate not in self.texts or not _is_text_of_ours(quad):
            return False
        text = quad.object.value if isinstance(quad.object, Literal) else ""
        if quad.predicate in _NAMES:
            return not _LETTER.search(text)
        return bool(text) and not _VISIBLE.search(text)  # the shapes reject empty ones


def _is_text_of_ours(quad: Quad) -> bool:
    return (
        isinstance(quad.object, Literal)
        and quad.object.datatype in _TEXT
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(DATA)
    )


def _of_language(overlay: Overlay, quad: Quad) -> Iterator[Violation]:
    language = _language(quad.object)
    if not language:
        yield _violation(quad, LANGUAGE, _NO_LANGUAGE, "warning")
    elif not _exists(language):
        yield _violation(quad, LANGUAGE, _no_such(language), "warning")
    else:
        main = language.partition("-")[0]
        if other := next(_before(overlay, quad, main), None):
            yield _violation(quad, LANGUAGE, _second(main, other), "warning")


def _before(overlay: Overlay, quad: Quad, language: str) -> Iterator[Term]:
    """Yield the other names in a language that existed before, or sort before this one."""
    for other in sorted(overlay.objects(quad.subject, quad.predicate), key=str):
        is_other = other != quad.object and _language(other).partition("-")[0] == language
        if is_other and (str(other) < str(quad.object) or overlay.had(quad.subject, quad.predicate, other)):
            yield other


def _language(name: Term) -> str:
    return name.language.lower() if isinstance(name, Literal) and name.language else ""


def _exists(language: str) -> bool:
    """Return whether a language tag begins with an existing language code.

    >>> _exists("es-CO".lower()), _exists("zz-nonsense")
    (True, False)
    """
    match = _TAG.fullmatch(language)
    if not match:
        return False
    code = match[1]
    return code in _OF_TWO_LETTERS if len(code) == 2 else len(code) == 3 and not _PRIVATE.fullmatch(code)


def _violation(quad: Quad, rule: str, message: Mapping[str, str], severity: Severity) -> Violation:
    graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
    return Violation(quad.subject, rule, message, Step(quad.predicate), quad.object, graph, severity=severity)


def _blank(quad: Quad) -> Violation:
    return _violation(quad, BLANK, _BLANK_NAME if quad.predicate in _NAMES else _BLANK, "error")


_BLANK = {
    "en": "this text has no visible character; write it, or leave it out",
    "es": "nadie puede leer este texto, pues nada en él es visible; escríbalo u omítalo",
}
_BLANK_NAME = {
    "en": "this name has no letter and no digit; write the name, or leave it out",
    "es": "este nombre no tiene ninguna letra ni cifra, y nadie puede leerlo; escriba el nombre u omítalo",
}
_NO_LANGUAGE = {
    "en": "this name has no language; add a language tag such as @en or @es",
    "es": "este nombre no dice en qué idioma está; añada el idioma detrás, como @en o @es",
}


def _no_such(language: str) -> Mapping[str, str]:
    return {
        "en": f"there is no language “{language}”; write a language code such as en, es or es-CO",
        "es": f"no existe el idioma «{language}»; escriba el código de uno, como en, es o es-CO",
    }


def _second(language: str, other: Term) -> Mapping[str, str]:
    return {
        "en": f"{display(other)} already names this thing in “{language}”; keep one as "
        "label, and the other as"
        " skos:altLabel",
        "es": f"{display(other)} ya nombra esto en «{language}»; deje uno como etiqueta y el otro como"
        " skos:altLabel",
    }
