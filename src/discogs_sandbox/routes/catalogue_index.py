"""Who made what in the world, and searches through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from starlette.datastructures import QueryParams

from discogs_sandbox.wire.discographies import role_of
from discogs_sandbox.wire.fields import printed
from discogs_sandbox.world.entities import Artist, Label, Master, Release, Work
from discogs_sandbox.world.world import World

Line = tuple[Release, Master | None]
"""A work in a discography: its main pressing, and its master where it has one."""


class Discographies:
    """Indexes of a world's catalogue, which never changes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines = list(_lines(world))
        self._of_artist: defaultdict[int, list[Line]] = defaultdict(list)
        self._of_label: defaultdict[int, list[tuple[Release, str]]] = defaultdict(list)
        for line in self._lines:
            for artist in _artist_ids(world.work_of(line[0])):
                self._of_artist[artist].append(line)
        for release in world.releases.values():
            for label, catno in release.labels:
                self._of_label[label.id].append((release, catno))
        self._found = lru_cache(_KEPT_SEARCHES)(self._find)
        self._texts = {release.id: _words(world, release) for release in world.releases.values()}

    def of_artist(self, artist: int) -> list[tuple[Release, Master | None, str]]:
        """Works of an artist with the role there, oldest first."""
        lines = sorted(self._of_artist[artist], key=lambda line: self._world.work_of(line[0]).year)
        return [
            (release, top, role_of(self._world.work_of(release), artist) or "Main") for release, top in lines
        ]

    def of_label(self, label: int) -> list[tuple[Release, str]]:
        """Releases of a label, one line a catalogue number, oldest first."""
        return sorted(self._of_label[label], key=lambda line: line[0].year)

    def releases(self, query: QueryParams) -> list[Release]:
        """Releases that match every field of a search, most owned first."""
        return self._found(_tests(query))

    def masters(self, query: QueryParams) -> list[Line]:
        """Works with a master whose main pressing matches every field, most owned first."""
        matching = {release.id for release in self._found(_tests(query))}
        found = [line for line in self._lines if line[1] and line[0].id in matching]
        return sorted(found, key=lambda line: -line[0].have)

    def artists(self, words: str) -> list[Artist]:
        """Artists whose name holds the words."""
        folded = words.casefold()
        return [artist for artist in self._world.artists.values() if folded in artist.name.casefold()]

    def labels(self, words: str) -> list[Label]:
        """Labels whose name holds the words."""
        folded = words.casefold()
        return [label for label in self._world.labels.values() if folded in label.name.casefold()]

    def _find(self, tests: frozenset[tuple[str, str]]) -> list[Release]:
        found = [x for x in self._world.releases.values() if _matches(self._texts[x.id], tests)]
        return sorted(found, key=lambda release: -release.have)


_KEPT_SEARCHES = 128
_WHOLE = {"genre", "style", "year", "country", "format", "barcode"}
_FIELDS = _WHOLE | {"q", "artist", "release_title", "title", "label", "catno"}


def _tests(query: QueryParams) -> frozenset[tuple[str, str]]:
    """The fields of a search, folded; what Discogs does not know is ignored."""
    pairs = (("q" if key == "query" else key, value.casefold()) for key, value in query.items() if value)
    return frozenset(pair for pair in pairs if pair[0] in _FIELDS)


def _matches(text: dict[str, str], tests: frozenset[tuple[str, str]]) -> bool:
    return all(_fits(text[key], key, value) for key, value in tests)


def _fits(text: str, key: str, value: str) -> bool:
    if key == "q":
        return all(word in text for word in value.split())
    return value in text.split("\n") if key in _WHOLE else value in text


def _lines(world: World) -> Iterator[Line]:
    for master in world.masters.values():
        yield world.releases[master.releases[0]], master
    for release in world.releases.values():
        if release.master is None:
            yield release, None


def _artist_ids(work: Work) -> set[int]:
    credited = {credit.artist.id for credit in (*work.artists, *work.credits)}
    return credited | {track.artist.id for track in work.tracks if track.artist}


def _words(world: World, release: Release) -> dict[str, str]:
    """What a search looks through, folded; values of one field are lines."""
    work = world.work_of(release)
    labels = "\n".join(label.name for label, _ in release.labels)
    catnos = "\n".join(catno for _, catno in release.labels)
    artist = printed(work) + "\n" + "\n".join(credit.artist.name for credit in work.artists)
    text = {
        "q": f"{artist}\n{work.title}\n{labels}\n{catnos}",
        "artist": artist,
        "release_title": work.title,
        "title": f"{printed(work)} - {work.title}",
        "label": labels,
        "catno": catnos,
        "genre": "\n".join(work.genres),
        "style": "\n".join(work.styles),
        "year": str(release.year),
        "country": release.country,
        "format": "\n".join(word for one in release.formats for word in (one.name, *one.descriptions)),
        "barcode": release.barcode,
    }
    return {key: value.casefold() for key, value in text.items()}
