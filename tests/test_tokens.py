"""Tokens are kept as hashes and open what their role allows."""

from pathlib import Path

import pytest

from kg.errors import Forbidden, MissingToken
from kg.tokens import Role, Tokens, fresh


def test_a_token_names_its_bearer_up_to_its_role() -> None:
    tokens = Tokens()
    tokens.add("s3cret", "Ana", Role.CURATE)
    assert tokens.identify("Bearer s3cret", Role.READ) == "Ana"
    assert tokens.identify("bearer  s3cret ", Role.CURATE) == "Ana"
    with pytest.raises(Forbidden, match="role admin"):
        tokens.identify("Bearer s3cret", Role.ADMIN)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic s3cret", "s3cret"])
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
