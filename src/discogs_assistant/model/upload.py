"""Limits and parts of uploaded files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from discogs_assistant.errors import AssistantError

Part_co = TypeVar("Part_co", covariant=True)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """The most that is read, None for no limit: copies of a market file, items of a list, bytes in a zip."""

    listings: int | None = None
    items: int | None = None
    unpacked: int | None = None


NO_LIMITS = UploadLimits()


@dataclass(frozen=True, slots=True)
class FilePart(Generic[Part_co]):
    """A part of the file with this place among those uploaded, or why the file cannot be used (any more)."""

    file: int
    part: Part_co | None = None
    error: AssistantError | None = None
