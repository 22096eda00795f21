"""What the catalogue tells of records and of itself, as the commands print it and pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from discogs_assistant.errors import NotFoundError
from discogs_assistant.store.catalogue_files.catalogue import Catalogue
from discogs_assistant.store.catalogue_files.importing import under_way
from discogs_assistant.store.catalogue_files.question import Question
from discogs_assistant.store.catalogue_files.shelf import KINDS, Held, Shelf

Document = dict[str, Any]


def status(catalogue: Catalogue) -> Document:
    """Which month is served, how many records of each kind, their bytes, and when they came in."""
    serving = catalogue.serving()
    if serving is None:
        return {"month": None} | dict.fromkeys(KINDS, 0) | {"bytes": 0, "imported_at": None}
    held = {kind: serving.kinds[kind].count if kind in serving.kinds else 0 for kind in KINDS}
    return {"month": serving.month} | held | {"bytes": serving.bytes, "imported_at": serving.imported_at}


@dataclass(frozen=True, slots=True)
class Overview:
    """Beside `status`: the month of each kind that is served, the records that were left out of them (as in
    docs/cli.md), what may be forgotten with its bytes, and how far an import is that is under way."""

    months: dict[str, str | None]
    skipped: list[Document]
    forgettable: list[tuple[str, Held]]
    under_way: str | None

    @property
    def bytes_to_free(self) -> int:
        """Bytes of what may be forgotten."""
        return sum(held.bytes for _, held in self.forgettable)


def overview(catalogue: Catalogue) -> Overview:
    """How the catalogue is kept; reads a few small files."""
    shelf, serving = Shelf(catalogue.root), catalogue.serving()
    kinds = serving.kinds if serving else {}
    abouts = [shelf.about(held.folder) or {} for held in kinds.values()]
    return Overview(
        {kind: held.month for kind, held in kinds.items()},
        [one for about in abouts for one in about.get("skipped", ())],
        shelf.unserved(),
        under_way(catalogue.root),
    )


def releases(catalogue: Catalogue, ids: Sequence[int]) -> Document:
    """The releases among `ids` that are known; `NotFoundError` where none is."""
    found = [_shown(document) for document in catalogue.releases(ids)]
    if not found:
        raise NotFoundError(
            f"The catalogue knows {'none of these releases' if len(ids) > 1 else f'no release {ids[0]}'}.",
            ""
            if catalogue.serving()
            else "No dump was imported yet: `discogs-assistant catalogue import PATH`.",
        )
    return {"releases": found}


def search(catalogue: Catalogue, question: Question, limit: int) -> Document:
    """The releases that answer, the best first, as a line each."""
    return {"releases": [_line(document) for document in catalogue.search(question, limit)]}


def _line(document: Document) -> Document:
    kept = {name: document[name] for name in ("release_id", "master_id", "title", "year", "country")}
    return kept | {
        "artists": [one["name"] for one in document["artists"] if one["name"]],
        "labels": [one["name"] for one in document["labels"] if one["name"]],
        "formats": [one["name"] for one in document["formats"] if one["name"]],
    }


def _shown(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "track_artists"}
