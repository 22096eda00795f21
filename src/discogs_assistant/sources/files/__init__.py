"""The files of the commands `carts` and `plan`, as columns."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable


def file_bytes(path: Path) -> bytes:
    """A file's content; `BadInputError` if it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _refused(path, "read", problem) from problem


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a file of one JSON object, of mode 0600 where it is new; `BadInputError` where that cannot be."""
    try:
        with open(path, "w", encoding="utf-8", opener=_private) as out:
            out.write(json.dumps(document) + "\n")
    except OSError as problem:
        raise _refused(path, "written", problem) from problem


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _refused(path: Path, done: str, problem: OSError) -> BadInputError:
    why = problem.strerror or str(problem)
    return BadInputError(f"{printable(str(path), 200)} cannot be {done} ({why}).")
