"""Remembering which recommendations a page showed, once it has been sent."""

from __future__ import annotations

import structlog
from starlette.background import BackgroundTask

from discogs_assistant.errors import StorageError
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.web.cached import one
from discogs_assistant.web.recommendations.list_view import ListView
from discogs_assistant.web.session import Visitor


def seen_task(visitor: Visitor, view: ListView) -> BackgroundTask | None:
    """One write for the page, after its answer; none where the same was shown today already."""
    user, ids = view.result.user, [one.release.id for one in view.items]
    key = (visitor.owner, user, visitor.now.date(), tuple(ids))
    if not ids or key in visitor.site.seen:
        return None

    def write() -> bool | None:
        try:
            feedback.seen(visitor.ctx, visitor.owner, user, ids)
        except StorageError as error:
            # The page is out already, and the next one tries again.
            structlog.get_logger().warning("not remembered as seen", reason=error.sentence)
            return None
        return True

    return BackgroundTask(visitor.site.seen.get, key, write, one)
