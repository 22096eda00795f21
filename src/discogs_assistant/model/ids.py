"""Identifiers, each of its own type, so that a master's is never passed for a release's."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from typing import NewType

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.caching import remembered

ReleaseId = NewType("ReleaseId", int)
MasterId = NewType("MasterId", int)
ArtistId = NewType("ArtistId", int)
LabelId = NewType("LabelId", int)
ListingId = NewType("ListingId", int)
InstanceId = NewType("InstanceId", int)
OwnerId = NewType("OwnerId", int)
RunId = NewType("RunId", str)
UserName = NewType("UserName", str)

_RUN_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_NAME_LIMIT = 120


def new_run_id() -> RunId:
    """22 URL-safe characters holding 128 random bits."""
    return RunId(secrets.token_urlsafe(16))


def parse_run_id(text: str) -> RunId | None:
    """The run id in `text`, or None if it does not look like one."""
    return RunId(text) if _RUN_ID.fullmatch(text) else None


def parse_user_name(text: str, *, field: str = "user") -> UserName:
    """A Discogs user name: any script, no blanks, slashes or control characters, 1 to 120 characters."""
    name = unicodedata.normalize("NFC", text.strip())
    if not name:
        raise BadInputError(
            "A Discogs user name is needed.", "Type the name from your profile's address.", field=field
        )
    if len(name) > _NAME_LIMIT or any(not _fits(char) for char in name) or name in {".", ".."}:
        raise BadInputError(
            f"“{printable(name)}” is not a Discogs user name.",
            "A user name has no spaces, slashes or control characters.",
            field=field,
        )
    return UserName(name)


@remembered
def id_from_name(name: str) -> int:
    """A stable negative number below 2**52 for an artist or label known by name only.

    Exported files hold no artist or label ids; equal names (blanks and case aside) get the same number in
    every file, and real ids are positive, so that the two never meet.
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return -1 - (int.from_bytes(hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()[:8]) >> 12)


def printable(text: str, limit: int = 60) -> str:
    """`text` cut to `limit` characters, whatever cannot be printed replaced: safe to quote in a sentence."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:limit])
    return shown + ("…" if len(text) > limit else "")


def _fits(char: str) -> bool:
    return char.isprintable() and not char.isspace() and char not in "/\\?#%&<>\"'"
