"""What one person's list is based on: taste, candidates, and whose records a model may learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.engine.recommendations.training_data import TrainingData, training_data
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.accounts.model_folders import digest_of
from discogs_assistant.pipelines.catalogue.dump_coverage import enriched, enriched_taste
from discogs_assistant.pipelines.recommendations.candidate_pool import candidate_pool, related_releases
from discogs_assistant.pipelines.recommendations.taste_reading import Others, read_others, read_taste
from discogs_assistant.pipelines.runtime.context import Context


@dataclass(frozen=True)
class Basis:
    """`person` is the digest of the person whose list it is.

    `related` reads what a model of many learns of beside their records (`candidate_pool.related_releases`).
    """

    taste: Taste
    pool: list[Release]
    others: Others
    person: str
    related: Callable[[], list[Release]] = list

    @property
    def shared(self) -> bool:
        """Whether enough people agreed for a model of them all; else it is the person's own."""
        return bool(self.others.names)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose records the model learns from, as digests, ascending."""
        return tuple(sorted(self.others.names)) if self.shared else (self.person,)

    @property
    def records(self) -> list[Release]:
        """All that is the person's, and the candidates."""
        return [*self.taste.known, *self.taste.hidden, *self.pool]

    def training_data(self) -> TrainingData:
        """What a model learns from: many people's records and what is around them, the same for every user.

        Where too few agreed, the person's own and the catalogue.
        """
        if not self.shared:
            return self.own_training_data()
        known = self.others.releases | {release.id: release for release in self.related()}
        return training_data(self.others.items, known.values())

    def own_training_data(self) -> TrainingData:
        """What the person's own model learns from."""
        own = {item: weight for item, weight in self.taste.weights.items() if weight > 0}
        return training_data((own,) if own else (), {record.id: record for record in self.records}.values())


def basis_of(ctx: Context, owner: OwnerId, user: UserName) -> Basis:
    """All that is known now."""
    taste = enriched_taste(ctx.catalogue, read_taste(ctx.db, owner, user))
    others = read_others(ctx.db, owner, user)
    known = enriched(ctx.catalogue, others.releases)
    pool = candidate_pool(ctx, owner, taste, known)
    return Basis(taste, pool, others, digest_of(owner, user), partial(related_releases, ctx, known))
