"""How much one person may ask and keep of an instance that many share; in local mode there is no limit."""

from __future__ import annotations

from datetime import timedelta

from discogs_assistant.config import Settings
from discogs_assistant.errors import ConflictError, TooOftenError
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.readable import wait
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts, allowances
from discogs_assistant.store.accounts.allowances import Allowance
from discogs_assistant.store.profiles import collectors

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_UPLOADED = "You have uploaded files too often today."


def count_start(ctx: Context, owner: OwnerId) -> None:
    """Count a run that a person starts; `TooOftenError` where that were too many."""
    chosen = ctx.settings
    _count(
        ctx,
        owner,
        "You have started too many runs in a short time.",
        Allowance("start in a minute", chosen.starts_per_minute, _MINUTE),
        Allowance("start in a day", chosen.starts_per_day, _DAY),
    )


def count_upload(ctx: Context, owner: OwnerId) -> None:
    """Count the files that a person uploads at once; `TooOftenError` beyond the limit."""
    _count(ctx, owner, _UPLOADED, _uploads(ctx.settings))


def check_upload(ctx: Context, owner: OwnerId) -> None:
    """`TooOftenError` where one more upload were too many; nothing is counted before its files are read."""
    if ctx.settings.hosted:
        seconds = allowances.wait(ctx.db, _uploads(ctx.settings), str(owner), ctx.clock.now())
        if seconds > 0:
            raise _too_often(ctx, _UPLOADED, seconds)


def count_want(ctx: Context, owner: OwnerId) -> None:
    """Count a change of a wantlist, a request to Discogs; `TooOftenError` where that were too many."""
    allowed = Allowance("want in a minute", ctx.settings.wants_per_minute, _MINUTE)
    _count(ctx, owner, "You have changed your wantlist too often in a short time.", allowed)


def check_collector(ctx: Context, owner: OwnerId, user: UserName) -> None:
    """`ConflictError` where this is one collector more than a person may keep; their own never is."""
    if not ctx.settings.hosted:
        return
    own, most = accounts.preferences(ctx.db, owner).user, ctx.settings.collectors_per_person
    names = {name.casefold() for name in collectors.stored_names(ctx.db, owner)} | {str(own or "").casefold()}
    if user.casefold() not in names and len(names) > most:
        raise ConflictError(
            f"You already have the records of {most} other collectors, the limit for one person here.",
            "Remove some that you no longer need; the page of your records lists them.",
        )


def _count(ctx: Context, owner: OwnerId, sentence: str, *limits: Allowance) -> None:
    if not ctx.settings.hosted:
        return
    for limit in limits:
        seconds = allowances.take(ctx.db, limit, str(owner), ctx.clock.now())
        if seconds > 0:
            raise _too_often(ctx, sentence, seconds)


def _uploads(settings: Settings) -> Allowance:
    return Allowance("upload in a day", settings.uploads_per_day, _DAY)


def _too_often(ctx: Context, sentence: str, seconds: float) -> TooOftenError:
    at = ctx.clock.now() + timedelta(seconds=seconds)
    return TooOftenError(
        sentence,
        f"Try again in {wait(seconds)}, at {at:%H:%M} UTC; nothing that was started is lost.",
        retry_after=seconds,
    )
