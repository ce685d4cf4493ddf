"""Limits on the lengths of headers and parameters, checked before anything reads them."""

from collections.abc import Iterable, Mapping

from kg.changes import LONGEST_NAME, LONGEST_REASON
from kg.errors import BadInput, HeadTooLarge, KGError

MOST_PARAMETERS = 5000
"""Maximum number of parameters in one address or form."""
LONGEST_PARAMETER = 4096
"""Maximum bytes of a parameter that is not listed, and of any parameter's name."""
PARAMETERS: Mapping[str, int | None] = {
    "article": None,  # bounded by the body
    "queries": None,  # like ``query``
    "query": None,  # bounded by the address, the body and KG_MAX_QUERY_BYTES
    "update": None,
    "as-of": 64,
    "before": 16,
    "by": LONGEST_NAME,
    "cursor": 16,
    "extend": None,
    "format": 128,
    "from": 64,
    "lang": 64,
    "language": 64,
    "limit": 16,
    "offset": 16,
    "output": 128,
    "prefix": 1024,
    "q": 1024,
    "reason": LONGEST_REASON,
    "results": 128,
    "source": LONGEST_REASON,
    "to": 64,
    "version": 16,
}
"""Maximum bytes of a parameter, by name; None if another limit applies."""

LONGEST_HEADER = 4096
"""Maximum bytes of a header that is read and not listed, all its lines together."""
HEADERS: Mapping[bytes, int] = {
    b"accept": LONGEST_HEADER,
    b"accept-encoding": 1024,
    b"accept-language": 1024,
    b"authorization": 1024,
    b"content-encoding": 256,
    b"content-length": 32,
    b"content-type": 1024,
    b"host": 512,
    b"if-match": LONGEST_HEADER,
    b"if-none-match": LONGEST_HEADER,
    b"origin": 512,
    b"transfer-encoding": 256,
}
"""Maximum bytes of the headers that this server reads; it ignores all others."""


def header_fault(headers: Iterable[tuple[bytes, bytes]]) -> KGError | None:
    """Return an error for the first header, in request order, that is too long; None if none is."""
    lengths: dict[bytes, int] = {}
    for name, value in headers:
        if name in HEADERS:
            lengths[name] = lengths.get(name, 0) + len(value)
            if lengths[name] > HEADERS[name]:
                return HeadTooLarge(f"The header '{name.decode()}' is longer than {HEADERS[name]} bytes.")
    return None


def check_parameters(parameters: Iterable[tuple[str, str]]) -> None:
    """Raise BadInput for a parameter that is too long."""
    for name, value in parameters:
        if len(name) > LONGEST_PARAMETER:
            raise BadInput(f"The name of a parameter is longer than {LONGEST_PARAMETER} bytes.")
        limit = PARAMETERS.get(name, LONGEST_PARAMETER)
        if limit is not None and len(value.encode()) > limit:
            raise BadInput(f"The parameter '{name[:64]}' is longer than {limit} bytes; shorten it.")
