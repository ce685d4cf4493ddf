"""The command quarantine."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from kg.cli import answers, output
from kg.cli.options import Data, Format
from kg.cli.reaching import directory
from kg.client.access import Document
from kg.client.reach import reach
from kg.client.verdict import Verdict
from kg.errors import BadInput
from kg.importers.catalogue import FACTS_FORMATS


class Action(StrEnum):
    """An action on rejected facts."""

    LIST = "list"
    SHOW = "show"
    RESUBMIT = "resubmit"
    DROP = "drop"


def quarantine(
    action: Annotated[Action, typer.Argument(help="The action.")] = Action.LIST,
    name: Annotated[
        str, typer.Argument(help="The document's name in the list, or the beginning of it.", metavar="ID")
    ] = "",
    format_name: Format = None,
    data: Data = None,
) -> None:
    """List, show, resubmit or drop rejected facts.

    kg add --quarantine keeps them. The action show writes the document unchanged; its report goes
    to standard error:
    kg quarantine show 3f2a > corrected.ttl
    """
    from kg.facts.quarantine import Quarantine

    rejections = Quarantine(directory(data))
    if action is Action.LIST:
        rows = [
            (note.id, f"{note.time[:19]}Z", note.agent, note.format, note.said) for note in rejections.notes()
        ]
        answers.show_rows(("id", "time", "by", "format", "refused because"), rows, format_name)
        return
    if not name:
        raise BadInput(f"Give the document: kg quarantine {action} ID; kg quarantine lists them.")
    note, document = rejections.find(name)
    if action is Action.DROP:
        rejections.drop(note.id)
        output.print_message(f"Dropped {note.id}.")
    elif action is Action.SHOW:
        lines = Verdict(note.report).lines() if "violations" in note.report else [note.said]
        output.print_message("\n".join(lines))
        output.send(lambda file: file.writelines([document]))
    else:
        resubmission = Document(document, FACTS_FORMATS[note.format], note.id, note.supersedes)
        access = reach(directory(data), os.environ.get("KG_TOKEN"))
        verdict = access.add(resubmission, by=note.agent, source=note.source, reason=note.reason)
        rejections.drop(note.id)
        output.print_message(
            f"Added in version {verdict.version}."
            if verdict.version
            else "The graph holds these facts already."
        )
        output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in verdict.graphs))
