"""The sandbox's made-up world as a month of dumps, so that the product can be measured with one."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from discogs_sandbox.wire.database import DatabaseJson
from discogs_sandbox.world.world import World

MONTH = "20261101"

Json = Mapping[str, Any]


def write_dump(world: World, folder: Path) -> list[Path]:
    """The four files, in `folder`."""
    wire = DatabaseJson(world)
    kinds = {
        "artists": (_artist(artist.id, artist.name) for artist in world.artists.values()),
        "labels": (
            f"<label><id>{label.id}</id>{_name(label.name)}</label>" for label in world.labels.values()
        ),
        "masters": (_master(wire.master(master, "USD", images=False)) for master in world.masters.values()),
        "releases": _releases(world, wire),
    }
    return [_written(folder, kind, records) for kind, records in kinds.items()]


def _releases(world: World, wire: DatabaseJson) -> Iterator[str]:
    main = {master.releases[0] for master in world.masters.values()}
    for id in sorted(world.releases):
        yield _release(wire.release(world.releases[id], "USD", images=False), id in main)


def _written(folder: Path, kind: str, records: Iterable[str]) -> Path:
    path = folder / f"discogs_{MONTH}_{kind}.xml.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write(f"<{kind}>\n")
        file.writelines(f"{record}\n" for record in records)
        file.write(f"</{kind}>\n")
    return path


def _master(master: Json) -> str:
    return (
        f'<master id="{master["id"]}"><main_release>{master["main_release"]}</main_release>'
        f"{_artists('artists', master['artists'])}{_texts('genres', 'genre', master['genres'])}"
        f"{_texts('styles', 'style', master['styles'])}<year>{master['year']}</year>{_title(master)}</master>"
    )


def _release(release: Json, main: bool) -> str:
    labels = "".join(
        f'<label id="{label["id"]}" name={quoteattr(label["name"])} catno={quoteattr(label["catno"])}/>'
        for label in release["labels"]
    )
    master = (
        f'<master_id is_main_release="{str(main).lower()}">{release["master_id"]}</master_id>'
        if "master_id" in release
        else ""
    )
    tracks = "".join(
        f"<track><position>{escape(track['position'])}</position>{_title(track)}</track>"
        for track in release["tracklist"]
    )
    return (
        f'<release id="{release["id"]}">{_artists("artists", release["artists"])}{_title(release)}'
        f"<labels>{labels}</labels>{_artists('extraartists', release['extraartists'])}"
        f"<formats>{''.join(map(_format, release['formats']))}</formats>"
        f"{_texts('genres', 'genre', release['genres'])}{_texts('styles', 'style', release['styles'])}"
        f"<country>{escape(release['country'] or '')}</country>"
        f"<released>{release.get('released', '')}</released>"
        f"{master}<tracklist>{tracks}</tracklist></release>"
    )


def _artists(tag: str, some: Iterable[Json]) -> str:
    return f"<{tag}>{''.join(map(_credit, some))}</{tag}>"


def _credit(credit: Json) -> str:
    parts = "".join(f"<{tag}>{escape(credit[tag])}</{tag}>" for tag in ("anv", "join", "role") if credit[tag])
    return f"<artist><id>{credit['id']}</id>{_name(credit['name'])}{parts}</artist>"


def _format(medium: Json) -> str:
    words = _texts("descriptions", "description", medium.get("descriptions", ()))
    return (
        f'<format name={quoteattr(medium["name"])} qty="{medium["qty"]}" '
        f"text={quoteattr(medium.get('text', ''))}>{words}</format>"
    )


def _artist(id: int, name: str) -> str:
    return f"<artist><id>{id}</id>{_name(name)}</artist>"


def _name(name: str) -> str:
    return f"<name>{escape(name)}</name>"


def _title(work: Json) -> str:
    return f"<title>{escape(work['title'])}</title>"


def _texts(tag: str, each: str, texts: Iterable[str]) -> str:
    return f"<{tag}>{''.join(f'<{each}>{escape(text)}</{each}>' for text in texts)}</{tag}>"
