"""What a report says: in words, in JSON, in SHACL."""

from dataclasses import replace

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.namespace import RDF, SH

from kg.client.verdict import Verdict
from kg.gate import reports
from kg.gate.reports import Report, Violation
from kg.gate.shacl.paths import Alternative, Repeat, Sequence, Step
from kg.iris import DATA, SHAPES, TERMS

HAT = NamedNode(DATA + "hat")
SPEAKER, REPORTS = NamedNode(TERMS + "speaker"), NamedNode(TERMS + "reports")
FAULT = Violation(
    focus=HAT,
    rule=SHAPES + "one-speaker",
    message={"en": "it has no speaker", "es": "no tiene hablante"},
    advice={"en": "add one", "es": "añada uno"},
    path=Step(SPEAKER),
    value=Literal("nobody"),
    line=12,
    component=str(SH.ClassConstraintComponent),
)
DOUBT = Violation(focus=HAT, rule=SHAPES + "doubt", message={"en": "Is it so?"}, severity="warning")


def test_a_sentence_says_where_what_is_wrong_and_what_to_do() -> None:
    assert FAULT.sentence() == 'dipid:hat (line 12), dip:speaker "nobody": it has no speaker; add one.'
    assert FAULT.sentence("es") == 'dipid:hat (línea 12), dip:speaker "nobody": no tiene hablante; añada uno.'


def test_a_path_against_its_direction_is_told_in_words() -> None:
    fault = Violation(HAT, SHAPES + "reported", {"en": "nobody reports it"}, path=Step(REPORTS, inverse=True))
    assert fault.sentence() == "dipid:hat, as value of dip:reports: nobody reports it."


def test_a_sentence_falls_back_to_english() -> None:
    assert DOUBT.sentence("es") == "dipid:hat: Is it so?"


def test_a_value_cannot_write_to_the_terminal() -> None:
    assert reports.display(Literal("\x1b[2J\r\n\u202e")).isprintable()
    assert len(reports.display(Literal("x" * 1000))) == 100


def test_text_gives_a_line_for_each_violation_and_the_sum() -> None:
    assert reports.as_text(Report.of([DOUBT, FAULT])).splitlines() == [
        f"error: {FAULT.sentence()} [dipsh:one-speaker]",
        "warning: dipid:hat: Is it so? [dipsh:doubt]",
        "1 error, 1 warning: not accepted.",
    ]
    assert reports.summary(Report.of([DOUBT]), "es") == "0 errores, 1 aviso: se aceptan."


def test_a_fault_that_two_rules_find_is_told_once() -> None:
    assert len(Report.of([DOUBT, DOUBT]).violations) == 1


def test_warnings_do_not_hinder() -> None:
    assert Report.of([DOUBT]).conforms
    assert not Report.of([DOUBT, FAULT]).conforms


def test_json_carries_every_part() -> None:
    members = reports.as_json(Report.of([FAULT]))
    assert members["conforms"] is False
    assert isinstance(members["violations"], list)
    assert members["violations"][0] == {
        "severity": "error",
        "focus": HAT.value,
        "path": "dip:speaker",
        "value": '"nobody"',
        "graph": None,
        "line": 12,
        "rule": SHAPES + "one-speaker",
        "shape": None,
        "component": str(SH.ClassConstraintComponent),
        "message": dict(FAULT.message),
        "advice": dict(FAULT.advice or {}),
        "sentence": {"en": FAULT.sentence("en"), "es": FAULT.sentence("es")},
    }


def test_shacl_is_a_validation_report_with_real_paths() -> None:
    path = Sequence((Step(REPORTS, inverse=True), Alternative((Step(SPEAKER), Repeat(Step(REPORTS), 0)))))
    fault = Violation(focus=HAT, rule=SHAPES + "deep", message={"en": "no"}, path=path)
    graph = rdflib.Graph().parse(data=reports.as_shacl(Report.of([FAULT, fault])), format="turtle")
    report = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    results = {str(graph.value(node, SH.sourceShape)): node for node in graph.objects(report, SH.result)}
    simple, deep = results[SHAPES + "one-speaker"], results[SHAPES + "deep"]
    assert graph.value(simple, SH.resultPath) == rdflib.URIRef(SPEAKER.value)
    assert {message.language for message in graph.objects(simple, SH.resultMessage)} == {"en", "es"}  # type: ignore[attr-defined]  # literals
    parts = list(graph.items(graph.value(deep, SH.resultPath)))  # type: ignore[arg-type]  # it is there
    assert graph.value(parts[0], SH.inversePath) == rdflib.URIRef(REPORTS.value)


def test_a_conforming_report_is_one_too() -> None:
    assert "sh:conforms true" in reports.as_shacl(Report())


def test_a_long_report_lists_its_first_violations_and_counts_the_others() -> None:
    faults = [replace(FAULT, focus=NamedNode(f"{DATA}hat-{n:05}")) for n in range(reports.MOST_LISTED + 5)]
    report = Report.of([DOUBT, *faults])
    members = reports.as_json(report)
    assert not members["conforms"]
    assert members["violations"] == reports.as_json(Report.of(faults[: reports.MOST_LISTED]))["violations"]
    assert members["omitted"] == {"errors": 5, "warnings": 1}
    *lines, others, total = reports.as_text(report).splitlines()
    assert (len(lines), others) == (reports.MOST_LISTED, "… and 6 more that are not listed.")
    assert total == Verdict(members).summary == f"{reports.MOST_LISTED + 5} errors, 1 warning: not accepted."
    assert Verdict(members).lines(language="es")[-1] == "… y 6 más que no se enumeran."
    graph = rdflib.Graph().parse(data=reports.as_shacl(report), format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == reports.MOST_LISTED


def test_a_long_value_is_cut() -> None:
    members = reports.as_json(Report.of([replace(FAULT, value=Literal("x" * 10_000))]))
    (violation,) = Verdict(members).violations
    assert len(violation["value"]) == reports.LONGEST_TERM


def test_of_very_many_warnings_a_commit_keeps_the_first_and_the_number_of_the_others() -> None:
    doubts = [replace(DOUBT, focus=NamedNode(f"{DATA}hat-{n:05}")) for n in range(reports.MOST_LISTED + 2)]
    *sentences, others = reports.warning_sentences(Report.of(doubts))
    assert sentences == [doubt.sentence() for doubt in doubts[: reports.MOST_LISTED]]
    assert others == "… and 2 more that are not listed."
    assert reports.warning_sentences(Report.of(doubts[:2])) == [doubt.sentence() for doubt in doubts[:2]]


def test_each_result_of_shacl_is_one_and_the_text_groups_equal_ones() -> None:
    found = replace(FAULT, component=str(SH.UniqueLangConstraintComponent))
    report = Report.of([found, found])
    assert reports.as_shacl(report).count("a sh:ValidationResult") == 2
    assert len(reports.as_text(report).splitlines()) == 2
    assert reports.summary(report) == "1 error, 0 warnings: not accepted."


def test_a_severity_that_is_no_error_keeps_its_name_and_does_not_hinder() -> None:
    remark, urgent = replace(DOUBT, severity="info"), replace(FAULT, severity="urn:severity:urgent")
    report = Report.of([remark, urgent])
    assert report.conforms
    members = reports.as_json(report)
    assert [each["severity"] for each in members["violations"]] == ["info", "urn:severity:urgent"]  # type: ignore[union-attr,index,call-overload]
    graph = rdflib.Graph().parse(data=reports.as_shacl(report), format="turtle")
    assert set(graph.objects(None, SH.resultSeverity)) == {SH.Info, rdflib.URIRef("urn:severity:urgent")}
    assert reports.as_text(report, "es").startswith("información: ")
    assert Verdict(members).summary == "0 errors, 2 warnings: accepted."
