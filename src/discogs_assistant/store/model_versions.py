"""Which versions of a learned model there are, which one is live, and how each did."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from discogs_assistant.errors import NotFoundError, StorageError

_INDEX, _LOCK = "versions.json", "versions.lock"
_KEPT = 3


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A learned model: `name` is its own and its folder's, `fingerprint` that of what it learned from.

    `ndcg` is the mean over `validation_users` who were held out, `error` its standard error; None where there
    were too few. `people` are digests of those whose records are in it. `refused` says why it may not go
    live by itself.
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


@dataclass(frozen=True, slots=True)
class ModelVersions:
    """The versions in one folder. Each change is made of the newest state, under a lock, and at once."""

    root: Path

    def all(self) -> tuple[ModelVersion, ...]:
        """From the oldest to the newest; none where nothing can be read."""
        return self._read()[1]

    def live(self) -> ModelVersion | None:
        """The one that serves."""
        name, versions = self._read()
        return next((one for one in versions if one.name == name), None)

    def folder(self, name: str) -> Path:
        """Where the files of a version are."""
        return self.root / name

    def add(self, version: ModelVersion, *, live: bool) -> None:
        """Keep a version whose files are there; old ones but for the live one and the newest few go."""
        with self._changing():
            before, versions = self._read()
            versions = (*(one for one in versions if one.name != version.name), version)
            serving = version.name if live else before
            kept = [one for one in versions[:-_KEPT] if one.name == serving] + list(versions[-_KEPT:])
            self._write(serving, kept)
            self._remove(one for one in versions if one not in kept)

    def roll_back(self) -> ModelVersion:
        """Let the version before the live one serve again, and the live one no more.

        `NotFoundError` where there is none before it.
        """
        with self._changing():
            name, versions = self._read()
            at = next((place for place, one in enumerate(versions) if one.name == name), 0)
            older = [one for one in versions[:at] if one.refused is None]
            if not older:
                raise NotFoundError(
                    "There is no earlier model to go back to.", "Learn a new one: models train."
                )
            gone = replace(versions[at], refused="rolled back")
            self._write(older[-1].name, [gone if one.name == name else one for one in versions])
        return older[-1]

    def keep(self, wanted: Callable[[ModelVersion], bool]) -> None:
        """Remove the others with their files; where the live one goes, the newest that may serves."""
        if all(map(wanted, self.all())):
            return
        with self._changing():
            serving, versions = self._read()
            kept = [one for one in versions if wanted(one)]
            fit = [None, *(one.name for one in kept if one.refused is None)]
            self._write(serving if serving in fit else fit[-1], kept)
            self._remove(one for one in versions if one not in kept)

    def forget(self) -> None:
        """Remove all versions and their files."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _remove(self, gone: Iterable[ModelVersion]) -> None:
        for one in gone:
            shutil.rmtree(self.folder(one.name), ignore_errors=True)

    def _read(self) -> tuple[str | None, tuple[ModelVersion, ...]]:
        try:
            told: Any = json.loads((self.root / _INDEX).read_text(encoding="utf-8"))
            rows = [ModelVersion(**{**row, "people": tuple(row["people"])}) for row in told["versions"]]
            return told["live"], tuple(rows)
        except (OSError, ValueError, TypeError, KeyError):
            return None, ()

    def _write(self, live: str | None, versions: Sequence[ModelVersion]) -> None:
        beside = self.root / f".{_INDEX}.{os.getpid()}"
        document = {"live": live, "versions": [asdict(one) for one in versions]}
        beside.write_text(json.dumps(document, indent=1), encoding="utf-8")
        beside.replace(self.root / _INDEX)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with (self.root / _LOCK).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as problem:
            raise StorageError(
                f"The models' folder {self.root} cannot be written ({problem.strerror}).",
                "Free some space or correct the folder's rights.",
            ) from problem
