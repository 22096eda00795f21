"""How long the tests look: `make long` has all of them, `make test` those that take less long."""

from __future__ import annotations

import os

import pytest

LONG = bool(os.environ.get("LONG"))

only_when_long = pytest.mark.skipif(not LONG, reason="takes long: make long")


def examples(count: int) -> int:
    """How many examples are drawn where `make long` draws so many: in `make test` a quarter."""
    return count if LONG else count // 4
