"""Discogs' rate limit: so many requests in any window, counted for each address, signed in or not."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

_LAG = 2
"""Requests by which every second count of what was used is behind."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request passes, with the numbers for its headers.

    `shown` is what the header says was used: at times an older count, as at Discogs.
    """

    allowed: bool
    limit: int
    used: int
    shown: int

    @property
    def headers(self) -> dict[str, str]:
        """Discogs' three rate headers; what remains is right."""
        return {
            "X-Discogs-Ratelimit": str(self.limit),
            "X-Discogs-Ratelimit-Used": str(self.shown),
            "X-Discogs-Ratelimit-Remaining": str(max(0, self.limit - self.used)),
        }


@dataclass(slots=True)
class RateLog:
    """The requests since the start or the last reset. `over_window` counts those past the limit."""

    requests: int = 0
    over_window: int = 0
    signed_in: int = 0
    most_used: int = 0
    first_at: float | None = None
    last_at: float | None = None


@dataclass(slots=True)
class SlidingWindow:
    """`limit` requests signed in, `anonymous_limit` otherwise, pass in any `window` seconds.

    Refused requests don't count towards the window, so that a client that waits gets through.
    """

    limit: int
    anonymous_limit: int
    window: float
    now: Callable[[], float]
    log: RateLog = field(default_factory=RateLog)
    _passed: defaultdict[tuple[str, bool], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def hit(self, address: str, *, signed_in: bool) -> Decision:
        """Count one request of that address."""
        now, limit = self.now(), self.limit if signed_in else self.anonymous_limit
        passed = self._passed[address, signed_in]
        while passed and passed[0] <= now - self.window:
            passed.popleft()
        allowed = len(passed) < limit
        if allowed:
            passed.append(now)
        self._record(now, signed_in=signed_in, allowed=allowed, used=len(passed))
        lag = _LAG * (self.log.requests % 2)
        return Decision(allowed, limit, len(passed), max(0, len(passed) - lag))

    def rate_used(self) -> float | None:
        """Requests per allowed request between the first and the last one; None before the second."""
        log = self.log
        if log.first_at is None or log.last_at is None or log.last_at <= log.first_at:
            return None
        limit = self.limit if log.signed_in * 2 >= log.requests else self.anonymous_limit
        allowed = (log.last_at - log.first_at) / self.window * limit
        return (log.requests - log.over_window) / allowed

    def reset(self) -> None:
        """Start a new log; the window stays as it is."""
        self.log = RateLog()

    def _record(self, now: float, *, signed_in: bool, allowed: bool, used: int) -> None:
        log = self.log
        log.requests += 1
        log.over_window += not allowed
        log.signed_in += signed_in
        log.most_used = max(log.most_used, used)
        log.first_at = now if log.first_at is None else log.first_at
        log.last_at = now
