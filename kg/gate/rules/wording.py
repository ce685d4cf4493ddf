"""Default messages for failed constraints whose shape has no message: one entry per SHACL component.

``{path}`` is the property, ``{value}`` the violating value, ``{expected}`` the constraint's parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Wording:
    """What is wrong and what to do, by language; ``parameter`` names the parameter for ``{expected}``."""

    parameter: str
    wrong: Mapping[str, str]
    advice: Mapping[str, str]


def _wording(parameter: str, en: tuple[str, str], es: tuple[str, str]) -> Wording:
    return Wording(parameter, {"en": en[0], "es": es[0]}, {"en": en[1], "es": es[1]})


COMPONENTS: Mapping[str, Wording] = {
    "MinCount": _wording(
        "minCount",
        ("{path} has fewer than {expected} value(s)", "add what is missing"),
        ("{path} tiene menos de {expected} valor(es)", "añada lo que falta"),
    ),
    "MaxCount": _wording(
        "maxCount",
        ("{path} has more than {expected} value(s)", "keep the right one and leave the others out"),
        ("{path} tiene más de {expected} valor(es)", "deje el correcto y quite los demás"),
    ),
    "Class": _wording(
        "class",
        ("{value} is not known to be of class {expected}", "add its class, or name another thing"),
        ("no consta que {value} sea de la clase {expected}", "descríbalo como tal o nombre otro"),
    ),
    "Datatype": _wording(
        "datatype",
        ("{value} is not a well-formed {expected}", "correct the literal"),
        ("{value} no es un {expected} bien formado", "escríbalo como tal"),
    ),
    "NodeKind": _wording(
        "nodeKind",
        ("{value} is not of the kind {expected}", "give a value of that kind"),
        ("{value} no es del tipo de nodo {expected}", "dé un valor de ese tipo"),
    ),
    "In": _wording(
        "in",
        ("{value} is not one of the allowed values", "take one of {expected}"),
        ("{value} no es ninguno de los valores admitidos", "use uno de {expected}"),
    ),
    "HasValue": _wording(
        "hasValue",
        ("{path} lacks the value {expected}", "add it"),
        ("a {path} le falta el valor {expected}", "añádalo"),
    ),
    "Pattern": _wording(
        "pattern",
        ("{value} does not match the form {expected}", "write it in that form"),
        ("{value} no sigue la forma {expected}", "escríbalo en esa forma"),
    ),
    "MinLength": _wording(
        "minLength",
        ("{value} is shorter than {expected} characters", "write more"),
        ("{value} tiene menos de {expected} caracteres", "escriba más"),
    ),
    "MaxLength": _wording(
        "maxLength",
        ("{value} is longer than {expected} characters", "shorten it"),
        ("{value} tiene más de {expected} caracteres", "acórtelo"),
    ),
    "LanguageIn": _wording(
        "languageIn",
        ("the language of {value} is not one of the allowed ones", "take one of {expected}"),
        ("el idioma de {value} no es ninguno de los admitidos", "use uno de {expected}"),
    ),
    "UniqueLang": _wording(
        "uniqueLang",
        ("{path} has two texts in the same language", "keep one for each language"),
        ("{path} tiene dos textos en el mismo idioma", "deje uno por idioma"),
    ),
    "MinInclusive": _wording(
        "minInclusive",
        ("{value} is below {expected}", "give that value or a greater one"),
        ("{value} es menor que {expected}", "dé ese valor o uno mayor"),
    ),
    "MaxInclusive": _wording(
        "maxInclusive",
        ("{value} is above {expected}", "give that value or a smaller one"),
        ("{value} es mayor que {expected}", "dé ese valor o uno menor"),
    ),
    "MinExclusive": _wording(
        "minExclusive",
        ("{value} is not above {expected}", "give more than that"),
        ("{value} no es mayor que {expected}", "dé un valor mayor"),
    ),
    "MaxExclusive": _wording(
        "maxExclusive",
        ("{value} is not below {expected}", "give less than that"),
        ("{value} no es menor que {expected}", "dé un valor menor"),
    ),
    "LessThan": _wording(
        "lessThan",
        ("{value} does not come before the value of {expected}", "check both values"),
        ("{value} no es anterior al valor de {expected}", "revise ambos valores"),
    ),
    "LessThanOrEquals": _wording(
        "lessThanOrEquals",
        ("{value} comes after the value of {expected}", "check both values"),
        ("{value} es posterior al valor de {expected}", "revise ambos valores"),
    ),
    "Equals": _wording(
        "equals",
        ("{path} and {expected} differ in {value}", "give both the same values"),
        ("{path} y {expected} difieren en {value}", "dé a ambos los mismos valores"),
    ),
    "Disjoint": _wording(
        "disjoint",
        ("{value} is a value of both {path} and {expected}", "remove it from one of them"),
        ("{value} figura en {path} y en {expected}", "quítelo de uno de ellos"),
    ),
    "Closed": _wording(
        "ignoredProperties",
        ("{path} is not a property that this record may have", "leave it out"),
        ("{path} no es una propiedad admitida aquí", "quítela"),
    ),
    "Not": _wording(
        "not",
        ("{value} conforms to a shape that is not allowed here", "change or remove it"),
        ("{value} tiene una forma que aquí no se admite", "cámbielo o quítelo"),
    ),
    "And": _wording(
        "and",
        ("{value} does not conform to all of the required shapes", "complete its description"),
        ("{value} no cumple todo lo que se le pide", "complete su descripción"),
    ),
    "Or": _wording(
        "or",
        ("{value} conforms to none of the allowed shapes", "describe it in one of them"),
        ("{value} no cumple ninguna de las formas admitidas", "descríbalo según una de ellas"),
    ),
    "Xone": _wording(
        "xone",
        (
            "{value} conforms to none, or to more than one, of several mutually exclusive shapes",
            "keep exactly one",
        ),
        ("{value} no cumple ninguna, o más de una, de las formas excluyentes", "deje exactamente una"),
    ),
    "Node": _wording(
        "node",
        ("{value} does not conform to {expected}", "complete its description"),
        ("{value} no se ajusta a {expected}", "complete su descripción"),
    ),
    "QualifiedMinCount": _wording(
        "qualifiedMinCount",
        (
            "{path} has fewer than {expected} value(s) that conform to the required shape",
            "add what is missing",
        ),
        ("{path} tiene menos de {expected} valor(es) de la forma pedida", "añada lo que falta"),
    ),
    "QualifiedMaxCount": _wording(
        "qualifiedMaxCount",
        (
            "{path} has more than {expected} value(s) that conform to the shape",
            "leave the superfluous ones out",
        ),
        ("{path} tiene más de {expected} valor(es) de una misma forma", "quite los que sobran"),
    ),
    "SPARQL": _wording(
        "sparql",
        ("this breaks a rule", "see the rule's page"),
        ("lo dicho aquí infringe una regla", "consulte la página de la regla"),
    ),
}

OTHER = _wording(
    "",
    ("{value} does not conform", "see the rule's page"),
    ("{value} no se ajusta", "consulte la página de la regla"),
)
"""For a component that SHACL does not define."""
