"""Discogs' allowance of requests, shared by all processes through one row.

The generic cell rate algorithm (ITU-T I.371, virtual scheduling): a row keeps the theoretical arrival time of
the next request; each reservation moves it on by one spacing, and may run ahead of it by a burst.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, case, literal, select, update

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.ports import Clock, Turn
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import rate_turns
from discogs_assistant.store.schema import rate_budget
from discogs_assistant.store.statements import insert_into

_SLACK = 0.5
"""Seconds by which a request may leave later than its slot without breaking the window, where room is."""
_ANSWERED = 2.0
"""Spacings within which a request is answered, as a rule: for so long an answer may belong to an earlier
window."""
_LONGEST = 3600.0
"""Seconds beyond which a row is not believed: the machine's clock was wrong when it was written."""
_MOST_WAITING = 1000
"""Callers who may be waiting: a row as far ahead as their slots is accepted, however slow the pace."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between requests in the long run, and how many may go at once after a rest."""

    spacing: float
    burst: int

    @classmethod
    def of(cls, limit: int, window: float) -> Pace:
        """55 a minute with a burst of 5 for a limit of 60; 22 with a burst of 3 for 25; in proportion else.

        A window, stretched by the slack, sees at most burst + (window + slack) / spacing ≤ limit requests.
        """
        if limit <= 1:
            return cls(window + 2 * _SLACK, 1)
        spacing = window / max(limit * 55 // 60, 1)
        return cls(spacing, max(limit - math.floor((window + _SLACK) / spacing), 1))

    def lateness(self, limit: int, window: float) -> float:
        """Seconds by which a request may leave later than its slot so that no window sees more than `limit`.

        Half of what the pace leaves: answers differ in how long they take to arrive.
        """
        return max((limit - self.burst + 1) * self.spacing - window, 0.0) / 2


@dataclass(frozen=True)
class SqlRateBudget:
    """The `RateBudget` of a source address; `window` in seconds, limits in requests per window.

    Processes that share a source must agree on the time: on Postgres they go by the database's.
    """

    db: Database
    source: str
    limit: int
    anonymous_limit: int
    window: float
    clock: Clock

    def reserve(self, *, signed_in: bool) -> float:
        """Take the next free slot; the seconds until it. One statement."""
        with self.db.write() as connection:
            slot = self._next_slot(connection, signed_in)
        return max(slot - self._now(), 0.0)

    def take_turn(self, person: OwnerId, *, signed_in: bool, until: datetime | None = None) -> Turn:
        """As `reserve`, but each person has one slot ahead at most, and none that comes later than `until`.

        One transaction, three statements.
        """
        asked = (self.source, signed_in, str(person))
        with self.db.write() as connection:
            before = rate_turns.next_slot(connection, *asked, self._now())
            # A slot later than all that are given out was noted by a clock that was wrong.
            if self._now() < before <= self._last_slot(connection, signed_in):
                return Turn(before - self._now(), granted=False)
            slot = self._next_slot(connection, signed_in)
            if until is not None and slot > until.timestamp():
                # This caller would not use it: it stays free for callers who wait longer.
                connection.rollback()
                return Turn(slot - self._now(), granted=False)
            rate_turns.note_slot(connection, *asked, max(slot, self._now()))
        good_for = self._pace(signed_in).lateness(self._limit(signed_in), self.window)
        return Turn(max(slot - self._now(), 0.0), granted=True, good_for=good_for)

    def observe(self, *, signed_in: bool, limit: int | None, remaining: int | None) -> None:
        """Slow down where Discogs allows less than we thought, or others use the same address.

        One transaction, and none that writes while all is as expected.
        """
        if limit is not None:
            self._observe_limit(signed_in, limit)
        own, pace = self._limit(signed_in), self._pace(signed_in)
        low = min(math.ceil((own - own * 55 // 60) / 2), 5)
        if remaining is not None and remaining < max(low, pace.burst):
            # What is left may go at once and no more. Below half the margin that our own use leaves, others
            # use the address too: each answer adds a delay, the longer the less is left (its square was
            # enough in simulations beside 50 requests a minute), until our rate fits in beside theirs.
            left, low = max(remaining, 0), min(low, self._margin(signed_in, pace))
            self._postpone(
                signed_in,
                until=(pace.burst - left) * pace.spacing,
                more=max(low - left, 0) ** 2 * pace.spacing,
            )

    def pause(self, *, signed_in: bool, seconds: float) -> None:
        """Give out no slot for that long; one statement."""
        pace = self._pace(signed_in)
        self._postpone(
            signed_in, until=min(max(seconds, 0.0), _LONGEST) + (pace.burst - 1) * pace.spacing, more=0.0
        )

    def queue(self, *, signed_in: bool) -> float:
        """The seconds until a request made now would be sent; takes nothing. One statement."""
        with self.db.read() as connection:
            last = self._last_slot(connection, signed_in, ahead=1)
        return max(last - self._now(), 0.0)

    def _next_slot(self, connection: Connection, signed_in: bool) -> float:
        """Take the next slot; returns its time, which is past if the slot is free."""
        # The clock is read once the writer's place is ours: waiting for it must not make us late.
        now = self._now()
        own = self._pace(signed_in)
        spacing = _larger(rate_budget.c.spacing, own.spacing)
        insert = (
            insert_into(connection, rate_budget)
            .values(self._new_row(signed_in, now + own.spacing))
            .on_conflict_do_update(
                index_elements=["source", "signed_in"],
                set_={
                    "arrival": _not_before(now, self.window, own) + spacing,
                    "busy_since": case(
                        (rate_budget.c.arrival < now, literal(now)), else_=rate_budget.c.busy_since
                    ),
                },
            )
            .returning(rate_budget.c.arrival, rate_budget.c.spacing, rate_budget.c.burst)
        )
        arrival, pace = self._seen(connection.execute(insert).mappings().one(), own)
        return arrival - pace.burst * pace.spacing

    def _last_slot(self, connection: Connection, signed_in: bool, ahead: int = 0) -> float:
        """The time of the last given slot, or of the one so many after it; 0 if there was none."""
        query = select(rate_budget.c.arrival, rate_budget.c.spacing, rate_budget.c.burst)
        row = connection.execute(query.where(self._row(signed_in))).mappings().first()
        if row is None:
            return 0.0
        arrival, pace = self._seen(row, self._pace(signed_in))
        return arrival - (pace.burst - ahead) * pace.spacing

    def _observe_limit(self, signed_in: bool, limit: int) -> None:
        own = self._limit(signed_in)
        seen = Pace.of(limit, self.window) if limit < own else Pace(0.0, self._pace(signed_in).burst)
        query = select(rate_budget.c.spacing).where(self._row(signed_in))
        with self.db.read() as connection:
            known = connection.scalar(query) or 0.0
        if known != seen.spacing:
            change = update(rate_budget).where(self._row(signed_in))
            with self.db.write() as connection:
                connection.execute(change.values(spacing=seen.spacing, burst=seen.burst))

    def _margin(self, signed_in: bool, pace: Pace) -> int:
        """What our own use leaves of the window at least: nothing while it holds the burst after a rest."""
        query = select(rate_budget.c.busy_since).where(self._row(signed_in))
        with self.db.read() as connection:
            since = connection.scalar(query)
        own, busy = self._limit(signed_in), self._now() - (since or 0.0)
        if busy > self.window + _ANSWERED * pace.spacing:
            return own
        return max(own - pace.burst - math.ceil(busy / pace.spacing), 0)

    def _postpone(self, signed_in: bool, *, until: float, more: float) -> None:
        with self.db.write() as connection:
            now = self._now()
            insert = insert_into(connection, rate_budget).values(self._new_row(signed_in, now + until + more))
            later = _larger(_not_before(now, self.window, self._pace(signed_in)), now + until) + more
            # A caller slowed down for others uses less than the margin assumes, so the margin proves nothing.
            changes = {"arrival": later} | ({"busy_since": None} if more else {})
            connection.execute(
                insert.on_conflict_do_update(index_elements=["source", "signed_in"], set_=changes)
            )

    def _new_row(self, signed_in: bool, arrival: float) -> dict[str, object]:
        burst = self._pace(signed_in).burst
        return {
            "source": self.source,
            "signed_in": signed_in,
            "arrival": arrival,
            "spacing": 0.0,
            "burst": burst,
            "busy_since": self._now(),
        }

    def _seen(self, row: RowMapping, own: Pace) -> tuple[float, Pace]:
        slower = Pace(row["spacing"], min(row["burst"], own.burst))
        return row["arrival"], slower if slower.spacing > own.spacing else own

    def _row(self, signed_in: bool) -> ColumnElement[bool]:
        return (rate_budget.c.source == self.source) & (rate_budget.c.signed_in == signed_in)

    def _limit(self, signed_in: bool) -> int:
        return self.limit if signed_in else self.anonymous_limit

    def _pace(self, signed_in: bool) -> Pace:
        return Pace.of(self._limit(signed_in), self.window)

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _larger(left: ColumnElement[float], right: float) -> ColumnElement[float]:
    return case((left > right, left), else_=literal(right))


def _not_before(now: float, window: float, own: Pace) -> ColumnElement[float]:
    arrival = rate_budget.c.arrival
    queue = _larger(rate_budget.c.spacing, own.spacing) * _MOST_WAITING
    believed = now + _larger(queue, _LONGEST)
    return case((arrival < now, literal(now)), (arrival > believed, literal(now + window)), else_=arrival)
