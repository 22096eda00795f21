"""A large JSON object written piece by piece: its parts are lists that are read while they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

_PIECE = 1 << 16
"""Characters that are gathered before they are handed on."""


def json_pieces(parts: Iterable[tuple[str, Iterable[Any]]]) -> Iterator[str]:
    """The text of one object whose values are lists, each part a name and its entries, in some 64 KB."""
    waiting: list[str] = []
    length = 0
    for text in _texts(parts):
        waiting.append(text)
        length += len(text)
        if length >= _PIECE:
            yield "".join(waiting)
            waiting, length = [], 0
    yield "".join(waiting)


def _texts(parts: Iterable[tuple[str, Iterable[Any]]]) -> Iterator[str]:
    before = "{"
    for name, entries in parts:
        yield f"{before}{_text(name)}: ["
        between = ""
        for entry in entries:
            yield between + _text(entry)
            between = ", "
        yield "]"
        before = ", "
    yield "{}" if before == "{" else "}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
