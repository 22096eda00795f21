"""How long the tests look: `make long` lets them look at all, `make test` at a part of what takes long."""

from __future__ import annotations

import os

import pytest

LONG = bool(os.environ.get("LONG"))
_PART = 1

only_when_long = pytest.mark.skipif(not LONG, reason="takes long: make long")


def part_of(examples: int) -> int:
    """How many of so many examples are looked at."""
    return examples if LONG else max(examples // _PART, 1)
