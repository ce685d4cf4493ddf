"""The command ask: saved questions, their list, their help and their answers with labels."""

from pathlib import Path

from kg import iris, ontology
from tests.support.command import PEOPLE, Kg


def test_questions_are_listed_with_their_sentences(kg: Kg) -> None:
    lines = kg("ask").out.splitlines()
    assert lines[0] == "name\tquestion\tparameters"
    assert {line.split("\t")[0] for line in lines[1:]} == {
        file.stem for file in ontology.queries_folder().glob("*.rq")
    }
    (row,) = [line for line in lines if line.startswith("happenings-in-a-period\t")]
    assert row.endswith("?\tsince, until")


def test_a_question_is_asked_with_its_parameters(kg: Kg) -> None:
    run = kg("ask", "offices-of-a-person", "-p", "person=gustavo-petro")
    assert run.code == 0
    assert run.out.startswith("?office\t?office_label\t?start\t")
    assert f'<{iris.DATA}president-of-colombia>\t"President of Colombia"@en' in run.out
    assert run.err == ""


def test_labels_are_beside_iris_in_their_place_or_nowhere(kg: Kg) -> None:
    heads = {"on": "office,office_label,start", "only": "office,start", "off": "office,start"}
    for labels, head in heads.items():
        run = kg("ask", "offices-of-a-person", "-p", "person=gustavo-petro", "--labels", labels, "-f", "csv")
        assert run.out.startswith(head)
        assert ("President of Colombia" in run.out) == (labels != "off")
    run = kg("query", "-e", PEOPLE, "--labels", "only", "--lang", "es", "-f", "csv")
    assert run.out == "person\r\nClaudia Sheinbaum\r\n"
    assert (
        kg("query", "-e", PEOPLE, "--labels", "yes").err == "kg: --labels must be on, only, off, not 'yes'.\n"
    )


def test_dates_are_read_as_people_write_them_and_the_reading_is_told(kg: Kg) -> None:
    run = kg("ask", "happenings-in-a-period", "-p", "since=January 2025", "-p", "until=2025", "-f", "csv")
    assert run.code == 0
    assert run.err == ("since: 'January 2025' is read as 2025-01-01.\nuntil: '2025' is read as 2025-12-31.\n")
    refused = kg("ask", "rival-accounts-of-a-day", "-p", "day=January 2025")
    assert (refused.code, "not a single day" in refused.err) == (2, True)


def test_a_thing_that_is_nowhere_in_the_graph_is_an_error(kg: Kg) -> None:
    run = kg("ask", "offices-of-a-person", "-p", "person=dipid:nobody-at-all")
    assert (run.code, run.out) == (2, "")
    assert "names nothing in the graph: 'dipid:nobody-at-all'" in run.err


def test_the_help_of_a_question_says_what_it_asks_for_and_gives_an_example(kg: Kg, tmp_path: Path) -> None:
    for sign in ("--help", "-h"):
        run = kg("ask", "happenings-in-a-period", sign, "--data", tmp_path / "nowhere")
        lines = run.out.splitlines()
        assert (run.code, run.err) == (0, "")
        assert lines[0].endswith("?")
        assert "  since  a day, a month or a year, such as 2025-01-01 (date)" in lines
        assert lines[-1] == "kg ask happenings-in-a-period -p since=2025-01-01 -p until=2025-12-31"
    assert "Did you mean happenings-in-a-period" in kg("ask", "happening-in-a-period", "--help").err


def test_the_help_of_the_command_itself_lists_its_options(kg: Kg) -> None:
    run = kg("ask", "--help")
    assert run.code == 0
    for option in ("--param", "--labels", "--lang", "--as-of"):
        assert option in run.out
    assert not (Path.cwd() / "--help").exists()
