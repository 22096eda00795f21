"""A release as its page shows it: what it is, what it is to me, what it costs, and why I might love it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Master, Release
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_listing
from discogs_assistant.pipelines.catalogue.releases import Known
from discogs_assistant.store.market import listings
from discogs_assistant.web.catalogue.copies_view import CopiesView, copies_view
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.marks import Mark, Mine, mine
from discogs_assistant.web.catalogue.pressings_view import Pressing, nearest
from discogs_assistant.web.catalogue.release_reasons import Why, why_on_list
from discogs_assistant.web.credits import (
    Credit,
    Name,
    OnLabel,
    artist_names,
    credit_names,
    format_names,
    label_names,
    name_of,
)
from discogs_assistant.web.session import Visitor

_FEW = 8
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MasterView:
    """The master of a release: how many pressings are known, and the few that are asked for first."""

    master: Master
    pressings: int
    rows: tuple[Pressing, ...]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release with all that stands beside it."""

    known: Known
    cover: str | None
    own: Mine
    copies: CopiesView
    master: MasterView | None
    why: Why | None
    on_tracks: tuple[Name, ...]
    """The artists of its tracks where those have their own, as on compilations; only a dump has them."""

    @property
    def release(self) -> Release:
        """The release."""
        return self.known.release

    @property
    def mark(self) -> Mark:
        """What it is to the collector."""
        return self.own.mark([self.release.id])

    @property
    def other_owned(self) -> ReleaseId | None:
        """Another pressing of its master that the collector owns."""
        rows = self.master.rows if self.master else ()
        return next((row.release.id for row in rows if row.mark == "owned"), None)

    @property
    def loved(self) -> bool:
        """Whether the collector said so."""
        return self.release.id in self.own.loved

    @property
    def hidden(self) -> bool:
        """Whether it is never to be recommended."""
        return self.release.id in self.own.hidden

    @property
    def artists(self) -> list[Name]:
        """Who made it."""
        return artist_names(self.release.artists)

    @property
    def labels(self) -> list[OnLabel]:
        """Who published it."""
        return label_names(self.release.labels)

    @property
    def formats(self) -> list[str]:
        """What it is made of."""
        return format_names(self.release.formats)

    @property
    def credits(self) -> list[Credit]:
        """Who else worked on it."""
        return credit_names(self.release.credits)

    @property
    def identifiers(self) -> dict[str, list[str]]:
        """Barcodes, matrix numbers and the like, by kind."""
        found: dict[str, list[str]] = {}
        for kind, value in dict.fromkeys(self.release.identifiers):
            found.setdefault(kind, []).append(value)
        return found


def find_release(visitor: Visitor, id: ReleaseId) -> Known | None:
    """The release as either source knows it, else as a copy for sale names it, however old that is."""
    found = releases.releases(visitor.ctx.db, visitor.ctx.catalogue, [id], visitor.owner)
    return found.get(id) or _for_sale(visitor, id)


def release_view(visitor: Visitor, known: Known) -> ReleaseView:
    """All of the page; a fixed number of statements, however many pressings and copies there are."""
    release, own = known.release, mine(visitor)
    return ReleaseView(
        known,
        covers(visitor, [release.id]).get(release.id),
        own,
        copies_view(visitor, release.id),
        _master(visitor, release, own),
        why_on_list(visitor, release),
        _on_tracks(visitor, release.id),
    )


def _for_sale(visitor: Visitor, id: ReleaseId) -> Known | None:
    """Names are free of rights and do not age, unlike the price that stands beside them."""
    copies = listings.listings_for(visitor.ctx.db, visitor.owner, [id], since=_EVER)
    newest = max(copies, key=lambda copy: copy.as_of, default=None)
    return Known(release_of_listing(newest), "api", newest.as_of) if newest else None


def _on_tracks(visitor: Visitor, id: ReleaseId) -> tuple[Name, ...]:
    documents = visitor.ctx.catalogue.releases([id])
    named = [artist for document in documents for artist in document["track_artists"] if artist["name"]]
    return tuple(
        dict.fromkeys(name_of("artist", artist["id"], artist["name"], artist["anv"]) for artist in named)
    )


def _master(visitor: Visitor, release: Release, own: Mine) -> MasterView | None:
    if release.master_id is None:
        return None
    found = releases.master(visitor.ctx.db, visitor.ctx.catalogue, release.master_id)
    if found is None:
        return None
    others = [id for id in found.pressings if id != release.id]
    rows = nearest(visitor, others, own, _FEW)
    return MasterView(found.master, len(found.pressings), tuple(rows))
