"""Removing a collector: their records, the feedback on them, and everything made from both."""

from __future__ import annotations

from datetime import datetime

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, UserName, parse_user_name, printable
from discogs_assistant.pipelines.accounts.accounts import finish_deletions
from discogs_assistant.pipelines.accounts.model_folders import forget_left_models, forget_shared, versions_of
from discogs_assistant.pipelines.accounts.sign_in import forget_ended_sign_ins
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import collectors, profiles


def stored_collector(db: Database, owner: OwnerId, user: str) -> UserName:
    """The collector's name as the account has it; `NotFoundError` where nothing is stored about them."""
    name = profiles.spelling(db, owner, parse_user_name(user))
    if not collectors.spellings(db, owner, name):
        raise NotFoundError(f"No data is stored about “{printable(name)}”.", "Check the spelling.")
    return name


def forget_collector(ctx: Context, owner: OwnerId, user: str) -> UserName:
    """Remove all that an account keeps of a collector, runs and models included; the name that is gone.

    `NotFoundError` where nothing is stored about them.
    """
    name = stored_collector(ctx.db, owner, user)
    _forget(ctx, owner, name)
    return name


def accounts_keeping(db: Database, user: str) -> list[OwnerId]:
    """The accounts that keep something of a collector; `NotFoundError` where none does."""
    name = parse_user_name(user)
    found = collectors.owners_of(db, name)
    if not found:
        raise NotFoundError(f"No account here stores data about “{printable(name)}”.", "Check the spelling.")
    return found


def forget_everywhere(ctx: Context, user: str) -> int:
    """Remove all that is stored about a collector, from every account; returns from how many.

    The collector's own account stays, where there is one. `NotFoundError` where nothing is stored about them.
    """
    owners = accounts_keeping(ctx.db, user)
    for owner in owners:
        _forget(ctx, owner, parse_user_name(user))
    return len(owners)


def note_look(db: Database, owner: OwnerId, user: UserName, now: datetime) -> bool:
    """A collector's records are looked at now, so they stay; False where none are stored."""
    return collectors.note_look(db, owner, user, now)


def forget_old(ctx: Context, before: datetime) -> None:
    """The hourly upkeep: remove what is left of deleted accounts and of sign-ins, profiles that nobody used
    since then, and models of deleted people; then remove what was deleted from the database's log."""
    finish_deletions(ctx)
    forget_ended_sign_ins(ctx)
    forget_unused(ctx, before)
    forget_left_models(ctx)
    ctx.db.checkpoint()


def forget_unused(ctx: Context, before: datetime) -> None:
    """Remove other collectors' profiles that nobody has looked at, read or used since then."""
    for owner, user in collectors.unused(ctx.db, before):
        _forget(ctx, owner, user)


def _forget(ctx: Context, owner: OwnerId, user: UserName) -> None:
    own = accounts.preferences(ctx.db, owner).user
    if own is not None and own.casefold() == user.casefold():
        forget_shared(ctx, owner)
    gone = collectors.forget(ctx.db, owner, user)
    for name in gone.names:
        versions_of(ctx.settings, owner, name, shared=False).forget()
    ctx.process.likeness.clear()
    ctx.process.markets.clear()
    if gone.runs:
        ctx.forget_runs(gone.runs)
    ctx.db.checkpoint()
