"""Covers that stand beside records, only while they are young enough to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.profile import CollectionItem
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.profiles import items as stored_items
from discogs_assistant.store.profiles.profiles import ProfileState
from discogs_assistant.web.session import Visitor


def newest(visitor: Visitor, profile: ProfileState, limit: int) -> list[tuple[CollectionItem, str | None]]:
    """The copies added last with links to their covers, as they were seconds ago or since the last sync."""

    def read() -> list[tuple[CollectionItem, str | None]]:
        items = stored_items.newest(visitor.ctx.db, profile.owner, profile.user, limit)
        pictures = covers(visitor, [item.release.id for item in items])
        return [(item, pictures.get(item.release.id)) for item in items]

    return visitor.site.memory.recall(("newest", profile, limit), read)


def covers(visitor: Visitor, ids: Iterable[int]) -> Mapping[int, str]:
    """Links to covers by release."""
    wanted = [ReleaseId(id) for id in ids]
    return {int(id): link for id, link in releases.images(visitor.ctx.db, wanted, visitor.since).items()}
