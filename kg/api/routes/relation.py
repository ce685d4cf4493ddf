"""Pages about the relation of two actors, for people."""

from fastapi import Request, Response

from kg.api import sparql_protocol
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import IRI, PAGE, STRING
from kg.api.parameters import Parameters, once
from kg.api.resources import Here, Resources
from kg.api.routes.pages import page
from kg.errors import BadInput
from kg.iris import read_iri
from kg.pages.relation import duet
from kg.pages.relation.duet import DuetRequest
from kg.query import naming
from kg.query.search.search import read_class

router = Routes("relations", "Words and deeds of two actors, side by side; for people.")

DUET = Declaration(
    {200: PAGE},
    (400, 404, 406, 410, 503),
    parameters=(
        DeclaredParameter("actor", "An actor, by name or IRI.", STRING, "Colombia", is_required=True),
        DeclaredParameter("other", "Another actor.", STRING, "United States", is_required=True),
        DeclaredParameter("outlet", "Only what these outlets report; may be given several times.", IRI),
        DeclaredParameter("event", "An event that divides the records.", STRING, may_be_empty=True),
        AS_OF,
    ),
)
_ACTOR = (read_class("Actor"),)


@router.declared("GET", "/duet", DUET)
async def show_duet(request: Request, here: Here) -> Response:
    """Show what two actors said of each other and did toward each other, in order, and who says so."""
    parameters = DUET.read_parameters(request)
    asked = DuetRequest(
        await _actor(here, request, parameters, "actor"),
        await _actor(here, request, parameters, "other"),
        tuple(read_iri(value).value for name, value in parameters if name == "outlet"),
        read_iri(event).value if (event := once(parameters, "event")) else None,
    )
    if asked.actor == asked.other:
        raise BadInput("The parameters 'actor' and 'other' name one actor; name two.")
    return await page(request, here, duet.page, asked, as_of=sparql_protocol.moment(parameters))


async def _actor(here: Resources, request: Request, parameters: Parameters, name: str) -> str:
    """Return the IRI of the actor that a parameter names; raises BadInput and NotInGraph."""
    text = once(parameters, name)
    if not text:
        raise BadInput(f"The parameter '{name}' is missing; name an actor.")
    if naming.is_written_out(text):
        return read_iri(text).value
    language = here.style(request.headers).language
    hit = naming.thing(f"The parameter '{name}'", await here.search.resolve(text.strip(), _ACTOR, language))
    return hit.iri if hit else read_iri(text).value
