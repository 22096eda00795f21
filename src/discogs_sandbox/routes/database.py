"""Releases, masters, artists, labels and the search: the database part of Discogs' API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from discogs_sandbox.routes.catalogue_index import CatalogueIndex, Entry
from discogs_sandbox.routes.context import (
    MUST_SIGN_IN,
    InvalidParameterError,
    RouteContext,
    json_answer,
    path_id,
    requested_currency,
)
from discogs_sandbox.routes.pagination import PageRequest, page_answer, sort_order
from discogs_sandbox.wire import discographies as wire
from discogs_sandbox.wire.fields import Json, format_text, to_json
from discogs_sandbox.world.entities import Release
from discogs_sandbox.world.world import World

T = TypeVar("T")

_KINDS = {"release", "master", "artist", "label"}
_VERSION_SORTS = ("released", "title", "format", "label", "catno", "country")


class Database:
    """Routes of the database."""

    def __init__(self, context: RouteContext) -> None:
        self._context = context
        self._index = CatalogueIndex(context.world)

    def routes(self) -> list[Route]:
        """Path and handler of each."""
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
        context = self._context
        release = _named_in_path(context.world.releases, request, "Release")
        currency = requested_currency(request) or "USD"
        answer = context.database.release(release, currency, images=context.images(request))
        return json_answer(request, answer)

    async def master(self, request: Request) -> Response:
        """A work."""
        context = self._context
        master = _named_in_path(context.world.masters, request, "Master Release")
        currency = requested_currency(request) or "USD"
        answer = context.database.master(master, currency, images=context.images(request))
        return json_answer(request, answer)

    async def versions(self, request: Request) -> Response:
        """A page of a work's pressings, with the facets that Discogs sends along."""
        world = self._context.world
        master = _named_in_path(world.masters, request, "Master Release")
        sort, descending = sort_order(request.query_params, _VERSION_SORTS, "released")
        releases = [world.releases[number] for number in master.releases]
        ordered = sorted(releases, key=lambda release: _version_value(release, sort), reverse=descending)
        images, asked = self._context.images(request), PageRequest.of(request.query_params)
        part = asked.slice(ordered)
        return json_answer(
            request,
            {
                "pagination": asked.pagination(request, len(ordered)),
                "filters": {"applied": {}, "available": {}},
                "filter_facets": [],
                "versions": [wire.version(world, release, images=images) for release in part],
            },
        )

    async def artist(self, request: Request) -> Response:
        """An artist."""
        artist = _named_in_path(self._context.world.artists, request, "Artist")
        return json_answer(request, self._context.database.artist(artist))

    async def artist_releases(self, request: Request) -> Response:
        """A page of an artist's works, credits included."""
        artist = _named_in_path(self._context.world.artists, request, "Artist")
        _, descending = sort_order(request.query_params, ("year", "title", "format"), "year")
        entries = self._index.of_artist(artist.id)
        images = self._context.images(request)
        return page_answer(
            request,
            "releases",
            entries[::-1] if descending else entries,
            lambda entry: to_json(wire.artist_entry(self._context.world, *entry, images=images)),
        )

    async def label(self, request: Request) -> Response:
        """A label."""
        label = _named_in_path(self._context.world.labels, request, "Label")
        return json_answer(request, self._context.database.label(label))

    async def label_releases(self, request: Request) -> Response:
        """A page of a label's releases."""
        label = _named_in_path(self._context.world.labels, request, "Label")
        images = self._context.images(request)
        return page_answer(
            request,
            "releases",
            self._index.of_label(label.id),
            lambda entry: to_json(wire.label_entry(self._context.world, *entry, images=images)),
        )

    async def search(self, request: Request) -> Response:
        """A page of what matches; 401 for visitors without a token or key."""
        if not self._context.visitor(request).signed_in:
            raise HTTPException(401, MUST_SIGN_IN)
        return page_answer(request, "results", self._results(request), lambda write: to_json(write()))

    def _results(self, request: Request) -> list[Callable[[], Json]]:
        """Matches in order; each is turned into JSON only where its page is asked for."""
        query, kind = request.query_params, request.query_params.get("type", "")
        if kind and kind not in _KINDS:
            raise InvalidParameterError("type", f"type must be one of: {', '.join(sorted(_KINDS))}.")
        words, world = query.get("q", query.get("query", "")), self._context.world
        results: list[Callable[[], Json]] = []
        if kind in {"", "master"}:
            results += [partial(_master_result, world, entry) for entry in self._index.masters(query)]
        if kind in {"", "release"}:
            results += [partial(wire.search_result, world, found) for found in self._index.releases(query)]
        if kind == "artist" or (not kind and words):
            results += [partial(wire.name_result, "artist", found) for found in self._index.artists(words)]
        if kind == "label" or (not kind and words):
            results += [partial(wire.name_result, "label", found) for found in self._index.labels(words)]
        return results


def _named_in_path(entities: Mapping[int, T], request: Request, what: str) -> T:
    found = entities.get(path_id(request, "id", what))
    if found is None:
        raise HTTPException(404, f"{what} not found.")
    return found


def _version_value(release: Release, sort: str) -> str:
    label, catno = release.labels[0]
    texts = {"label": label.name, "catno": catno, "country": release.country}
    return texts.get(sort, format_text(release.formats) if sort == "format" else f"{release.year:04d}")


def _master_result(world: World, entry: Entry) -> Json:
    release, master = entry
    assert master is not None
    return wire.master_result(wire.search_result(world, release), master)
