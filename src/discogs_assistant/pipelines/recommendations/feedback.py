"""What a person says of recommended records, and does with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.database import Database
from discogs_assistant.store.recommendations import feedback

Act = Literal["love", "unlove", "hide", "unhide", "open"]
"""`unlove` and `unhide` undo; of loving and hiding the same record, the later one counts."""

_RECORDED: dict[Act, feedback.EventKind] = {"love": "loved", "hide": "hidden", "open": "opened"}
_UNDONE: dict[Act, feedback.EventKind] = {"unlove": "loved", "unhide": "hidden"}


def say(db: Database, owner: OwnerId, user: UserName, release: ReleaseId, act: Act, now: datetime) -> None:
    """Remember an act, or undo it; the next recommendations go by it."""
    if act in _UNDONE:
        feedback.undo(db, owner, user, [release], _UNDONE[act])
    else:
        feedback.record(db, owner, user, release, _RECORDED[act], now)


def bought(ctx: Context, owner: OwnerId, user: UserName, releases: Iterable[ReleaseId]) -> None:
    """Remember that the person bought these records: from now on they count as owned."""
    feedback.record_new(ctx.db, owner, user, releases, "bought", ctx.clock.now())


def not_bought(ctx: Context, owner: OwnerId, user: UserName, releases: Iterable[ReleaseId]) -> None:
    """Undo `bought`."""
    feedback.undo(ctx.db, owner, user, releases, "bought")


def seen(ctx: Context, owner: OwnerId, user: UserName, releases: Iterable[ReleaseId]) -> None:
    """Remember that a page showed these records, each once a day (UTC)."""
    now = ctx.clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    feedback.record_new(ctx.db, owner, user, releases, "seen", now, today)
