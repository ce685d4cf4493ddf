"""Messages of the rule on contested words: what is wrong with a use, and what to do.

The phrase about the word itself, by language, is inserted into a sentence about its use.
"""

from collections.abc import Mapping

from pyoxigraph import NamedNode

from kg.gate.reports import display
from kg.terms import DIP

SPELT: Mapping[NamedNode, Mapping[str, str]] = {
    DIP.CONTESTED_WORD: {
        "en": "“{words}” is used only by {names}",
        "es": "«{words}» es palabra solo de {names}",
    },
    DIP.EQUIVALENT_WORD: {
        "en": "“{words}” is another form of a word used only by {names}",
        "es": "«{words}» dice de otra forma lo que es palabra solo de {names}",
    },
}
"""The phrase about a word, by the property that holds it."""
_FORM = {
    "en": "“{words}” is a form of “{form}”, which is used only by {names}",
    "es": "«{words}» es una forma de «{form}», que es palabra solo de {names}",
}
FORM: Mapping[NamedNode, Mapping[str, str]] = dict.fromkeys(SPELT, _FORM)
"""The phrase about another form of a word."""
_PERHAPS = {
    "en": "“{words}” may be another form of “{form}”, a word used only by {names}",
    "es": "«{words}» quizá dice de otra forma lo que es palabra solo de {names}, «{form}»",
}
PERHAPS: Mapping[NamedNode, Mapping[str, str]] = dict.fromkeys(SPELT, _PERHAPS)
"""The phrase about a related word."""
ALIKE_TO: Mapping[NamedNode, Mapping[str, str]] = {DIP.CONTESTED_WORD: _PERHAPS}
"""The phrase about a word for the same accusation."""


def of_words(use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for a text that uses a contested word as fact."""
    return {
        "en": f"claim asserted as fact: {use['en']}; put it in quotation marks and say whose word it is, or"
        " leave it out",
        "es": f"afirmación presentada como hecho: {use['es']}; póngala entre comillas y diga de quién es, o"
        " suprímala",
    }


def of_unprinted_name(use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for a name of an organization or office that no passage prints."""
    return {
        "en": f"claim asserted as fact: {use['en']}; if this is the proper name, add a passage that prints"
        " it (dip:occursIn the source in dip:foundIn), or else give a name without the word",
        "es": f"afirmación presentada como hecho: {use['es']}; si es el nombre propio, añada un pasaje que"
        " lo imprima (dip:occursIn la fuente de dip:foundIn), y si no, dé un nombre sin la palabra",
    }


def of_printed_name(use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for such a name that a passage prints."""
    return {
        "en": f"{use['en']}, and a passage here prints this name; keep it if it is the proper name, and"
        " change it if it describes",
        "es": f"{use['es']}, y un pasaje de aquí imprime este nombre; consérvelo si es el nombre propio y"
        " cámbielo si describe",
    }


def of_quotation(use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for a quotation that names no speaker."""
    return {
        "en": f"claim asserted as fact: {use['en']}, and quotation marks alone do not say so; name whose"
        " word it is, or leave it out",
        "es": f"afirmación presentada como hecho: {use['es']}, y las comillas solas no lo dicen; nombre de"
        " quién es, o suprímala",
    }


def of_name(name: NamedNode, use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for an IRI whose words use a contested word as fact."""
    return {
        "en": f"claim asserted as fact by the name {display(name)}: {use['en']}, and a name has no "
        "quotation "
        "marks; choose another name",
        "es": f"afirmación presentada como hecho en el nombre {display(name)}: {use['es']}, y un nombre no"
        " lleva comillas; llámelo de otra manera",
    }


def of_name_of_a_happening(use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for a happening's name, where quotation marks do not help."""
    return {
        "en": f"claim asserted as fact: {use['en']}, and the name of an event is not a quotation; use a "
        "word that nobody disputes",
        "es": f"afirmación presentada como hecho: {use['es']}, y el nombre de lo ocurrido no es cita de"
        " nadie; llámelo con una palabra que nadie discuta",
    }


def of_link(use: Mapping[str, str]) -> Mapping[str, str]:
    """Return the message for a link whose URL contains a contested word."""
    return {
        "en": f"the linked address contains a contested word: {use['en']}; link to another page if"
        " there is one",
        "es": f"la dirección que aquí se enlaza dice una palabra controvertida: {use['es']}; enlace otra"
        " página si la hay",
    }
