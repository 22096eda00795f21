"""How often somebody may do something: so many times in a window, counted for all processes together.

The generic cell rate algorithm (ITU-T I.371, virtual scheduling), as of `rate_budget`; but who comes too
early is turned away instead of being given a later place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, literal, select

from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import allowance
from discogs_assistant.store.statements import insert_into


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `most` starts in any `window`; the allowance refills evenly over the window."""

    kind: str
    most: int
    window: timedelta

    @property
    def spacing(self) -> float:
        """Seconds after which one more is allowed."""
        return self.window.total_seconds() / self.most


@dataclass(frozen=True, slots=True)
class Refused:
    """Which kind has no room left, and the seconds until it has."""

    kind: str
    seconds: float


def take(db: Database, allowed: Allowance, subject: str, now: datetime) -> float:
    """Count one more of `subject`: 0 where it is allowed, else the seconds until it would be.

    What is turned away is not counted. One transaction.
    """
    with db.write() as connection:
        return _take(connection, allowed, subject, now)


def take_all(db: Database, wanted: Sequence[tuple[Allowance, str]], now: datetime) -> Refused | None:
    """Count one more of each subject, or of none: the first that has no room refuses. One transaction.

    Callers name the kinds in the same order, so that two of them never wait for each other's rows.
    """
    with db.write() as connection:
        for allowed, subject in wanted:
            seconds = _take(connection, allowed, subject, now)
            if seconds:
                connection.rollback()
                return Refused(allowed.kind, seconds)
    return None


def wait(db: Database, allowed: Allowance, subject: str, now: datetime) -> float:
    """Seconds until one more of `subject` is allowed, 0 where it is now; counts nothing. One statement."""
    moment, latest = now.timestamp(), now.timestamp() + allowed.window.total_seconds()
    with db.read() as connection:
        query = select(allowance.c.arrival).filter_by(subject=subject, kind=allowed.kind)
        arrival = connection.scalar(query)
    kept = arrival if arrival is not None and moment <= arrival <= latest else moment
    late = kept + allowed.spacing - latest
    return late if late > _ROUNDING else 0.0


def forget_spent(db: Database, now: datetime) -> None:
    """Remove what no longer counts against anybody; one statement."""
    with db.write() as connection:
        connection.execute(delete(allowance).where(allowance.c.arrival < now.timestamp()))


def _take(connection: Connection, allowed: Allowance, subject: str, now: datetime) -> float:
    moment, window = now.timestamp(), allowed.window.total_seconds()
    latest = moment + window
    key = {"subject": subject, "kind": allowed.kind}
    # A row further ahead than a window can lead was written by a clock that was wrong.
    kept = case((allowance.c.arrival.between(moment, latest), allowance.c.arrival), else_=literal(moment))
    insert = insert_into(connection, allowance).values(key | {"arrival": moment + allowed.spacing})
    taken = connection.scalar(
        insert.on_conflict_do_update(
            index_elements=["subject", "kind"],
            set_={"arrival": kept + allowed.spacing},
            where=kept + allowed.spacing <= latest + _ROUNDING,
        ).returning(allowance.c.arrival)
    )
    if taken is not None:
        return 0.0
    arrival = connection.scalar(select(allowance.c.arrival).filter_by(**key))
    return max((arrival or moment) + allowed.spacing - latest, 0.001)


_ROUNDING = 1e-3
