"""Dumps as tests write them, and a slow, plain reading of a release to compare with."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any


def write(folder: Path, kind: str, *records: str, name: str = "", packed: bool = True) -> Path:
    """A dump of these records, named as Discogs would in October 2026."""
    path = folder / (name or f"discogs_20261001_{kind}.xml{'.gz' if packed else ''}")
    text = f"<{kind}>\n" + "\n".join(records) + f"\n</{kind}>\n"
    data = text.encode("utf-8", "surrogateescape")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def release(id: object, title: str = "Stockholm", more: str = "") -> str:
    """A small release."""
    return f'<release id="{id}"><title>{title}</title>{more}</release>'


def plain_reading(path: Path) -> list[dict[str, Any]]:
    """The releases of a dump by docs/cli.md, one field after another."""
    with gzip.open(path) as file:
        return [_release(one) for one in ET.parse(file).getroot()]


def _release(one: ET.Element) -> dict[str, Any]:
    master = _whole(one.findtext("master_id")) or None
    year = re.match(r"\d{4}", (one.findtext("released") or "").strip())
    tracks = [
        track for top in one.findall("tracklist/track") for track in (top, *top.iterfind("sub_tracks/track"))
    ]
    return {
        "release_id": int(one.attrib["id"]),
        "master_id": master,
        "main": one.find("master_id").get("is_main_release") == "true" if master else None,  # type: ignore[union-attr]
        "title": _text(one.findtext("title")),
        "year": int(year[0]) if year and int(year[0]) >= 1860 else None,
        "country": _text(one.findtext("country")),
        "artists": [_fields(each, "id", "name", "anv", "join") for each in one.findall("artists/artist")],
        "labels": [_attributes(each, "id", "name", "catno") for each in one.findall("labels/label")],
        "formats": [
            {
                "name": _text(each.get("name")),
                "quantity": _whole(each.get("qty")),
                "descriptions": _list(each, "descriptions/description"),
                "text": _text(each.get("text")),
            }
            for each in one.findall("formats/format")
        ],
        "genres": _list(one, "genres/genre"),
        "styles": _list(one, "styles/style"),
        "credits": [
            _fields(each, "id", "name", "role")
            for holder in (one, *tracks)
            for each in holder.findall("extraartists/artist")
        ],
        "tracks": [_fields(track, "position", "title", "duration") for track in tracks],
        "identifiers": [_attributes(each, "type", "value") for each in one.findall("identifiers/identifier")],
    }


def _fields(one: ET.Element, *names: str) -> dict[str, Any]:
    return {
        name: _whole(one.findtext(name)) or None if name == "id" else _text(one.findtext(name))
        for name in names
    }


def _attributes(one: ET.Element, *names: str) -> dict[str, Any]:
    return {name: _whole(one.get(name)) or None if name == "id" else _text(one.get(name)) for name in names}


def _list(one: ET.Element, path: str) -> list[str]:
    return [text for each in one.findall(path) if (text := _text(each.text))]


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip() else None
