"""Which versions of a learned model there are, which one is live, and how each did."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from discogs_assistant.errors import NotFoundError, StorageError
from discogs_assistant.store.private_files import make_private_folder, open_private

_INDEX, _LOCK = "versions.json", "versions.lock"
_KEPT = 3


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A trained model: `name` is also its folder's, `fingerprint` that of its training data.

    `ndcg` is the mean over `validation_users` who were held out, `error` its standard error; None if there
    were too few. `people` are digests of the people whose records are in it. `refused` is the reason why it
    may not go live by itself.
    """

    name: str
    fingerprint: str
    made_at: str
    users: int
    items: int
    features: int
    interactions: int
    seconds: float
    validation_users: int = 0
    ndcg: float | None = None
    error: float | None = None
    people: tuple[str, ...] = ()
    refused: str | None = None


class _Index(NamedTuple):
    """The versions, the name of the live one, and whether that is `held` until one is added."""

    name: str | None
    versions: tuple[ModelVersion, ...]
    held: bool = False

    @property
    def live(self) -> ModelVersion | None:
        return next((version for version in self.versions if version.name == self.name), None)


@dataclass(frozen=True, slots=True)
class ModelVersions:
    """The versions in one folder. Each change is made of the newest state, under a lock, and at once."""

    root: Path

    def all(self) -> tuple[ModelVersion, ...]:
        """From the oldest to the newest; empty if nothing can be read."""
        return self._read().versions

    def live(self) -> ModelVersion | None:
        """The one that serves."""
        return self._read().live

    def held(self) -> ModelVersion | None:
        """The live version if it was rolled back to and none was added since; else None."""
        found = self._read()
        return found.live if found.held else None

    def folder(self, name: str) -> Path:
        """Where the files of a version are."""
        return self.root / name

    def add(self, version: ModelVersion, *, live: bool) -> None:
        """Add a version whose files exist; remove old ones except the live one and the newest few."""
        with self._changing():
            before = self._read()
            versions = (*(known for known in before.versions if known.name != version.name), version)
            serving = version.name if live else before.name
            kept = [version for version in versions[:-_KEPT] if version.name == serving] + list(
                versions[-_KEPT:]
            )
            self._write(_Index(serving, tuple(kept)))
            self._remove(version for version in versions if version not in kept)

    def roll_back(self) -> ModelVersion:
        """Let the version before the live one serve again, be `held`, and the live one serve no more.

        `NotFoundError` where there is none before it.
        """
        with self._changing():
            name, versions, _ = self._read()
            at = next((place for place, version in enumerate(versions) if version.name == name), 0)
            older = [version for version in versions[:at] if version.refused is None]
            if not older:
                raise NotFoundError(
                    "There is no earlier model to go back to.", "Learn a new one: models train."
                )
            gone = replace(versions[at], refused="rolled back")
            left = tuple(gone if version.name == name else version for version in versions)
            self._write(_Index(older[-1].name, left, held=True))
        return older[-1]

    def keep(self, wanted: Callable[[ModelVersion], bool]) -> None:
        """Remove the others with their files; if the live one is removed, the newest allowed one serves."""
        if all(map(wanted, self.all())):
            return
        with self._changing():
            before = self._read()
            kept = tuple(version for version in before.versions if wanted(version))
            fit = [None, *(version.name for version in kept if version.refused is None)]
            stays = before.name in fit
            self._write(_Index(before.name if stays else fit[-1], kept, held=before.held and stays))
            self._remove(version for version in before.versions if version not in kept)

    def forget(self) -> None:
        """Remove all versions and their files."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _remove(self, gone: Iterable[ModelVersion]) -> None:
        for version in gone:
            shutil.rmtree(self.folder(version.name), ignore_errors=True)

    def _read(self) -> _Index:
        try:
            index: Any = json.loads((self.root / _INDEX).read_text(encoding="utf-8"))
            rows = [ModelVersion(**{**row, "people": tuple(row["people"])}) for row in index["versions"]]
            return _Index(index["live"], tuple(rows), index.get("held", False))
        except (OSError, ValueError, TypeError, KeyError):
            return _Index(None, ())

    def _write(self, index: _Index) -> None:
        beside = self.root / f".{_INDEX}.{os.getpid()}"
        rows = [asdict(version) for version in index.versions]
        document = {"live": index.name, "held": index.held, "versions": rows}
        with open_private(beside, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
        beside.replace(self.root / _INDEX)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            make_private_folder(self.root)
            with open_private(self.root / _LOCK, "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as problem:
            raise StorageError(
                f"The models' folder {self.root} cannot be written ({problem.strerror}).",
                "Free some space or correct the folder's rights.",
            ) from problem
