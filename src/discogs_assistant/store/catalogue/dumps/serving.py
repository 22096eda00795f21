"""Which folders the catalogue serves: one of each kind, named by one small file that is swapped whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from discogs_assistant.errors import StorageError

KINDS = ("artists", "labels", "masters", "releases")

_POINTER = "serving.json"
_ABOUT = "about.json"
BUILDING = "building-"
"""What the name of an unfinished folder begins with."""


@dataclass(frozen=True, slots=True)
class ImportedKind:
    """A kind's finished folder: how many records, their bytes on disk, and the dump (its month) that its
    files are of."""

    folder: str
    count: int
    bytes: int
    month: str | None


@dataclass(frozen=True, slots=True)
class Serving:
    """What readers see: a dump (its month), when it was imported (ISO 8601), and a folder for each kind."""

    month: str | None
    imported_at: str
    kinds: dict[str, ImportedKind]

    @property
    def bytes(self) -> int:
        """Bytes of all that is served."""
        return sum(held.bytes for held in self.kinds.values())


class CatalogueFolder:
    """The catalogue's folder: finished kinds side by side, and the file that names the served ones."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def pointer(self) -> Path:
        """The file that is replaced when a new dump is served."""
        return self.root / _POINTER

    def serving(self) -> Serving | None:
        """The catalogue served now; None before any import. `StorageError` if it cannot be read."""
        try:
            document = json.loads(self.pointer.read_text(encoding="utf-8"))
            kinds = {kind: ImportedKind(**held) for kind, held in document["kinds"].items()}
            return Serving(document["month"], document["imported_at"], kinds)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise StorageError(
                f"{self.pointer}, which names the served dump, cannot be read.",
                "Correct its rights, or remove it and import the dump again.",
            ) from problem

    def serve(self, new: Serving) -> None:
        """Let all readers see `new` from their next question on; they never see a part of it."""
        _write_whole(self.pointer, asdict(new))

    @contextmanager
    def building(self, name: str) -> Iterator[Path]:
        """An empty folder in which `name` is made; it gets its name only when the block ends well."""
        # With the process's number, so that a helper of a killed import never writes into a later one's.
        place = self.root / f"{BUILDING}{os.getpid()}-{name}"
        place.mkdir()
        try:
            yield place
            _to_disk(place)
            place.rename(self.root / name)
            _sync_folder(self.root)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def about(self, name: str) -> dict[str, Any] | None:
        """The notes of a finished folder; None if there are none."""
        try:
            found: dict[str, Any] = json.loads((self.root / name / _ABOUT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found

    def unserved(self) -> list[tuple[str, ImportedKind]]:
        """Finished folders that are no longer served, each with its kind."""
        serving = self.serving()
        kept = {held.folder for held in serving.kinds.values()} if serving else set()
        found = []
        for kind in KINDS:
            for folder in sorted(self.root.glob(f"{kind}-*")):
                if folder.name not in kept:
                    about = self.about(folder.name) or {"count": 0, "month": None}
                    held = ImportedKind(folder.name, about["count"], size_of(folder), about["month"])
                    found.append((kind, held))
        return found

    def forget_unserved(self) -> int:
        """Remove finished folders that are no longer served; bytes freed. Readers keep what is open."""
        unserved = self.unserved()
        for _, held in unserved:
            shutil.rmtree(self.root / held.folder, ignore_errors=True)
        return sum(held.bytes for _, held in unserved)


def note(folder: Path, about: dict[str, Any]) -> None:
    """Write down what a folder holds, as the last of its files."""
    (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _write_whole(path: Path, content: dict[str, Any]) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def _to_disk(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
