"""Releases, masters, artists, labels and the search: the database part of Discogs' API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from discogs_sandbox.routes.catalogue_index import Discographies, Line
from discogs_sandbox.routes.context import (
    MUST_SIGN_IN,
    Desk,
    answer,
    answer_text,
    currency,
    number,
    page_text,
)
from discogs_sandbox.routes.pagination import Cut, ordering
from discogs_sandbox.wire import discographies as wire
from discogs_sandbox.wire.fields import Json, dump, format_text
from discogs_sandbox.world.entities import Artist, Label, Release

T = TypeVar("T")

_KINDS = {"release", "master", "artist", "label"}


class Database:
    """Handlers over one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._made = Discographies(desk.world)

    def routes(self) -> list[Route]:
        """What they answer to."""
        return [
            Route("/releases/{id}", self.release),
            Route("/masters/{id}", self.master),
            Route("/masters/{id}/versions", self.versions),
            Route("/artists/{id}", self.artist),
            Route("/artists/{id}/releases", self.artist_releases),
            Route("/labels/{id}", self.label),
            Route("/labels/{id}/releases", self.label_releases),
            Route("/database/search", self.search),
        ]

    async def release(self, request: Request) -> Response:
        """A pressing."""
        release = _known(self._desk.world.releases, request, "Release")
        wanted = currency(request, "USD") or "USD"
        return answer(request, self._desk.records.release(release, wanted, images=self._desk.images(request)))

    async def master(self, request: Request) -> Response:
        """A work."""
        master = _known(self._desk.world.masters, request, "Master Release")
        wanted = currency(request, "USD") or "USD"
        return answer(request, self._desk.records.master(master, wanted, images=self._desk.images(request)))

    async def versions(self, request: Request) -> Response:
        """A page of a work's pressings, with the facets that Discogs sends along."""
        master = _known(self._desk.world.masters, request, "Master Release")
        key, descending = ordering(
            request.query_params, ("released", "title", "format", "label", "catno", "country"), "released"
        )
        releases = [self._desk.world.releases[number] for number in master.releases]
        ordered = sorted(releases, key=lambda one: _version_value(one, key), reverse=descending)
        images, cut = self._desk.images(request), Cut.of(request.query_params)
        part = cut.part(ordered)
        return answer(
            request,
            {
                "pagination": cut.frame(request.url.path, request.query_params, len(ordered)),
                "filters": {"applied": {}, "available": {}},
                "filter_facets": [],
                "versions": [wire.version(self._desk.world, one, images=images) for one in part],
            },
        )

    async def artist(self, request: Request) -> Response:
        """An artist."""
        artist = _known(self._desk.world.artists, request, "Artist")
        return answer(request, self._desk.records.artist(artist))

    async def artist_releases(self, request: Request) -> Response:
        """A page of an artist's works, credits included."""
        artist = _known(self._desk.world.artists, request, "Artist")
        _, descending = ordering(request.query_params, ("year", "title", "format"), "year")
        lines = self._made.of_artist(artist.id)
        images = self._desk.images(request)
        return self._page(
            request,
            "releases",
            lines[::-1] if descending else lines,
            lambda line: wire.of_artist(self._desk.world, *line, images=images),
        )

    async def label(self, request: Request) -> Response:
        """A label."""
        return answer(request, self._desk.records.label(_known(self._desk.world.labels, request, "Label")))

    async def label_releases(self, request: Request) -> Response:
        """A page of a label's releases."""
        label = _known(self._desk.world.labels, request, "Label")
        images = self._desk.images(request)
        return self._page(
            request,
            "releases",
            self._made.of_label(label.id),
            lambda line: wire.of_label(self._desk.world, *line, images=images),
        )

    async def search(self, request: Request) -> Response:
        """A page of what matches; 401 for visitors without a token or key."""
        if not self._desk.visitor(request).signed_in:
            raise HTTPException(401, MUST_SIGN_IN)
        return self._page(request, "results", self._found(request), lambda make: make())

    def _found(self, request: Request) -> list[Callable[[], Json]]:
        """Matches in order, each still to be written."""
        query, kind = request.query_params, request.query_params.get("type", "")
        if kind and kind not in _KINDS:
            raise HTTPException(422, f"type must be one of: {', '.join(sorted(_KINDS))}.")
        words = query.get("q", query.get("query", ""))
        found: list[Callable[[], Json]] = []
        if kind in {"", "master"}:
            found += [_written_master(self._desk, line) for line in self._made.masters(query)]
        if kind in {"", "release"}:
            found += [_written(self._desk, release) for release in self._made.releases(query)]
        if kind == "artist" or (not kind and words):
            found += [_named("artist", artist) for artist in self._made.artists(words)]
        if kind == "label" or (not kind and words):
            found += [_named("label", label) for label in self._made.labels(words)]
        return found

    def _page(self, request: Request, key: str, entries: Sequence[T], write: Callable[[T], Json]) -> Response:
        cut = Cut.of(request.query_params)
        part = cut.part(entries)
        frame = cut.frame(request.url.path, request.query_params, len(entries))
        return answer_text(request, page_text(frame, key, (dump(write(entry)) for entry in part)))


def _known(things: Mapping[int, T], request: Request, what: str) -> T:
    found = things.get(number(request, "id", what))
    if found is None:
        raise HTTPException(404, f"{what} not found.")
    return found


def _version_value(release: Release, key: str) -> str:
    label, catno = release.labels[0]
    texts = {"label": label.name, "catno": catno, "country": release.country}
    return texts.get(key, format_text(release.formats) if key == "format" else f"{release.year:04d}")


def _written(desk: Desk, release: Release) -> Callable[[], Json]:
    return lambda: wire.found(desk.world, release, images=True)


def _written_master(desk: Desk, line: Line) -> Callable[[], Json]:
    release, master = line
    assert master is not None
    return lambda: wire.found_master(wire.found(desk.world, release, images=True), master)


def _named(kind: str, entry: Artist | Label) -> Callable[[], Json]:
    return lambda: wire.found_name(kind, entry)
