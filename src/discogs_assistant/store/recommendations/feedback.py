"""What a person did with recommended releases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import event
from discogs_assistant.store.statements import among

EventKind = Literal["seen", "opened", "loved", "hidden", "bought"]
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feedback:
    """Releases the person loves, those never to be shown again, and those bought."""

    loved: frozenset[ReleaseId] = frozenset()
    hidden: frozenset[ReleaseId] = frozenset()
    bought: frozenset[ReleaseId] = frozenset()


@dataclass(frozen=True, slots=True)
class FeedbackEvent:
    """A person's feedback on a release, and its time."""

    release: ReleaseId
    kind: Literal["loved", "hidden"]
    at: datetime


def record(
    db: Database, owner: OwnerId, user: UserName, release_id: ReleaseId, kind: EventKind, now: datetime
) -> None:
    """Remember one event; one statement."""
    row = {"owner": owner, "user_name": user, "release_id": release_id, "kind": kind, "at": now}
    with db.write() as connection:
        connection.execute(insert(event), row)


def record_new(
    db: Database,
    owner: OwnerId,
    user: UserName,
    release_ids: Iterable[ReleaseId],
    kind: EventKind,
    now: datetime,
    since: datetime = _EVER,
) -> None:
    """Store the event for each release without one of its kind since then; one transaction."""
    ids = list(dict.fromkeys(release_ids))
    with db.write() as connection:
        known = select(event.c.release_id).where(_of(owner, user, kind), event.c.at >= since)
        known = known.where(among(connection, event.c.release_id, ids))
        existing = set(connection.scalars(known))
        rows = [
            {"owner": owner, "user_name": user, "release_id": id, "kind": kind, "at": now}
            for id in ids
            if id not in existing
        ]
        if rows:
            connection.execute(insert(event), rows)


def undo(
    db: Database, owner: OwnerId, user: UserName, release_ids: Iterable[ReleaseId], kind: EventKind
) -> None:
    """Forget all events of a kind with these releases; one statement."""
    with db.write() as connection:
        those = among(connection, event.c.release_id, release_ids)
        connection.execute(delete(event).where(_of(owner, user, kind), those))


def forget_looks(db: Database, before: datetime) -> None:
    """Delete views and openings before then; feedback and purchases stay. One statement."""
    with db.write() as connection:
        connection.execute(delete(event).where(event.c.kind.in_(("seen", "opened")), event.c.at < before))


def feedback(db: Database, owner: OwnerId, user: UserName) -> Feedback:
    """Releases loved, hidden and bought now; of love and hide the later counts. One statement."""
    query = (
        select(event.c.release_id, event.c.kind)
        .where(_of(owner, user, "loved", "hidden", "bought"))
        .order_by(event.c.at, event.c.id)
    )
    with db.read() as connection:
        events = [(ReleaseId(row.release_id), row.kind) for row in connection.execute(query)]
    last = {id: kind for id, kind in events if kind != "bought"}
    return Feedback(
        loved=frozenset(id for id, kind in last.items() if kind == "loved"),
        hidden=frozenset(id for id, kind in last.items() if kind == "hidden"),
        bought=frozenset(id for id, kind in events if kind == "bought"),
    )


def recent_feedback(db: Database, owner: OwnerId, user: UserName, limit: int) -> list[FeedbackEvent]:
    """The loves and hides that count now, one of a release, the newest first. One statement."""
    query = (
        select(event.c.release_id, event.c.kind, event.c.at)
        .where(_of(owner, user, "loved", "hidden"))
        .order_by(event.c.at.desc(), event.c.id.desc())
    )
    with db.read() as connection:
        newest: dict[ReleaseId, FeedbackEvent] = {}
        for row in connection.execute(query):
            newest.setdefault(
                ReleaseId(row.release_id), FeedbackEvent(ReleaseId(row.release_id), row.kind, row.at)
            )
    return list(newest.values())[:limit]


def passed_over(db: Database, owner: OwnerId, user: UserName) -> dict[ReleaseId, int]:
    """How many times each release was seen that was never opened, loved or bought; one statement."""
    taken = select(event.c.release_id).where(_of(owner, user, "opened", "loved", "bought"))
    query = (
        select(event.c.release_id, func.count())
        .where(_of(owner, user, "seen"), event.c.release_id.not_in(taken))
        .group_by(event.c.release_id)
    )
    with db.read() as connection:
        return {ReleaseId(id): times for id, times in connection.execute(query)}


def _of(owner: OwnerId, user: UserName, *kinds: EventKind) -> ColumnElement[bool]:
    return and_(event.c.owner == owner, event.c.user_name == user, event.c.kind.in_(kinds))
