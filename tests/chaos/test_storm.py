"""The short form of the storm; `make chaos` has the long one."""

from __future__ import annotations

import pytest
from tests.chaos.storm import Outcome, blow
from tests.chaos.storm_faults import Weather
from tests.chaos.storm_field import Plan
from tests.durations import only_when_long
from tests.store.servers import NoPostgresError

from discogs_sandbox.server import SandboxOptions

BRIEF = Weather(kill=5.0, stall=12.0, restart=8.0, cut=3.0, drop=2.0, stalled=4.0)
SMALL = SandboxOptions(seed=3, releases=100, users=6, sellers=3)
SHORT = {"world": SMALL, "runs": 8, "wishes": 4, "collectors": 1, "at_once": 4, "lease": 3.0}


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("database", "workers"),
    [
        pytest.param("sqlite", 1, marks=only_when_long),
        pytest.param("postgres", 2, marks=pytest.mark.postgres),
    ],
)
def test_no_run_is_lost_stuck_doubled_or_otherwise_than_in_peace(database: str, workers: int) -> None:
    plan = Plan(database=database, workers=workers, weather=BRIEF, **SHORT)  # type: ignore[arg-type]
    try:
        outcome: Outcome = blow(plan)
    except NoPostgresError as error:
        pytest.skip(str(error))
    assert not outcome.judge.wrong
    assert (outcome.asked, outcome.stuck, outcome.left) == (plan.runs, 0, {})
    assert outcome.storm.counts["workers killed"] > 0, "a storm in which nothing happens proves nothing"
