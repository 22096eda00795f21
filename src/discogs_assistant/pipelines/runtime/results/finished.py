"""The results of finished runs: stored by their pipelines, and read back as the same typed objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

import structlog

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry
from discogs_assistant.pipelines.runtime.results.documents import OtherVersionError, dumps, loads
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import results

Result: TypeAlias = object
"""The document of a run: of the type that the registry names for its kind."""
R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finished(Generic[R_co]):
    """A run's result; `characters` is how long its stored text is."""

    run_id: RunId
    result: R_co
    made_at: datetime
    characters: int

    def of(self, kind: type[T]) -> Finished[T] | None:
        """The same where its result is of this type."""
        if not isinstance(self.result, kind):
            return None
        return Finished(self.run_id, self.result, self.made_at, self.characters)


def keep(db: Database, run: Run, result: Result, now: datetime) -> int:
    """Keep the run's result and give its id; a second one of the same run is dropped."""
    return results.save_result(db, run.owner, run.id, run.kind.value, dumps(result), now)


def finished(
    db: Database, owner: OwnerId, run_id: RunId, kinds: Registry = RUN_KINDS
) -> Finished[Result] | None:
    """The result of the owner's run; None where there is none, or one of another version."""
    stored = results.result(db, owner, run_id)
    if stored is None:
        return None
    try:
        result = read_result(stored.kind, stored.document, kinds)
    except OtherVersionError:
        structlog.get_logger().info("result of another version", run=run_id)
        return None
    return Finished(run_id, result, stored.made_at, stored.characters)


def finished_as(db: Database, owner: OwnerId, run_id: RunId, kind: type[T]) -> T | None:
    """The result of the owner's run, where it is of this type."""
    found = finished(db, owner, run_id)
    return found.result if found and isinstance(found.result, kind) else None


def read_result(kind: str, document: Mapping[str, Any], kinds: Registry = RUN_KINDS) -> Result:
    """The result that a run of this kind stored; `OtherVersionError` where another version did."""
    return loads(kinds[RunKind(kind)].document_type, document)
