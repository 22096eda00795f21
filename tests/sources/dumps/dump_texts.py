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
        return [_release(element) for element in ET.parse(file).getroot()]


def _release(element: ET.Element) -> dict[str, Any]:
    master = _whole(element.findtext("master_id")) or None
    year = re.match(r"\d{4}", (element.findtext("released") or "").strip())
    tracks = [
        track
        for top in element.findall("tracklist/track")
        for track in (top, *top.iterfind("sub_tracks/track"))
    ]
    return {
        "release_id": int(element.attrib["id"]),
        "master_id": master,
        "main": element.find("master_id").get("is_main_release") == "true" if master else None,  # type: ignore[union-attr]
        "title": _text(element.findtext("title")),
        "year": int(year[0]) if year and int(year[0]) >= 1860 else None,
        "country": _text(element.findtext("country")),
        "artists": [_fields(each, "id", "name", "anv", "join") for each in element.findall("artists/artist")],
        "labels": [_attributes(each, "id", "name", "catno") for each in element.findall("labels/label")],
        "formats": [
            {
                "name": _text(each.get("name")),
                "quantity": _whole(each.get("qty")),
                "descriptions": _list(each, "descriptions/description"),
                "text": _text(each.get("text")),
            }
            for each in element.findall("formats/format")
        ],
        "genres": _list(element, "genres/genre"),
        "styles": _list(element, "styles/style"),
        "credits": [
            _fields(each, "id", "name", "role")
            for holder in (element, *tracks)
            for each in holder.findall("extraartists/artist")
        ],
        "tracks": [_fields(track, "position", "title", "duration") for track in tracks],
        "identifiers": [
            _attributes(each, "type", "value") for each in element.findall("identifiers/identifier")
        ],
    }


def _fields(element: ET.Element, *names: str) -> dict[str, Any]:
    return {
        name: _whole(element.findtext(name)) or None if name == "id" else _text(element.findtext(name))
        for name in names
    }


def _attributes(element: ET.Element, *names: str) -> dict[str, Any]:
    return {
        name: _whole(element.get(name)) or None if name == "id" else _text(element.get(name))
        for name in names
    }


def _list(element: ET.Element, path: str) -> list[str]:
    return [text for each in element.findall(path) if (text := _text(each.text))]


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip() else None
