"""Files and folders that the user of this process alone can read, whatever the umask is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any


def make_private_folder(folder: Path) -> None:
    """Make a folder, with the ones above it, where it is missing; those that are there stay as they are."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def open_private(path: Path, mode: str, **how: Any) -> IO[Any]:
    """Open a file to write; a new file gets mode 0600, an existing one keeps its mode."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600), **how)
