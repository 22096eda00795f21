"""What of a wantlist is still to be bought."""

from __future__ import annotations

from discogs_assistant.engine.taste import Taste
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.pipelines.catalogue_join import known_of
from discogs_assistant.pipelines.context import Context
from discogs_assistant.store import events, profiles


def open_wants(
    ctx: Context, owner: OwnerId, user: UserName, *, any_pressing: bool = False
) -> frozenset[ReleaseId]:
    """What is wanted and was not bought; where any pressing will do, in no pressing of the same work.

    Who wants this very pressing goes on wanting it beside another one. What is hidden is not asked for, in
    whatever pressing, as long as it is hidden.
    """
    said = events.feedback(ctx.db, owner, user)
    bought = said.bought if any_pressing else frozenset[ReleaseId]()
    wants = profiles.wanted(ctx.db, owner, user) - said.bought
    if not (said.hidden or bought):
        return wants
    known = known_of(ctx, owner, wants | said.hidden | bought)
    away = Taste(hidden=tuple(known[id] for id in said.hidden & known.keys()))
    done = {known[id].item_key for id in bought & known.keys()}
    return frozenset(
        id for id in wants & known.keys() if known[id].item_key not in done and not away.hides(known[id])
    )
