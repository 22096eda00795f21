"""Removes, on each machine, models that learned from people who left or no longer agree."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import structlog

from discogs_assistant.config import Settings
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.profiles import collectors
from discogs_assistant.store.recommendations.model_versions import ModelVersions

MODELS, SHARED = "models", "shared"
"""The folder of models in the data folder, and in it the shared model's folder."""


def versions_of(settings: Settings, owner: OwnerId, user: UserName, *, shared: bool) -> ModelVersions:
    """The versions of the shared model, or of the person's own."""
    name = SHARED if shared else Path(f"own-{owner}", digest_of(owner, user))
    return ModelVersions(settings.data_dir / MODELS / name)


def forget_models(ctx: Context, owner: OwnerId) -> None:
    """Remove what was learned from an account's records, alone or among others'."""
    forget_shared(ctx, owner)
    ModelVersions(ctx.settings.data_dir / MODELS / f"own-{owner}").forget()


def forget_shared(ctx: Context, owner: OwnerId) -> None:
    """Remove the model that many share, where this account's records are in a version of it."""
    user = accounts.preferences(ctx.db, owner).user
    shared = ModelVersions(ctx.settings.data_dir / MODELS / SHARED)
    if user and any(digest_of(owner, user) in version.people for version in shared.all()):
        shared.forget()


def digest_of(owner: OwnerId, user: UserName) -> str:
    """What identifies a profile without naming it."""
    return sha256(f"{owner} {user}".encode()).hexdigest()[:32]


def forget_left_models(ctx: Context) -> None:
    """Remove what `forget_models` could not.

    That is a model that a step trained until after the account was deleted, and models on other machines:
    each machine has its own data folder.
    """
    _forget_own(ctx)
    _forget_shared(ctx)


def _forget_own(ctx: Context) -> None:
    """The models of deleted profiles; listed before the profiles, so that none is a newer profile's."""
    folders = list((ctx.settings.data_dir / MODELS).glob("own-*/*"))
    current = {
        versions_of(ctx.settings, *pair, shared=False).root for pair in collectors.every_profile(ctx.db)
    }
    for folder in folders:
        if folder not in current:
            ModelVersions(folder).forget()
            structlog.get_logger().info("a deleted profile's model was removed", model=folder.parent.name)
            with suppress(OSError):  # Where another of the account's is beside it.
                folder.parent.rmdir()


def _forget_shared(ctx: Context) -> None:
    """A version is removed as a whole: no single person can be taken out of it."""
    shared = ModelVersions(ctx.settings.data_dir / MODELS / SHARED)
    if shared.all():
        agreed = {digest_of(*pair) for pair in accounts.own_profiles(ctx.db, consenting=True)}
        shared.keep(lambda version: agreed.issuperset(version.people))
