"""Remembering that somebody looks at another collector's records: those that nobody uses are forgotten."""

from __future__ import annotations

import structlog

from discogs_assistant.errors import StorageError
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.pipelines.profiles import forgetting
from discogs_assistant.web.cached import one
from discogs_assistant.web.site import Site


def note_look(site: Site, owner: OwnerId, user: UserName) -> None:
    """Once a day of a process; nothing where nothing of that collector is kept."""

    def write() -> bool | None:
        try:
            return forgetting.note_look(site.ctx, owner, user) or None
        except StorageError as error:
            # The page can be shown all the same, and the next look tries again.
            structlog.get_logger().warning("a look was not noted", reason=error.sentence)
            return None

    site.seen.get(("look", owner, user, site.ctx.clock.now().date()), write, one)
