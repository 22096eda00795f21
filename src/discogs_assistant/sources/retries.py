"""When to ask Discogs again: which failures pass by themselves, how often, and after how long."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

from discogs_assistant.errors import UpstreamError

LONGEST_PAUSE = 900.0
"""Seconds; a longer wait is left to the person, who will not watch a progress bar for an hour."""

TRIES = 10
_FIRST_DELAY = 0.25
_LONGEST_DELAY = 15.0


class Failure(Enum):
    """Kinds of failures that may pass, with the number of requests after which we give up.

    A server that cannot be reached at all or that shows a bot check is asked less often.
    """

    BROKEN = ("broken", 8)
    LIMITED = ("limited", 6)
    NO_CONNECTION = ("no connection", 2)
    BOT_CHECK = ("bot check", 3)

    @property
    def tries(self) -> int:
        """After how many requests we give up."""
        return self.value[1]


class TryAgainError(Exception):
    """A failure that may pass; `error` is what the person sees when it does not.

    `pause` is set where Discogs asked everyone to wait that many seconds.
    """

    def __init__(self, kind: Failure, error: UpstreamError, pause: float | None = None) -> None:
        super().__init__(error.sentence)
        self.kind = kind
        self.error = error
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Patience:
    """A decision maker for one request: called with each failure, it waits and returns whether to try again.

    `rest` sleeps, `pause` stops all senders of the instance; stamina's own sleep knows no clock of ours.
    """

    rest: Callable[[float], None]
    pause: Callable[[float], None]
    jitter: Callable[[], float]
    failures: Counter[Failure]

    def __call__(self, failure: Exception) -> bool | float:
        """False to give up, else 0 seconds for stamina to wait, as the waiting is done."""
        if not isinstance(failure, TryAgainError):
            return False
        if failure.pause is not None:
            self.pause(min(failure.pause, LONGEST_PAUSE))
        self.failures[failure.kind] += 1
        too_long = failure.pause is not None and failure.pause > LONGEST_PAUSE
        if too_long or self.failures[failure.kind] >= failure.kind.tries or self._all >= TRIES:
            return False
        if failure.pause is None:
            self.rest(delay(self._all, self.jitter()))
        return 0.0

    @property
    def unsent(self) -> bool:
        """Whether every try so far ended before anything was sent: the next one is counted already."""
        return set(self.failures) == {Failure.NO_CONNECTION}

    @property
    def _all(self) -> int:
        return sum(self.failures.values())


def delay(failures: int, jitter: float) -> float:
    """Seconds before the next try after `failures`: doubling, times 0.5 to 1.5 for a `jitter` of 0 to 1."""
    doubling: float = _FIRST_DELAY * 2.0 ** (failures - 1)
    return min(doubling, _LONGEST_DELAY) * (0.5 + jitter)


def retry_after(header: str | None, now: datetime, otherwise: float) -> float:
    """Seconds from a Retry-After header (a number or an HTTP date); `otherwise` where it has none."""
    if header is None:
        return otherwise
    seconds = _seconds(header.strip(), now)
    return seconds if math.isfinite(seconds) and seconds > 0 else otherwise


def _seconds(text: str, now: datetime) -> float:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return math.nan
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
