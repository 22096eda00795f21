"""Starting a run from the command line, and following it to its result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry

if TYPE_CHECKING:
    from discogs_assistant.bootstrap.session import Session
    from discogs_assistant.model.run import Run

R = TypeVar("R")


def run_to_result(
    kind: RunKind,
    user: str,
    options: Mapping[str, object],
    made: type[R],
    kinds: Registry = RUN_KINDS,
    *,
    arguments: Collection[str] = (),
) -> R:
    """Request a run for the local person, follow it, and give its result, a document of type `made`.

    Raises the error with which the run failed. A sentence on a wrong option begins with the option's name on
    the command line, unless the command takes it as one of its `arguments`.
    """
    with following(kinds, arguments=arguments) as (session, show):
        result = session.result_of(kind, user, options, show)
    assert isinstance(result, made)
    return result


@contextmanager
def following(
    kinds: Registry = RUN_KINDS, *, arguments: Collection[str] = ()
) -> Iterator[tuple[Session, Callable[[Run], None]]]:
    """A session, and what shows a run's progress; see `run_to_result` for wrong options."""
    from discogs_assistant import bootstrap

    with bootstrap.local_session(kinds) as session, progress() as show:
        try:
            yield session, lambda run: show(_stage(run), run.done, run.total, run.waiting_for)
        except InvalidFieldsError as error:
            raise InvalidFieldsError(_with_flags(error.fields, arguments)) from error


def _with_flags(sentences: Mapping[str, str], arguments: Collection[str]) -> dict[str, str]:
    return {
        name: sentence if name in arguments else f"--{name.replace('_', '-')}: {sentence}"
        for name, sentence in sentences.items()
    }


@contextmanager
def progress() -> Iterator[Callable[[str, int, int, str | None], None]]:
    """A bar on stderr, shown words, how many of how many, and what is waited for; silent off a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("Waiting for its turn", total=None, counts="")

        def show(words: str, done: int, total: int, waiting: str | None) -> None:
            counts = (f"{done} of {total}" if total else "", f"waiting for {waiting}" if waiting else "")
            bar.update(
                task,
                description=words,
                total=total or None,
                completed=done,
                counts=" ".join(filter(None, counts)),
            )

        yield show


def _stage(run: Run) -> str:
    return f"{run.stage} of {run.stages}: {run.stage_name}" if run.stage else run.stage_name
