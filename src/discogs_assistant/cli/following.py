"""Starting a run from the command line, and following it to its result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from discogs_assistant.model.run import RunKind

if TYPE_CHECKING:
    from discogs_assistant.model.run import Run


def run_to_result(kind: RunKind, user: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Request a run for the local person, follow it, and give its result document.

    Raises the error with which the run failed.
    """
    from discogs_assistant import bootstrap

    with bootstrap.local_session() as session, _Progress() as show:
        return session.result_of(kind, user, options, show)


class _Progress:
    """A bar on stderr; silent where stderr is no terminal."""

    def __enter__(self) -> Callable[[Run], None]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("Waiting for its turn", total=None, counts="")
        self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _show(self, run: Run) -> None:
        words = f"{run.stage} of {run.stages}: {run.stage_name}" if run.stage else run.stage_name
        counts = f"{run.done} of {run.total}" if run.total else ""
        waiting = f"waiting for {run.waiting_for}" if run.waiting_for else ""
        self._bar.update(
            self._task,
            description=words,
            total=run.total or None,
            completed=run.done,
            counts=" ".join(part for part in (counts, waiting) if part),
        )
