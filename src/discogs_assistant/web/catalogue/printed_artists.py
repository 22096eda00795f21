"""Artists of the records on a page as they are printed, each with its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.web.credits import Name, artist_names
from discogs_assistant.web.session import Visitor

Artists = Mapping[int, tuple[Name, ...]]
"""By release; only of those that the catalogue knows."""


def printed_artists(visitor: Visitor, ids: Iterable[int]) -> Artists:
    """As they were known seconds ago, or are now."""
    wanted = sorted(set(ids))

    def read() -> Artists:
        ctx = visitor.ctx
        found = releases.releases(ctx.db, ctx.catalogue, map(ReleaseId, wanted), visitor.owner)
        return {int(id): tuple(artist_names(known.release.artists)) for id, known in found.items()}

    return visitor.site.memory.recall(("artists", visitor.owner, tuple(wanted)), read)
