"""The answers of finished runs, each read and parsed once: apart from the name on them they never change."""

from __future__ import annotations

from discogs_assistant.model.ids import RunId, UserName
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime.results.finished import Finished, Result, finished
from discogs_assistant.store.runs import results
from discogs_assistant.web.session import Visitor


def answer(visitor: Visitor, run: RunId) -> Finished[Result] | None:
    """The answer of the visitor's run; None where it has none."""
    db, owner, name = visitor.ctx.db, visitor.owner, visitor.chosen.user
    return visitor.site.held.recall(("answer", owner, run), name, lambda: finished(db, owner, run), _bytes)


def finished_list(visitor: Visitor, run: RunId) -> Finished[RecommendationResult] | None:
    """The list of recommendations that the visitor's run found, if it did."""
    known = answer(visitor, run)
    return known.of(RecommendationResult) if known else None


def newest_list(visitor: Visitor, user: UserName) -> Finished[RecommendationResult] | None:
    """The newest list of recommendations for a user."""
    run = results.latest_run(visitor.ctx.db, visitor.owner, user, RunKind.RECOMMEND)
    return finished_list(visitor, run) if run else None


def _bytes(known: Finished[Result] | None) -> int:
    """About what it takes in memory: measured, a list of 54,000 characters takes 189,000 bytes."""
    return 4 * known.characters if known else 0
