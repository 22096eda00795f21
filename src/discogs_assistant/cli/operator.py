"""`operator`: the state of the installation, across all people and processes."""

from __future__ import annotations

from typing import Annotated

import typer

from discogs_assistant.cli.output import AsJson, print_document, print_json, print_table, say

_NOT_UNDONE = (
    "Accounts that were deleted since the copy was made are back: docs/hosting.md explains what to do."
)

app = typer.Typer(help="Look after an installation.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Look after an installation."""


@app.command()
def status(as_json: AsJson = False) -> None:
    """Workers, runs and the queue, Discogs' rate, slow steps, failures; without personal data."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.operations.overview import overview
    from discogs_assistant.pipelines.operations.overview_document import operator_document

    with bootstrap.local_session() as session:
        seen = operator_document(overview(session.context))
    if as_json:
        return print_document(seen)
    alive = sum(worker.alive for worker in seen.workers)
    runs = [(run.kind, run.state, run.count) for run in seen.runs]
    steps = [(step.name, step.count, f"{step.p50:.2f} s", f"{step.p95:.2f} s") for step in seen.steps]
    failed = [(run.id, run.kind, run.code, run.meaning) for run in seen.failures]
    print_table(f"Runs; workers at work: {alive}", ("Kind", "State", "How many"), runs)
    print_table("Steps of the last day", ("Step", "Times", "Half within", "95 of 100 within"), steps)
    print_table("Failures of the last day", ("Run", "Kind", "Code", "Why"), failed)


@app.command("after-restore")
def after_restore(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False, as_json: AsJson = False
) -> None:
    """Sign everybody out, withdraw programs' tokens and consents that a restored copy brought back."""
    from dataclasses import asdict

    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.accounts.sessions import end_after_restore

    if not yes:
        typer.confirm("End all sessions, tokens of programs and consents?", abort=True, err=True)
    with bootstrap.local_session() as session:
        ended = asdict(end_after_restore(session.context))
    say(_NOT_UNDONE)
    if as_json:
        return print_json(ended)
    for what, count in ended.items():
        typer.echo(f"{what.replace('_', '-')}: {count:,}")
