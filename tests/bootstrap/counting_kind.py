"""A kind of run as somebody would add it: its options, its pipeline, and its entry for the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option
from discogs_assistant.pipelines.runtime.options.types import YES_NO, whole
from discogs_assistant.pipelines.runtime.registry import RunDefinition
from discogs_assistant.pipelines.runtime.results import finished


class CountingOptions(OptionsModel):
    """What is counted."""

    up_to: Annotated[int, whole(1, 100)] = option(
        ..., "Count up to", "The last number.", "10", missing="Say how far to count."
    )
    even: Annotated[bool, YES_NO] = option(False, "Even numbers only", "Leave out the odd ones.")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted."""

    numbers: tuple[int, ...]
    partial: tuple[str, ...] = ()


def count(ctx: Context, flow: Flow) -> None:
    """Count, and keep the numbers."""
    run = run_of(ctx.db, flow)
    options = CountingOptions.parse(run.criteria)

    def work() -> int:
        numbers = [n for n in range(1, options.up_to + 1) if n % 2 == 0 or not options.even]
        return finished.keep(ctx.db, run, Numbers(tuple(numbers)), ctx.clock.now())

    flow.step("count", work)


COUNTING = RunDefinition(
    kind=RunKind("counting"),
    options=f"{__name__}:CountingOptions",
    pipeline=f"{__name__}:count",
    stages=("Counting",),
    document=f"{__name__}:Numbers",
    title="Counting",
    done="Counted",
    question="Which numbers are there?",
    command="count",
    in_api=True,
    of_user=False,
)
