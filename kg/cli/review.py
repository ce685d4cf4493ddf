"""The commands review list, show, accept, reject and withdraw: proposals of drafters, and their outcome."""

import os
from typing import Annotated

import typer

from kg.cli import answers, output
from kg.cli.options import Data, Endpoint, Format
from kg.cli.reaching import reached
from kg.client.access import Access, proposal_named
from kg.client.verdict import Members, Verdict
from kg.errors import BadInput, Invalid
from kg.store.proposals import State

app = typer.Typer(
    help="Decide on proposals of drafters.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_STATES = ", ".join(State)
Id = Annotated[str, typer.Argument(help="The proposal's id, or the beginning of it.", metavar="ID")]


@app.command("list")
def show_all(
    state: Annotated[str, typer.Option(help=f"{_STATES}, or all.")] = "waiting",
    format_name: Format = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """List proposals.

    Lists all for a curator, their own for a drafter (by the token in KG_TOKEN).
    """
    if state not in (*State, "all"):
        raise BadInput(f"A proposal is {_STATES}; 'all' lists them all.")
    found = _reached(data, endpoint).proposals(None if state == "all" else state)
    columns = ("id", "time", "drafter", "state", "conforms", "decided by", "because", "reason")
    answers.show_rows(columns, [_row(each) for each in found], format_name)


@app.command()
def show(name: Id, data: Data = None, endpoint: Endpoint = None) -> None:
    """Show a proposal and its verdict.

    The document goes to standard output, its note to standard error. The verdict is the current
    one for a curator, and for its drafter the one when it was sent.

    kg review show 3f2a > proposed.ttl
    """
    access = _reached(data, endpoint)
    digits = proposal_named(access.proposals(), name)
    proposal = access.proposal(digits)
    output.print_message("\n".join(_proposal_lines(proposal)))
    if proposal["state"] in (State.WAITING, State.REJECTED):
        document = access.proposal_document(digits)
        output.send(lambda file: file.writelines([document]))


@app.command()
def accept(
    name: Id,
    reason: Annotated[str | None, typer.Option(help="Reason, in a sentence.")] = None,
    by: Annotated[str | None, typer.Option(help="Author of the decision, if not you.")] = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Add the facts of a proposal.

    The gate judges them again, and the commit records you and the drafter.

    kg review accept 3f2a --reason 'Checked against the article.'
    """
    access = _reached(data, endpoint)
    digits = proposal_named(access.proposals(), name)
    try:
        with output.working("Adding"):
            verdict = access.accept(digits, reason=reason, by=by)
    except Invalid as refusal:
        for line in Verdict(refusal.extra).lines():
            output.print_message(line)
        output.print_message(f"{Verdict(refusal.extra).summary} {digits} stays open.")
        raise typer.Exit(1) from None
    for line in verdict.lines():
        output.print_message(line)
    version = verdict.version
    output.print_message(
        f"Added in version {version}." if version else "The graph holds these facts already."
    )
    output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in verdict.graphs))


@app.command()
def reject(
    name: Id,
    reason: Annotated[str, typer.Option(help="Reason, in a sentence, for the drafter.")],
    by: Annotated[str | None, typer.Option(help="Author of the decision, if not you.")] = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Reject a proposal, with a reason.

    kg review reject 3f2a --reason 'The passage does not name the envoy.'
    """
    access = _reached(data, endpoint)
    proposal = access.reject(proposal_named(access.proposals(), name), reason, by=by)
    output.print_message(f"Rejected {proposal['id']} of {proposal['drafter']}.")


@app.command()
def withdraw(name: Id, data: Data = None, endpoint: Endpoint = None) -> None:
    """Withdraw your own open proposal."""
    access = _reached(data, endpoint)
    digits = proposal_named(access.proposals(), name)
    access.withdraw_proposal(digits)
    output.print_message(f"Withdrawn: {digits}.")


def _reached(data: Data, endpoint: Endpoint) -> Access:
    return reached(data, endpoint, os.environ.get("KG_TOKEN"))


def _row(proposal: Members) -> tuple[str, ...]:
    return (
        proposal["id"],
        f"{proposal['time'][:19]}Z",
        proposal["drafter"],
        proposal["state"],
        "yes" if proposal["conforms"] else "no",
        proposal["decided_by"] or "",
        proposal["because"] or "",
        proposal["reason"] or "",
    )


def _proposal_lines(proposal: Members) -> list[str]:
    """Describe a proposal in lines, with its verdict."""
    source = f", from {_one_line(proposal['source'])}" if proposal["source"] else ""
    reason = f": {_one_line(proposal['reason'])}" if proposal["reason"] else ""
    lines = [f"{proposal['id']}, {proposal['time'][:19]}Z, by {proposal['drafter']}{source}{reason}"]
    if proposal["supersedes"]:
        lines.append(f"It supersedes {_one_line(proposal['supersedes'])}.")
    if proposal["decided_by"]:
        because = f": {proposal['because']}" if proposal["because"] else ""
        version = f" in version {proposal['version']}" if proposal["version"] else ""
        lines.append(f"{proposal['state'].capitalize()}{version} by {proposal['decided_by']}{because}")
    verdict = proposal["verdict"]
    if "violations" in verdict:
        return [*lines, *Verdict(verdict).lines(), Verdict(verdict).summary]
    return [*lines, verdict["detail"]]


def _one_line(text: str) -> str:
    """Return a drafter's text without line ends and control characters, which could fake a verdict."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
