"""Indexes of the world's catalogue: who made what, which label released what, and searches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from starlette.datastructures import QueryParams

from discogs_sandbox.wire.discographies import role_of
from discogs_sandbox.wire.fields import artists_text
from discogs_sandbox.world.entities import Artist, Label, Master, Release, Work
from discogs_sandbox.world.world import World

Entry = tuple[Release, Master | None]
"""A work in a discography: its main pressing, and its master where it has one."""

_CACHED_SEARCHES = 128
_EXACT_FIELDS = {"genre", "style", "year", "country", "format", "barcode"}
_FIELDS = _EXACT_FIELDS | {"q", "artist", "release_title", "title", "label", "catno"}


class CatalogueIndex:
    """Built once for a world, whose catalogue never changes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._entries = list(_entries(world))
        self._of_artist: defaultdict[int, list[Entry]] = defaultdict(list)
        self._of_label: defaultdict[int, list[tuple[Release, str]]] = defaultdict(list)
        for entry in self._entries:
            for artist in _artist_ids(world.work_of(entry[0])):
                self._of_artist[artist].append(entry)
        for release in world.releases.values():
            for label, catno in release.labels:
                self._of_label[label.id].append((release, catno))
        self._search = lru_cache(_CACHED_SEARCHES)(self._search_releases)
        self._texts = {release.id: _searchable(world, release) for release in world.releases.values()}

    def of_artist(self, artist: int) -> list[tuple[Release, Master | None, str]]:
        """Works of an artist with the role there, oldest first."""
        entries = sorted(self._of_artist[artist], key=lambda entry: self._world.work_of(entry[0]).year)
        return [
            (release, master, role_of(self._world.work_of(release), artist) or "Main")
            for release, master in entries
        ]

    def of_label(self, label: int) -> list[tuple[Release, str]]:
        """Releases of a label, one entry for each catalogue number, oldest first."""
        return sorted(self._of_label[label], key=lambda entry: entry[0].year)

    def releases(self, query: QueryParams) -> list[Release]:
        """Releases that match every field of a search, most owned first."""
        return self._search(_conditions(query))

    def masters(self, query: QueryParams) -> list[Entry]:
        """Works with a master whose main pressing matches every field, most owned first."""
        matching = {release.id for release in self._search(_conditions(query))}
        found = [entry for entry in self._entries if entry[1] and entry[0].id in matching]
        return sorted(found, key=lambda entry: -entry[0].have)

    def artists(self, words: str) -> list[Artist]:
        """Artists whose name contains the words."""
        folded = words.casefold()
        return [artist for artist in self._world.artists.values() if folded in artist.name.casefold()]

    def labels(self, words: str) -> list[Label]:
        """Labels whose name contains the words."""
        folded = words.casefold()
        return [label for label in self._world.labels.values() if folded in label.name.casefold()]

    def _search_releases(self, conditions: frozenset[tuple[str, str]]) -> list[Release]:
        releases = self._world.releases.values()
        found = [release for release in releases if _matches(self._texts[release.id], conditions)]
        return sorted(found, key=lambda release: -release.have)


def _conditions(query: QueryParams) -> frozenset[tuple[str, str]]:
    """The fields of a search, case-folded; fields that Discogs does not know are ignored."""
    pairs = (("q" if key == "query" else key, value.casefold()) for key, value in query.items() if value)
    return frozenset(pair for pair in pairs if pair[0] in _FIELDS)


def _matches(texts: dict[str, str], conditions: frozenset[tuple[str, str]]) -> bool:
    return all(_field_matches(texts[field], field, value) for field, value in conditions)


def _field_matches(text: str, field: str, value: str) -> bool:
    if field == "q":
        return all(word in text for word in value.split())
    return value in text.split("\n") if field in _EXACT_FIELDS else value in text


def _entries(world: World) -> Iterator[Entry]:
    for master in world.masters.values():
        yield world.releases[master.releases[0]], master
    for release in world.releases.values():
        if release.master is None:
            yield release, None


def _artist_ids(work: Work) -> set[int]:
    credited = {credit.artist.id for credit in (*work.artists, *work.credits)}
    return credited | {track.artist.id for track in work.tracks if track.artist}


def _searchable(world: World, release: Release) -> dict[str, str]:
    """What a search looks through, case-folded; several values of one field are lines."""
    work = world.work_of(release)
    labels = "\n".join(label.name for label, _ in release.labels)
    catnos = "\n".join(catno for _, catno in release.labels)
    artist = artists_text(work) + "\n" + "\n".join(credit.artist.name for credit in work.artists)
    texts = {
        "q": f"{artist}\n{work.title}\n{labels}\n{catnos}",
        "artist": artist,
        "release_title": work.title,
        "title": f"{artists_text(work)} - {work.title}",
        "label": labels,
        "catno": catnos,
        "genre": "\n".join(work.genres),
        "style": "\n".join(work.styles),
        "year": str(release.year),
        "country": release.country,
        "format": "\n".join(word for part in release.formats for word in (part.name, *part.descriptions)),
        "barcode": release.barcode,
    }
    return {field: text.casefold() for field, text in texts.items()}
