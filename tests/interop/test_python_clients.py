"""SPARQLWrapper, rdflib's stores and pandas: each asks, constructs and writes as its users do."""

import io
import json
from typing import Any
from urllib.parse import urlencode

import pandas
import pytest
import rdflib
import SPARQLWrapper as Wrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from tests.interop.conftest import GRAPH, TOKEN, Server

EX = rdflib.Namespace("http://example.org/")
SELECT = f"SELECT ?s ?n {{ GRAPH <{GRAPH}> {{ ?s <{EX.name}> ?n }} }} ORDER BY ?n"
ASK = f"ASK {{ GRAPH <{GRAPH}> {{ ?s <{EX.size}> 7 }} }}"
CONSTRUCT = f"CONSTRUCT {{ ?s <{EX.name}> ?n }} WHERE {{ GRAPH <{GRAPH}> {{ ?s <{EX.name}> ?n }} }}"
DESCRIBE = f"DESCRIBE <{EX.c}>"
NAMES = {'O, "Name"\nof a', "¿Qué?"}


pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # theirs, reading JSON-LD


# SPARQLWrapper


def wrapper(server: Server, query: str, form: str | None = None) -> Wrapper.SPARQLWrapper:
    client = Wrapper.SPARQLWrapper(server.query, server.update)
    client.setQuery(query)
    if form:
        client.setReturnFormat(form)
    return client


@pytest.mark.parametrize("method", [Wrapper.GET, Wrapper.POST])
@pytest.mark.parametrize("form", [None, Wrapper.XML, Wrapper.JSON, Wrapper.CSV, Wrapper.TSV])
def test_sparqlwrapper_selects_in_all_its_formats(server: Server, form: str | None, method: str) -> None:
    client = wrapper(server, SELECT, form)
    client.setMethod(method)
    found: Any = client.queryAndConvert()
    if form == Wrapper.JSON:
        assert {row["n"]["value"] for row in found["results"]["bindings"]} == NAMES
    elif form in (None, Wrapper.XML):
        assert len(found.getElementsByTagName("result")) == 2
    else:
        assert "¿Qué?" in found.decode()


@pytest.mark.parametrize("form", [Wrapper.TURTLE, Wrapper.N3, Wrapper.RDF, Wrapper.RDFXML, Wrapper.JSONLD])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_sparqlwrapper_gets_rows_where_its_format_has_none(server: Server, form: str) -> None:
    found: Any = wrapper(server, SELECT, form).queryAndConvert()
    assert len(found["results"]["bindings"]) == 2


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize(
    "form",
    [
        *(None, Wrapper.XML, Wrapper.RDF, Wrapper.RDFXML, Wrapper.JSON, Wrapper.JSONLD, Wrapper.TURTLE),
        *(Wrapper.N3, Wrapper.CSV, Wrapper.TSV),
    ],
)
@pytest.mark.filterwarnings("ignore:Sending Accept header", "ignore:Format requested")
def test_sparqlwrapper_gets_a_graph_in_all_its_formats(server: Server, query: str, form: str | None) -> None:
    found: Any = wrapper(server, query, form).queryAndConvert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
    assert rdflib.Literal("¿Qué?", lang="es") in set(graph.objects(EX.c, EX.name))


def test_sparqlwrapper_asks_and_sends_what_other_servers_take(server: Server) -> None:
    client = wrapper(server, ASK, Wrapper.JSON)
    for name, value in (("timeout", "30000"), ("infer", "true"), ("debug", "on")):
        client.addParameter(name, value)
    client.setCredentials("any", TOKEN)
    answer: Any = client.query()
    assert "infer" in answer.info()["kg-warning"]
    assert answer.convert()["boolean"] is True


@pytest.mark.parametrize("request_method", [Wrapper.URLENCODED, Wrapper.POSTDIRECTLY])
def test_sparqlwrapper_updates(server: Server, request_method: str) -> None:
    client = wrapper(server, f"INSERT DATA {{ <{EX.d}> <{EX.size}> '{request_method}' }}")
    client.setMethod(Wrapper.POST)
    client.setRequestMethod(request_method)
    client.setCredentials("any", TOKEN)
    assert client.query().response.status == 200
    asked: Any = wrapper(server, f"ASK {{ <{EX.d}> <{EX.size}> '{request_method}' }}", Wrapper.JSON)
    assert asked.queryAndConvert()["boolean"] is True


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflibs_store_asks_in_all_its_formats(server: Server, form: str, method: Any) -> None:
    graph = rdflib.Graph(SPARQLStore(server.query, returnFormat=form, method=method, auth=("any", TOKEN)))
    assert {str(row["n"]) for row in graph.query(SELECT)} == NAMES  # type: ignore[call-overload, index]
    if form in ("xml", "json"):
        assert graph.query(ASK).askAnswer is True


def test_rdflibs_store_constructs_and_matches_triples(server: Server) -> None:
    store = SPARQLStore(server.query)
    graph = rdflib.Graph(store)
    built = graph.query(CONSTRUCT).graph
    assert built is not None
    assert {str(name) for name in built.objects(None, EX.name)} == NAMES
    named = rdflib.Graph(store, identifier=rdflib.URIRef(GRAPH))
    assert rdflib.Literal(7) in set(named.objects(EX["a,b"], EX.size))
    assert rdflib.URIRef(GRAPH) in set(store.contexts())


def test_rdflibs_store_writes(server: Server) -> None:
    store = SPARQLUpdateStore(server.query, server.update, auth=("any", TOKEN), autocommit=False)
    graph = rdflib.Graph(store, identifier=EX["of-rdflib"])
    for name in ("Ñandú", "Llama"):
        graph.add((EX.e, EX.name, rdflib.Literal(name, lang="es")))
    graph.commit()
    assert len(set(graph.objects(EX.e, EX.name))) == 2
    graph.remove((EX.e, EX.name, rdflib.Literal("Llama", lang="es")))
    graph.commit()
    assert set(graph.objects(EX.e, EX.name)) == {rdflib.Literal("Ñandú", lang="es")}
    graph.update(f"DELETE WHERE {{ <{EX.e}> ?p ?o }}")
    graph.commit()
    assert not set(graph.objects(EX.e, EX.name))


def test_rdflibs_store_without_a_token_may_not_write(server: Server) -> None:
    store = SPARQLUpdateStore(server.query, server.update)
    with pytest.raises(Exception, match="401"):
        rdflib.Graph(store, identifier=rdflib.URIRef(GRAPH)).update("INSERT DATA { <urn:a> <urn:b> 1 }")


def test_rdflib_reads_a_graph_by_its_address(server: Server) -> None:
    address = f"{server.graphs}?{urlencode({'graph': GRAPH})}"
    for form in ("turtle", "xml", "nt", "json-ld", None):
        assert len(rdflib.Graph().parse(address, format=form)) == 4, form


# pandas


@pytest.mark.parametrize(("name", "sep"), [("csv", ","), ("tsv", "\t")])
def test_pandas_reads_a_table(server: Server, name: str, sep: str) -> None:
    table = pandas.read_csv(f"{server.query}?{urlencode({'query': SELECT, 'format': name})}", sep=sep)
    assert [column.strip("?") for column in table.columns] == ["s", "n"]
    assert len(table) == 2


def test_pandas_chooses_by_accept_and_keeps_each_value(server: Server) -> None:
    query = f"SELECT ?n ?size {{ ?s <{EX.name}> ?n OPTIONAL {{ ?s <{EX.size}> ?size }} }} ORDER BY ?n"
    address = f"{server.query}?{urlencode({'query': query, 'default-graph-uri': GRAPH})}"
    table = pandas.read_csv(address, storage_options={"Accept": "text/csv"})
    assert set(table["n"]) == NAMES
    assert table["size"].dropna().tolist() == [7]


def test_pandas_reads_json(server: Server) -> None:
    found: Any = wrapper(server, SELECT, Wrapper.JSON).query().response.read()
    rows = pandas.json_normalize(json.load(io.BytesIO(found))["results"]["bindings"])
    assert set(rows["n.value"]) == NAMES
