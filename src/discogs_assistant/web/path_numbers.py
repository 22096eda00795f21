"""Numbers of records in addresses."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from discogs_assistant.errors import NotFoundError

_MOST = 2**31 - 1
"""The catalogue's numbers are 32 bits wide; Discogs is far from that."""


async def record_number(id: str) -> int:
    """The number that an address names; `NotFoundError` for what is none."""
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 11 else 0
    if not 0 < number <= _MOST:
        raise NotFoundError("That is not the number of a record.", "Search for it by name instead.")
    return number


TheNumber = Annotated[int, Depends(record_number)]
