"""One `<release>` of a dump as a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from discogs_assistant.sources.dumps.fields import identifier, number, texts_of, trimmed, year_of

Entry = dict[str, Any]
Texts = dict[str, str | None]


def release(element: Any, id: int) -> Entry:
    """What docs/cli.md says about a release, and `track_artists`: those named on single tracks only.

    Lists keep the file's order, an entry for each element, even an empty one. Sub-tracks follow
    their track; credits are the release's, then the tracks'.
    """
    parts = {child.tag: child for child in reversed(element)}  # of a doubled one the first counts
    tracks = [(_texts(track), track) for track in _tracks(parts)]
    master, main = _master(parts.get("master_id"))
    return {
        "release_id": id,
        "master_id": master,
        "main": main,
        "title": _text(parts, "title"),
        "year": year_of(_text(parts, "released")),
        "country": _text(parts, "country"),
        "artists": artists(parts.get("artists", ())),
        "labels": list(map(_label, parts.get("labels", ()))),
        "formats": list(map(_format, parts.get("formats", ()))),
        "genres": texts_of(parts.get("genres", ())),
        "styles": texts_of(parts.get("styles", ())),
        "credits": list(map(_credit, _extra(parts, tracks))),
        "tracks": list(map(_track, (texts for texts, _ in tracks))),
        "identifiers": list(map(_identifier, parts.get("identifiers", ()))),
        "track_artists": [
            entry
            for texts, track in tracks
            if "artists" in texts
            for entry in artists(track.iterfind("artists/artist"))
        ],
    }


def artists(elements: Iterable[Any]) -> list[Entry]:
    """`<artist>` elements as id, name, name on this release, and the word before the next."""
    return list(map(_artist, elements))


def _text(parts: dict[str, Any], tag: str) -> str | None:
    return trimmed(parts[tag].text) if tag in parts else None


def _texts(element: Any) -> Texts:
    return {child.tag: child.text for child in element}


def _master(element: Any) -> tuple[int | None, bool | None]:
    master = identifier(element.text) if element is not None else None
    return (master, element.get("is_main_release") == "true") if master else (None, None)


def _tracks(parts: dict[str, Any]) -> Iterable[Any]:
    """In document order, in which sub-tracks follow their track, however deep."""
    return parts["tracklist"].iter("track") if "tracklist" in parts else ()


def _extra(parts: dict[str, Any], tracks: list[tuple[Texts, Any]]) -> Iterator[Any]:
    yield from parts.get("extraartists", ())
    for texts, track in tracks:
        if "extraartists" in texts:
            yield from track.find("extraartists")


def _artist(element: Any) -> Entry:
    texts = _texts(element)
    return {
        "id": identifier(texts.get("id")),
        "name": trimmed(texts.get("name")),
        "anv": trimmed(texts.get("anv")),
        "join": trimmed(texts.get("join")),
    }


def _credit(element: Any) -> Entry:
    texts = _texts(element)
    return {
        "id": identifier(texts.get("id")),
        "name": trimmed(texts.get("name")),
        "role": trimmed(texts.get("role")),
    }


def _track(texts: Texts) -> Entry:
    return {
        "position": trimmed(texts.get("position")),
        "title": trimmed(texts.get("title")),
        "duration": trimmed(texts.get("duration")),
    }


def _label(element: Any) -> Entry:
    return {
        "id": identifier(element.get("id")),
        "name": trimmed(element.get("name")),
        "catno": trimmed(element.get("catno")),
    }


def _format(element: Any) -> Entry:
    return {
        "name": trimmed(element.get("name")),
        "quantity": number(element.get("qty")),
        "descriptions": texts_of(element.iterfind("descriptions/description")),
        "text": trimmed(element.get("text")),
    }


def _identifier(element: Any) -> Entry:
    return {"type": trimmed(element.get("type")), "value": trimmed(element.get("value"))}
