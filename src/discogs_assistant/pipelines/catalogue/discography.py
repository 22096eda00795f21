"""All that an artist or a label has released, as far as the dump and the API report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Discography
from discogs_assistant.pipelines.catalogue.releases import Source, date_of, releases
from discogs_assistant.store.catalogue import discographies
from discogs_assistant.store.catalogue import releases as stored_releases
from discogs_assistant.store.catalogue.discographies import NOTHING_READ, PagesRead
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue, Document
from discogs_assistant.store.catalogue.release_search import on_which
from discogs_assistant.store.database import Database

Kind = Literal["artist", "label"]
Parts = Mapping[str, tuple[ReleaseId, ...]]

PARTS = ("main", "track", "producer", "remixer", "credit")
"""What an artist may have to do with a release, in the order of pages; a label has the first alone."""


_LOOKED_AT = 20  # releases among which the name is looked for


@dataclass(frozen=True, slots=True)
class Named:
    """An artist or label beside; `id` is None where the dump names it only."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class About:
    """What the dump has about an artist or a label itself; empty without one."""

    real_name: str | None = None
    profile: str | None = None
    variations: tuple[str, ...] = ()
    aliases: tuple[Named, ...] = ()
    members: tuple[Named, ...] = ()
    groups: tuple[Named, ...] = ()
    parent: Named | None = None
    sublabels: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownDiscography:
    """The releases, ascending, by part (those of `PARTS` that have some), and what is known beside.

    `as_of` is the dump's month, or the moment of the API's answer where that is newer. `listed` is how far
    Discogs' own list was read.
    """

    kind: Kind
    id: int
    name: str
    source: Source
    as_of: datetime
    parts: Parts
    about: About
    listed: PagesRead


def discography(db: Database, files: Catalogue, kind: Kind, id: int) -> KnownDiscography | None:
    """What both sources report together; None if neither knows the artist or label.

    A list that the API gave names one pressing of each master; the dump names all.
    """
    document = next(iter(files.records(f"{kind}s", [id])), None)
    from_dump = _from_dump(files, kind, id)
    entries, read_at = discographies.entries_with_age(db, kind, [id]).get(id, ([], None))
    rows = on_which(db, kind, id)
    parts = _together(from_dump, _from_entries(entries), {"main": rows})
    ages: list[tuple[datetime, Source]] = [(read_at, "api")] if read_at else []
    if (serving := files.serving()) and (document or from_dump):
        ages.append((date_of(serving, "releases"), "dump"))
    if not ages and rows:
        ages.append(
            (max(known_at for _, known_at in stored_releases.releases_with_age(db, rows).values()), "api")
        )
    if not ages:
        return None
    as_of, source = max(ages)
    name = (document or {}).get("name") or _named_on(db, files, kind, id, parts) or f"{kind.title()} {id}"
    listed = discographies.pages_read(db, kind, [id]).get(id, NOTHING_READ)
    return KnownDiscography(kind, id, name, source, as_of, parts, _about(document or {}), listed)


def _from_dump(files: Catalogue, kind: Kind, id: int) -> dict[str, list[int]]:
    if kind == "label":
        found = files.label_releases(id)
        return {"main": found} if found else {}
    return {part.name.lower(): ids for part, ids in files.artist_releases(id).items()}


def _from_entries(entries: Iterable[Discography]) -> dict[str, list[int]]:
    """The roles that the API writes, as parts."""
    parts: dict[str, list[int]] = {}
    for entry in entries:
        release = entry.main_release if entry.kind == "master" else entry.id
        if release is not None:
            parts.setdefault(_part_of((entry.role or "main").casefold()), []).append(release)
    return parts


def _part_of(role: str) -> str:
    if role in ("main", "unofficialrelease"):
        return "main"
    if "appearance" in role:
        return "track"
    if "remix" in role:
        return "remixer"
    return "producer" if "produce" in role else "credit"


def _together(*lists: Mapping[str, Sequence[int]]) -> Parts:
    parts = {part: {id for listed in lists for id in listed.get(part, ())} for part in PARTS}
    return {part: tuple(map(ReleaseId, sorted(ids))) for part, ids in parts.items() if ids}


def _named_on(db: Database, files: Catalogue, kind: Kind, id: int, parts: Parts) -> str | None:
    """The name as the releases write it."""
    for part in parts.values():
        for known in releases(db, files, part[:_LOOKED_AT]).values():
            release = known.release
            named = release.labels if kind == "label" else (*release.artists, *release.credits)
            if name := next((each.name for each in named if each.id == id), None):
                return name
    return None


def _about(document: Document) -> About:
    return About(
        real_name=document.get("real_name"),
        profile=document.get("profile"),
        variations=tuple(document.get("variations", ())),
        aliases=_named(document.get("aliases", ())),
        members=_named(document.get("members", ())),
        groups=_named(document.get("groups", ())),
        parent=next(iter(_named([document["parent"]])), None) if document.get("parent") else None,
        sublabels=_named(document.get("sublabels", ())),
    )


def _named(entries: Iterable[Document]) -> tuple[Named, ...]:
    return tuple(Named(entry["id"], entry["name"]) for entry in entries if entry["name"])
