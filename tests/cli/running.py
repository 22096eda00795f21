"""Runs a command in this process, as a shell would see it, on files written for it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.main

from discogs_assistant.cli import main

_built = cache(typer.main.get_command)
"""The commands made of their functions: once here, where a shell's process makes them once too."""


@dataclass(frozen=True)
class Done:
    """Exit status and what was written."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        assert self.status == 0, self.err
        found: dict[str, Any] = json.loads(self.out)
        return found


def run(*words: object) -> Done:
    """Run `discogs-assistant` with these words."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    argv = patch.object(sys, "argv", ["discogs-assistant", *map(str, words)])
    with argv, patch.object(typer.main, "get_command", _built), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
    return Done(status, _written(out), _written(err))


def run_apart(*words: object) -> Done:
    """As `run`, in a process of its own, so that also what libraries print is seen."""
    done = subprocess.run(
        [sys.executable, "-m", "discogs_assistant", *map(str, words)], capture_output=True, check=False
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


@dataclass(frozen=True)
class Files:
    """A folder for the files of a command."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        """A file of these lines."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path
