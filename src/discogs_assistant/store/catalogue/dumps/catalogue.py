"""The read side of the dumps: records by id, pressings, and credits."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zstandard import ZstdError

from discogs_assistant.errors import StorageError
from discogs_assistant.store.catalogue.dumps.documents import Documents
from discogs_assistant.store.catalogue.dumps.features import FeatureArrays, feature_arrays
from discogs_assistant.store.catalogue.dumps.other_names import OtherNames
from discogs_assistant.store.catalogue.dumps.postings import Numbers, Of, Part, Postings
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.dumps.search import Search
from discogs_assistant.store.catalogue.dumps.serving import CatalogueFolder, Serving

Document = dict[str, Any]

_ATTEMPTS = 5


@dataclass(frozen=True)
class _OpenDump:
    """A dump as one process has it open."""

    serving: Serving
    documents: dict[str, Documents]
    postings: Postings | None
    search: Search | None


class Catalogue:
    """The data of the imported dumps; empty before any import. Safe to share among threads.

    Every query raises `StorageError` if files are lost or damaged.

    Each query checks with one `stat` whether another dump is served by now. A dump that is replaced or
    removed during a query stays readable until the query ends.
    """

    def __init__(self, root: Path) -> None:
        self._files = CatalogueFolder(root)
        self._seen: tuple[int, int] | None = None
        self._dump: _OpenDump | None = None

    @property
    def root(self) -> Path:
        """Its folder."""
        return self._files.root

    def serving(self) -> Serving | None:
        """Which dump is served, and the number of records of each kind; None before any import."""
        dump = self._current()
        return dump.serving if dump else None

    def records(self, kind: str, ids: Sequence[int]) -> list[Document]:
        """The known artists, labels, masters or releases among `ids`, in their order."""
        with self._asked() as dump:
            documents = dump.documents.get(kind) if dump else None
            return documents.of(ids) if documents else []

    def releases(self, ids: Sequence[int]) -> list[Document]:
        """The known releases among `ids`, in their order, as docs/cli.md shows them, and `track_artists`."""
        return self.records("releases", ids)

    def pressings(self, master: int) -> list[int]:
        """The releases of a master, ascending."""
        return self._of(Of.MASTER, master).get(0, [])

    def pressings_of(self, masters: Sequence[int]) -> dict[int, list[int]]:
        """The releases of each of `masters`, ascending; masters without releases are left out."""
        with self._asked() as dump:
            found = dump.postings.of_all(Of.MASTER, masters) if dump and dump.postings else {}
            return {master: numbers.tolist() for master, numbers in found.items()}

    def label_releases(self, label: int) -> list[int]:
        """The releases on a label, ascending."""
        return self._of(Of.LABEL, label).get(0, [])

    def artist_releases(self, artist: int) -> dict[Part, list[int]]:
        """The releases that an artist is on, ascending, by what the artist has to do with them."""
        return {Part(part): found for part, found in self._of(Of.ARTIST, artist).items()}

    def features(self) -> FeatureArrays | None:
        """The features of works, for the recommender; None without releases."""
        dump = self._current()
        served = dump.serving.kinds.get("releases") if dump else None
        return feature_arrays(self._files.root / served.folder) if served else None

    def check(self) -> None:
        """Read a record of each kind, ask each index; `StorageError` where something is lost or damaged."""
        with self._asked() as dump:
            for documents in dump.documents.values() if dump else ():
                documents.first()
        self.pressings(1)
        self.find(Question(artist="the"), 1)

    def find(self, question: Question, limit: int) -> list[int]:
        """At most `limit` releases that answer the question, the best first; see `Search.find`."""
        with self._asked() as dump:
            return dump.search.find(question, limit) if dump and dump.search else []

    def search(self, question: Question, limit: int) -> list[Document]:
        """As `find`, all that is known of each."""
        return self.releases(self.find(question, limit))

    def works(self, kind: str, id: int, limit: int) -> list[int]:
        """At most `limit` releases of an artist or a label, one of each work, the best known first."""
        with self._asked() as dump:
            return dump.search.works(kind, id, limit) if dump and dump.search else []

    def _of(self, whose: Of, key: int) -> dict[int, list[int]]:
        with self._asked() as dump:
            found: dict[int, Numbers] = dump.postings.of(whose, key) if dump and dump.postings else {}
            return {part: numbers.tolist() for part, numbers in found.items()}

    @contextmanager
    def _asked(self) -> Iterator[_OpenDump | None]:
        """The dump that answers a question; `StorageError` where its files are damaged."""
        try:
            yield self._current()
        except (sqlite3.DatabaseError, ZstdError) as problem:
            raise _lost(self.root) from problem

    def _current(self) -> _OpenDump | None:
        for attempt in range(_ATTEMPTS):
            seen = self._look()
            if seen == self._seen:
                return self._dump
            try:
                self._dump = self._open()
            except FileNotFoundError as problem:
                # Forgotten between the reading of the pointer and the opening: another is served by now.
                if attempt + 1 == _ATTEMPTS:
                    raise _lost(self._files.root) from problem
                continue
            self._seen = seen
        return self._dump

    def _look(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._files.pointer)  # noqa: PTH116  (half the time of Path.stat)
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _open(self) -> _OpenDump | None:
        serving = self._files.serving()
        if serving is None:
            return None
        folders = {kind: self._files.root / served.folder for kind, served in serving.kinds.items()}
        others = OtherNames(folders["artists"]) if "artists" in folders else None
        return _OpenDump(
            serving,
            {kind: Documents(folder) for kind, folder in folders.items()},
            Postings(folders["releases"]) if "releases" in folders else None,
            Search(folders["releases"], others) if "releases" in folders else None,
        )


def _lost(root: Path) -> StorageError:
    return StorageError(
        f"Some files of the catalogue at {root} are missing or damaged.",
        "Import the dump again: `discogs-assistant catalogue import PATH`.",
    )
