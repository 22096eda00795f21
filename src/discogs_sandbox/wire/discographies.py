"""Entries of discographies, versions and search results."""

from __future__ import annotations

from discogs_sandbox.wire.fields import (
    API,
    PLAIN_IMAGE,
    Json,
    artists_text,
    community_stats,
    cover_url,
    format_text,
    formats_json,
    slug,
    thumbnail_url,
)
from discogs_sandbox.world.entities import Artist, Label, Master, Release, Work
from discogs_sandbox.world.world import World


def version(world: World, release: Release, *, images: bool) -> Json:
    """An entry of a master's versions."""
    label, catno = release.labels[0]
    return {
        "id": release.id,
        "label": label.name,
        "country": release.country,
        "title": world.work_of(release).title,
        "major_formats": [part.name for part in release.formats],
        "format": format_text(release.formats),
        "catno": catno,
        "released": str(release.year) if release.year else "",
        "status": "Accepted",
        "resource_url": f"{API}/releases/{release.id}",
        "thumb": thumbnail_url(release.id) if images and release.has_image else "",
        "stats": community_stats(release),
    }


def artist_entry(world: World, release: Release, master: Master | None, role: str, *, images: bool) -> Json:
    """An entry of an artist's releases: a master, or a release that has none."""
    work = world.work_of(release)
    entry: Json = {
        "id": master.id if master else release.id,
        "title": work.title,
        "type": "master" if master else "release",
        **({"main_release": release.id} if master else {"status": "Accepted"}),
        "artist": artists_text(work),
        "role": role,
        "resource_url": f"{API}/masters/{master.id}" if master else f"{API}/releases/{release.id}",
        **({"year": work.year} if work.year else {}),
        "thumb": thumbnail_url(release.id) if images and release.has_image else "",
        "stats": community_stats(release),
    }
    if master is None:
        entry |= {"format": format_text(release.formats), "label": release.labels[0][0].name}
    return entry


def label_entry(world: World, release: Release, catno: str, *, images: bool) -> Json:
    """An entry of a label's releases; a release with two catalogue numbers has two."""
    work = world.work_of(release)
    return {
        "id": release.id,
        "status": "Accepted",
        "type": "release",
        "title": work.title,
        "artist": artists_text(work),
        "format": format_text(release.formats),
        "catno": catno,
        "year": release.year,
        "resource_url": f"{API}/releases/{release.id}",
        "thumb": thumbnail_url(release.id) if images and release.has_image else "",
        "stats": community_stats(release),
    }


def search_result(world: World, release: Release) -> Json:
    """A release among a search's results."""
    work = world.work_of(release)
    return {
        "country": release.country,
        **({"year": str(release.year)} if release.year else {}),
        "format": [word for part in release.formats for word in (part.name, *part.descriptions)],
        "label": list(dict.fromkeys(label.name for label, _ in release.labels)),
        "type": "release",
        "genre": list(work.genres),
        "style": list(work.styles),
        "id": release.id,
        "barcode": [release.barcode] if release.barcode else [],
        "user_data": {"in_wantlist": False, "in_collection": False},
        "master_id": release.master or 0,
        "master_url": f"{API}/masters/{release.master}" if release.master else None,
        "uri": f"/release/{release.id}-{slug(artists_text(work))}-{slug(work.title)}",
        "catno": release.labels[0][1],
        "title": f"{artists_text(work)} - {work.title}",
        "thumb": thumbnail_url(release.id) if release.has_image else "",
        "cover_image": cover_url(release.id) if release.has_image else PLAIN_IMAGE,
        "resource_url": f"{API}/releases/{release.id}",
        "community": {"want": release.want, "have": release.have},
        "format_quantity": sum(part.quantity for part in release.formats),
        "formats": formats_json(release.formats),
    }


def master_result(main: Json, master: Master) -> Json:
    """The search result of a master, made from its main release's."""
    address = f"{API}/masters/{master.id}"
    uri = main["uri"].replace(f"/release/{main['id']}", f"/master/{master.id}")
    shared = {key: value for key, value in main.items() if key not in {"format_quantity", "formats"}}
    return shared | {"type": "master", "id": master.id, "resource_url": address, "uri": uri}


def name_result(kind: str, found: Artist | Label) -> Json:
    """An artist or a label among a search's results."""
    return {
        "id": found.id,
        "type": kind,
        "user_data": {"in_wantlist": False, "in_collection": False},
        "master_id": None,
        "master_url": None,
        "uri": f"/{kind}/{found.id}-{slug(found.name)}",
        "title": found.name,
        "thumb": "",
        "cover_image": PLAIN_IMAGE,
        "resource_url": f"{API}/{kind}s/{found.id}",
    }


def role_of(work: Work, artist_id: int) -> str | None:
    """What an artist is to a work: Main, a credit's first role, TrackAppearance, or None."""
    if any(credit.artist.id == artist_id for credit in work.artists):
        return "Main"
    for credit in work.credits:
        if credit.artist.id == artist_id:
            return credit.role.split(",")[0]
    on_track = any(track.artist and track.artist.id == artist_id for track in work.tracks)
    return "TrackAppearance" if on_track else None
