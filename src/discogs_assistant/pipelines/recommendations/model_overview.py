"""The use cases around a person's model: which versions there are, learn now, go back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from discogs_assistant.errors import BadInputError, NotFoundError
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.pipelines.accounts.model_folders import versions_of
from discogs_assistant.pipelines.recommendations.list_inputs import Basis, basis_of
from discogs_assistant.pipelines.recommendations.model_training import train
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations.model_versions import ModelVersions


class LearnedVersion(BaseModel):
    """A version of a model, and its measure on held-out collectors."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    model: str
    live: bool
    held: bool
    refused: str | None
    made_at: str
    fingerprint: str
    users: int
    items: int
    features: int
    interactions: int
    seconds: float
    validation_users: int
    ndcg: float | None = Field(serialization_alias="ndcg@100")
    error: float | None = Field(serialization_alias="ndcg@100_se")


class ModelsDocument(BaseModel, frozen=True):
    """The versions of a model, the oldest first; nothing in it names whose records they learned from."""

    user: UserName
    shared: bool
    versions: tuple[LearnedVersion, ...]


@dataclass(frozen=True)
class Models:
    """The model that serves a person: the shared one, or their own."""

    ctx: Context
    owner: OwnerId
    user: UserName

    def train(self) -> ModelsDocument:
        """Learn from what is known now, then as `status`."""
        training_data = self._basis.training_data()
        if not training_data.data.items:
            raise NotFoundError("There are no records to learn from.", f"Run sync {self.user} first.")
        train(self.ctx, self._versions, self._basis, training_data)
        return self.status()

    def roll_back(self) -> ModelsDocument:
        """Let the version before serve again, then as `status`."""
        self._versions.roll_back()
        return self.status()

    def status(self) -> ModelsDocument:
        """The versions, and which one is live."""
        live, held = self._versions.live(), self._versions.held()
        versions = (
            LearnedVersion(
                model=version.name,
                live=version == live,
                held=version == held,
                refused=version.refused,
                made_at=version.made_at,
                fingerprint=version.fingerprint,
                users=version.users,
                items=version.items,
                features=version.features,
                interactions=version.interactions,
                seconds=version.seconds,
                validation_users=version.validation_users,
                ndcg=version.ndcg,
                error=version.error,
            )
            for version in self._versions.all()
        )
        return ModelsDocument(user=self.user, shared=self._basis.shared, versions=tuple(versions))

    @cached_property
    def _basis(self) -> Basis:
        return basis_of(self.ctx, self.owner, self.user)

    @cached_property
    def _versions(self) -> ModelVersions:
        return versions_of(self.ctx.settings, self.owner, self.user, shared=self._basis.shared)


def models_of(ctx: Context, owner: OwnerId, user: str) -> Models:
    """The models of `user`, or of the account's own user; `NotFoundError` if no such profile was read."""
    name = user or accounts.preferences(ctx.db, owner).user
    if not name:
        raise BadInputError("Whose model?", "Give a Discogs user name.")
    known = profiles.spelling(ctx.db, owner, UserName(name))
    if profiles.profile(ctx.db, owner, known) is None:
        raise NotFoundError(f"The profile of {name} has not been read yet.", f"Run sync {name} first.")
    return Models(ctx, owner, known)
