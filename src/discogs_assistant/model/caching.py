"""Caches for values derived repeatedly from the same short texts: names, styles, formats."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Value = TypeVar("Value")

_MOST, _LONGEST = 16_384, 200


def remembered(function: Callable[[str], Value]) -> Callable[[str], Value]:
    """The same function, which remembers its answers for the texts asked of last.

    Long texts are none that come again, and files from outside may be full of them: they are not held.
    """
    held = lru_cache(_MOST)(function)

    @wraps(function)
    def asked(text: str) -> Value:
        return held(text) if len(text) <= _LONGEST else function(text)

    return asked
