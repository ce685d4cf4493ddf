"""Outgoing data of a connection: measures how fast the client reads, and ends one that is too slow."""

from asyncio import AbstractEventLoop, TimerHandle, Transport

SECONDS_TO_TAKE = 30.0
"""Seconds of waiting for a client after which its rate is checked."""


class Outgoing(Transport):
    """A transport that counts the bytes written to it, and how fast the client reads them.

    Only the time counts in which the server waits for the client. A client that reads fewer bytes a second
    than ``least_rate`` loses the connection; 0 sets no limit.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop, least_rate: int) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._least_rate = least_rate
        self._written = 0
        self._waited, self._taken_waiting = 0.0, 0
        self._since, self._taken_before = 0.0, 0
        self._timer: TimerHandle | None = None

    @property
    def taken(self) -> int:
        """The bytes that have left the write buffer."""
        return self._written - self._transport.get_write_buffer_size()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes."""
        self._written += len(data)
        self._transport.write(data)

    def write_eof(self) -> None:
        """Close the sending side; receiving goes on."""
        self._transport.write_eof()

    def is_closing(self) -> bool:
        """Return True if the transport is closing or closed."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close it once the client has read what was sent."""
        self._transport.close()
        if self.taken < self._written:
            self.wait_for_client()

    def abort(self) -> None:
        """Close it now; what the client has not read is lost."""
        self._transport.abort()

    def wait_for_client(self) -> None:
        """Note that the server begins to wait for the client."""
        if self._least_rate and self._timer is None:
            self._since, self._taken_before = self._loop.time(), self.taken
            self._timer = self._loop.call_later(max(0.0, SECONDS_TO_TAKE - self._waited), self._judge)

    def go_on(self) -> None:
        """Note that the server waits no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._waited += self._loop.time() - self._since
            self._taken_waiting += self.taken - self._taken_before

    def _judge(self) -> None:
        self.go_on()
        if self._taken_waiting < self._least_rate * self._waited:
            self.abort()
            return
        self._waited, self._taken_waiting = 0.0, 0
        self.wait_for_client()
