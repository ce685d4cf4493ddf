"""Messages of the rule on evidence, in English and in Spanish."""

from collections.abc import Mapping, Sequence

from pyoxigraph import DefaultGraph, NamedNode

from kg.changes import GraphName
from kg.gate.overlay import Term
from kg.gate.reports import display
from kg.gate.rules.grounds import RecordKind
from kg.terms import DIP

Sentences = dict[str, str]

_MOST = 4
"""Maximum number of properties that a message names."""
_HOW: Mapping[RecordKind, tuple[str, str]] = {
    RecordKind.CODED: (
        " of the run that dip:codedIn names",
        " de la tanda que nombra dip:codedIn",
    ),
    RecordKind.HAPPENING: (
        " with the basis dipk:own-voice or dipk:announced-by-performer",
        " con la base dipk:own-voice o dipk:announced-by-performer",
    ),
    RecordKind.CLAIM: (
        " of a statement that advances this claim",
        " de una declaración que sostenga esta afirmación",
    ),
    RecordKind.ACT: (
        " of a statement, refusal or status about this act",
        " de una declaración, negativa o estado sobre este acto",
    ),
    RecordKind.POINT: (
        " of a statement that advances a claim which this point disputes, or of a version that it names",
        " de una declaración que sostenga una afirmación en disputa aquí, o de una versión que nombre",
    ),
    RecordKind.ACTOR: (" in which dip:reports names this actor", " cuyo dip:reports nombre a este actor"),
}
_NOTHING = "", ""
_OF_EXTENDED: Mapping[Term, tuple[str, str]] = {
    DIP.REPORT: _NOTHING,
    DIP.SOURCE: (
        " that names this very source (dip:foundIn)",
        " que nombre esta fuente tal cual (dip:foundIn)",
    ),
}


def of_added(properties: Sequence[NamedNode], kind: RecordKind, holder: GraphName | None) -> Sentences:
    """Return the message for a graph that adds to another graph's record without a report of its own."""
    english, spanish = _HOW.get(kind, _NOTHING)
    if kind is RecordKind.POINT:
        english += ", or describe a point of your own"
        spanish += ", o describa un punto propio"
    return {
        "en": f"this adds {_listed(properties, 'and')} to what {_name(holder)} describes, and no new report"
        f" here supports that; add a report of your own{english}",
        "es": f"esto añade {_listed(properties, 'y')} a lo que describe {_name(holder, 'es')}, y ninguna"
        f" constancia nueva de aquí lo respalda; aporte una constancia propia{spanish}",
    }


def of_taken_name(record: Term, class_: Term, holder: GraphName | None) -> Sentences:
    """Return the message for a graph that describes its own record under another record's name."""
    node, name = display(record), display(class_)
    return {
        "en": f"{node} already names a {name} that {_name(holder)} describes; choose another name for yours",
        "es": f"{node} ya es el nombre de un {name} que describe {_name(holder, 'es')}; elija otro nombre"
        " para el suyo",
    }


def of_extended(properties: Sequence[NamedNode], class_: Term, holder: GraphName | None) -> Sentences:
    """Return the message for a graph that adds to a record that only its own submission may extend."""
    name = display(class_)
    english, spanish = _OF_EXTENDED.get(class_, (f" with a {name} of its own", f" con un {name} propio"))
    return {
        "en": f"this adds {_listed(properties, 'and')} to a {name} that {_name(holder)} describes, and no"
        f" submission extends another's; give a report of your own{english}",
        "es": f"esto añade {_listed(properties, 'y')} a un {name} que describe {_name(holder, 'es')}, y"
        f" ningún envío amplía el de otro; aporte una constancia propia{spanish}",
    }


def of_own(kind: RecordKind, graph: GraphName, elsewhere: GraphName | None) -> Sentences:
    """Return the message for a record whose evidence is not in the graph that describes it."""
    english, spanish = _HOW.get(kind, _NOTHING)
    if elsewhere in (None, graph):
        return {
            "en": f"no report that {_name(graph)} itself describes bears this out; give a report of your"
            f" own{english}",
            "es": f"ninguna constancia descrita en {_name(graph, 'es')} respalda esto; aporte una constancia"
            f" propia{spanish}",
        }
    return {
        "en": f"the evidence for this is in {_name(elsewhere)} and not in {_name(graph)}, which "
        "describes it; "
        f"give a report of your own in the same graph{english}",
        "es": f"lo que respalda esto está en {_name(elsewhere, 'es')} y no en {_name(graph, 'es')}, que lo"
        f" describe; aporte una constancia propia en el mismo grafo{spanish}",
    }


def of_ties(properties: Sequence[NamedNode], graph: GraphName) -> Sentences:
    """Return the message for an actor's part, government or spokesperson tie without a report."""
    english, spanish = _HOW[RecordKind.ACTOR]
    return {
        "en": f"{_listed(properties, 'and')} lets one actor's words and deeds count for another, and no"
        f" report of {_name(graph)} supports that; add a report of your own{english}",
        "es": f"con {_listed(properties, 'y')} las palabras y actos de un actor cuentan para otro, y ninguna"
        f" constancia de {_name(graph, 'es')} lo respalda; aporte una constancia propia{spanish}",
    }


def of_account(claim: Term | None) -> Sentences:
    """Return the message for an account that comprises a claim not made where the account is given."""
    name = display(claim) if claim else ""
    return {
        "en": f"no statement in which this account is given advances {name} and is borne out where it is"
        " described; give a report of your own of a statement that does, and name it in dip:givenIn",
        "es": f"ninguna declaración en que se da esta versión sostiene {name} y está respaldada donde se"
        " describe; aporte una constancia propia de una que lo haga y nómbrela en dip:givenIn",
    }


def of_another(properties: Sequence[NamedNode], graph: GraphName) -> Sentences:
    """Return the message for a change that removes another graph's evidence."""
    return {
        "en": f"{_name(graph)} says {_listed(properties, 'and')} of this, and after this change no report"
        " there bears that out; give a report of your own there, or withdraw that graph first",
        "es": f"{_name(graph, 'es')} dice {_listed(properties, 'y')} de esto, y tras este cambio ninguna"
        " constancia de allí lo respalda; aporte allí una constancia propia o retire antes ese grafo",
    }


def _name(graph: GraphName | None, language: str = "en") -> str:
    if graph is None or isinstance(graph, DefaultGraph):
        return "the default graph" if language == "en" else "el grafo por defecto"
    return display(graph)


def _listed(properties: Sequence[NamedNode], conjunction: str) -> str:
    names = [display(name) for name in properties]
    if len(names) > _MOST:
        names = [*names[: _MOST - 1], "others" if conjunction == "and" else "otras"]
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last
