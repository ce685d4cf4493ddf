"""The tree of errors: statuses, titles and problem documents."""

from collections.abc import Iterator

import pytest

from kg.errors import (
    Forbidden,
    KGError,
    MethodNotAllowed,
    MissingToken,
    NotAcceptable,
    TooManyRequests,
    Unreadable,
)


def tree(root: type[KGError]) -> Iterator[type[KGError]]:
    yield root
    for branch in root.__subclasses__():
        if branch.__module__ == KGError.__module__:
            yield from tree(branch)


@pytest.mark.parametrize("kind", list(tree(KGError)), ids=lambda kind: kind.__name__)
def test_every_error_tells_status_title_and_detail(kind: type[KGError]) -> None:
    problem = kind("It rains.").to_problem()
    assert problem["status"] == kind.status
    assert problem["title"] == kind.title
    assert problem["detail"] == "It rains."


def test_the_tree_is_drawn_in_the_docstring_of_the_module() -> None:
    import kg.errors

    drawn = kg.errors.__doc__ or ""
    for kind in tree(KGError):
        line = next(
            line for line in drawn.splitlines() if line.split()[-1:] and f" {kind.__name__} " in f"{line} "
        )
        assert str(kind.status) in line


def test_line_and_column_are_extra_members_of_unreadable_text() -> None:
    problem = Unreadable("A full stop is missing.", line=3, column=7).to_problem()
    assert (problem["line"], problem["column"]) == (3, 7)


def test_members_that_are_not_known_are_left_out() -> None:
    assert "line" not in Unreadable("No idea where.").to_problem()


def test_extra_members_cannot_overwrite_those_of_the_standard() -> None:
    assert Forbidden("No.", status=200).to_problem()["status"] == 403


def test_errors_bring_the_headers_their_status_asks_for() -> None:
    assert MethodNotAllowed("No.", allowed=("GET", "HEAD")).headers == {"Allow": "GET, HEAD"}
    assert MissingToken("No.").headers["WWW-Authenticate"].startswith("Bearer")
    assert TooManyRequests("No.", retry_after=5).headers == {"Retry-After": "5"}


def test_not_acceptable_lists_what_is_offered() -> None:
    assert NotAcceptable("No.", offered=["text/turtle"]).to_problem()["offered"] == ["text/turtle"]
