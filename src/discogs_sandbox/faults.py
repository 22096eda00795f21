"""Bad days of the made-up Discogs: errors, resets and refusals, by chance from a seed."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from discogs_sandbox.world.seeded_random import Dice, Odds


class Fault(StrEnum):
    """What goes wrong with a request."""

    SERVER_ERROR = "server-error"
    CLOUDFLARE = "cloudflare"
    RESET = "reset"
    CUT = "cut"
    TOO_MANY = "too-many"
    TOO_MANY_SILENT = "too-many-silent"


_KINDS = Odds(
    (
        (Fault.SERVER_ERROR, 3.0),
        (Fault.CLOUDFLARE, 2.0),
        (Fault.RESET, 2.0),
        (Fault.CUT, 1.0),
        (Fault.TOO_MANY, 1.0),
        (Fault.TOO_MANY_SILENT, 1.0),
    )
)


class Faults:
    """Spoils a `share` of the requests, never the same one more than `in_a_row` times on end.

    The cap is there so that a client with bounded retries always gets through.
    """

    def __init__(self, seed: int = 1, share: float = 0.1, in_a_row: int = 2) -> None:
        self._dice = Dice(seed, "faults")
        self._share = share
        self._in_a_row = in_a_row
        self._spoilt: Counter[str] = Counter()
        self.counts: Counter[Fault] = Counter()

    def strike(self, request: str) -> Fault | None:
        """The fault of this request, if any; `request` is its method and address."""
        hit, kind = self._dice.chance(self._share), self._dice.weighted(_KINDS)
        if not hit or self._spoilt[request] >= self._in_a_row:
            self._spoilt.pop(request, None)
            return None
        self._spoilt[request] += 1
        self.counts[kind] += 1
        return kind
