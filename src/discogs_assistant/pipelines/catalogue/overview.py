"""What the catalogue says about records and itself, as commands print it and pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discogs_assistant.errors import NotFoundError
from discogs_assistant.pipelines.catalogue.result import (
    CatalogueFound,
    CatalogueLine,
    CatalogueRelease,
    CatalogueReleases,
    CatalogueStatus,
    SkippedRecord,
)
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue, Document
from discogs_assistant.store.catalogue.dumps.import_lock import under_way
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.dumps.serving import CatalogueFolder, ImportedKind


def status(catalogue: Catalogue) -> CatalogueStatus:
    """Which dump is served, how many records of each kind, their bytes, and when they were imported."""
    return CatalogueStatus.of(catalogue.serving())


@dataclass(frozen=True, slots=True)
class Overview:
    """Beside `status`: the dump of each kind that is served, the records that were left out of them (as in
    docs/cli.md), what may be forgotten with its bytes, and how far an import is that is under way."""

    months: dict[str, str | None]
    skipped: list[SkippedRecord]
    forgettable: list[tuple[str, ImportedKind]]
    under_way: str | None

    @property
    def bytes_to_free(self) -> int:
        """Bytes of what may be forgotten."""
        return sum(held.bytes for _, held in self.forgettable)


def overview(catalogue: Catalogue) -> Overview:
    """The state of the stored catalogue; reads a few small files."""
    catalogue_folder, serving = CatalogueFolder(catalogue.root), catalogue.serving()
    kinds = serving.kinds if serving else {}
    abouts = [catalogue_folder.about(held.folder) or {} for held in kinds.values()]
    return Overview(
        {kind: held.month for kind, held in kinds.items()},
        [SkippedRecord(**record) for about in abouts for record in about.get("skipped", ())],
        catalogue_folder.unserved(),
        under_way(catalogue.root),
    )


def releases(catalogue: Catalogue, ids: Sequence[int]) -> CatalogueReleases:
    """The known releases among `ids`; `NotFoundError` if there are none."""
    found = _read(catalogue.releases(ids))
    if not found:
        raise NotFoundError(
            f"The catalogue knows {'none of these releases' if len(ids) > 1 else f'no release {ids[0]}'}.",
            ""
            if catalogue.serving()
            else "No dump was imported yet: `discogs-assistant catalogue import PATH`.",
        )
    return CatalogueReleases(releases=found)


def search(catalogue: Catalogue, question: Question, limit: int) -> CatalogueFound:
    """The releases that answer, the best first, as a line each."""
    found = _read(catalogue.search(question, limit))
    return CatalogueFound(releases=tuple(map(CatalogueLine.of, found)))


def _read(documents: Sequence[Document]) -> tuple[CatalogueRelease, ...]:
    return tuple(map(CatalogueRelease.model_validate, documents))
