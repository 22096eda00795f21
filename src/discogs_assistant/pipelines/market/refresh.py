"""The known market: refreshed from named sellers, and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.errors import NotFoundError, TokenRefusedError, UnreachableError
from discogs_assistant.model.ids import OwnerId, printable
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.market.seller_survey import Survey, deadline, survey_sellers
from discogs_assistant.pipelines.runtime.circuit_breaker import met_before
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.results.counts import MarketResult
from discogs_assistant.pipelines.runtime.results.fields import Moment
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.runs import progress

_STAGE = 1
_SECONDS_A_SELLER = 600.0
"""200 pages at the anonymous rate of 22 a minute."""


def refresh_market(ctx: Context, flow: Flow) -> None:
    """The pipeline: read, then count what this run read."""
    run = run_of(ctx.db, flow)
    sellers = list(run.criteria["sellers"])
    flow.step("begin", lambda: progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_STAGE))
    ends = deadline(ctx, flow, ctx.settings.market_deadline + _SECONDS_A_SELLER * len(sellers))
    survey = survey_sellers(ctx, flow, sellers, stage=_STAGE, ends=ends, allowance=None)
    flow.step("see who answered", lambda: _see_who_answered(ctx.db, run, survey))
    flow.step("keep the result", lambda: _keep(ctx.db, run, survey, ctx.clock.now()))


def _see_who_answered(db: Database, run: Run, survey: Survey) -> None:
    if survey.answered:
        return
    met = met_before(db, run.id)
    if isinstance(met, TokenRefusedError):
        raise met
    if survey.gone and not survey.unreachable:
        names = ", ".join(f"“{printable(seller)}”" for seller in survey.gone[:10])
        raise NotFoundError(
            f"Discogs shows nothing of {names}: {survey.states[survey.gone[0]].problem}",
            "Take the name from the address of the seller's page on Discogs.",
        )
    why = survey.halted or next(iter(survey.unreachable.values()), "It gave no answer.")
    raise UnreachableError(f"No seller's records could be read: {why}", "What was known before is kept.")


def _keep(db: Database, run: Run, survey: Survey, now: datetime) -> int:
    for sentence in survey.sentences():
        progress.add_partial(db, run.id, sentence)
    return finished.keep(db, run, read_counts(db, survey), now)


def read_counts(db: Database, survey: Survey) -> MarketResult:
    """How many listings, sellers and releases a survey read, and what it could not read."""
    releases: set[int] = set()
    listings = 0
    for seller in survey.answered:
        since = datetime.fromisoformat(survey.states[seller].started_at)
        found = stored_listings.listings_of(db, EVERYBODY, seller, since)
        listings += len(found)
        releases |= {int(copy.release_id) for copy in found}
    return MarketResult(
        listings=listings,
        sellers=len(survey.answered),
        releases=len(releases),
        partial=tuple(survey.sentences()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketStatus(MarketResult):
    """What is known to be for sale within the age limit; `origins` counts listings by where they are from."""

    oldest: Moment | None
    newest: Moment | None
    origins: Mapping[Origin, int]


def market_status(ctx: Context, owner: OwnerId) -> MarketStatus:
    """What is known to be for sale now."""
    found = stored_listings.summary(ctx.db, owner, ctx.fresh_since())
    return MarketStatus(
        listings=found.listings,
        sellers=found.sellers,
        releases=found.releases,
        partial=(),
        oldest=found.oldest,
        newest=found.newest,
        origins=found.by_origin,
    )
