"""Round steps of an axis that begins at zero."""

from __future__ import annotations

_STEPS = (1, 2, 5, 10)
_MOST_STEPS = 5


def round_step(most: int) -> int:
    """A round amount of which at most five or so reach `most`."""
    unit = 1
    while True:
        for factor in _STEPS:
            if factor * unit * _MOST_STEPS >= most:
                return factor * unit
        unit *= 10
