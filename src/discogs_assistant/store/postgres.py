"""Connections to Postgres, and how one is noticed that was lost."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

_POOL_SECONDS = 10
_NOTICING = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds by which a server is noticed that went away without a word."""
_LETTING_GO = {"options": "-c idle_in_transaction_session_timeout=15s"}
"""Otherwise a process that is stopped in a transaction keeps its locks and blocks others until it resumes."""
_RESTED = 1.0
"""Seconds; SQLAlchemy's own `pool_pre_ping` asks at each use, which was every second question of a page."""
_USED_AT = "used_at"


def postgres_engine(address: URL, *, pool_size: int, max_overflow: int) -> Engine:
    """Connections that are checked before use and replaced if they were lost while idle."""
    given = {name: value for name, value in (_NOTICING | _LETTING_GO).items() if name not in address.query}
    engine = create_engine(
        address,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=_POOL_SECONDS,
        connect_args=given,
    )
    event.listen(engine, "connect", _note_use)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ask_rested, engine.dialect))
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED_AT] = time.monotonic()


def _ask_rested(dialect: Dialect, connection: Any, record: Any, _lent: Any) -> None:
    if time.monotonic() - record.info[_USED_AT] < _RESTED:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error
