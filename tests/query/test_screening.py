"""What is refused before the engine sees it, and what only looks like it."""

from contextlib import suppress
from itertools import product

import pyoxigraph
import pytest

from kg.errors import BadInput, TooLarge
from kg.facts.update_parser import operations
from kg.query.screening import MAX_NESTING, check, escaped, inert, screen
from tests.support.other_server import listening

LIMIT = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(" + "(" * 300 + "1" + ")" * 300 + ") }",
        "ASK " + "{" * 300 + "}" * 300,
        "ASK { FILTER(1<" + "(" * 300 + "1" + ")" * 300 + ">0) }",
        r"ASK { FILTER " + r"\u0028" * 300 + "1" + ")" * 300 + " }",
        "ASK { <a:a> <a:b> ex:c\\# , " + "(" * 300 + ")" * 300 + " }",
        "ASK { FILTER(" + " || ".join(["?a"] * 1100) + ") }",
        "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 1100 + "}",
        "ASK {} #" + "x" * LIMIT,
        "SELECT " + " ".join(f"(1 AS ?v{number})" for number in range(1100)) + " {}",
        "SELECT (1 AS ?b) {} GROUP BY " + "(STR(1)) " * 1100,
        "SELECT * { { SELECT (1 AS ?b) {} GROUP BY ?a HAVING " + "(1)" * 1100 + " } }",
        "DESCRIBE " + " ".join(f"<urn:a{number}>" for number in range(1100)),
        "SELECT * { " + "?s ?p 1OPTIONAL{} " * 1100 + "}",
        "SELECT * { " + "{} " * 1100 + "}",
        "SELECT * { " + "VALUES ?a {1}" * 1100 + "}",
        "ASK { FILTER(?a" + " +1" * 1100 + ") }",
        "ASK { ?s ?p " + "<<(?s ?p " * 150 + "1" + ")>>" * 150 + " }",
        "ASK { " + "<<" * 150 + "?s ?p 1" + ">> ?p 1" * 150 + " }",
        "ASK { ?s ?p 1 " + "{| ?p 1 " * 150 + "|}" * 150 + " }",
        "ASK { FILTER(" + "IF(1,1," * 150 + "1" + ")" * 150 + ") }",
    ],
    ids=lambda text: text[:24],
)
def test_what_would_end_the_engine_is_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        screen(text, LIMIT)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://127.0.0.1/> {} }",
        "ASK { service silent <http://127.0.0.1/> {} }",
        "ASK { SERVICE?where {} }",
        "ASK { ?s ?p 1SERVICE<http://127.0.0.1/>{} }",
        "ASK { SERVICE:here {} }",
        r"ASK { SERV\u0049CE <http://127.0.0.1/> {} }",
        "ASK { ?s ?p '#' SERVICE <http://127.0.0.1/> {} }",
        "ASK { ?s ?p <http://example.org/#it's> . SERVICE <http://127.0.0.1/> {} #'\n}",
    ],
)
def test_service_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(BadInput, match="SERVICE"):
        screen(text, LIMIT)


HIDDEN = [
    r'SELECT * { BIND("\u0022" AS ?b) SERVICE ENDPOINT { ?s ?p ?o } BIND("" AS ?c) }',
    "SELECT * { FILTER(?s<'x>') SERVICE ENDPOINT { ?s ?p ?o } FILTER(?s='') }",
    "SELECT * { FILTER(?s<'x>') seRvIcE SILENT ENDPOINT { ?s ?p ?o } FILTER(?s='') }",
    "SELECT * { FILTER(?s<a:a#>'''\n) SERVICE ENDPOINT { ?s ?p ?o } # ''' \n }",
    "PREFIX e: <urn:> SELECT * { ?s ?p e:.SERVICE ENDPOINT { ?s ?p ?o } }",
    r"SELECT * { ?s ?p <urn:it's\u0041> . SERVICE ENDPOINT { ?s ?p ?o } FILTER(''='') }",
    "SELECT * { ?s <urn:p>?true SERVICE ENDPOINT {} }",
    "SELECT * { SERVICESILENTENDPOINT {} }",
    "PREFIX SERVICE: <urn:> SELECT * { ?s ?p SERVICE:x . SERVICE ENDPOINT {} }",
    "PREFIX SERVICEa: <urn:a:> PREFIX a: <urn:> SELECT * { SERVICEa:b {} SERVICE ENDPOINT {} }",
    "PREFIX : <urn:> SELECT * { ?s :x.y. SERVICE ENDPOINT {} }",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_whatever_hides_service_from_our_eyes_the_engine_calls_nobody(text: str) -> None:
    with listening() as other:
        asked = f"PREFIX a: <urn:a:> {text.replace('ENDPOINT', f'<{other.address}>')}"
        with suppress(BadInput, SyntaxError, ValueError, RuntimeError, OSError):
            found = pyoxigraph.Store().query(screen(asked, LIMIT).text)
            assert isinstance(found, pyoxigraph.QuerySolutions)
            list(found)
        assert other.seen == []


def test_no_two_pieces_of_a_query_hide_a_service_that_follows_them() -> None:
    pieces = r"""?s|?|$x|:|e:|e:a|<urn:p>|{|}|(|)|.|;|'x'|"\u0022"|#|\|<|<'|>|BIND(1 AS ?y)|1|_:a|a"""
    pieces += "|FILTER(?s<'x>')|^|*|/|[]|?s ?p|?s <urn:p> ?o|FILTER(?s<?p)|OPTIONAL{|-|"
    with listening() as other:
        for first, second, end in product(pieces.split("|"), pieces.split("|"), ("", "BIND('' AS ?z)")):
            text = f"{first}{second}SERVICE <{other.address}> {{ ?a ?b ?c }} {end}"
            with suppress(BadInput, SyntaxError, ValueError, RuntimeError, OSError):
                screened = screen(f"PREFIX : <urn:> PREFIX e: <urn:> SELECT * {{ {text} }}", LIMIT)
                list(pyoxigraph.Store().query(screened.text))  # type: ignore[arg-type]  # solutions
        assert other.seen == []


@pytest.mark.parametrize(
    "text",
    [
        r"INSERT DATA { <urn:it's\u0041> <urn:p> 1 } ; LOAD ENDPOINT ; INSERT DATA { <urn:x> <urn:p> '' }",
        r"INSERT DATA { <urn:it's\u0041> <urn:p> 1 } ; "
        "INSERT {} WHERE { SERVICE ENDPOINT { ?s ?p ?o } } ; INSERT DATA { <urn:x> <urn:p> '' }",
    ],
)
def test_reading_an_update_calls_nobody(text: str) -> None:
    with listening() as other:
        with suppress(BadInput):
            list(operations(text.replace("ENDPOINT", f"<{other.address}>"), "urn:base"))
        assert other.seen == []


def test_a_text_made_inert_means_the_same() -> None:
    text = "SELECT ?x { VALUES ?x { 'Secret Service' <urn:download> '''LOAD''' } } # service"
    made = inert(text, "service", "load")
    assert "ervice" in made
    assert {"Service", "service", "LOAD", "load"}.isdisjoint(made.replace(">", " ").split())
    values = [str(row["x"]) for row in pyoxigraph.Store().query(made)]  # type: ignore[union-attr]
    assert values == ['"Secret Service"', "<urn:download>", '"LOAD"']
    named = "SELECT ?service { ?service ex:service _:load . ?download ex:x-load $load }"
    assert inert(named, "service", "load") == named


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX service: <urn:s:> SELECT * { ?s service:p service:q }",
        "PREFIX my-service: <urn:s:> SELECT * { GRAPH my-service:g { ?s ?p ?o } }",
        "PREFIX service: <urn:s:> SELECT * FROM service:g { ?s ?p ?o }",
        "PREFIX : <urn:s:> SELECT * { ?s :x.service :x-.service , :%41service }",
        "SELECT * { ?s ?p 'x'@service }",
        "PREFIX LOAD: <urn:l:> PREFIX zOAD: <urn:z:> SELECT * { LOAD:a zOAD:b LOAD:load }",
        "SELECT * { ?s ?p ?se\u0301service }",
    ],
)
def test_a_name_that_only_looks_like_service_is_none(text: str) -> None:
    screened = screen(text, LIMIT).text
    assert isinstance(pyoxigraph.Store().query(screened), pyoxigraph.QuerySolutions)


def test_a_renamed_prefix_means_what_the_declared_one_means() -> None:
    text = "PREFIX service: <urn:s:> PREFIX zervice: <urn:z:> CONSTRUCT { service:a service:p zervice:b } {}"
    found = list(pyoxigraph.Store().query(screen(text, LIMIT).text))  # type: ignore[arg-type]  # triples
    assert str(found[0]) == "<urn:s:a> <urn:s:p> <urn:z:b>"


def test_many_brackets_in_content_are_written_so_that_they_open_nothing() -> None:
    content = "(" * (MAX_NESTING + 1)
    assert escaped(f"ASK {{ ?s ?p '{content}' }}").count("(") == 0
    assert escaped("ASK { ?s ?p '(' }") == "ASK { ?s ?p '(' }"


@pytest.mark.parametrize("hidden", ["FILTER({}1)", "?a {}<urn:p> ?b"])
def test_operators_that_hide_in_content_do_not_end_the_process_that_reads_an_update(hidden: str) -> None:
    many = ("!" if "FILTER" in hidden else "<urn:p>/") * 60_000
    text = f"INSERT {{}} WHERE {{ FILTER(?s<'x>') {hidden.format(many)} FILTER(''='') }}"
    check(text, 1 << 22)
    with pytest.raises(BadInput):
        list(operations(text, "urn:base"))


def test_content_with_many_operators_means_the_same() -> None:
    text = "1-2/3!(|)&*^+" * 1000
    values = f"SELECT ?x {{ VALUES ?x {{ '{text}'^^<urn:type> <urn:{text[:7]}> }} }}"
    rows = pyoxigraph.Store().query(escaped(values))
    assert [row["x"].value for row in rows] == [text, f"urn:{text[:7]}"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "ASK { VALUES ?x { " + '"1"^^<urn:t> ' * 1100 + "} }",
        "ASK { ?service ?p 'SERVICE <x> {}' }",
        "ASK { <http://example.org/service> ex:service '((((' } # SERVICE",
        "SELECT * { VALUES ?n { " + "-1 " * 5000 + "} }",
        "ASK { FILTER(?s IN (" + ", ".join(f"<urn:example:{n}>" for n in range(2000)) + ")) }",
        "SELECT * { " + "{ ?s ?p ?o } UNION " * 90 + "{} }",
        "SELECT * { VALUES (?a ?b) { " + "(1 -1) " * 3000 + "} }",
        "SELECT ?a (COUNT(?b) AS ?c) { ?a ?p ?b } GROUP BY ?a HAVING (COUNT(?b) > 1) # " + "x" * 2000,
        "ASK { FILTER(?x<5&&?y>3) VALUES ?i { " + "<http://example.org/a> " * 500 + "} }",
    ],
    ids=lambda text: text[:24],
)
def test_what_only_looks_dangerous_passes(text: str) -> None:
    screen(text, LIMIT)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * FROM <urn:g> {}", True),
        ("ASK FROM NAMED <urn:g> {}", True),
        ("DESCRIBE <urn:a>from<urn:g>", True),
        ("SELECT ?from { ?from ?p 'FROM' } # FROM <urn:g>", False),
    ],
)
def test_a_dataset_named_in_the_text_is_noticed(text: str, named: bool) -> None:
    assert screen(text, LIMIT).names_its_dataset is named
