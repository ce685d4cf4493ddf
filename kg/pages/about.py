"""Further parts of a thing's page: questions to ask about it, a citation, data for programs."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup
from pyoxigraph import NamedNode

from kg import iris
from kg.pages.cells import Cell
from kg.pages.layers import ModelPlace
from kg.pages.rendering import Style
from kg.query.questions import Question

_TYPES = {"actor": "Thing", "claim": "Claim", "happening": "Event", "source": "CreativeWork"}
"""The schema.org types of things, by badge; statements are quotations."""


class Askable(NamedTuple):
    """A question with a parameter for a thing of a class."""

    name: str
    sentences: Mapping[str, str]
    parameter: str
    of_class: str | None


class HowToCite(NamedTuple):
    """Citation of a thing in this version of the graph: a sentence, BibTeX, and the URL."""

    sentence: str
    bibtex: str
    permalink: str


class AboutThing(NamedTuple):
    """Parts of a page beside the facts of the graph."""

    questions: tuple[tuple[str, str], ...]
    """Questions as sentences, each with the address of its form, filled in with the thing."""
    citation: HowToCite
    description: str
    data: Markup
    """The same for programs, as JSON-LD with schema.org terms."""


def askables(questions: Iterable[Question]) -> tuple[Askable, ...]:
    """Return the questions with a parameter for a thing; if several take one, the first required one."""
    found = []
    for question in questions:
        needed = [each for each in question.params if each.type == "iri" and each.default is None]
        for parameter in needed[:1]:
            of_class = iris.expand(parameter.of_class) if parameter.of_class else None
            sentences = {"en": question.question, **question.in_other_languages}
            found.append(Askable(question.name, sentences, parameter.name, of_class))
    return tuple(found)


def about(
    style: Style,
    asks: Iterable[Askable],
    node: NamedNode,
    name: Cell,
    place: ModelPlace,
    classes: Collection[NamedNode],
    version: int,
) -> AboutThing:
    """Return the further parts of a thing's page; ``classes`` are its classes and their superclasses."""
    class_names = {each.value for each in classes}
    short = node.value.removeprefix(iris.DATA)
    questions = tuple(
        (
            each.sentences.get(style.language, each.sentences["en"]),
            f"{style.root}questions/{each.name}?{urlencode({each.parameter: short})}",
        )
        for each in asks
        if (each.of_class in class_names if each.of_class else node.value.startswith(iris.DATA))
    )
    permalink = f"{style.absolute(style.link(node.value))}?as-of=v{version}"
    what = ", ".join(step.text for step in place.trail[-2:])
    description = f"{what}. {style.say('Regional diplomacy')}" if what else style.say("Regional diplomacy")
    return AboutThing(
        questions,
        _citation(style, name.text, short, permalink, version),
        description,
        _data(node, name, place, permalink),
    )


def _citation(style: Style, name: str, key: str, permalink: str, version: int) -> HowToCite:
    title = style.say("Regional diplomacy")
    version_text = style.say("version %(version)s", version=version)
    braced = name.replace("\\", "/").replace("{", "(").replace("}", ")")
    lines = [
        f"@misc{{{iris.slug(key) or 'thing'}-v{version},",
        f"  title = {{{{{braced}}}}},",
        f"  howpublished = {{{title}, {version_text}}},",
        f"  url = {{{permalink}}}",
        "}",
    ]
    return HowToCite(f"“{name}”, {title}, {version_text}", "\n".join(lines), permalink)


def _data(node: NamedNode, name: Cell, place: ModelPlace, permalink: str) -> Markup:
    """Return the embedded data; characters that could end its HTML element are escaped."""
    members = {
        "@context": "https://schema.org",
        "@type": "Quotation" if place.sign == "statement" else _TYPES.get(place.sign, "Thing"),
        "@id": node.value,
        "name": name.text,
        "url": permalink,
        "additionalType": [step.text for step in place.trail],
        "isPartOf": {
            "@type": "Dataset",
            "name": "Regional diplomacy",
            "license": "https://creativecommons.org/licenses/by/4.0/",
        },
    }
    text = json.dumps(members, ensure_ascii=False, indent=1)
    for sign in "&<>":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
