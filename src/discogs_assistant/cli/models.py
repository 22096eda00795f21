"""`models`: the instance's own learned models: which there are, learn now, go back."""

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
User = Annotated[str, typer.Argument(help="The Discogs user name; without it, one's own.")]


@app.command()
def train(user: User = "", as_json: AsJson = False) -> None:
    """Learn a model from what is known now; it serves unless it does worse than the one before."""
    with _models(user) as models:
        _show(models.train(), as_json)


@app.command()
def status(user: User = "", as_json: AsJson = False) -> None:
    """Which versions there are, how each did, and which one serves."""
    with _models(user) as models:
        _show(models.status(), as_json)


@app.command()
def rollback(user: User = "", as_json: AsJson = False) -> None:
    """Let the version before serve again, until models train is said; the newer one no longer does."""
    with _models(user) as models:
        _show(models.roll_back(), as_json)


@app.command()
def recompute(as_json: AsJson = False) -> None:
    """Make the lists of all collectors of this instance anew; cut off, it goes on when it is said again."""
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
        return say("No model was learned yet: ask for recommendations, or say models train.")
    print_table(
        f"Models of {'the collectors who agreed' if document.shared else document.user}",
        ("version", "learned at", "collectors", "records", "NDCG@100", ""),
        [
            (one.model, one.made_at, one.users, one.items, _measure(one), _state(one))
            for one in document.versions
        ],
    )
    if any(one.held for one in document.versions):
        say("The version that was gone back to serves until models train is said.")


def _measure(one: LearnedVersion) -> str:
    if one.ndcg is None or one.error is None:
        return "too few to measure"
    return f"{one.ndcg:.4f} ± {one.error:.4f} of {one.validation_users}"


def _state(one: LearnedVersion) -> str:
    if one.held:
        return "serves, held"
    return "serves" if one.live else one.refused or ""
