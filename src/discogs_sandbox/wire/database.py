"""Releases, masters, artists and labels as Discogs' API writes them."""

from __future__ import annotations

from discogs_sandbox.wire.fields import (
    API,
    PLAIN_IMAGE,
    SITE,
    Json,
    amount,
    artists_json,
    artists_text,
    cover_url,
    formats_json,
    slug,
    thumbnail_url,
    to_json,
)
from discogs_sandbox.world.entities import Artist, Label, Listing, Master, Release, Track
from discogs_sandbox.world.prices import convert
from discogs_sandbox.world.world import World


class DatabaseJson:
    """The catalogue of a world as JSON; what never changes is made once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._basics: dict[tuple[int, bool], str] = {}

    def basic(self, release_id: int, *, images: bool) -> str:
        """`basic_information` of a release as JSON text; without `images` the picture links are empty."""
        key = (release_id, images)
        if key not in self._basics:
            self._basics[key] = to_json(self._basic(self._world.releases[release_id], images))
        return self._basics[key]

    def _basic(self, release: Release, images: bool) -> Json:
        work = self._world.work_of(release)
        shown = images and release.has_image
        return {
            "id": release.id,
            "master_id": release.master or 0,
            "master_url": f"{API}/masters/{release.master}" if release.master else None,
            "resource_url": f"{API}/releases/{release.id}",
            "thumb": thumbnail_url(release.id) if shown else "",
            "cover_image": cover_url(release.id) if shown else PLAIN_IMAGE if images else "",
            "title": work.title,
            "year": release.year,
            "formats": formats_json(release.formats),
            "labels": _labels(release),
            "artists": artists_json(work.artists),
            "genres": list(work.genres),
            "styles": list(work.styles),
        }

    def release(self, release: Release, currency: str, *, images: bool) -> Json:
        """A release's own answer. Without a master it has no `master_id`; `lowest_price` may be null."""
        work, copies = self._world.work_of(release), self._world.for_sale(release.id)
        master = {"master_id": release.master, "master_url": f"{API}/masters/{release.master}"}
        released = str(release.year) if release.year else ""
        return {
            "id": release.id,
            "status": "Accepted",
            "year": release.year,
            "resource_url": f"{API}/releases/{release.id}",
            "uri": f"{SITE}/release/{release.id}-{slug(artists_text(work))}-{slug(work.title)}",
            "artists": artists_json(work.artists),
            "artists_sort": artists_text(work),
            "labels": _labels(release),
            "series": [],
            "companies": [],
            "formats": formats_json(release.formats),
            "data_quality": "Correct",
            "community": _community(release),
            "format_quantity": sum(part.quantity for part in release.formats),
            "date_added": "2009-06-14T03:12:00-07:00",
            "date_changed": "2025-02-01T11:08:31-08:00",
            "num_for_sale": len(copies),
            "lowest_price": lowest_price(copies, currency),
            **(master if release.master else {}),
            "title": work.title,
            "country": release.country,
            **({"released": released, "released_formatted": released} if released else {}),
            "identifiers": [{"type": "Barcode", "value": release.barcode}] if release.barcode else [],
            "genres": list(work.genres),
            "styles": list(work.styles),
            "tracklist": [_track(track) for track in work.tracks],
            "extraartists": artists_json(work.credits),
            **(_images(release.id) if images and release.has_image else {}),
            "thumb": thumbnail_url(release.id) if images and release.has_image else "",
            **({"estimated_weight": release.grams} if release.weighed else {}),
            "blocked_from_sale": release.blocked,
        }

    def master(self, master: Master, currency: str, *, images: bool) -> Json:
        """A master's own answer."""
        work = self._world.works[master.work]
        main, last = master.releases[0], master.releases[-1]
        copies = [copy for number in master.releases for copy in self._world.for_sale(number)]
        return {
            "id": master.id,
            "main_release": main,
            "most_recent_release": last,
            "resource_url": f"{API}/masters/{master.id}",
            "uri": f"{SITE}/master/{master.id}-{slug(artists_text(work))}-{slug(work.title)}",
            "versions_url": f"{API}/masters/{master.id}/versions",
            "main_release_url": f"{API}/releases/{main}",
            "most_recent_release_url": f"{API}/releases/{last}",
            "num_for_sale": len(copies),
            "lowest_price": lowest_price(copies, currency),
            **(_images(main) if images and self._world.releases[main].has_image else {}),
            "genres": list(work.genres),
            "styles": list(work.styles),
            "year": work.year,
            "tracklist": [_track(track) for track in work.tracks],
            "artists": artists_json(work.artists),
            "title": work.title,
            "data_quality": "Correct",
        }

    def artist(self, artist: Artist) -> Json:
        """An artist's own answer."""
        return {
            "id": artist.id,
            "name": artist.name,
            "resource_url": f"{API}/artists/{artist.id}",
            "uri": f"{SITE}/artist/{artist.id}-{slug(artist.name)}",
            "releases_url": f"{API}/artists/{artist.id}/releases",
            "profile": "Made up by rule for the sandbox.",
            "data_quality": "Correct",
            "namevariations": [],
        }

    def label(self, label: Label) -> Json:
        """A label's own answer."""
        return {
            "id": label.id,
            "name": label.name,
            "resource_url": f"{API}/labels/{label.id}",
            "uri": f"{SITE}/label/{label.id}-{slug(label.name)}",
            "releases_url": f"{API}/labels/{label.id}/releases",
            "profile": "Made up by rule for the sandbox.",
            "data_quality": "Correct",
        }


def lowest_price(copies: list[Listing], currency: str) -> float | None:
    """The lowest price of copies in `currency`, or None where there are none."""
    prices = [convert(copy.price, currency) for copy in copies]
    return amount(min(prices)) if prices else None


def _labels(release: Release) -> list[Json]:
    return [
        {
            "name": label.name,
            "catno": catno,
            "entity_type": "1",
            "entity_type_name": "Label",
            "id": label.id,
            "resource_url": f"{API}/labels/{label.id}",
        }
        for label, catno in release.labels
    ]


def _community(release: Release) -> Json:
    person = {"username": "sandbox", "resource_url": f"{API}/users/sandbox"}
    return {
        "have": release.have,
        "want": release.want,
        "rating": {"count": release.have // 5, "average": round(3.2 + release.worth % 17 / 10, 2)},
        "submitter": person,
        "contributors": [person],
        "data_quality": "Correct",
        "status": "Accepted",
    }


def _track(track: Track) -> Json:
    line: Json = {
        "position": track.position,
        "type_": "track",
        "title": track.title,
        "duration": track.duration,
    }
    if track.artist:
        name, number = track.artist.name, track.artist.id
        line["artists"] = [
            {
                "name": name,
                "anv": "",
                "join": "",
                "role": "",
                "tracks": "",
                "id": number,
                "resource_url": f"{API}/artists/{number}",
            }
        ]
    return line


def _images(release_id: int) -> Json:
    picture = {
        "type": "primary",
        "uri": cover_url(release_id),
        "resource_url": cover_url(release_id),
        "uri150": thumbnail_url(release_id),
        "width": 600,
        "height": 600,
    }
    return {"images": [picture]}
