"""Conversion process: reads an RDF file on standard input, and writes N-Quads to standard output.

It has a memory limit; input that crashes it ends this process only. If the file does not parse, it writes
line, column and reason to standard error, as JSON. Blank nodes get names that no other file has.
"""

import json
import re
import resource
import sys
from itertools import islice

from pyoxigraph import parse, serialize

from kg.facts.loads.files import DAMAGE, decoded
from kg.facts.parser_messages import explained
from kg.formats import rdf_format

MOST_MEMORY = 2 << 30
"""Maximum bytes of memory of the process."""
_BATCH = 10_000
_POSITION = re.compile(r"^Parser error (?:at|between) .*?: (?=\S)")


def main() -> None:
    """Convert standard input, whose format is the argument."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    form = rdf_format(sys.argv[1])
    try:
        quads = parse(decoded(sys.stdin.buffer), form.syntax, rename_blank_nodes=True)
        while some := list(islice(quads, _BATCH)):
            sys.stdout.buffer.write(serialize(some, format=rdf_format("nquads").syntax) or b"")
        sys.stdout.buffer.flush()
    except SyntaxError as fault:
        reason = explained(_POSITION.sub("", fault.msg).rstrip("."))["en"]
        _fail(fault.lineno, fault.offset, reason)
    except DAMAGE:
        _fail(None, None, "the compressed file is damaged or truncated; download it again")
    except BrokenPipeError:  # the load was cancelled
        sys.exit(1)


def _fail(line: int | None, column: int | None, reason: str) -> None:
    sys.exit(json.dumps({"line": line, "column": column, "reason": reason}))


if __name__ == "__main__":
    main()
