"""Cut records parsed into documents; those that no parser can read are named and left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from discogs_assistant.model.ids import printable
from discogs_assistant.sources.dumps import release_xml, works_xml
from discogs_assistant.sources.dumps.cutting import Chunk

Document = dict[str, Any]

_READERS: dict[str, Callable[[Any, int], Document]] = {
    "artists": works_xml.artist,
    "labels": works_xml.label,
    "masters": works_xml.master,
    "releases": release_xml.release,
}
_ID = re.compile(
    rb"<release[^<>]*?\sid\s*=\s*[\"']\s*(\d+)|<master[^<>]*?\sid\s*=\s*[\"']\s*(\d+)|<id>\s*(\d+)"
)
_LARGEST_ID = 2**31 - 1

# What is no Char by XML 1.0 (Fifth Edition), 2.2: as bytes and as references.
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]+)|([0-9]+));")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that was left out: `id` where it could be read, and why."""

    entity: str
    id: int | None
    why: str


@dataclass(slots=True)
class Parsed:
    """The documents of a chunk in its order, their ids beside them."""

    ids: list[int] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def parse(chunk: Chunk) -> Parsed:
    """The documents of all records of `chunk` that can be read.

    Forbidden characters are dropped and their record is used; a record that is still invalid XML, or whose
    id is missing or not a number, is skipped.
    """
    parsed = Parsed()
    entity = chunk.kind[:-1]
    parsed.skipped += [Skipped(entity, None, stray) for stray in chunk.strays]
    read = _READERS[chunk.kind]
    for element in _elements(chunk, parsed):
        number, why = _number(element)
        if number is None:
            parsed.skipped.append(Skipped(entity, None, why))
            continue
        parsed.ids.append(number)
        parsed.documents.append(read(element, number))
    return parsed


def mended(record: bytes) -> bytes:
    """`record` without what XML forbids: control characters, also as references, and invalid UTF-8."""
    text = record.translate(None, _CONTROLS).decode("utf-8", "ignore")
    plain = text.replace("\ufffe", "").replace("\uffff", "").encode()
    return _REFERENCE.sub(lambda found: found[0] if _allowed(found) else b"", plain)


def _elements(chunk: Chunk, parsed: Parsed) -> list[Any]:
    """All at once where that succeeds, which is the rule; else one by one, to find the bad ones."""
    try:
        return list(etree.fromstring(b"<d>" + chunk.data + b"</d>", _parser()))
    except etree.XMLSyntaxError:
        return [found for record in chunk.records() if (found := _element(record, chunk, parsed)) is not None]


def _element(record: bytes, chunk: Chunk, parsed: Parsed) -> Any:
    for attempt in (bytes, mended):
        try:
            return etree.fromstring(attempt(record), _parser())
        except etree.XMLSyntaxError as problem:
            why = f"It is not well-formed XML: {printable(problem.msg or 'no reason is known', 160)}."
    found = _ID.search(record)
    number = int(next(group for group in found.groups() if group)) if found else None
    parsed.skipped.append(Skipped(chunk.kind[:-1], number, why))
    return None


def _parser() -> Any:
    # Size is bounded by the cutting and entities are refused there, so the parser's own limits on long
    # texts, which are smaller than what a record may be, can go.
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )


def _number(element: Any) -> tuple[int | None, str]:
    text = (element.get("id") or element.findtext("id") or "").strip()
    if not text:
        return None, "It has no id."
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) <= _LARGEST_ID):
        return None, f"Its id “{printable(text)}” is not a number from 1 to {_LARGEST_ID:,}."
    return int(text), ""


def _allowed(found: re.Match[bytes]) -> bool:
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    code = int(digits[:12], base)
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
