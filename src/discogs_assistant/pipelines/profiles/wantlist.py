"""A person's wantlist at Discogs: put a record on it and take it off, at Discogs and then here."""

from __future__ import annotations

from discogs_assistant.errors import PrivateError, StorageError
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName, printable
from discogs_assistant.model.profile import Want
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.quotas import count_want
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.oauth import SIGN_IN_AGAIN
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.profiles import wants


def add(ctx: Context, owner: OwnerId, user: UserName, release: ReleaseId) -> Want:
    """Put a release on the wantlist; what Discogs refuses or does not answer changes nothing here."""
    client = _client(ctx, owner, user)
    count_want(ctx, owner)
    want = client.want(user, release)
    wants.put_want(ctx.db, owner, user, want, ctx.clock.now())
    return want


def drop(ctx: Context, owner: OwnerId, user: UserName, release: ReleaseId) -> None:
    """Take a release off the wantlist; one that is not on it is fine."""
    client = _client(ctx, owner, user)
    count_want(ctx, owner)
    client.unwant(user, release)
    wants.drop_want(ctx.db, owner, user, release)


def may_change(ctx: Context, owner: OwnerId, user: UserName) -> bool:
    """Whether the user's own token is known: one that Discogs confirmed as theirs.

    A token from the settings is not confirmed: then the user is at least the account's own, and Discogs
    decides with each change. A token whose key is lost does not count.
    """
    whose = discogs_tokens.user_of(ctx.db, owner)
    if whose is not None and whose.casefold() != user.casefold():
        return False
    if whose is None and accounts.preferences(ctx.db, owner).user not in (None, user):
        return False
    try:
        return ctx.sources.discogs(owner, None).signed_in
    except StorageError:
        return False


def _client(ctx: Context, owner: OwnerId, user: UserName) -> DiscogsClient:
    client = ctx.sources.discogs(owner, None)
    if not client.signed_in:
        raise PrivateError(
            f"Only the owner's token can change the wantlist of “{printable(user)}”, and there is none here.",
            SIGN_IN_AGAIN if ctx.settings.hosted else "Save a personal token in the settings.",
        )
    return client
