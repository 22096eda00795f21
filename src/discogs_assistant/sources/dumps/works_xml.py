"""One `<artist>`, `<label>` or `<master>` of a dump as a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from discogs_assistant.sources.dumps.fields import identifier, text_of, texts_of, trimmed, year_of
from discogs_assistant.sources.dumps.release_xml import artists

Entry = dict[str, Any]


def artist(element: Any, id: int) -> Entry:
    """Names and variations, and who belongs to whom: other names, members, groups."""
    return {
        "id": id,
        "name": text_of(element, "name"),
        "real_name": text_of(element, "realname"),
        "profile": text_of(element, "profile"),
        "variations": texts_of(element.iterfind("namevariations/name")),
        "aliases": _named(element.iterfind("aliases/name")),
        "members": _named(element.iterfind("members/name")),
        "groups": _named(element.iterfind("groups/name")),
    }


def label(element: Any, id: int) -> Entry:
    """A label's name, the one above it, and those below."""
    parents = _named(element.iterfind("parentLabel"))
    return {
        "id": id,
        "name": text_of(element, "name"),
        "profile": text_of(element, "profile"),
        "parent": parents[0] if parents else None,
        "sublabels": _named(element.iterfind("sublabels/label")),
    }


def master(element: Any, id: int) -> Entry:
    """The work: its main release, where the dump names one, and what all pressings share."""
    return {
        "master_id": id,
        "main_release": identifier(text_of(element, "main_release")),
        "title": text_of(element, "title"),
        "year": year_of(text_of(element, "year")),
        "artists": artists(element.iterfind("artists/artist")),
        "genres": texts_of(element.iterfind("genres/genre")),
        "styles": texts_of(element.iterfind("styles/style")),
    }


def _named(elements: Iterable[Any]) -> list[Entry]:
    """Labels below this one; older dumps contain ones without id or name, which are left out."""
    entries = ({"id": identifier(element.get("id")), "name": trimmed(element.text)} for element in elements)
    return [entry for entry in entries if any(entry.values())]
