"""Server start and stop: announces the address, records it for the owner's commands, stops in time."""

import getpass
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvicorn

from kg.api import descriptors
from kg.api.application import Application, create_app
from kg.api.fast.admissions import Admissions
from kg.api.fast.connection import Connection, Terms
from kg.api.watchdog import watched
from kg.errors import BadInput, Unavailable
from kg.facts import releases
from kg.query import questions
from kg.settings import Settings
from kg.store.store import Contents, Store
from kg.store.tokens import Role, Tokens, fresh, write_private

LAST_PORT = 65535
SECONDS_TO_STOP = 10
"""Seconds after a signal within which the process ends in any case."""
SECONDS_TO_FINISH = 6
"""Seconds of these that open requests have to finish."""


def serve(settings: Settings, *, read_only: bool = False) -> None:
    """Serve a data directory until interrupted or terminated; print address and token on standard error.

    Raises BadInput for an invalid port and for questions that cannot be read, Unavailable if the data
    directory or the address is in use.
    """
    if not 0 <= settings.port <= LAST_PORT:
        raise BadInput(f"There is no port {settings.port}; the last one is {LAST_PORT}.")
    if settings.questions:
        questions.load_all(settings.questions)  # report a fault in the user's own files first
    most = descriptors.connections(settings, descriptors.raise_limit())
    if not (settings.data / "store").exists():
        _print_message(
            f"Creating the data directory {settings.data}: loading the ontology and the seed graph ..."
        )
    with ExitStack() as stack:
        begin_watching = stack.enter_context(watched(SECONDS_TO_STOP))
        with descriptors.kept_free(most):
            contents = _opened(settings.data, read_only=read_only)
        if isinstance(contents, Store):
            stack.callback(contents.close)
        listener = stack.enter_context(_listening(settings))
        url = f"http://{_host(settings)}:{listener.getsockname()[1]}/"
        tokens, new_token = _tokens(settings, contents)
        if isinstance(contents, Store):
            stack.callback(_withdraw, settings.data)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # uvicorn takes it, and raises it again at its end

        def announce() -> None:
            begin_watching()
            _announce(settings, contents, url, tokens, new_token)

        app = create_app(settings, contents, tokens)
        server = _Server(app, _terms(settings, app, most), announce)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def _opened(data: Path, *, read_only: bool) -> Contents:
    return releases.open_to_read(data, takes_damaged=True) if read_only else releases.open_store(data)


class _Server(uvicorn.Server):
    """A uvicorn server that announces itself once it listens."""

    def __init__(self, app: Application, terms: Terms, announce: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=partial(Connection, app.repeats, app.plain, terms),  # type: ignore[arg-type]  # it is only called
                loop="uvloop",
                ws="none",
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=SECONDS_TO_FINISH,
            )
        )
        self._app = app
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce the server."""
        await super().startup(sockets)
        if self.started:
            self._announce()
            self._app.resources.warm()


def _terms(settings: Settings, app: Application, most: int) -> Terms:
    """Return what applies to all connections; by default one client may have half of them."""
    admissions = Admissions(most, settings.client_connections or most // 2)
    return Terms(admissions, app.proxies, settings.idle_seconds, settings.least_rate)


def _tokens(settings: Settings, contents: Contents) -> tuple[Tokens, str | None]:
    """Return the known tokens; if there are none, create one, and return it to be shown and kept."""
    tokens = Tokens.read(settings.data)
    new_token = None
    if not isinstance(contents, Store):
        return tokens, None
    if not tokens and not settings.token:
        new_token = fresh()
        tokens.add(new_token, "curator", Role.CURATE)
    if settings.token:
        tokens.admit(settings.token, "admin", Role.ADMIN)
    key = fresh()
    tokens.admit(key, getpass.getuser(), Role.ADMIN)
    write_private(settings.data / "server.key", key)
    return tokens, new_token


def _announce(
    settings: Settings, contents: Contents, url: str, tokens: Tokens, new_token: str | None
) -> None:
    """Print the address, and record it for the owner's commands; a new token is kept when it is shown."""
    if new_token:
        tokens.write(settings.data)
    if isinstance(contents, Store):
        started = datetime.now(UTC).isoformat(timespec="seconds")
        record = {"url": url, "pid": os.getpid(), "started": started}
        write_private(settings.data / "server.json", json.dumps(record))
    _print_message(f"Serving version {contents.version} of {settings.data} at {url}")
    if new_token:
        _print_message(f"Token for adding facts, shown only this once: {new_token}")


def _withdraw(directory: Path) -> None:
    for name in ("server.json", "server.key"):
        (directory / name).unlink(missing_ok=True)


def _listening(settings: Settings) -> socket.socket:
    """Bind the address; raises Unavailable if it is in use."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio checks the protocol
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()  # now: another server may have bound the same address without listening yet
    except (UnicodeError, TypeError):  # not a name that the resolver accepts
        listener.close()
        raise BadInput(
            f"The address {settings.host!r} is not an address of this machine; choose another with --host."
        ) from None
    except OSError as fault:
        listener.close()
        reason = f"{settings.host}:{settings.port} cannot be used: {fault.strerror}"
        option = "--host" if isinstance(fault, socket.gaierror) else "--port"
        raise Unavailable(f"{reason}; choose another with {option}.") from None
    return listener


def _host(settings: Settings) -> str:
    """Return the host name for clients on this machine."""
    if settings.host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{settings.host}]" if ":" in settings.host else settings.host


def _print_message(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
