"""The answers of finished runs, each read and parsed once: but for the name on them they never change."""

from __future__ import annotations

from discogs_assistant.model.ids import RunId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.store import results
from discogs_assistant.store.results import StoredResult
from discogs_assistant.web.visitor import Visitor


def answer(visitor: Visitor, run: RunId) -> StoredResult | None:
    """The answer of the visitor's run; None where it has none."""
    db, owner, name = visitor.ctx.db, visitor.owner, visitor.chosen.user
    return visitor.site.held.get(("answer", owner, run), lambda: results.result(db, owner, run), _bytes, name)


def _bytes(one: StoredResult | None) -> int:
    """About what it takes in memory: measured, a list of 54,000 characters takes 189,000 bytes."""
    return 4 * one.characters if one else 0


def newest_answer(visitor: Visitor, user: UserName, kind: RunKind) -> StoredResult | None:
    """The newest answer of a kind for a user."""
    run = results.latest_run(visitor.ctx.db, visitor.owner, user, kind)
    return answer(visitor, run) if run else None
