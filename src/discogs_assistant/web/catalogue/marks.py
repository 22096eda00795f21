"""Which releases are the visitor's collector's own, wanted, loved or hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.store.profiles import items
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web.session import Visitor

Mark = Literal["owned", "wanted", ""]


@dataclass(frozen=True, slots=True)
class Mine:
    """Releases by what they are to the collector; a bought one is owned, and no longer wanted."""

    owned: frozenset[ReleaseId] = field(default_factory=frozenset)
    wanted: frozenset[ReleaseId] = field(default_factory=frozenset)
    loved: frozenset[ReleaseId] = field(default_factory=frozenset)
    hidden: frozenset[ReleaseId] = field(default_factory=frozenset)

    def mark(self, ids: Iterable[ReleaseId]) -> Mark:
        """Owned where any of these pressings is, else wanted where any is."""
        pressings = frozenset(ids)
        return "owned" if pressings & self.owned else "wanted" if pressings & self.wanted else ""


def mine(visitor: Visitor) -> Mine:
    """Two statements; empty where no collector is chosen."""
    if visitor.user is None:
        return Mine()
    owned, wanted = items.owned_and_wanted(visitor.ctx.db, visitor.owner, visitor.user)
    own_feedback = feedback.feedback(visitor.ctx.db, visitor.owner, visitor.user)
    return Mine(
        owned | own_feedback.bought, wanted - own_feedback.bought, own_feedback.loved, own_feedback.hidden
    )
