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
        "artists": (_artist(one.id, one.name) for one in world.artists.values()),
        "labels": (f"<label><id>{one.id}</id>{_name(one.name)}</label>" for one in world.labels.values()),
        "masters": (_master(wire.master(one, "USD", images=False)) for one in world.masters.values()),
        "releases": _releases(world, wire),
    }
    return [_written(folder, kind, records) for kind, records in kinds.items()]


def _releases(world: World, wire: DatabaseJson) -> Iterator[str]:
    main = {one.releases[0] for one in world.masters.values()}
    for id in sorted(world.releases):
        yield _release(wire.release(world.releases[id], "USD", images=False), id in main)


def _written(folder: Path, kind: str, records: Iterable[str]) -> Path:
    path = folder / f"discogs_{MONTH}_{kind}.xml.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write(f"<{kind}>\n")
        file.writelines(f"{record}\n" for record in records)
        file.write(f"</{kind}>\n")
    return path


def _master(one: Json) -> str:
    return (
        f'<master id="{one["id"]}"><main_release>{one["main_release"]}</main_release>'
        f"{_artists('artists', one['artists'])}{_texts('genres', 'genre', one['genres'])}"
        f"{_texts('styles', 'style', one['styles'])}<year>{one['year']}</year>{_title(one)}</master>"
    )


def _release(one: Json, main: bool) -> str:
    labels = "".join(
        f'<label id="{label["id"]}" name={quoteattr(label["name"])} catno={quoteattr(label["catno"])}/>'
        for label in one["labels"]
    )
    master = (
        f'<master_id is_main_release="{str(main).lower()}">{one["master_id"]}</master_id>'
        if "master_id" in one
        else ""
    )
    tracks = "".join(
        f"<track><position>{escape(track['position'])}</position>{_title(track)}</track>"
        for track in one["tracklist"]
    )
    return (
        f'<release id="{one["id"]}">{_artists("artists", one["artists"])}{_title(one)}'
        f"<labels>{labels}</labels>{_artists('extraartists', one['extraartists'])}"
        f"<formats>{''.join(map(_format, one['formats']))}</formats>"
        f"{_texts('genres', 'genre', one['genres'])}{_texts('styles', 'style', one['styles'])}"
        f"<country>{escape(one['country'] or '')}</country><released>{one.get('released', '')}</released>"
        f"{master}<tracklist>{tracks}</tracklist></release>"
    )


def _artists(tag: str, some: Iterable[Json]) -> str:
    return f"<{tag}>{''.join(map(_credit, some))}</{tag}>"


def _credit(one: Json) -> str:
    parts = "".join(f"<{tag}>{escape(one[tag])}</{tag}>" for tag in ("anv", "join", "role") if one[tag])
    return f"<artist><id>{one['id']}</id>{_name(one['name'])}{parts}</artist>"


def _format(one: Json) -> str:
    words = _texts("descriptions", "description", one.get("descriptions", ()))
    return (
        f'<format name={quoteattr(one["name"])} qty="{one["qty"]}" text={quoteattr(one.get("text", ""))}>'
        f"{words}</format>"
    )


def _artist(id: int, name: str) -> str:
    return f"<artist><id>{id}</id>{_name(name)}</artist>"


def _name(name: str) -> str:
    return f"<name>{escape(name)}</name>"


def _title(one: Json) -> str:
    return f"<title>{escape(one['title'])}</title>"


def _texts(tag: str, each: str, texts: Iterable[str]) -> str:
    return f"<{tag}>{''.join(f'<{each}>{escape(text)}</{each}>' for text in texts)}</{tag}>"
