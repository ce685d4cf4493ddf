"""Pages that arrange records for reading: duet, threat ledger, rival accounts, line-up, network."""

from fastapi import Request, Response

from kg.api import sparql_protocol
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import IRI, PAGE, STRING
from kg.api.parameters import Parameters, once
from kg.api.resources import AppResources, Resources
from kg.api.routes.pages import page, static_page
from kg.errors import BadInput
from kg.gate.dates.calendar import Day
from kg.iris import read_iri
from kg.pages.stories import accounts, duet, ledger, lineup, network
from kg.pages.stories.duet import DuetRequest
from kg.pages.stories.network import NetworkRequest
from kg.query import naming
from kg.query.search.search import read_class

router = Routes(
    "stories", "Records arranged to be read: words and deeds, threats, accounts, stances; for people."
)

DUET = Declaration(
    {200: PAGE},
    (400, 404, 406, 410, 503),
    parameters=(
        DeclaredParameter("actor", "An actor, by name or IRI.", STRING, "Colombia"),
        DeclaredParameter("other", "Another actor.", STRING, "United States"),
        DeclaredParameter("outlet", "Only what these outlets report; may be given several times.", IRI),
        DeclaredParameter("event", "An event that divides the records.", STRING, may_be_empty=True),
        AS_OF,
    ),
)
THREATS = Declaration({200: PAGE}, (400, 404, 406, 410, 503), parameters=(AS_OF,))
ACCOUNTS = Declaration(
    {200: PAGE},
    (400, 404, 406, 410, 503),
    parameters=(
        DeclaredParameter(
            "about",
            "A happening, text or disputed point, by name or IRI; by default the one with the most accounts.",
            STRING,
        ),
        AS_OF,
    ),
)
LINE_UP = Declaration(
    {200: PAGE},
    (400, 404, 406, 410, 503),
    parameters=(
        DeclaredParameter(
            "state",
            "An actor, by name or IRI; by default the state toward which there are most stances.",
            STRING,
            "United States",
        ),
        AS_OF,
    ),
)
NETWORK = Declaration(
    {200: PAGE},
    (400, 404, 406, 410, 503),
    parameters=(
        DeclaredParameter(
            "actor", "An actor, by name or IRI; by default the one that speaks most.", STRING, "Gustavo Petro"
        ),
        DeclaredParameter(
            "layer",
            "Only edges of these layers; may be given several times.",
            {**STRING, "enum": [*network.ALL_LAYERS]},
        ),
        DeclaredParameter(
            "since",
            "Only edges possibly dated on or after this day.",
            {**STRING, "format": "date"},
            may_be_empty=True,
        ),
        DeclaredParameter(
            "until",
            "Only edges possibly dated on or before this day.",
            {**STRING, "format": "date"},
            may_be_empty=True,
        ),
        DeclaredParameter(
            "tone", "Only statements to which this tone is attributed.", STRING, may_be_empty=True
        ),
        AS_OF,
    ),
)
_ACTOR = (read_class("Actor"),)
_DISPUTED = (read_class("Happening"), read_class("Statement"), read_class("DisputedPoint"))


@router.declared("GET", "/duet", DUET)
async def show_duet(request: Request, resources: AppResources) -> Response:
    """Show what two actors said and did to each other, in order, with the sources.

    Without parameters, show a form for the two actors.
    """
    parameters = DUET.read_parameters(request)
    if not parameters:
        return static_page(request, resources, "duet_form.html")
    duet_request = DuetRequest(
        await _actor(resources, request, parameters, "actor"),
        await _actor(resources, request, parameters, "other"),
        tuple(read_iri(value).value for name, value in parameters if name == "outlet"),
        read_iri(event).value if (event := once(parameters, "event")) else None,
    )
    if duet_request.actor == duet_request.other:
        raise BadInput("The parameters 'actor' and 'other' name the same actor; name two different actors.")
    return await page(request, resources, duet.page, duet_request, as_of=sparql_protocol.moment(parameters))


@router.declared("GET", "/threats", THREATS)
async def show_threats(request: Request, resources: AppResources) -> Response:
    """Show acts that were threatened, promised or asked for, their outcome, and the source of each."""
    parameters = THREATS.read_parameters(request)
    return await page(request, resources, ledger.page, as_of=sparql_protocol.moment(parameters))


@router.declared("GET", "/accounts", ACCOUNTS)
async def show_accounts(request: Request, resources: AppResources) -> Response:
    """Show rival accounts side by side by disputed point: who says what, and who is silent."""
    parameters = ACCOUNTS.read_parameters(request)
    about = once(parameters, "about")
    iri = await _thing(resources, request, "about", about, _DISPUTED) if about else None
    question = resources.questions[accounts.QUESTION]
    return await page(
        request, resources, accounts.page, question, iri, as_of=sparql_protocol.moment(parameters)
    )


@router.declared("GET", "/line-up", LINE_UP)
async def show_line_up(request: Request, resources: AppResources) -> Response:
    """Show the positions of actors toward a state in rhetoric and in conduct, each under its assessor."""
    parameters = LINE_UP.read_parameters(request)
    state = once(parameters, "state")
    iri = await _thing(resources, request, "state", state, _ACTOR) if state else None
    return await page(request, resources, lineup.page, iri, as_of=sparql_protocol.moment(parameters))


@router.declared("GET", "/network", NETWORK)
async def show_network(request: Request, resources: AppResources) -> Response:
    """Show the actors one step from an actor, with words, deeds, claims, judgements and coded rows apart."""
    parameters = NETWORK.read_parameters(request)
    actor_name, tone = once(parameters, "actor"), once(parameters, "tone")
    network_request = NetworkRequest(
        await _thing(resources, request, "actor", actor_name, _ACTOR) if actor_name else None,
        tuple(_layer(value) for name, value in parameters if name == "layer"),
        _day(parameters, "since"),
        _day(parameters, "until"),
        read_iri(tone).value if tone else None,
    )
    return await page(
        request, resources, network.page, network_request, as_of=sparql_protocol.moment(parameters)
    )


def _layer(text: str) -> str:
    if text not in network.ALL_LAYERS:
        layers = ", ".join(network.ALL_LAYERS)
        raise BadInput(f"The parameter 'layer' must be one of {layers}, not {text[:64]!r}.")
    return text


def _day(parameters: Parameters, name: str) -> str | None:
    text = once(parameters, name)
    if text and Day.read(text) is None:
        raise BadInput(f"The parameter '{name}' must be a day such as 2025-01-26, not {text[:64]!r}.")
    return text or None


async def _actor(resources: Resources, request: Request, parameters: Parameters, name: str) -> str:
    """Return the IRI of the actor that a parameter names; raises BadInput and NotInGraph."""
    text = once(parameters, name)
    if not text:
        raise BadInput(f"The parameter '{name}' is missing; name an actor.")
    return await _thing(resources, request, name, text, _ACTOR)


async def _thing(
    resources: Resources, request: Request, name: str, text: str, classes: tuple[str, ...]
) -> str:
    """Return the IRI of the thing of some classes that a parameter names; raises BadInput and NotInGraph."""
    if naming.is_written_out(text):
        return read_iri(text).value
    language = resources.style(request.scope).language
    hit = naming.thing(
        f"The parameter '{name}'", await resources.search.resolve(text.strip(), classes, language)
    )
    return hit.iri if hit else read_iri(text).value
