"""Saved questions: what a header may say, what a parameter may be, what the store is told."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Variable

from kg import iris, ontology
from kg.errors import BadInput, KGError, NotFound
from kg.query import questions
from kg.query.parameters import Parameter, understood

XSD = iris.PREFIXES["xsd"]
HEADER = """\
#+ question: Which gestures did one actor make since a given day?
#+ params:
#+   actor: {type: iri, example: dipid:norland}
#+   since: {type: date, example: 2019-01-01, default: "2000-01-01"}
#+ returns: one row per gesture, oldest first
#+ tags: gestures, days
"""
QUERY = """\
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
SELECT ?actor ?since ?gesture ?date
WHERE { ?gesture dip:performer ?actor ; dip:date ?date . FILTER(?date >= ?since) }
ORDER BY ?date ?gesture
"""


def parsed(header: str = HEADER, query: str = QUERY) -> questions.Question:
    return questions.parse(header + query, Path("gestures-since.rq"))


def test_a_header_is_read_into_a_question() -> None:
    question = parsed()
    assert question.name == "gestures-since"
    assert question.question == "Which gestures did one actor make since a given day?"
    assert question.params == (
        Parameter("actor", "iri", "dipid:norland"),
        Parameter("since", "date", "2019-01-01", "2000-01-01"),
    )
    assert question.returns == "one row per gesture, oldest first"
    assert question.tags == ("gestures", "days")
    assert question.text == HEADER + QUERY
    assert question.examples == {"actor": "dipid:norland", "since": "2019-01-01"}


@pytest.mark.parametrize("params", ["", "#+ params:\n", "#+ params: {}\n"])
def test_a_question_may_have_no_parameters(params: str) -> None:
    assert parsed(f"#+ question: What?\n{params}#+ returns: rows\n").params == ()


def test_a_value_with_a_comma_or_a_brace_stands_in_quotes() -> None:
    line = '#+   actor: {type: string, example: "peace, {now}: please"}'
    question = parsed(HEADER.replace("#+   actor: {type: iri, example: dipid:norland}", line))
    assert question.examples["actor"] == "peace, {now}: please"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("#+ question: Which gestures did one actor make since a given day?\n", "", 5, "lacks 'question'"),
        ("#+ returns: one row per gesture, oldest first\n", "", 5, "lacks 'returns'"),
        ("#+ returns: one row per gesture, oldest first", "#+ returns:", 5, "'returns' has no value"),
        ("#+ tags", "#+ topics", 6, "unknown key 'topics'"),
        ("#+ tags: gestures, days", "#+ question: Twice?", 6, "'question' is given twice"),
        ("#+ tags: gestures, days", "#+ tags gestures", 6, "is written '#+ key: value'"),
        ("#+ tags: gestures, days", "#+   tags: {type: iri, example: dipid:x}", 6, "follow 'params:'"),
        ("#+ params:", "#+ params: actor", 2, "needs its own line"),
        ("type: iri", "type: uri", 3, "unknown type 'uri'"),
        ("type: iri, ", "", 3, "lacks 'type'"),
        (", example: dipid:norland", "", 3, "lacks 'example'"),
        ("type: iri", "kind: iri", 3, "unknown key 'kind'"),
        ("type: iri", "type: iri, type: iri", 3, "'type' is given twice"),
        ("{type: iri, example: dipid:norland}", "an actor", 3, "a parameter is written"),
        ("{type: iri, example: dipid:norland}", "{type: iri, example}", 3, "cannot read 'example'"),
        ("example: dipid:norland", "example: nowhere:norland", 3, "is not an IRI"),
        ("2019-01-01", "2019-02-30", 4, "a date is written"),
        ("2000-01-01", "2000", 4, "not a single day"),
        ("type: iri", "type: iri, class: nowhere:X", 3, "is not an IRI"),
        ("type: date", "type: date, class: dip:Actor", 4, "only an iri parameter can have a class"),
        ("type: iri", "type: iri, bound: latest", 3, "only a date parameter can have a bound"),
        ("type: date", "type: date, bound: last", 4, "a bound is earliest or latest"),
        ("#+   since", "#+   lang", 4, "'lang' is a reserved name"),
        ("#+ tags: gestures, days", "#+ labels: nothing", 6, "no column ?nothing"),
        ("#+   since", "#+   actor", 4, "'actor' is given twice"),
        ("#+   since", "#+   until", 6, "does not use the parameter ?until"),
        ("SELECT", "#+ tags: late\nSELECT", 8, "move it to the top"),
    ],
)
def test_a_faulty_header_is_refused_naming_file_and_line(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(KGError) as fault:
        questions.parse((HEADER + QUERY).replace(old, new, 1), Path("queries/gestures-since.rq"))
    assert fault.value.detail.startswith(f"queries/gestures-since.rq:{line}: ")
    assert said in fault.value.detail


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("iri", "dipid:gustavo-petro", NamedNode(iris.DATA + "gustavo-petro")),
        ("iri", "gustavo-petro", NamedNode(iris.DATA + "gustavo-petro")),
        ("iri", "<urn:x:y>", NamedNode("urn:x:y")),
        ("iri", "https://example.org/a#b", NamedNode("https://example.org/a#b")),
        ("date", "2026-02-03", Literal("2026-02-03", datatype=NamedNode(XSD + "date"))),
        ("partial-date", "2026-02", Literal("2026-02", datatype=NamedNode(XSD + "gYearMonth"))),
        ("date", "3 Feb 2026", Literal("2026-02-03", datatype=NamedNode(XSD + "date"))),
        ("date", "3 de febrero de 2026", Literal("2026-02-03", datatype=NamedNode(XSD + "date"))),
        ("partial-date", "March 2025", Literal("2025-03", datatype=NamedNode(XSD + "gYearMonth"))),
        ("partial-date", "2026", Literal("2026", datatype=NamedNode(XSD + "gYear"))),
        ("partial-date", "2026-02-03", Literal("2026-02-03", datatype=NamedNode(XSD + "date"))),
        ("string", 'a "b" ?c', Literal('a "b" ?c')),
        ("integer", "-12", Literal(-12)),
        ("lang", "es-CO", Literal("es-co")),
    ],
)
def test_a_value_becomes_a_term_of_its_type(kind: str, text: str, term: NamedNode | Literal) -> None:
    assert Parameter("it", kind, text).term(text) == term


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iri", "nowhere:x"),
        ("iri", "Gustavo Petro"),
        ("iri", "<dipid:x>"),
        ("iri", "https://example.org/> } DROP"),
        ("iri", ""),
        ("date", "2026-02"),
        ("date", "2026-02-30"),
        ("date", "yesterday"),
        ("date", "March 2025"),
        ("date", "03/04/2025"),
        ("date", "since 2019"),
        ("date", "1 " * 5000),
        ("partial-date", "first half of 2025"),
        ("partial-date", "2026-13"),
        ("partial-date", "26"),
        ("integer", "1.5"),
        ("lang", "english!"),
    ],
)
def test_a_value_of_another_type_is_refused_naming_the_parameter(kind: str, text: str) -> None:
    with pytest.raises(BadInput, match="The parameter 'it' cannot be"):
        Parameter("it", kind, text).term(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("March 2025", "2025-03-01", "2025-03-31"),
        ("first half of 2025", "2025-01-01", "2025-06-30"),
        ("3 Feb 2026", "2026-02-03", "2026-02-03"),
    ],
)
def test_a_bound_takes_the_first_or_the_last_day_and_says_so(text: str, first: str, last: str) -> None:
    for bound, day in (("earliest", first), ("latest", last)):
        parameter = Parameter("it", "date", "2026-02-03", bound=bound)
        term = parameter.term(text)
        assert term == Literal(day, datatype=NamedNode(XSD + "date"))
        assert understood(parameter, text, term) == f"it: {text!r} is read as {day}."
        assert understood(parameter, day, term) is None


@pytest.mark.parametrize(
    ("kind", "asked_for"),
    [
        ("type: iri", "the name or IRI of a thing"),
        ("type: iri, class: dip:Actor", "the name or IRI of an actor"),
        ("type: iri, class: dip:SymbolicObject", "the name or IRI of a symbolic object"),
    ],
)
def test_a_parameter_says_what_it_asks_for(kind: str, asked_for: str) -> None:
    assert parsed(HEADER.replace("type: iri", kind)).params[0].asked_for == asked_for


def test_parameters_become_substitutions_and_defaults_fill_in() -> None:
    assert questions.bind(parsed(), {"actor": "norland"}) == {
        Variable("actor"): NamedNode(iris.DATA + "norland"),
        Variable("since"): Literal("2000-01-01", datatype=NamedNode(XSD + "date")),
    }


def test_a_missing_parameter_is_refused_with_an_example() -> None:
    with pytest.raises(BadInput, match=r"needs the parameter 'actor', .*, for example actor=dipid:norland"):
        questions.bind(parsed(), {"since": "2020-01-01"})


def test_an_unknown_parameter_is_refused_naming_the_known() -> None:
    with pytest.raises(BadInput, match="no parameter 'until'; its parameters: actor, since"):
        questions.bind(parsed(), {"actor": "norland", "until": "2020-01-01"})


def test_an_unknown_question_is_refused_naming_the_nearest() -> None:
    with pytest.raises(NotFound, match=r"named 'gesture-since'. Did you mean gestures-since\?"):
        questions.find("gesture-since", {"gestures-since": parsed()})


def test_a_bound_term_answers_and_explains_itself() -> None:
    store = Store()
    gesture, day = NamedNode(iris.DATA + "gift"), Literal("2026-02-03", datatype=NamedNode(XSD + "date"))
    store.add(Quad(gesture, NamedNode(iris.TERMS + "performer"), NamedNode(iris.DATA + "norland")))
    store.add(Quad(gesture, NamedNode(iris.TERMS + "date"), day))
    question = parsed()
    bindings = questions.bind(question, {"actor": "norland", "since": "2026-01-01"})
    answer = store.query(question.text, substitutions=bindings)
    assert isinstance(answer, QuerySolutions)
    assert [(row["actor"], row["gesture"]) for row in answer] == [(NamedNode(iris.DATA + "norland"), gesture)]


def test_a_row_stands_beside_a_happening_only_while_a_curators_coding_rests_on_it() -> None:
    store = Store()
    store.extend(ontology.load().quads)
    for example in (ontology.ontology_folder() / "examples").glob("*.trig"):
        store.load(path=example, format=RdfFormat.TRIG)
    assert layers_beside_the_freeze(store) == ["coding", "coding", "row"]
    store.remove(next(store.quads_for_pattern(None, NamedNode(iris.TERMS + "restsOn"), None)))
    assert layers_beside_the_freeze(store) == ["coding", "coding"]


def layers_beside_the_freeze(store: Store) -> list[str]:
    question = questions.load()["codings-and-claims-of-a-happening"]
    bindings = questions.bind(question, {"happening": "example-asset-freeze"})
    answer = store.query(question.text, substitutions=bindings, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return [row["layer"].value for row in answer]


def test_the_users_own_questions_stand_beside_those_that_come_with_kg(tmp_path: Path) -> None:
    (tmp_path / "gestures-since.rq").write_text(HEADER + QUERY, encoding="utf-8")
    known = questions.load_all(str(tmp_path))
    assert set(known) == {"gestures-since", *questions.load()}
    assert questions.load_all() == questions.load()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a", "SELECT * {}", "a.rq:1: the header lacks 'question'"),
        ("a", HEADER + QUERY.replace("WHERE {", "WHERE {{"), "a.rq: The query does not parse at line"),
        ("a", HEADER + QUERY.replace("?actor ?since ?gesture", "?gesture"), "a.rq: "),
        ("a", HEADER + "ASK { ?actor ?since ?x }", "a.rq: a question must be a SELECT"),
        ("hedged-reports", HEADER + QUERY, "another question has this name"),
    ],
)
def test_a_faulty_question_of_the_user_is_refused_at_the_start(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / f"{name}.rq").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as fault:
        questions.load_all(str(tmp_path))
    assert said in fault.value.detail


def test_a_folder_of_questions_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="which is not a folder"):
        questions.load_all(str(tmp_path / "nowhere"))
    (tmp_path / "a.rq").write_bytes(b"\xff")
    with pytest.raises(BadInput, match="A question of KG_QUESTIONS cannot be read"):
        questions.load_all(str(tmp_path))


def test_every_question_file_of_a_folder_is_loaded_by_its_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.rq").write_text(HEADER + QUERY, encoding="utf-8")
    assert list(questions.load(tmp_path)) == ["a", "b"]
