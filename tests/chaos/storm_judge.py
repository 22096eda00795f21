"""What a run left behind, compared with what the same run leaves where nothing goes wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, inspect, select, text
from tests.chaos.killing import timeless
from tests.chaos.storm_requests import Person

from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import runs
from discogs_assistant.store.schema import (
    collection_item,
    profile,
    result,
    run_log,
    run_work,
    staged_item,
    staged_want,
    sync_change,
    want,
)

Place = tuple[str, int]
"""A collector, and the number of a wish."""


@dataclass(frozen=True)
class Answer:
    """A run's result without what is its own, and how often it had each effect."""

    state: str
    document: Any
    partial: tuple[str, ...]
    effects: tuple[tuple[str, int], ...]


@dataclass
class Judge:
    """Compares; `wrong` are sentences about what is not as it should be."""

    right: Mapping[Place, Answer]
    wrong: list[str] = field(default_factory=list)
    failed: int = 0
    doubled: int = 0
    different: int = 0

    def see(self, app: App, person: Person, number: int) -> None:
        """Judge a run that has ended."""
        found, right = answer(app, person, number), self.right[person.user, number]
        wish, run = person.wishes[number], person.runs[number]
        title = f"{person.name}, {wish.kind.value} {number + 1}, run {run}"
        if found.state != RunState.DONE.value:
            self.failed += 1
            self.wrong.append(f"{title}: ended {found.state}: {found.document}")
        elif found.effects != right.effects:
            self.doubled += 1
            self.wrong.append(f"{title}: had effects {found.effects}, not {right.effects}")
        elif (found.document, found.partial) != (right.document, right.partial):
            self.different += 1
            self.wrong.append(f"{title}: {difference(right, found)}")


def answer(app: App, person: Person, number: int) -> Answer:
    """What the person's run of that number left."""
    id = person.runs[number]
    run = runs.run_for_worker(app.ctx.db, id)
    assert run is not None
    with app.ctx.db.read() as connection:
        document: Any = connection.scalar(select(result.c.document).where(result.c.run_id == id))
        counted = {
            table.name: connection.scalar(select(func.count()).select_from(table).where(table.c.run_id == id))
            for table in (result, sync_change)
        }
        lines = connection.scalars(select(run_log.c.line).where(run_log.c.run_id == id)).all()
        for table in (collection_item, want):
            of_person = (table.c.owner == person.owner) & (table.c.user_name == person.user)
            counted[table.name] = connection.scalar(select(func.count()).select_from(table).where(of_person))
        versions = profile.c.owner == person.owner
        counted["version of the profile"] = connection.scalar(
            select(func.sum(profile.c.version)).where(versions)
        )
    stages = Counter(line for line in lines if line in run.stage_names)
    effects = {name: int(count or 0) for name, count in counted.items()} | stages
    shown = document if run.state is RunState.DONE else f"{run.error} {run.error_code}"
    return Answer(run.state.value, timeless(shown), run.partial, tuple(sorted(effects.items())))


def left_over(db: Database) -> dict[str, int]:
    """What nobody needs any more, and yet is there once all runs have ended."""
    with db.read() as connection:
        rows = {
            table.name: int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in (run_work, staged_item, staged_want)
        }
        schema = "" if db.dialect == "sqlite" else "dbos."
        query = text(
            f"SELECT count(*) FROM {schema}workflow_status WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED')"
        )
        there = inspect(connection).has_table("workflow_status", schema=schema.rstrip(".") or None)
        rows["unfinished workflows"] = int(connection.scalar(query) or 0) if there else 0
    return {name: count for name, count in rows.items() if count}


def difference(right: Answer, found: Answer) -> str:
    """The first place where two answers differ."""
    if right.partial != found.partial:
        return f"said {found.partial}, not {right.partial}"
    return _apart("", right.document, found.document) or "differs"


def _apart(path: str, right: Any, found: Any) -> str:
    if isinstance(right, dict) and isinstance(found, dict) and right.keys() == found.keys():
        pairs = [(f"{path}.{name}", right[name], found[name]) for name in right]
    elif isinstance(right, list) and isinstance(found, list) and len(right) == len(found):
        pairs = [
            (f"{path}[{at}]", expected, other)
            for at, (expected, other) in enumerate(zip(right, found, strict=True))
        ]
    else:
        return "" if right == found else f"{path} is {str(found)[:200]}, not {str(right)[:200]}"
    return next((said for pair in pairs if (said := _apart(*pair))), "")


def ended(db: Database, ids: list[RunId]) -> set[RunId]:
    """Those that have ended."""
    from discogs_assistant.store.schema import run

    with db.read() as connection:
        query = select(run.c.id).where(run.c.id.in_(ids), run.c.state.not_in(("queued", "running")))
        return {RunId(id) for id in connection.scalars(query)}
