"""Bearer tokens: kept as hashes with a name and a role, compared in constant time."""

import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path

from kg.errors import Forbidden, MissingToken


class Role(IntEnum):
    """What a token may do; each role may do what the one before it may."""

    READ = 1
    CURATE = 2
    ADMIN = 3


@dataclass(frozen=True)
class Token:
    """A token as it is kept: never itself, only its hash."""

    hash: str
    name: str
    role: str


class Tokens:
    """The tokens a server knows."""

    def __init__(self, known: Iterable[Token] = ()) -> None:
        self._known = list(known)

    def __bool__(self) -> bool:
        return bool(self._known)

    def add(self, plain: str, name: str, role: Role) -> None:
        """Know one more token."""
        self._known.append(Token(_hash(plain), name, role.name.lower()))

    def identify(self, authorization: str | None, needed: Role) -> str:
        """Name the bearer of an Authorization header; raises MissingToken or Forbidden."""
        scheme, _, plain = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not plain.strip():
            raise MissingToken("This needs a token: send 'Authorization: Bearer <token>'.")
        digest = _hash(plain.strip())
        found = [token for token in self._known if hmac.compare_digest(token.hash, digest)]
        if not found:
            raise MissingToken("This token is not known here.")
        role = Role[found[0].role.upper()]
        if role < needed:
            raise Forbidden(f"This needs the role {needed.name.lower()}; the token has {found[0].role}.")
        return found[0].name

    def allows(self, authorization: str | None, needed: Role) -> bool:
        """Say whether the bearer of a known token has a role."""
        try:
            self.identify(authorization, needed)
        except Forbidden:
            return False
        return True

    @classmethod
    def read(cls, directory: Path) -> "Tokens":
        """Read the tokens of a data directory."""
        path = directory / "tokens.json"
        return (
            cls(Token(**token) for token in json.loads(path.read_text("utf-8"))) if path.exists() else cls()
        )

    def write(self, directory: Path) -> None:
        """Keep the hashes in a data directory."""
        write_private(
            directory / "tokens.json", json.dumps([asdict(token) for token in self._known], indent=1)
        )


def fresh() -> str:
    """Make a token."""
    return secrets.token_urlsafe(32)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    partial.rename(path)


def _hash(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()
