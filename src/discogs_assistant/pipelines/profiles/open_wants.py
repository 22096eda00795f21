"""What of a wantlist is still to be bought."""

from __future__ import annotations

from collections.abc import Set

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.pipelines.catalogue.dump_coverage import known_of
from discogs_assistant.pipelines.catalogue.releases import all_pressings
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.profiles import items
from discogs_assistant.store.recommendations import feedback


def open_wants(
    ctx: Context, owner: OwnerId, user: UserName, *, any_pressing: bool = False
) -> frozenset[ReleaseId]:
    """What is wanted and was not bought; where any pressing will do, in no pressing of the same work.

    A person who wants one pressing still wants it after buying another. A hidden record is left out in every
    pressing, as long as it is hidden.
    """
    own_feedback = feedback.feedback(ctx.db, owner, user)
    done = own_feedback.hidden | own_feedback.bought if any_pressing else own_feedback.hidden
    return items.wanted(ctx.db, owner, user) - own_feedback.bought - _in_any_pressing(ctx, owner, done)


def _in_any_pressing(ctx: Context, owner: OwnerId, ids: Set[ReleaseId]) -> Set[ReleaseId]:
    """These and all known pressings of their works; few ids are given, however long the wantlist is."""
    known = known_of(ctx, owner, ids) if ids else {}
    masters = {release.master_id for release in known.values() if release.master_id is not None}
    beside = all_pressings(ctx.db, ctx.catalogue, masters) if masters else {}
    return ids | {id for pressings in beside.values() for id in pressings}
