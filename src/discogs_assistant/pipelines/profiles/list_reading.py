"""Reading one list of a profile into staging: nothing, only what is new, or all of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from discogs_assistant.errors import PrivateError
from discogs_assistant.pipelines.profiles.lists import ProfileList, StoredList
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.sources.discogs.client import PER_PAGE
from discogs_assistant.sources.discogs.paging import DESCENDING, Outcome, PageRequest, Reading
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles.changes import ListReading
from discogs_assistant.store.profiles.profiles import Counted
from discogs_assistant.store.runs import progress

T = TypeVar("T")

PAGES_A_STEP = 5
"""A step that was cut off reads this many pages again at most."""

_MANY_NEW = 1000
"""More new items than this are read as a whole list: it costs little more, and finds removals too."""


def read_list(
    ctx: Context, flow: Flow, the_list: ProfileList[T], stored: StoredList | None
) -> ListReading | None:
    """Read what changed since a sync left `stored`, or the whole list; None if Discogs calls it private."""
    try:
        if stored is not None:
            seen = flow.step(
                f"look what is new in the {the_list.name}", lambda: _look(ctx, flow, the_list, stored)
            )
            if seen["coverage"] != "full":
                return ListReading(seen["coverage"], Counted(**seen["counted"]))
        return ListReading("full", _read_all(ctx, flow, the_list))
    except PrivateError:
        return None


def _look(ctx: Context, flow: Flow, the_list: ProfileList[T], stored: StoredList) -> dict[str, object]:
    """Compare the newest pages and the count with what is stored; stage what was only added."""
    progress.advance(ctx.db, flow.run_id, ctx.clock.now(), stage=the_list.stage)
    limit = ctx.settings.max_profile_items
    if not stored.reaches(limit):
        return {"coverage": "full"}
    new, total = _newest(ctx, the_list, stored, limit)
    count = stored.count + len(new)
    if stored.missing(total, limit) != len(new) or count > limit:
        return {"coverage": "full"}
    _say(ctx.db, flow, _as_read(limit, total, count).problem(the_list.words))
    the_list.stage_items(list(new.values()))
    return {"coverage": "increment" if new else "keep", "counted": asdict(Counted(total, limit))}


def _newest(
    ctx: Context, the_list: ProfileList[T], stored: StoredList, limit: int
) -> tuple[dict[Hashable, T], int]:
    """The items added since, if nothing else may have changed, and how many items Discogs counts.

    The covers of all items on the way are new links, which replace those that expire.
    """
    new: dict[Hashable, T] = {}
    for number in range(1, _MANY_NEW // PER_PAGE + 2):
        page = the_list.page(PageRequest(number, DESCENDING))
        releases.save_images(ctx.db, map(the_list.release, page.items), ctx.clock.now())
        fresh = [item for item in page.items if _is_new(the_list.added(item), stored.newest)]
        new.update((the_list.identity(item), item) for item in fresh)
        missing = stored.missing(page.total, limit)
        if len(fresh) < len(page.items) or number >= page.pages or missing < len(new):
            break
    return new, page.total


def _as_read(limit: int, total: int, count: int) -> Reading:
    """The end of a reading that gave `count` of `total` items: what was missing then is missing still."""
    outcome = Outcome.LIMITED if total > limit else Outcome.SHORT if count < total else Outcome.COMPLETE
    return Reading(limit, total=total, distinct=count, outcome=outcome.value)


def _read_all(ctx: Context, flow: Flow, the_list: ProfileList[T]) -> Counted | None:
    """Read the whole list, a few pages a step, and say what is missing of it; what Discogs counted.

    None if the list changed meanwhile in a way that the count would hide.
    """
    state = Reading(ctx.settings.max_profile_items).to_json()
    part = 0
    while Reading.from_json(state).next is not None:
        part += 1
        state = flow.step(
            f"read the {the_list.name}, part {part}", partial(_read_part, ctx, flow, the_list, state)
        )
    reading = Reading.from_json(state)
    _say(ctx.db, flow, reading.problem(the_list.words))
    return Counted(reading.total, reading.limit) if reading.settled else None


def _read_part(ctx: Context, flow: Flow, the_list: ProfileList[T], state: dict[str, Any]) -> dict[str, Any]:
    reading = Reading.from_json(state)
    for _ in range(PAGES_A_STEP):
        if (request := reading.next) is None:
            break
        page = the_list.page(request)
        the_list.stage_items(reading.room(page))
        reading = reading.after(page, the_list.staged_count())
        progress.advance(
            ctx.db,
            flow.run_id,
            ctx.clock.now(),
            stage=the_list.stage,
            done=reading.distinct,
            total=min(reading.total, reading.limit),
        )
        for problem in page.problems:
            _say(ctx.db, flow, problem)
    return reading.to_json()


def _is_new(added: datetime | None, newest: datetime | None) -> bool:
    return added is not None and (newest is None or added > newest)


def _say(db: Database, flow: Flow, problem: str | None) -> None:
    if problem:
        progress.add_partial(db, flow.run_id, problem)
