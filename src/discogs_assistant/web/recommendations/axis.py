"""Round steps of an axis that begins at zero."""

from __future__ import annotations

_STEPS = (1, 2, 5, 10)


def round_step(most: int, steps: int) -> int:
    """A round amount of which at most so many steps reach `most`."""
    unit = 1
    while True:
        for factor in _STEPS:
            if factor * unit * steps >= most:
                return factor * unit
        unit *= 10
