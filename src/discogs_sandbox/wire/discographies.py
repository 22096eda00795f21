"""Lines of discographies, versions and searches as Discogs' API writes them."""

from __future__ import annotations

from discogs_sandbox.wire.fields import (
    API,
    PLAIN_IMAGE,
    Json,
    cover_of,
    format_text,
    formats_of,
    printed,
    slug,
    stats,
    thumb_of,
)
from discogs_sandbox.world.entities import Artist, Label, Master, Release, Work
from discogs_sandbox.world.world import World


def version(world: World, release: Release, *, images: bool) -> Json:
    """A line of a master's versions."""
    label, catno = release.labels[0]
    return {
        "id": release.id,
        "label": label.name,
        "country": release.country,
        "title": world.work_of(release).title,
        "major_formats": [one.name for one in release.formats],
        "format": format_text(release.formats),
        "catno": catno,
        "released": str(release.year) if release.year else "",
        "status": "Accepted",
        "resource_url": f"{API}/releases/{release.id}",
        "thumb": thumb_of(release.id) if images and release.has_image else "",
        "stats": stats(release),
    }


def of_artist(world: World, release: Release, master: Master | None, role: str, *, images: bool) -> Json:
    """A line of an artist's releases: a master, or a release that has none."""
    work = world.work_of(release)
    line: Json = {
        "id": master.id if master else release.id,
        "title": work.title,
        "type": "master" if master else "release",
        **({"main_release": release.id} if master else {"status": "Accepted"}),
        "artist": printed(work),
        "role": role,
        "resource_url": f"{API}/masters/{master.id}" if master else f"{API}/releases/{release.id}",
        **({"year": work.year} if work.year else {}),
        "thumb": thumb_of(release.id) if images and release.has_image else "",
        "stats": stats(release),
    }
    if master is None:
        line |= {"format": format_text(release.formats), "label": release.labels[0][0].name}
    return line


def of_label(world: World, release: Release, catno: str, *, images: bool) -> Json:
    """A line of a label's releases; a release with two catalogue numbers has two lines."""
    work = world.work_of(release)
    return {
        "id": release.id,
        "status": "Accepted",
        "type": "release",
        "title": work.title,
        "artist": printed(work),
        "format": format_text(release.formats),
        "catno": catno,
        "year": release.year,
        "resource_url": f"{API}/releases/{release.id}",
        "thumb": thumb_of(release.id) if images and release.has_image else "",
        "stats": stats(release),
    }


def found(world: World, release: Release, *, images: bool) -> Json:
    """A release among a search's results."""
    work = world.work_of(release)
    shown = images and release.has_image
    return {
        "country": release.country,
        **({"year": str(release.year)} if release.year else {}),
        "format": [word for one in release.formats for word in (one.name, *one.descriptions)],
        "label": list(dict.fromkeys(label.name for label, _ in release.labels)),
        "type": "release",
        "genre": list(work.genres),
        "style": list(work.styles),
        "id": release.id,
        "barcode": [release.barcode] if release.barcode else [],
        "user_data": {"in_wantlist": False, "in_collection": False},
        "master_id": release.master or 0,
        "master_url": f"{API}/masters/{release.master}" if release.master else None,
        "uri": f"/release/{release.id}-{slug(printed(work))}-{slug(work.title)}",
        "catno": release.labels[0][1],
        "title": f"{printed(work)} - {work.title}",
        "thumb": thumb_of(release.id) if shown else "",
        "cover_image": cover_of(release.id) if shown else PLAIN_IMAGE,
        "resource_url": f"{API}/releases/{release.id}",
        "community": {"want": release.want, "have": release.have},
        "format_quantity": sum(one.quantity for one in release.formats),
        "formats": formats_of(release.formats),
    }


def found_master(found: Json, master: Master) -> Json:
    """A search result of a main release turned into its master's."""
    address = f"{API}/masters/{master.id}"
    uri = found["uri"].replace(f"/release/{found['id']}", f"/master/{master.id}")
    kept = {key: value for key, value in found.items() if key not in {"format_quantity", "formats"}}
    return kept | {"type": "master", "id": master.id, "resource_url": address, "uri": uri}


def found_name(kind: str, entry: Artist | Label) -> Json:
    """An artist or a label among a search's results."""
    return {
        "id": entry.id,
        "type": kind,
        "user_data": {"in_wantlist": False, "in_collection": False},
        "master_id": None,
        "master_url": None,
        "uri": f"/{kind}/{entry.id}-{slug(entry.name)}",
        "title": entry.name,
        "thumb": "",
        "cover_image": PLAIN_IMAGE,
        "resource_url": f"{API}/{kind}s/{entry.id}",
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
