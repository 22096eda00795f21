"""What one person's list rests on: their taste, the candidates, and whose records a model may learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from discogs_assistant.engine.learning import Lesson, lesson
from discogs_assistant.engine.taste import Taste
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.candidate_pool import candidate_pool
from discogs_assistant.pipelines.catalogue_join import fuller, fuller_taste
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.taste_reading import Others, digest_of, read_others, read_taste
from discogs_assistant.store import accounts
from discogs_assistant.store.model_versions import ModelVersions

MODELS, SHARED = "models", "shared"
"""The folder of models in the data folder, and in it that of the model that many share."""


@dataclass(frozen=True)
class Basis:
    """`person` is the digest of the one whose list it is."""

    taste: Taste
    pool: list[Release]
    others: Others
    person: str

    @property
    def shared(self) -> bool:
        """Whether enough people agreed for a model of them all; else it is the person's own."""
        return bool(self.others.names)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose records the model learns from, as digests, ascending."""
        return tuple(sorted(self.others.names)) if self.shared else (self.person,)

    def lesson(self) -> Lesson:
        """What a model learns from: many people's records, or the person's own and the catalogue alone."""
        own = {item: weight for item, weight in self.taste.weights.items() if weight > 0}
        people = self.others.items if self.shared else (own,) if own else ()
        mine = (*self.taste.known, *self.taste.hidden)
        return lesson(people, {one.id: one for one in (*mine, *self.pool)}.values())


def basis_of(ctx: Context, owner: OwnerId, user: UserName) -> Basis:
    """All that is known now."""
    taste = fuller_taste(ctx.catalogue, read_taste(ctx.db, owner, user))
    others = read_others(ctx.db, owner, user)
    pool = candidate_pool(ctx, owner, taste, fuller(ctx.catalogue, others.releases))
    return Basis(taste, pool, others, digest_of(owner, user))


def versions_of(ctx: Context, owner: OwnerId, user: UserName, *, shared: bool) -> ModelVersions:
    """Where the versions are of the model that many share, or of the person's own."""
    name = SHARED if shared else Path(f"own-{owner}", digest_of(owner, user))
    return ModelVersions(ctx.settings.data_dir / MODELS / name)


def forget_models(ctx: Context, owner: OwnerId) -> None:
    """Remove what was learned from an account's records, alone or among others'."""
    forget_shared(ctx, owner)
    ModelVersions(ctx.settings.data_dir / MODELS / f"own-{owner}").forget()


def forget_shared(ctx: Context, owner: OwnerId) -> None:
    """Remove the model that many share, where this account's records are in a version of it."""
    user = accounts.preferences(ctx.db, owner).user
    shared = ModelVersions(ctx.settings.data_dir / MODELS / SHARED)
    if user and any(digest_of(owner, user) in one.people for one in shared.all()):
        shared.forget()
