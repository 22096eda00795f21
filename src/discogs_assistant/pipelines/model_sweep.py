"""Models that learned from who is gone or no longer agrees: removed on each machine, wherever it was said."""

from __future__ import annotations

from contextlib import suppress

import structlog

from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.model_basis import MODELS, SHARED, versions_of
from discogs_assistant.pipelines.taste_reading import digest_of
from discogs_assistant.store import accounts, collectors
from discogs_assistant.store.model_versions import ModelVersions


def forget_left_models(ctx: Context) -> None:
    """Remove what `forget_models` could not.

    That is what a step learned that ended after the account was deleted, and what is on other machines: each
    has a data folder of its own.
    """
    _forget_own(ctx)
    _forget_shared(ctx)


def _forget_own(ctx: Context) -> None:
    """Those of profiles that are no more; the folders are listed first, so that none is of a later one."""
    folders = list((ctx.settings.data_dir / MODELS).glob("own-*/*"))
    kept = {versions_of(ctx, *pair, shared=False).root for pair in collectors.every_profile(ctx.db)}
    for folder in folders:
        if folder not in kept:
            ModelVersions(folder).forget()
            structlog.get_logger().info("a model of nobody was removed", model=folder.parent.name)
            with suppress(OSError):  # Where another of the account's is beside it.
                folder.parent.rmdir()


def _forget_shared(ctx: Context) -> None:
    """A version goes whole: nobody can be taken out of it."""
    shared = ModelVersions(ctx.settings.data_dir / MODELS / SHARED)
    if shared.all():
        agreed = {digest_of(*pair) for pair in accounts.own_profiles(ctx.db, consenting=True)}
        shared.keep(lambda one: agreed.issuperset(one.people))
