"""Tokens are kept as hashes and open what their role allows."""

from base64 import b64encode
from pathlib import Path

import pytest

from kg.errors import Forbidden, MissingToken, Unavailable
from kg.store.tokens import Role, Tokens, fresh


def test_a_token_names_its_bearer_up_to_its_role() -> None:
    tokens = Tokens()
    tokens.add("s3cret", "Ana", Role.CURATE)
    assert tokens.identify("Bearer s3cret", Role.READ) == "Ana"
    assert tokens.identify("bearer  s3cret ", Role.CURATE) == "Ana"
    with pytest.raises(Forbidden, match="role admin"):
        tokens.identify("Bearer s3cret", Role.ADMIN)


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.mark.parametrize("user", ["", "Ana", "another", "añb"])
def test_a_token_may_be_the_password_of_any_user(user: str) -> None:
    tokens = Tokens()
    tokens.add("s3:cr\u00e9t", "Ana", Role.CURATE)
    assert tokens.identify(basic(user, "s3:cr\u00e9t"), Role.CURATE) == "Ana"
    assert tokens.identify(basic(user, "s3:cr\u00e9t").replace("Basic", "BASIC "), Role.READ) == "Ana"
    with pytest.raises(Forbidden, match="role admin"):
        tokens.identify(basic(user, "s3:cr\u00e9t"), Role.ADMIN)


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Bearer", "Bearer wrong", "Basic s3cret", "s3cret", "Digest s3cret", "Basic", "Basic  "),
        *(basic("s3cret", ""), basic("s3cret", "wrong"), basic("", " s3cret"), basic("u", "s3cret")[:-2]),
        *(
            "Basic czNjcmV0",
            "Basic \u00e9",
            "Basic /////w==",
            basic("u", "s3cret").replace("Basic", "Bearer"),
        ),
    ],
)
def test_anything_else_opens_nothing(header: str | None) -> None:
    tokens = Tokens()
    tokens.add("s3cret", "Ana", Role.ADMIN)
    with pytest.raises(MissingToken):
        tokens.identify(header, Role.READ)


def test_tokens_are_kept_hashed_and_for_their_owner_alone(tmp_path: Path) -> None:
    plain = fresh()
    tokens = Tokens.read(tmp_path)
    assert not tokens
    tokens.add(plain, "Ana", Role.CURATE)
    tokens.write(tmp_path)
    kept = tmp_path / "tokens.json"
    assert plain not in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    assert Tokens.read(tmp_path).identify(f"Bearer {plain}", Role.CURATE) == "Ana"


def test_what_is_only_admitted_is_not_kept(tmp_path: Path) -> None:
    tokens = Tokens.read(tmp_path)
    tokens.admit("s3cret", "root", Role.ADMIN)
    tokens.add("other", "Ana", Role.READ)
    tokens.write(tmp_path)
    assert tokens.identify("Bearer s3cret", Role.ADMIN) == "root"
    assert [token.name for token in Tokens.read(tmp_path).kept] == ["Ana"]


def test_tokens_added_and_revoked_by_another_process_are_heard_of(tmp_path: Path) -> None:
    serving, other = Tokens.read(tmp_path), Tokens.read(tmp_path)
    serving.admit("admin", "root", Role.ADMIN)
    other.add("s3cret", "Ana", Role.CURATE)
    other.write(tmp_path)
    assert serving.identify("Bearer s3cret", Role.CURATE) == "Ana"
    assert other.revoke("Ana")
    assert not other.revoke("Ana")
    other.write(tmp_path)
    with pytest.raises(MissingToken):
        serving.identify("Bearer s3cret", Role.READ)
    assert serving.identify("Bearer admin", Role.ADMIN) == "root"


def test_every_hash_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    def compare(first: str, second: str) -> bool:
        compared.append((first, second))
        return first == second

    monkeypatch.setattr("kg.store.tokens.hmac.compare_digest", compare)
    tokens = Tokens()
    for name in ("a", "b", "c"):
        tokens.add(name, name, Role.READ)
    assert tokens.identify("Bearer a", Role.READ) == "a"
    assert len(compared) == 3
    assert all(len(text) == 64 for pair in compared for text in pair)


def test_tokens_are_given_and_taken_on_the_command_line(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from kg.cli import app

    def kg(*words: str) -> tuple[int, str]:
        run = CliRunner().invoke(app, ["token", *words, "--data", str(tmp_path)])
        return run.exit_code, run.stdout

    code, plain = kg("add", "Ana", "--role", "curate")
    assert code == 0
    assert Tokens.read(tmp_path).identify(f"Bearer {plain.strip()}", Role.CURATE) == "Ana"
    assert kg("list") == (0, "curate\tAna\n")
    assert kg("add", "Ana")[0] != 0
    assert kg("add", "Ben", "--role", "king")[0] != 0
    assert kg("revoke", "Ana")[0] == 0
    assert kg("revoke", "Ana")[0] != 0
    assert kg("list") == (0, "")


@pytest.mark.parametrize(
    "text", ["", "{not json", "{}x", "[1]", '[{"name": "a"}]', '[{"hash": "1", "name": "a", "role": "king"}]']
)
def test_a_file_that_holds_no_tokens_is_one_sentence_and_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokens.json").write_text(text)
    with pytest.raises(Unavailable, match="cannot be read"):
        Tokens.read(tmp_path)
