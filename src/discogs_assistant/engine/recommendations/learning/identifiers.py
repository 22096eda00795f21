"""Ids as text, in an order that depends on no file's order of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")


def ascending(ids: Iterable[str]) -> tuple[str, ...]:
    """The different ids: by number where all are whole numbers as one writes them, else by code point."""
    distinct = set(ids)
    if all(map(_WHOLE.fullmatch, distinct)):
        return tuple(sorted(distinct, key=int))
    return tuple(sorted(distinct))


def seed_of(identifier: str) -> int:
    """A number for a generator's seed: the id itself where it is one, else from a digest of its text."""
    if _WHOLE.fullmatch(identifier):
        return int(identifier)
    return int.from_bytes(sha256(identifier.encode()).digest()[:8], "little")
