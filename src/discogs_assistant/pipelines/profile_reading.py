"""Reading one list of a profile into staging: nothing, only what is new, or all of it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from discogs_assistant.errors import PrivateError
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.profile_lists import ProfileList
from discogs_assistant.sources.discogs import PER_PAGE
from discogs_assistant.sources.paging import DESCENDING, Outcome, PageRequest, Reading
from discogs_assistant.store import run_progress
from discogs_assistant.store.profiles import ProfileState
from discogs_assistant.store.put_away import Coverage

T = TypeVar("T")

PAGES_A_STEP = 5
"""A step that was cut off reads this many pages again at most."""

_MANY_NEW = 1000
"""More new items than this are read as a whole list: it costs little more, and finds removals too."""


def read_list(
    ctx: Context, flow: Flow, the_list: ProfileList[T], state: ProfileState | None, *, full: bool
) -> Coverage | None:
    """Read what is needed of a list and say what that covers; None where Discogs calls it private."""
    try:
        if state is not None and not full:
            seen: Coverage = flow.step(
                f"look what is new in the {the_list.name}", lambda: _look(ctx, flow, the_list, state)
            )
            if seen != "full":
                return seen
        _read_all(ctx, flow, the_list)
    except PrivateError:
        return None
    return "full"


def _look(ctx: Context, flow: Flow, the_list: ProfileList[T], state: ProfileState) -> Coverage:
    """Compare the newest pages and the count with what is held; lay aside what was only added."""
    run_progress.advance(ctx.db, flow.run_id, ctx.clock.now(), stage=the_list.stage)
    held, newest = the_list.held(state)
    limit = ctx.settings.max_profile_items
    new: dict[Hashable, T] = {}
    for number in range(1, _MANY_NEW // PER_PAGE + 2):
        page = the_list.page(PageRequest(number, DESCENDING))
        fresh = [item for item in page.items if _is_new(the_list.added(item), newest)]
        new.update((the_list.identity(item), item) for item in fresh)
        missing = min(page.total, limit) - held
        if len(fresh) < len(page.items) or number >= page.pages or missing < len(new):
            break
    if missing != len(new):
        return "full"
    if page.total > limit:
        limited = Reading(limit, total=page.total, distinct=limit, outcome=Outcome.LIMITED.value)
        _say(ctx, flow, limited.problem(the_list.words))
    the_list.lay_aside(list(new.values()))
    return "increment" if new else "keep"


def _read_all(ctx: Context, flow: Flow, the_list: ProfileList[T]) -> None:
    """Read the whole list, a few pages a step, and say what is missing of it."""
    state = Reading(ctx.settings.max_profile_items).to_json()
    part = 0
    while Reading.from_json(state).next is not None:
        part += 1
        state = flow.step(
            f"read the {the_list.name}, part {part}", partial(_read_part, ctx, flow, the_list, state)
        )
    _say(ctx, flow, Reading.from_json(state).problem(the_list.words))


def _read_part(ctx: Context, flow: Flow, the_list: ProfileList[T], state: dict[str, Any]) -> dict[str, Any]:
    reading = Reading.from_json(state)
    for _ in range(PAGES_A_STEP):
        if (request := reading.next) is None:
            break
        page = the_list.page(request)
        the_list.lay_aside(reading.room(page))
        reading = reading.after(page, the_list.laid_aside())
        run_progress.advance(
            ctx.db,
            flow.run_id,
            ctx.clock.now(),
            stage=the_list.stage,
            done=reading.distinct,
            total=min(reading.total, reading.limit),
        )
        for problem in page.problems:
            _say(ctx, flow, problem)
    return reading.to_json()


def _is_new(added: datetime | None, newest: datetime | None) -> bool:
    return added is not None and (newest is None or added > newest)


def _say(ctx: Context, flow: Flow, problem: str | None) -> None:
    if problem:
        run_progress.add_partial(ctx.db, flow.run_id, problem)
