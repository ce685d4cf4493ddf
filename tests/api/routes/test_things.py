"""Things as plain JSON, tables and lists; what was retracted; versions, tags, sitemap."""

import csv
import io
import json
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Triple
from rdflib import Dataset

from kg import iris
from tests.support.api_server import Client, bearer, serving, until_searchable
from tests.support.problems import fault

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FACTS = """<https://w3id.org/regional-diplomacy/id/graph-odd> {
    dipid:odd <urn:p> 5, 05.0, true, "plain", "texto"@es, "2026-02"^^xsd:gYearMonth, dipid:other, <urn:a,b> ;
        rdfs:label "Odd", "Raro"@es, "Extraño"@es, "\\"] }@graph"@en ;
        dcterms:title "Title"@en , 7 ; skos:note "Note"@en .
    dipid:other <urn:q> dipid:odd, dipid:third . dipid:third <urn:r> "deep" .
    <urn:x> <urn:points> dipid:odd . }"""


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("things")) as asking:
        added = add(asking, FACTS)
        assert added.status_code == 201, added.text
        yield asking


def add(kg: Client, text: str, **query: str) -> httpx.Response:
    prefixes = "\n".join(f"@prefix {prefix}: <{name}> ." for prefix, name in iris.PREFIXES.items())
    headers = {**bearer("curator"), "Content-Type": "application/trig"}
    return kg.post("/facts", params=query, content=f"{prefixes}\n{text}".encode(), headers=headers)


def retract(kg: Client, graph: str, reason: str) -> httpx.Response:
    return kg.post("/retractions", json={"graphs": [graph], "reason": reason}, headers=bearer("curator"))


def triples(data: bytes, rdf_format: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in pyoxigraph.parse(data, format=rdf_format)}


def expanded(kg: Client, path: str) -> str:
    """A thing as JSON-LD that carries its context itself."""
    told = kg.get(path).json()
    address = told["@context"].removeprefix("http://testserver")
    return json.dumps({**told, "@context": kg.get(address).json()["@context"]})


@pytest.mark.parametrize("name", ["id/ana", "id/words", "id/odd", "id/commit-2", "kinds/gift"])
def test_plain_json_is_json_ld_that_says_what_the_turtle_says_and_no_more_than_the_graph(
    kg: Client, name: str
) -> None:
    told = triples(expanded(kg, f"/{name}.json").encode(), RdfFormat.JSON_LD)
    everything = triples(kg.get("/export?all=true&format=nquads").content, RdfFormat.N_QUADS)
    assert triples(kg.get(f"/{name}.ttl").content, RdfFormat.TURTLE) <= told <= everything


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib"
)  # its parser uses what it has deprecated itself
def test_another_reader_of_json_ld_reads_the_same(kg: Client) -> None:
    graph = Dataset().parse(data=expanded(kg, "/id/odd.json"), format="json-ld")
    read = triples(graph.serialize(format="nt").encode(), RdfFormat.N_TRIPLES)
    assert read == triples(expanded(kg, "/id/odd.json").encode(), RdfFormat.JSON_LD)


def test_plain_json_is_read_without_knowing_of_rdf(kg: Client) -> None:
    told = kg.get("/id/words.json").json()
    assert (told["id"], told["type"]) == (iris.DATA + "words", "Statement")
    assert told[iris.TERMS + "madeBy"] == {
        "id": iris.DATA + "ana",
        "type": iris.TERMS + "Person",
        "label": {"es": "Ana <Pérez>"},
    }
    assert told[iris.TERMS + "quotation"] == {"@value": "¡Hola!", "@language": "es"}
    assert kg.get("/id/ana.json").json()["mentionedBy"][iris.TERMS + "madeBy"][0]["id"] == iris.DATA + "words"
    assert told["meta"]["graphs"] == [iris.DATA + "graph-story"]
    assert kg.get(told["meta"]["permalink"]).json() == told
    odd = kg.get("/id/odd.json").json()
    assert odd["label"] == {"@none": "Odd", "en": '"] }@graph', "es": ["Extraño", "Raro"]}
    assert 5 in odd["urn:p"]
    assert True in odd["urn:p"]
    other = next(
        each for each in odd["urn:p"] if isinstance(each, dict) and each.get("id") == iris.DATA + "other"
    )
    assert other["urn:q"][1] == {"id": iris.DATA + "third", "urn:r": "deep"}


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".ttl", "text/turtle"),
        (".nt", "application/n-triples"),
        (".jsonld", "application/ld+json"),
        (".rdf", "application/rdf+xml"),
        (".json", "application/json"),
        (".csv", "text/csv"),
    ],
)
def test_a_suffix_names_the_format_like_the_parameter_and_the_header(
    kg: Client, suffix: str, media_type: str
) -> None:
    by_suffix = kg.get(f"/id/odd{suffix}", headers=BROWSER)
    assert by_suffix.headers["content-type"].partition(";")[0] == media_type
    assert kg.get("/id/odd", headers={"Accept": media_type}).content == by_suffix.content
    name = {".rdf": "rdfxml", ".nt": "nt"}.get(suffix, suffix[1:])
    assert kg.get(f"/id/odd?format={name}").content == by_suffix.content
    fault(kg.get(f"/id/odd{suffix}?format={name}"), 404)  # with a format, all of it is the name
    fault(kg.get(f"/id/nothing{suffix}"), 404)


def test_a_table_of_a_thing_has_a_row_for_each_value_and_each_mention(kg: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(kg.get("/id/ana.csv").text)))
    assert {(row["property_label"], row["value"]) for row in rows if row["thing"] == iris.DATA + "ana"} == {
        ("type", iris.TERMS + "Person"),
        ("label", "Ana <Pérez>"),
    }
    assert [row["thing"] for row in rows if row["value"] == iris.DATA + "ana"] == [iris.DATA + "words"]
    assert {row["graph"] for row in rows} == {iris.DATA + "graph-story"}


def test_what_was_retracted_is_gone_with_the_reason_and_what_never_was_is_not_found(kg: Client) -> None:
    (graph,) = add(kg, 'dipid:brief <urn:p> "x" .').json()["graphs"]
    version = kg.get("/id/brief.ttl").headers["x-graph-version"]
    commit = retract(kg, graph, "It was a test.").json()["version"]
    for path in ("/id/brief", "/id/brief.json", "/id/brief.csv", "/id/brief.ttl"):
        gone = fault(kg.get(path), 410)
        assert (gone["commit"], gone["reason"], gone["as_of"]) == (commit, "It was a test.", f"v{version}")
        assert "It was a test." in gone["detail"]
    assert "It was a test." in kg.get("/id/brief", headers=BROWSER).text
    assert kg.get(f"/id/brief.ttl?as-of={version}").status_code == 200
    fault(kg.get("/id/bri"), 404)
    (again,) = add(kg, 'dipid:brief <urn:p> "y" .').json()["graphs"]
    assert kg.get("/id/brief").status_code == 200
    assert add(kg, 'dipid:longer <urn:p> "z" .', supersedes=again).status_code == 201
    assert fault(kg.get("/id/brief"), 410)["withdrawn"] == [again]


def test_a_graph_that_was_retracted_is_gone_too(kg: Client) -> None:
    (graph,) = add(kg, 'dipid:told <urn:p> "x" .').json()["graphs"]
    version = kg.get("/graphs", params={"graph": graph}).headers["x-graph-version"]
    retract(kg, graph, "It was another test.")
    for path in ("/graphs", "/export"):
        gone = fault(kg.get(path, params={"graph": graph}), 410)
        assert (gone["reason"], gone["as_of"]) == ("It was another test.", f"v{version}")
        fault(kg.get(path, params={"graph": "urn:never"}), 404)
    assert kg.get("/export", params={"graph": graph, "as-of": version}).status_code == 200


def test_what_is_not_known_is_told_with_what_is_nearest(kg: Client) -> None:
    until_searchable(kg)
    near = fault(kg.get("/id/ana-peres"), 404)
    assert near["nearest"][0]["iri"] == iris.DATA + "ana"
    assert "the nearest: dipid:ana (Ana <Pérez>" in near["detail"]
    assert "nearest" not in fault(kg.get("/id/zzzzqqqq"), 404)


def test_a_list_takes_classes_and_kinds_by_name(kg: Client) -> None:
    for name in ("Nothing", "dip:Nothing"):
        assert fault(kg.get("/id", params={"class": name}), 404)["iri"] == iris.TERMS + "Nothing"
    by_iri = kg.get("/id", params={"kind": "dipk:gift"}).json()
    assert kg.get("/id", params={"kind": "gift"}).json() == by_iri
    fault(kg.get("/id", params={"class": "no class"}), 400)
    fault(kg.get("/id", params={"kind": "no kind at all"}), 400)


@pytest.mark.parametrize(
    "path",
    [
        *("/id/ana", "/id/ana.json", "/id/ana.csv", "/id", "/terms", "/terms.atom", "/kinds", "/shapes"),
        *("/export", "/provenance", "/changes.atom", "/context", "/sitemap.xml"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", BROWSER["Accept"]])
def test_what_did_not_change_is_not_sent_again(kg: Client, path: str, accept: str) -> None:
    path = path.replace("/terms.atom", "/changes?thing=ana&format=atom")
    headers = {"Accept": accept, "Accept-Encoding": "identity"}
    answer = kg.get(path, headers=headers)
    if answer.status_code == 303:
        return
    tag = answer.headers["etag"]
    assert answer.headers["x-graph-version"] == str(kg.get("/ready").json()["version"])
    again = kg.get(path, headers={**headers, "If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert kg.get(path, headers={**headers, "If-None-Match": 'W/"other"'}).status_code == 200


def test_an_etag_changes_with_the_version_the_format_and_the_language(kg: Client) -> None:
    def tag(path: str, **headers: str) -> str:
        return kg.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()}).headers[
            "etag"
        ]

    tags = {tag("/id/ana"), tag("/id/ana.json"), tag("/id/odd"), tag("/id/ana?as-of=2")}
    tags |= {tag("/id/ana", accept="text/html"), tag("/id/ana", accept="text/html", accept_language="es")}
    assert len(tags) == 6
    add(kg, 'dipid:new <urn:p> "n" .')
    assert tag("/id/ana") not in tags
    assert tag("/id/ana?as-of=2") in tags


def test_things_are_listed_by_class_with_facets_to_narrow_the_list(kg: Client) -> None:
    told = kg.get("/id?class=dip:Statement").json()
    assert [each["id"] for each in told["things"]] == [iris.DATA + "words"]
    assert told["next"] is None
    assert [(each["label"], each["count"]) for each in told["facets"]["class"]] == [("Statement", 1)]
    assert kg.get(told["facets"]["class"][0]["things"]).json()["things"] == told["things"]
    assert kg.get("/id?class=dip:Statement&after=words").json()["things"] == []
    assert kg.get("/id?format=csv").text.splitlines()[1].startswith(iris.DATA)
    assert kg.get("/id?as-of=1").json()["things"] == []
    fault(kg.get("/id?class=dip:Nothing"), 404)
    fault(kg.get("/id?class=a b"), 400)
    fault(kg.get("/id?limit=0"), 400)
    fault(kg.get("/id?page=2"), 400)


def test_the_context_is_kept_by_its_version_and_another_is_not_found(kg: Client) -> None:
    address = kg.get("/id/ana.json").json()["@context"].removeprefix("http://testserver")
    assert kg.get(address).headers["cache-control"].startswith("public, max-age=")
    assert kg.get("/context").headers["cache-control"] == "no-cache"
    fault(kg.get("/context/9.9.9"), 404)


def test_the_sitemap_lists_pages_and_things_that_answer(kg: Client) -> None:
    robots = kg.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    root = ElementTree.fromstring(kg.get("/sitemap.xml").content)
    addresses = [each.text or "" for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "http://testserver/id/words" in addresses
    assert "http://testserver/terms/Statement" in addresses
    assert "http://testserver/kinds/gift" in addresses
    addresses.remove(
        "http://testserver/questions/coded-rows-by-month"
    )  # its default is no term of this graph
    for address in addresses:
        assert kg.get(address.removeprefix("http://testserver"), headers=BROWSER).status_code == 200, address


@pytest.mark.parametrize("query", ["part=1", "of=2", "part=3&of=2", "part=0&of=1", "part=x&of=2"])
def test_a_part_of_the_sitemap_that_is_none_is_refused(kg: Client, query: str) -> None:
    fault(kg.get(f"/sitemap.xml?{query}"), 400)


def test_whatever_the_provenance_graph_names_of_ours_can_be_followed(kg: Client) -> None:
    data = kg.get("/provenance", headers={"Accept": "application/n-triples"}).content
    named = {
        str(node).strip("<>")
        for triple in triples(data, RdfFormat.N_TRIPLES)
        for node in (triple.subject, triple.object)
    }
    ours = sorted(iri for iri in named if iri.startswith(iris.BASE) and "#" not in iri)
    assert len(ours) > 5
    for iri in ours:
        answer = kg.get("/" + iri.removeprefix(iris.BASE), headers={"Accept": "text/turtle"})
        assert answer.status_code == 200, iri
    assert kg.get("/provenance", headers=BROWSER).headers["location"] == "/commits"


def test_a_name_that_no_iri_can_be_and_parameters_that_mean_nothing_are_refused(kg: Client) -> None:
    fault(kg.get("/id/a%20b.json"), 404)
    fault(kg.get("/id/ana.json?tongue=es"), 400)
    fault(kg.get("/id/ana?on=yesterday"), 400)
    fault(kg.get("/id/ana?start=-1"), 400)
    fault(kg.get("/id/ana.json?as-of=never"), 400)


def test_a_page_links_what_may_be_meant(kg: Client) -> None:
    add(kg, '<javascript:alert(1)> rdfs:label "Ana Pérez junior"@en .')
    until_searchable(kg)
    page = kg.get("/id/ana-perez", headers=BROWSER)
    assert page.status_code == 404
    assert '<li><a href="/id/ana" title="dipid:ana">Ana &lt;Pérez&gt;</a>' in page.text
    assert 'href="/search?q=javascript%3Aalert%281%29"' in page.text
    assert "&#34;iri&#34;" not in page.text


def test_a_list_is_by_the_value_of_a_property_and_in_an_order(kg: Client) -> None:
    made = [each["id"] for each in kg.get("/id?property=madeBy&value=ana").json()["things"]]
    assert f"{iris.DATA}words" in made
    assert made == [
        each["id"] for each in kg.get(f"/id?property=dip:madeBy&value={iris.DATA}ana").json()["things"]
    ]
    until_searchable(kg)
    by_name = kg.get("/id?sort=name&limit=1000").json()
    assert sorted(each["id"] for each in by_name["things"]) == [
        each["id"] for each in kg.get("/id?limit=1000").json()["things"]
    ]
    fault(kg.get("/id?property=madeBy"), 400)
    fault(kg.get("/id?sort=size"), 400)
    fault(kg.get("/id?sort=name&as-of=v1"), 400)
    fault(kg.get("/id?sort=name&property=dip:quotation&value=ana"), 400)
