"""What of a wantlist is still to be bought."""

from __future__ import annotations

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.pipelines.catalogue_join import known_of
from discogs_assistant.pipelines.context import Context
from discogs_assistant.store import events, profiles


def open_wants(
    ctx: Context, owner: OwnerId, user: UserName, *, any_pressing: bool = False
) -> frozenset[ReleaseId]:
    """What is wanted and was not bought; where any pressing will do, in no pressing of the same work.

    Who wants this very pressing goes on wanting it beside another one.
    """
    bought = events.feedback(ctx.db, owner, user).bought
    wants = profiles.wanted(ctx.db, owner, user) - bought
    if not (any_pressing and bought):
        return wants
    works = {id: one.item_key for id, one in known_of(ctx, wants | bought).items()}
    done = {works.get(id) for id in bought} - {None}
    return frozenset(id for id in wants if works.get(id) not in done)
