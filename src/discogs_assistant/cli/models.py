"""`models`: the instance's own trained models: list them, train one, roll back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from discogs_assistant.cli.output import AsJson, print_document, print_json, print_table, say
from discogs_assistant.cli.runs import progress

if TYPE_CHECKING:
    from discogs_assistant.pipelines.recommendations.model_overview import (
        LearnedVersion,
        Models,
        ModelsDocument,
    )

app = typer.Typer(
    help="The models that recommendations come from (train, rank and evaluate are on files).",
    no_args_is_help=True,
)
User = Annotated[str, typer.Argument(help="The Discogs user name; without it, your own.")]


@app.command()
def train(user: User = "", as_json: AsJson = False) -> None:
    """Train a model on the current data; it serves unless it does worse than the previous one."""
    with _models(user) as models:
        _show(models.train(), as_json)


@app.command()
def status(user: User = "", as_json: AsJson = False) -> None:
    """List the versions, their results, and which one serves."""
    with _models(user) as models:
        _show(models.status(), as_json)


@app.command()
def rollback(user: User = "", as_json: AsJson = False) -> None:
    """Let the previous version serve instead of the newest one, until you run `models train`."""
    with _models(user) as models:
        _show(models.roll_back(), as_json)


@app.command()
def recompute(as_json: AsJson = False) -> None:
    """Make the lists of all collectors of this instance again; if interrupted, run it again to continue."""
    from discogs_assistant import bootstrap

    with bootstrap.local_session() as session, progress() as show:
        counts = session.lists_for_everyone(
            lambda done, total, run: show(f"Lists: {run.stage_name}", done, total, run.waiting_for)
        )
    if as_json:
        return print_json(counts)
    say(f"{counts['done']} of {counts['collectors']} lists are new or unchanged, {counts['failed']} failed.")


@contextmanager
def _models(user: str) -> Iterator[Models]:
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.recommendations.model_overview import models_of

    with bootstrap.local_session() as session:
        yield models_of(session.context, session.app.owner, user)


def _show(document: ModelsDocument, as_json: bool) -> None:
    if as_json:
        return print_document(document)
    if not document.versions:
        return say("No model has been trained yet: ask for recommendations, or run `models train`.")
    print_table(
        f"Models of {'the collectors who consented' if document.shared else document.user}",
        ("version", "trained at", "collectors", "records", "NDCG@100", ""),
        [
            (version.model, version.made_at, version.users, version.items, _measure(version), _state(version))
            for version in document.versions
        ],
    )
    if any(version.held for version in document.versions):
        say("The version that you rolled back to serves until you run `models train`.")


def _measure(version: LearnedVersion) -> str:
    if version.ndcg is None or version.error is None:
        return "too few to measure"
    return f"{version.ndcg:.4f} ± {version.error:.4f} of {version.validation_users}"


def _state(version: LearnedVersion) -> str:
    if version.held:
        return "serves, held"
    return "serves" if version.live else version.refused or ""
