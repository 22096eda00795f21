"""Reading what artists and labels have released, a page of Discogs' list a request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import ArtistId, LabelId
from discogs_assistant.model.ports import Page
from discogs_assistant.model.release import Discography
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.catalogue.dump_coverage import has_discography
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_entry
from discogs_assistant.pipelines.recommendations.interests import ArtistOrLabel
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.store.catalogue import discographies, releases
from discogs_assistant.store.catalogue.discographies import NOTHING_READ
from discogs_assistant.store.database import Database

AGE = timedelta(days=30)
"""Discographies are CC0 and grow slowly: a new record may be recommended a month late."""

DuePage = tuple[float, ArtistOrLabel, int]
"""What it is worth, the artist or label, and the page's number."""


def due_pages(
    ctx: Context, interests: Sequence[ArtistOrLabel], most: int, asked: Collection[tuple[str, int, int]] = ()
) -> list[list[Any]]:
    """At most `most` pages that were not read in a month, the most valuable first, as `read_page` takes them.

    The nth page of a list is worth an nth of its first: long lists of the most valuable are read to their end
    before the first pages of those that matter little, and the others do not wait for that. Those in `asked`,
    by kind, id and page, are left out.
    """
    now = ctx.clock.now()
    chosen: list[list[Any]] = []
    for _, interest, page in _due(ctx.db, interests, now):
        if len(chosen) >= most:
            break
        assert interest.id is not None, "only interests with an id are looked up"
        known = (interest.kind, interest.id, page) in asked or has_discography(
            ctx.catalogue, interest.kind, interest.id, now
        )
        if not known:
            chosen.append([interest.kind, interest.id, interest.name, page])
    return chosen


def read_page(ctx: Context, run: Run, asked: Sequence[Any]) -> None:
    """Request a page of a list and store it, with the releases that it names; a deleted list is empty."""
    kind, id, name, number = asked
    entries: tuple[Discography, ...] = ()
    pages = 1
    try:
        page = _page(ctx.sources.discogs(run.owner, run.id), kind, id, number)
        entries, pages = page.items, max(1, page.pages)
    except NotFoundError:
        pass
    now = ctx.clock.now()
    found = [release_of_entry(entry, kind, id, name) for entry in entries]
    releases.save_releases(ctx.db, [release for release in found if release is not None], now)
    discographies.save_page(ctx.db, kind, id, number, pages, entries, now)


def _due(db: Database, interests: Sequence[ArtistOrLabel], now: datetime) -> list[DuePage]:
    read = {
        kind: discographies.pages_read(db, kind, [interest.id for interest in interests if interest.id])
        for kind in {interest.kind for interest in interests}
    }
    due = [
        (interest.weight / page, interest, page)
        for interest in interests
        for page in read[interest.kind].get(interest.id or 0, NOTHING_READ).due(now - AGE)
    ]
    return sorted(due, key=lambda each: (-each[0], each[1].kind, each[1].key, each[2]))


def _page(client: DiscogsClient, kind: str, id: int, number: int) -> Page[Discography]:
    if kind == "artist":
        return client.artist_releases(ArtistId(id), number)
    return client.label_releases(LabelId(id), number)
