"""Signed addresses of pictures, which expire: nobody can change one or keep it."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from discogs_sandbox.wire.fields import SITE
from discogs_sandbox.world.world import World

LIFETIME = timedelta(hours=7)
"""From the beginning of the hour in which an address is given out, so that it lasts six hours at least."""

_UNSIGNED = re.compile(rf"{re.escape(SITE)}/images/(R-\d+-\d+\.svg)")


class PictureAddresses:
    """Signs and checks addresses by a world's seed and time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def signed(self, text: str) -> str:
        """`text` with a signature and an end, in epoch seconds, in each address of a cover."""
        hour = self._world.now.replace(minute=0, second=0, microsecond=0)
        ends = int((hour + LIFETIME).timestamp())
        return _UNSIGNED.sub(
            lambda found: f"{SITE}/images/{self._signature(found[1], ends)}/{ends}/{found[1]}", text
        )

    def is_valid(self, picture: str, signature: str, ends: int) -> bool:
        """Whether an address was given out by this world and has not expired."""
        own = hmac.compare_digest(self._signature(picture, ends).encode(), signature.encode())
        return own and self._world.now < datetime.fromtimestamp(ends, UTC)

    def _signature(self, picture: str, ends: int) -> str:
        return blake2b(f"{self._world.seed}:{picture}:{ends}".encode(), digest_size=8).hexdigest()
