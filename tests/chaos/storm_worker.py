"""A worker process as the product has it, on a machine whose clock may be wrong."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.config import Settings
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.runtime.worker_locks import WorkerMarks

TimeOfDay = Literal["right", "ahead", "behind", "still"]
WRONG_BY = timedelta(minutes=7)
RATE = 60


@dataclass(frozen=True)
class Workplace:
    """What a worker is started with; `machine` names the folder of marks, which other machines do not see."""

    folder: Path
    url: str
    database: str
    lease: float
    machine: str = "one"
    time_of_day: TimeOfDay = "right"

    def settings(self) -> Settings:
        """60 requests in any window of one second, and the product's own settings else."""
        return Settings(
            data_dir=self.folder,
            database_url=self.database,
            discogs_api_url=self.url,
            discogs_site_url=self.url,
            rate_limit=RATE,
            anonymous_rate_limit=RATE,
            rate_window=1.0,
            lease_seconds=self.lease,
            log_level="WARNING",
            _env_file=None,  # type: ignore[call-arg]
        )


def main(place: Workplace) -> None:
    """Work until asked to stop."""
    _write_to(place.folder / f"worker-{place.machine.partition('-')[0]}.log")
    configure_logs("WARNING")
    _turn(place.time_of_day)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    app = bootstrap.open_app(place.settings())
    app.runner.marks = WorkerMarks(place.folder / f"workers-{place.machine}")
    app.runner.launch()
    stop.wait()
    app.close()


def _write_to(log: Path) -> None:
    line = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(line, stream)


def _turn(time_of_day: TimeOfDay) -> None:
    """Let this process's time of day be wrong, for the product's clock and the workflow library's."""
    if time_of_day == "right":
        return
    real, began = time.time, time.time()
    shift = {"ahead": WRONG_BY, "behind": -WRONG_BY, "still": timedelta(0)}[time_of_day].total_seconds()

    def shown() -> float:
        return began if time_of_day == "still" else real() + shift

    time.time = shown
    SystemClock.now = lambda self: datetime.fromtimestamp(shown(), UTC)  # type: ignore[method-assign]
