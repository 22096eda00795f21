"""Thousands of requests that schemathesis makes from the API's own document, each answer held against it.

`python -m tests.web.api.api_fuzz --cases 5000` prints how many were sent to how many routes, what came back,
and each failure with what was sent; the exit status is 1 where there is any. The application is the real one,
on a filled database and dumps; Discogs itself is a fake, and no worker runs.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.catalogue_fakes import import_small_dumps
from tests.web.fakes import HOME, USER, Instance, fill_instance, make_instance

from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.database import migrate, open_database
from discogs_assistant.store.runs import leases, progress

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_OURS = {"Host": "localhost"}
Operation = Any


@dataclass
class Report:
    """What was sent and what came back; `failures` by route and kind, each with one request that shows it."""

    routes: int = 0
    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    by_route: Counter[str] = field(default_factory=Counter)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        """As the command prints it."""
        yield f"{self.cases} cases on {self.routes} routes in {self.seconds:.0f} s"
        yield "answers: " + ", ".join(f"{status} × {n}" for status, n in sorted(self.statuses.items()))
        for route, count in sorted(self.by_route.items()):
            yield f"  {count:6d}  {route}"
        for (route, kind), details in sorted(self.failures.items()):
            yield f"FAILED {route}: {kind}\n{details}"
        yield f"{len(self.failures)} failures"


@contextmanager
def filled(catalogue_of_dumps: Path | None = None) -> Iterator[Instance]:
    """An instance with a collector's records, lists, copies and carts, and dumps."""
    with tempfile.TemporaryDirectory(prefix="fuzz") as name:
        folder = Path(name)
        if catalogue_of_dumps is None:
            import_small_dumps(folder)
        else:
            (folder / "catalogue").symlink_to(catalogue_of_dumps)
        db = open_database(f"sqlite:///{folder / 'assistant.db'}")
        migrate(db)
        try:
            yield fill_instance(make_instance(folder, db))
        finally:
            db.close()


def fuzz(instance: Instance, cases: int, number: int = 1, app: Any = None) -> Report:
    """Send that many cases, shared evenly among the routes and between sound and unsound input."""
    app = app or instance.program().app
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=_OURS)
    schema.config.update(base_url=HOME)
    operations: list[Operation] = [cast(Any, found).ok() for found in schema.get_all_operations()]
    report, began = Report(routes=len(operations)), perf_counter()
    known = _known(instance)
    each = -(-cases // (len(operations) * len(MODES)))
    for operation in operations:
        for mode in MODES:
            _fuzz_one(report, operation, mode, known, each, number)
    while report.cases < cases and any(operation.path_parameters for operation in operations):
        # A route without any input has no unsound one, and few sound ones: the others make up for it.
        number += 1
        for operation in operations:
            if report.cases < cases and operation.path_parameters:
                _fuzz_one(report, operation, MODES[0], known, min(each, cases - report.cases), number)
    report.seconds = perf_counter() - began
    return report


def _fuzz_one(
    report: Report,
    operation: Operation,
    mode: GenerationMode,
    known: Mapping[str, list[str]],
    each: int,
    n: int,
) -> None:
    @seed(n)
    @settings(
        max_examples=each,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def send(case: Any, data: st.DataObject) -> None:
        for name in list(case.path_parameters or {}):
            values: list[str] = _of(known, operation, name)
            if values and data.draw(st.sampled_from([True, True, True, False])):
                case.path_parameters[name] = data.draw(st.sampled_from(values))
        _send(report, operation, case)

    try:
        send()
    except Unsatisfiable:
        return


def _of(known: Mapping[str, list[str]], operation: Operation, name: str) -> list[str]:
    # Who watches a run that nobody works on waits for ever.
    return known.get("ended" if name == "run" and operation.path.endswith("/events") else name, [])


def _send(report: Report, operation: Operation, case: Any) -> None:
    route = f"{operation.method.upper()} {operation.path}"
    report.cases += 1
    report.by_route[route] += 1
    try:
        answer = case.call(headers=_OURS)
        report.statuses[answer.status_code] += 1
        case.validate_response(answer, checks=list(CHECKS))
    except FailureGroup as group:
        for failure in group.exceptions:
            _note(report, route, failure, case)
    except Failure as failure:
        _note(report, route, failure, case)
    except Exception as error:  # noqa: BLE001 - what the application let out is what is looked for
        _note(report, route, error, case)


def _note(report: Report, route: str, failure: BaseException, case: Any) -> None:
    details = f"  {str(failure).strip()[:1500]}\n  {case.as_curl_command()[:600]}"
    report.failures.setdefault((route, type(failure).__name__), details)


def _known(instance: Instance) -> dict[str, list[str]]:
    """Values of what stands in addresses that lead somewhere."""
    now = instance.clock.now()
    ended = [instance.newest_run(kind) for kind in (RunKind.SYNC, RunKind.RECOMMEND, RunKind.SHOP)]
    failed, cancelled = instance.open_run(RunKind.SYNC), instance.open_run(RunKind.RECOMMEND)
    progress.start(instance.db, failed.id, now)
    progress.fail(instance.db, failed.id, now, "It is private.", "private", "Ask.")
    runs.cancel(instance.ctx, instance.owner, cancelled.id)
    leases.renew(instance.db, "a worker", now)
    running, queued = instance.open_run(RunKind.SHOP), instance.open_run(RunKind.SYNC)
    progress.start(instance.db, running.id, now)
    over = [*map(str, ended), str(failed.id), str(cancelled.id)]
    return {
        "ended": over,
        "run": [*over, str(running.id), str(queued.id)],
        "user": [USER, USER.upper(), "nobody"],
        "id": ["1", "3", "11", "21", "101", "103", "999999"],
    }


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.api.api_fuzz")
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with filled() as instance:
        report = fuzz(instance, asked.cases, asked.seed)
    print("\n".join(report.lines()))
    return 1 if report.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
