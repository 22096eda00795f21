"""What a process prepares after its start, so that its runs can wait for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event

from discogs_assistant.pipelines.runtime.flow import Flow


class Part(StrEnum):
    """Loops of the engines that are compiled once on a machine and loaded at each start."""

    LISTS = "lists"
    CARTS = "carts"
    PLANS = "plans"


@dataclass(slots=True)
class Preparation:
    """The parts on their way in this process. Where none are (a command, say), each comes when first used.

    A run that compiled them itself meanwhile would do the work twice, and take 100 MB for good.
    """

    _coming: dict[Part, Event] = field(default_factory=dict)

    def begin(self) -> None:
        """All parts are on their way."""
        self._coming = {part: Event() for part in Part}

    def ready(self, *parts: Part) -> None:
        """Nobody waits for these any more."""
        for part in parts:
            if part in self._coming:
                self._coming[part].set()

    def wait(self, flow: Flow, *parts: Part) -> None:
        """The run continues once these are ready."""
        for part in parts:
            if part in self._coming:
                flow.wait(self._coming[part], f"the search for {part} to be prepared on this computer, once")
