"""The files of the commands `carts` and `plan`, as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable


def file_bytes(path: Path) -> bytes:
    """What is in a file; `BadInputError` where it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _refused(path, "read", problem) from problem


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a file of one JSON object; `BadInputError` where that cannot be."""
    try:
        path.write_text(json.dumps(document) + "\n", encoding="utf-8")
    except OSError as problem:
        raise _refused(path, "written", problem) from problem


def _refused(path: Path, done: str, problem: OSError) -> BadInputError:
    why = problem.strerror or str(problem)
    return BadInputError(f"{printable(str(path), 200)} cannot be {done} ({why}).")
