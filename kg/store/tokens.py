"""Access tokens: stored as hashes with a name and a role, compared in constant time.

A client sends a token as a bearer token, or as the password of Basic authentication (RFC 7617) with any user
name.
"""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path

from kg.errors import Forbidden, MissingToken, Unavailable


class Role(IntEnum):
    """Role of a token; each role includes the permissions of the one before it."""

    READ = 1
    DRAFT = 2
    CURATE = 3
    ADMIN = 4


@dataclass(frozen=True)
class AccessToken:
    """A stored token: its hash, never the token itself."""

    hash: str
    name: str
    role: str


class Tokens:
    """The tokens of a server: those stored in its data directory, and those valid until it ends."""

    def __init__(self, tokens: Iterable[AccessToken] = (), path: Path | None = None) -> None:
        self._kept = list(tokens)
        self._passing: list[AccessToken] = []
        self._path = path
        self._seen = _state(path)

    def __bool__(self) -> bool:
        return bool(self._kept)

    @property
    def kept(self) -> tuple[AccessToken, ...]:
        """The stored tokens."""
        return tuple(self._kept)

    def add(self, plain: str, name: str, role: Role) -> None:
        """Add a token that ``write`` will store."""
        self._kept.append(AccessToken(_hash(plain), name, role.name.lower()))

    def admit(self, plain: str, name: str, role: Role) -> None:
        """Add a token that is valid until this process ends."""
        self._passing.append(AccessToken(_hash(plain), name, role.name.lower()))

    def revoke(self, name: str) -> bool:
        """Remove the stored tokens with a name; return whether there were any."""
        before = len(self._kept)
        self._kept = [token for token in self._kept if token.name != name]
        return len(self._kept) < before

    def identify(self, authorization: str | None, needed: Role) -> str:
        """Return the name of the token in an Authorization header; raises MissingToken or Forbidden."""
        plain = _sent(authorization or "")
        if not plain:
            raise MissingToken(
                "This needs a token: send 'Authorization: Bearer <token>', or the token as password (Basic)."
            )
        self._refresh()
        digest = _hash(plain)
        tokens = (*self._passing, *self._kept)
        found = [token for token in tokens if hmac.compare_digest(token.hash, digest)]
        if not found:
            raise MissingToken("The token is unknown or revoked.")
        role = Role[found[0].role.upper()]
        if role < needed:
            raise Forbidden(f"This needs the role {needed.name.lower()}; the token has {found[0].role}.")
        return found[0].name

    def allows(self, authorization: str | None, needed: Role) -> bool:
        """Return whether a known token has a role; raises MissingToken if the token is missing or unknown."""
        try:
            self.identify(authorization, needed)
        except Forbidden:
            return False
        return True

    def _refresh(self) -> None:
        """Reread the tokens if another process has changed them."""
        if (state := _state(self._path)) != self._seen and self._path is not None:
            self._kept, self._seen = _read(self._path), state

    @classmethod
    def read(cls, directory: Path) -> "Tokens":
        """Read the tokens of a data directory; later changes by other processes are noticed."""
        path = directory / "tokens.json"
        return cls(_read(path), path)

    def write(self, directory: Path) -> None:
        """Store the hashes in a data directory."""
        write_private(
            directory / "tokens.json", json.dumps([asdict(token) for token in self._kept], indent=1)
        )
        self._seen = _state(self._path)


def fresh() -> str:
    """Return a new random token."""
    return secrets.token_urlsafe(32)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all or nothing."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    partial.rename(path)


def _read(path: Path) -> list[AccessToken]:
    """Return the tokens of a file; raises Unavailable for an invalid file, which must not admit anyone."""
    if not path.exists():
        return []
    try:
        return [_token(**members) for members in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError, KeyError):
        raise Unavailable(
            f"{path} cannot be read: restore it, or remove it and create new tokens (kg token add)."
        ) from None


def _token(hash: str, name: str, role: str) -> AccessToken:  # noqa: A002  # as the file calls it
    return AccessToken(hash, name, Role[role.upper()].name.lower())


def _state(path: Path | None) -> tuple[int, int] | None:
    """Return a value that changes when a file is replaced; None if there is no file."""
    try:
        status = path.stat() if path else None
    except FileNotFoundError:
        return None
    return (status.st_mtime_ns, status.st_ino) if status else None


def _sent(authorization: str) -> str:
    """Return the token of an Authorization header; empty if there is none.

    >>> _sent("Bearer abc"), _sent("Basic dXNlcjphYmM="), _sent("Digest abc")
    ('abc', 'abc', '')
    """
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(credentials.strip(), validate=True).decode()
    except ValueError:
        return ""
    return pair.partition(":")[2]


def _hash(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()
