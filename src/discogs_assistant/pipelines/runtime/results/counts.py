"""The typed documents of a sync and of a market reading: counts, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_assistant.store.profiles.changes import ProfileChange


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """A profile after a sync; the counts are those of `ProfileChange`."""

    user: str
    collection: int
    wantlist: int
    added: int
    removed: int
    partial: tuple[str, ...]

    @classmethod
    def of(cls, user: str, change: ProfileChange, partial: tuple[str, ...]) -> SyncResult:
        """The counts of a change."""
        return cls(
            user=user,
            collection=change.collection,
            wantlist=change.wantlist,
            added=change.added,
            removed=change.removed,
            partial=partial,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketResult:
    """How many listings, of how many sellers and releases, a run read."""

    listings: int
    sellers: int
    releases: int
    partial: tuple[str, ...]
