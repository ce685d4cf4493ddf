"""What a route declares is what it takes, and what the description of the interface tells of it."""

from types import SimpleNamespace

import pytest
from fastapi import Request, Response

from kg.api import openapi
from kg.api.application import ROUTERS
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import NUMBER, json_content, record
from kg.api.parameters import FORM_TYPE
from kg.api.route_table import RouteTable
from kg.errors import BadInput
from kg.formats import GRAPH_FORMATS

WORD = DeclaredParameter("word", "A word.", example="peace", is_required=True)
COUNT = Declaration(
    {200: json_content("Tally")},
    (400,),
    parameters=(WORD, AS_OF, format_of(GRAPH_FORMATS)),
    form=(DeclaredParameter("text", "A text."), WORD),
    needs_token=True,
)


def router() -> Routes:
    """Declare a route, as a new file in routes/ would."""
    routes = Routes("words", "Words.", {"Tally": record({"number": NUMBER})})

    @routes.declared("POST", "/words/{name}", COUNT)
    async def count_words(name: str) -> Response:
        """Count a word.

        In ``text``.
        """
        return Response(name)

    return routes


def asking(query: bytes) -> Request:
    return SimpleNamespace(scope={"query_string": query})  # type: ignore[return-value]  # all that is read


def test_a_parameter_that_is_not_declared_is_refused_with_those_that_are() -> None:
    assert COUNT.read_parameters(asking(b"word=a&results=ttl&text=b")) == [
        ("word", "a"),
        ("results", "ttl"),
        ("text", "b"),
    ]
    with pytest.raises(BadInput) as refusal:
        COUNT.read_parameters(asking(b"word=a&wrod=b"))
    expected = (
        "There is no parameter 'wrod' here; the parameters are text, word, as-of, format, output, results."
    )
    assert refusal.value.detail == expected
    with pytest.raises(BadInput, match="the parameters are none"):
        Declaration({}).read_parameters(asking(b"word=a"))


def test_a_declared_route_is_in_the_description_with_all_that_it_takes_and_answers() -> None:
    described = openapi.describe([router()])
    assert described["tags"] == [{"name": "words", "description": "Words."}]
    assert described["components"]["schemas"]["Tally"]["required"] == ["number"]
    operation = described["paths"]["/words/{name}"]["post"]
    assert (operation["operationId"], operation["summary"]) == ("count_words", "Count a word.")
    assert operation["description"] == "In `text`."
    assert [(each["name"], each["in"]) for each in operation["parameters"]] == [
        ("name", "path"),
        *((name, "query") for name in ("word", "as-of", "format")),
    ]
    assert operation["parameters"][1]["required"] is True
    assert operation["parameters"][1]["example"] == "peace"
    form = operation["requestBody"]["content"][FORM_TYPE]["schema"]
    assert (list(form["properties"]), form["required"]) == (["text", "word"], ["text"])
    assert set(operation["responses"]) == {"200", "400", "429", "500"}
    assert operation["security"] == [{"token": []}, {"password": []}]


def test_a_declared_route_is_guarded_where_it_needs_a_token() -> None:
    table = RouteTable([*ROUTERS, router()])
    assert table.needs_token("POST", "/words/war")
    assert table.is_closed("/words/war")
    assert table.methods("/words/war") == ["OPTIONS", "POST"]


@pytest.mark.parametrize(
    ("path", "closed", "writing"),
    [
        ("/facts", True, {"POST"}),
        ("/update", True, {"POST"}),
        ("/retractions", True, {"POST"}),
        ("/graphs", False, {"PUT", "POST", "DELETE"}),
        ("/graphs/a/b", False, {"PUT", "POST", "DELETE"}),
        ("/sparql", False, set()),
        ("/validate", False, set()),
        ("/nothing", False, set()),
    ],
)
def test_the_table_knows_where_pages_of_other_sites_may_read(
    path: str, closed: bool, writing: set[str]
) -> None:
    table = RouteTable(ROUTERS)
    assert table.is_closed(path) is closed
    methods = ("GET", "HEAD", "OPTIONS", "QUERY", "PUT", "POST", "DELETE")
    assert {method for method in methods if table.needs_token(method, path)} == writing
