"""kg template --from: a submission comes back as a table."""

from pathlib import Path

from tests.support.command import Kg
from tests.support.curated import REMARK, written


def test_a_submission_comes_back_as_the_table_that_it_was(kg: Kg, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_bytes(written(REMARK))
    added = kg("add", file, "--data", data)
    graph = added.out.strip()
    back = kg("template", "--from", graph, "--data", data)
    assert (back.code, back.err) == (0, "")
    mended = tmp_path / "mended.csv"
    mended.write_text(back.out.replace("he was glad", "he was very glad"), encoding="utf-8")
    assert kg("add", mended, "--supersedes", graph, "--data", data).code == 0


def test_columns_and_kinds_are_explained_in_spanish(kg: Kg) -> None:
    said = kg("template", "gesture", "--explain", "--lang", "es").out
    assert "  * kind                " in said
    assert "qué se hizo (tipo de gesture-kinds, o dipid: y un tipo de un envío) -> dip:hasKind" in said
    assert "    gift: Obsequio. " in said


def test_a_faulty_table_is_refused_in_spanish(kg: Kg, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_bytes(written({**REMARK, "kind": "remarc"}))
    for command in ("validate", "add"):
        told = kg(command, file, "--lang", "es", "--data", data)
        assert (told.code, "En la línea 2, columna kind, “remarc”: esto no es un tipo" in told.err) == (
            2,
            True,
        )


def test_a_graph_that_adds_to_others_comes_back_and_supersedes_itself(
    kg: Kg, data: Path, tmp_path: Path
) -> None:
    kg("init", "--data", data)
    back = kg("template", "--from", "dipid:graph-wikidata", "--data", data)
    assert back.err == (
        "No row contains the graph's title, author and source; pass the author and the source to kg add with"
        " --by and --source.\n"
    )
    assert "\nplace,,white-house," in back.out
    file = tmp_path / "facts.csv"
    file.write_text(back.out, encoding="utf-8")
    added = kg("add", file, "--supersedes", "dipid:graph-wikidata", "--data", data)
    assert added.code == 0
    assert kg("template", "--from", added.out.strip(), "--data", data).out == back.out


def test_triples_that_are_in_no_row_are_named_beside_the_table(kg: Kg, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(
        "@prefix schema: <http://schema.org/> .\n"
        '<https://example.org/colombia> schema:slogan "Libertad y Orden"@es .\n',
        encoding="utf-8",
    )
    kg("init", "--data", data)
    added = kg("add", file, "--data", data)
    assert added.code == 0, added.err
    graph = added.out.strip()
    back = kg("template", "--from", graph, "--data", data)
    assert (
        'Not in any row: <https://example.org/colombia> <http://schema.org/slogan> "Libertad y Orden"@es\n'
        in back.err
    )
    assert "1 of 1 triples are not in any row; add them as RDF.\n" in back.err


def test_a_graph_that_is_not_there_and_options_that_do_not_go_together_are_refused(kg: Kg) -> None:
    assert "There is no graph dipid:graph-nowhere" in kg("template", "--from", "dipid:graph-nowhere").err
    assert "--from writes all records of a graph" in kg("template", "gesture", "--from", "dipid:x").err
