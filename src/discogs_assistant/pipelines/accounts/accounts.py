"""An account's own affairs: token, preferences, consent, export, deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from discogs_assistant.errors import BadInputError, ConflictError, NotFoundError, TokenRefusedError
from discogs_assistant.model.country import find_country
from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import OwnerId, UserName, parse_user_name, printable
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.profile import DiscogsUser
from discogs_assistant.pipelines.accounts.model_folders import forget_models, forget_shared
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import account_deletion, accounts, allowances, discogs_tokens, vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import runs

_OTHERS_WRITE = 0.1
"""Seconds between two blocks of a deletion. SQLite's waiting writers look every 0.1 s: with 0.02 some waited
for over a second, as each of their looks met the next block; with 0.1 the longest of 1,499 waited 0.74 s."""


def local_owner(db: Database, now: datetime) -> OwnerId:
    """The account of local mode, made at first use."""
    return accounts.local_account(db, now)


def save_token(ctx: Context, owner: OwnerId, token: str) -> UserName:
    """Seal and store a token once Discogs says whose it is; `BadInputError` for one that it does not accept.

    The user name becomes the account's own where none was set.
    """
    if ctx.settings.hosted:
        raise ConflictError(
            "Discogs is asked with what you allowed when you signed in.", "A personal token is not needed."
        )
    plain = token.strip()
    if not plain:
        raise BadInputError("Type or paste a personal token.", field="token")
    try:
        name = ctx.sources.discogs_by_token(plain).identity().name
    except TokenRefusedError as error:
        raise BadInputError(error.sentence, error.next_step, field="token") from error
    discogs_tokens.save_token(ctx.db, ctx.vault, owner, PersonalToken(plain, name))
    adopt(ctx, owner, name)
    return name


def adopt(ctx: Context, owner: OwnerId, user: UserName) -> None:
    """Take `user` for the account's own, where none was chosen."""
    chosen = accounts.preferences(ctx.db, owner)
    if chosen.user is None:
        set_preferences(ctx, owner, replace(chosen, user=user))


def take_over_home(ctx: Context, owner: OwnerId, seen: DiscogsUser) -> None:
    """Take country and currency from the person's own page at Discogs, as long as they have set no country.

    People write their location freely; its last part that is a country counts.
    """
    chosen = accounts.preferences(ctx.db, owner)
    if chosen.country is not None or chosen.user not in {None, seen.name}:
        return
    parts = reversed((seen.location or "").split(","))
    country = next((code for part in parts if (code := find_country(part))), None)
    if country is not None:
        home = replace(chosen, country=country, currency=seen.currency or chosen.currency)
        accounts.set_preferences(ctx.db, owner, home)


def forget_token(db: Database, owner: OwnerId) -> None:
    """Remove the token."""
    discogs_tokens.forget_token(db, owner)


def has_token(ctx: Context, owner: OwnerId) -> bool:
    """Whether requests for this account are signed in."""
    return ctx.sources.discogs(owner, None).signed_in


def set_preferences(ctx: Context, owner: OwnerId, chosen: Preferences) -> None:
    """Replace the account's preferences; the name of a person who signed in does not change."""
    if ctx.settings.hosted:
        chosen = replace(chosen, user=accounts.preferences(ctx.db, owner).user)
    accounts.set_preferences(ctx.db, owner, chosen)


def set_consent(ctx: Context, owner: OwnerId, consent: bool) -> None:
    """Say yes or no to others' recommendations being made from this account's own profile too."""
    accounts.set_consent(ctx.db, owner, consent)
    if not consent:
        forget_shared(ctx, owner)


def delete_account(ctx: Context, owner: OwnerId) -> None:
    """Remove everything personal and the account: sessions, tokens of programs, and what the workflow
    library holds of its runs. Runs under way end by themselves.

    The account is shut at once; what a deletion that was cut off left is removed by `finish_deletions`.
    """
    account_deletion.shut_account(ctx.db, owner)
    _empty(ctx, owner)
    structlog.get_logger().info("account deleted", owner=owner)


def finish_deletions(ctx: Context) -> None:
    """Remove what is left of accounts whose deletion was cut off."""
    for owner in account_deletion.shut_accounts(ctx.db):
        _empty(ctx, owner)
        structlog.get_logger().info("an account's deletion was finished", owner=owner)


def _empty(ctx: Context, owner: OwnerId) -> None:
    run_ids = runs.ids_of(ctx.db, owner)
    forget_models(ctx, owner)
    ctx.process.likeness.clear()
    ctx.process.markets.clear()
    ctx.forget_runs(run_ids)
    account_deletion.empty_account(ctx.db, owner, lambda: ctx.clock.sleep(_OTHERS_WRITE))
    allowances.forget_spent(ctx.db, ctx.clock.now())
    ctx.db.checkpoint()


def account_called(ctx: Context, user: str, number: int | None) -> OwnerId:
    """The account of a Discogs user, whatever the case of the name, or of a number, or of both.

    In hosted mode one of the people who signed in, not the account of local mode. `NotFoundError` if there is
    none, `BadInputError` if several have the name or no name is given.
    """
    if not user and number is None:
        raise BadInputError("Whose account?", "Give a Discogs user name, or --number.")
    name = parse_user_name(user) if user else None
    found = accounts.accounts_of(ctx.db, name, signed_in=ctx.settings.hosted)
    chosen = [owner for owner in found if number in (None, owner)]
    if len(chosen) > 1:
        raise BadInputError(
            f"Several accounts are called “{printable(user)}”: {', '.join(map(str, chosen))}.",
            "Say which with --number; `account export` shows what each has.",
        )
    if not chosen:
        raise NotFoundError(f"No account here {_described(user, number)}.", "Check the spelling.")
    return chosen[0]


def _described(user: str, number: int | None) -> str:
    called = [f"is called “{printable(user)}”"] if user else []
    return " and ".join(called if number is None else [*called, f"has the number {number}"])


def rotate(ctx: Context) -> int:
    """Seal every sealed value with the newest key; returns how many were not."""
    sealed = vault.reseal(ctx.db, ctx.vault)
    structlog.get_logger().info("resealed", values=sealed)
    return sealed
