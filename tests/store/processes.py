"""Work that the store's tests do in several real processes at once."""

from __future__ import annotations

import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select, update

from discogs_assistant.model.ports import SystemClock
from discogs_assistant.store import schema_version
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import migrate, open_database
from discogs_assistant.store.runs.rate_budget import SqlRateBudget
from discogs_assistant.store.schema import account


def version_after_migrating(address: str) -> str | None:
    """Open and migrate a database; the version it then has."""
    db = open_database(address)
    migrate(db)
    with db.read() as connection:
        return schema_version.version_of(connection)


def count_up(address: str) -> None:
    """Fifty times: read a number in a transaction and write the next one."""
    db = open_database(address)
    for _ in range(50):
        with db.write() as connection:
            kept = connection.scalar(select(account.c.country)) or "0"
            connection.execute(update(account).values(country=str(int(kept) + 1)))


def open_and_seal(folder: Path) -> bytes:
    """Open the vault of a folder and seal a secret."""
    return Vault.open(folder, "").seal("secret")


def send_for(address: str, together: Barrier, seconds: float, times: Queue[list[float]]) -> None:
    """Send as fast as 60 per 3 seconds allows, and tell when."""
    clock = SystemClock()
    budget = SqlRateBudget(open_database(address), "here", 60, 25, 3.0, clock)
    together.wait(60)
    sent: list[float] = []
    while not sent or sent[-1] < sent[0] + seconds:
        clock.sleep(budget.reserve(signed_in=True))
        sent.append(time.time())
    times.put(sent)
