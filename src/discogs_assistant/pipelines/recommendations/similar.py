"""More like one record: by what was learned last, at once and without a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.similar import Neighbourhood
from discogs_assistant.engine.recommendations.training_data import content_alone, training_data
from discogs_assistant.errors import ConflictError
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName, printable
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.catalogue.dump_coverage import enriched_taste
from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.model_training import serving
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.fields import RecommendationField, ReleaseField
from discogs_assistant.store.market import listings
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import results

MOST = 100
"""The longest answer."""


class NotLearnedError(ConflictError):
    """Similar records were requested before a model was trained for the person."""

    code = "not-learned"


@dataclass(frozen=True, slots=True)
class MoreLike:
    """What is most like `record`, by the version `model`, which learned from `collectors` others too."""

    user: UserName
    record: ReleaseField
    model: str
    collectors: int
    recommendations: tuple[RecommendationField, ...]


def more_like(ctx: Context, owner: OwnerId, user: UserName, record: Release, limit: int) -> MoreLike:
    """At most `limit` of the records that a list is made from; `NotLearnedError` before there is any."""
    neighbourhood = _neighbourhood(ctx, owner, user)
    if record.item_key not in neighbourhood.learned.places:
        neighbourhood = replace(neighbourhood, learned=_by_content(neighbourhood, record))
    found = neighbourhood.like(record, limit)
    return MoreLike(user, record, neighbourhood.learned.name, neighbourhood.learned.collectors, found)


def _neighbourhood(ctx: Context, owner: OwnerId, user: UserName) -> Neighbourhood:
    """Read again where the profile, the feedback, the model, or the newest list changed."""
    profile = profiles.profile(ctx.db, owner, user)
    learned = serving(ctx, owner, user) if profile else None
    if profile is None or learned is None:
        raise NotLearnedError(
            f"There is no model of the records of “{printable(user)}” yet.", "Get recommendations first."
        )
    own_feedback = feedback.feedback(ctx.db, owner, user)
    known = (profile.version, learned.name, results.latest_run(ctx.db, owner, user, RunKind.RECOMMEND))

    def prepare() -> Neighbourhood:
        pool = ctx.process.likeness.recall(
            ("pool", owner, user), known, lambda: basis_of(ctx, owner, user).pool
        )
        taste = enriched_taste(ctx.catalogue, read_taste(ctx.db, owner, user))
        knowing = learned.knowing((*taste.known, *taste.hidden, *pool))
        return Neighbourhood(knowing, taste, pool, _for_sale(ctx, owner, pool))

    return ctx.process.likeness.recall(("neighbourhood", owner, user), (known, own_feedback), prepare)


def _for_sale(ctx: Context, owner: OwnerId, pool: Iterable[Release]) -> frozenset[ReleaseId]:
    since = ctx.fresh_since()
    return listings.releases_for_sale(ctx.db, owner, [release.id for release in pool], since=since)


def _by_content(neighbourhood: Neighbourhood, record: Release) -> Learned:
    """For a record that is in no model yet: by what records are made of alone."""
    mine = (*neighbourhood.taste.known, *neighbourhood.taste.hidden)
    records = {release.id: release for release in (*mine, *neighbourhood.candidates, record)}
    return Learned("content", content_alone(training_data((), records.values())))
