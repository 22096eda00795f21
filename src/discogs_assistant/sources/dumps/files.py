"""Which files a month of dumps is made of: kinds, dates and checksums, from names and first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.dumps.reading import opened

KINDS = ("artists", "labels", "masters", "releases")
"""The four kinds, which are also the names of the files' outermost elements."""

_NAME = re.compile(
    r"(?:.*?(?P<year>\d{4})(?P<month>\d{2})\d{2})?.*?(?P<kind>artists|labels|masters|releases)", re.I
)
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+(?<=\?)>)?\s*+(?:<!--(?>.*?-->)\s*+)*+<([A-Za-z_:][\w:.-]*)", re.S
)
_CODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
_CHECKSUM = re.compile(r"^([0-9a-f]{64})\s+\*?(\S+)\s*$", re.I | re.M)
_NEXT = "Hand in files as Discogs publishes them, such as discogs_20261001_releases.xml.gz."


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file of records of one kind; `month` as YYYY-MM and `checksum` (SHA-256) where they are known."""

    path: Path
    kind: str
    month: str | None
    checksum: str | None
    size: int
    changed_ns: int

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name


def find_dumps(paths: Iterable[Path]) -> list[DumpFile]:
    """The dump files that these files and folders are, newest month first, else in the order given.

    Raises `BadInputError` for what cannot be read, is no dump, or holds another kind than its name says.
    """
    found = [dump_file(path) for given in paths for path in _files(given)]
    if len({file.path.resolve() for file in found}) < len(found):
        raise BadInputError("The same file is given twice.", "Name each file once.")
    return sorted(found, key=lambda file: file.month or "", reverse=True)


def dump_file(path: Path) -> DumpFile:
    """What this file is, from its name and its first bytes."""
    head = _head(path)
    kind = _kind(path, head)
    named = _NAME.match(path.name)
    if named and named["kind"].lower() != kind:
        raise BadInputError(f"{path} holds {kind}, though its name says {named['kind'].lower()}.", _NEXT)
    known = path.stat()
    return DumpFile(path, kind, _month(named), _checksum(path), known.st_size, known.st_mtime_ns)


def month_of(dumps: Sequence[DumpFile]) -> str | None:
    """The newest dump that the file names give."""
    return max((dump.month for dump in dumps if dump.month), default=None)


def _files(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given]
    try:
        found = sorted(path for path in given.iterdir() if _is_dump(path))
    except OSError as problem:
        raise BadInputError(f"{given} cannot be read ({problem.strerror or problem}).") from problem
    packed = {path.name for path in found}
    chosen = [path for path in found if f"{path.name}.gz" not in packed]
    if not chosen:
        raise BadInputError(f"The folder {given} holds no dump files.", _NEXT)
    return chosen


def _is_dump(path: Path) -> bool:
    return path.name.lower().endswith((".xml", ".xml.gz")) and bool(_NAME.match(path.name)) and path.is_file()


def _head(path: Path) -> bytes:
    for piece in opened(path).pieces():
        return piece[: 1 << 16]
    raise BadInputError(f"{path} is empty.", _NEXT)


def _kind(path: Path, head: bytes) -> str:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise BadInputError(f"{path} declares entities, which no dump does; it was not read.", _NEXT)
    root = _ROOT.match(head)
    name = root[1].decode() if root else ""
    if name not in KINDS:
        begins = f"begins with <{printable(name)}>" if name else "is not XML"
        raise BadInputError(f"{path} is not a dump of Discogs: it {begins}.", _NEXT)
    coding = _CODING.match(head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    if coding and coding[1].upper() not in (b"UTF-8", b"UTF8", b"US-ASCII"):
        raise BadInputError(f"{path} is in {printable(coding[1].decode('latin-1'))}, not UTF-8.", _NEXT)
    return name


def _month(named: re.Match[str] | None) -> str | None:
    if not named or not named["year"] or not 1 <= int(named["month"]) <= 12:
        return None
    return f"{named['year']}-{named['month']}"


def _checksum(path: Path) -> str | None:
    """What a CHECKSUM file beside says of it: lines of SHA-256 and name, as Discogs writes them."""
    for beside in sorted(path.parent.glob("*CHECKSUM*")):
        if beside.is_file() and beside.stat().st_size < 1 << 20:
            text = beside.read_text(encoding="utf-8", errors="replace")
            for digest, name in _CHECKSUM.findall(text):
                if name == path.name:
                    return str(digest).lower()
    return None
