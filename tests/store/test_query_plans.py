"""What people and workers ask of a large Postgres is found by an index, and read whole by nobody.

The statements are those that pages, the JSON API, pipelines and a worker's heartbeat really sent; the plans
are Postgres' own, over a few hundred people's rows with up-to-date statistics.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, event, text
from tests.pipelines.installation import open_installation
from tests.store.servers import NoPostgresError, fresh_database, postgres
from tests.web.fakes import USER, Instance, fill_instance, make_instance

from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.runtime.upkeep import Upkeep
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.runs import leases, runs
from discogs_assistant.store.schema import metadata
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

ROOT = Path(__file__).parents[2] / "src" / "discogs_assistant"
PEOPLE, MARKET = 300, 150
"""How many times a person's rows are there, and those of the market."""
GROWING = {
    *("collection_item", "want", "event", "run", "result", "run_log", "run_work", "run_interest", "folder"),
    *("listing", "seller", "inventory", "price_floor", "release", "release_words", "release_image"),
    "uploaded_release",
    *("favourite", "shipping_policy", "profile", "staged_item", "staged_want", "sync_change", "token"),
    *("seller_shipping", "own_order"),
    *("account", "session", "api_token", "allowance"),
}
OF_FEW = {"ix_run_under_way", "uq_run_under_way"}
"""Indices that hold a few rows only, whatever the table has: those of runs that have not ended."""
READ_WHOLE = {
    "WHERE account.consent ORDER BY": "a model is learned from everybody who consents",
    "FROM seller_shipping": "shipping is estimated from every seller whose policy is known",
    "strpos(release_words.words": "words are looked for in known titles where no catalogue was imported",
}
Asked = dict[str, Any]


@pytest.fixture(scope="module")
def db() -> Iterator[Database]:
    try:
        with postgres() as server, fresh_database(server) as address:
            opened = open_database(address)
            migrate(opened)
            yield opened
            opened.close()
    except NoPostgresError as error:
        pytest.skip(str(error))


@contextmanager
def noting() -> Iterator[Asked]:
    """Every statement that is sent meanwhile, with the parameters of its first time."""
    asked: Asked = {}

    def note(
        connection: Connection, _k: object, statement: str, parameters: Any, _x: object, many: bool
    ) -> None:
        ours = connection.dialect.name == "postgresql" and "dbos" not in statement
        if ours and re.match(r"\s*(SELECT|UPDATE|DELETE|WITH|INSERT)\b", statement):
            asked.setdefault(statement, parameters[0] if many and parameters else parameters)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.postgres
@pytest.mark.timeout(240)
def test_no_statement_reads_a_growing_table_whole(db: Database, tmp_path: Path) -> None:
    asked: Asked = {}
    with noting() as seen:
        instance = fill_instance(make_instance(tmp_path, db))
        look_at_everything(instance)
        asked |= seen
    with noting() as seen:
        carry_out_a_search(db, tmp_path / "house")
        asked |= seen
    fill(db)
    with noting() as seen:
        heartbeat(db, instance)
        asked |= seen
    assert len(asked) > 100
    with db.engine.connect() as connection:
        whole = {}
        for statement, parameters in asked.items():
            found = read_whole(connection, statement, parameters)
            if found and not is_read_whole_on_purpose(statement):
                whole[statement] = found
    assert whole == {}, "\n\n".join(f"{sorted(found)}: {statement}" for statement, found in whole.items())


def look_at_everything(instance: Instance) -> None:
    """Open every page and every address of the API that only reads, and ask for one of each kind of run."""
    lists, carts = instance.newest_run("recommendations"), instance.newest_run("carts")
    browser = instance.browser()
    paths = (
        "/",
        "/profile",
        "/profile/export",
        "/recommendations",
        "/recommendations.csv",
        "/taste",
        "/market",
    )
    named = (
        "/shop",
        "/shop/count",
        "/shipping",
        "/sellers",
        "/settings",
        "/about",
        "/search?words=title",
        "/ready",
    )
    by_id = (
        "/release/11",
        "/release/11/why",
        "/artist/1",
        "/label/1",
        "/master/1",
        "/recommendations/like/3",
    )
    of_carts = (f"/carts/{carts}", f"/carts/{carts}/plan", f"/carts/{carts}.csv", f"/carts/{carts}/cart/1")
    of_runs = (f"/runs/{lists}", f"/runs/{lists}/progress", f"/runs/{lists}/log", f"/runs/{lists}/stream")
    api = (
        f"/api/runs/{lists}",
        f"/api/runs/{lists}/result",
        f"/api/runs/{carts}/what-if",
        "/api/search?words=a",
    )
    more = (
        f"/api/users/{USER}/taste",
        f"/api/users/{USER}/like/3",
        "/api/releases/3",
        "/search/suggestions?words=t",
    )
    for path in (*paths, *named, *by_id, *of_carts, *of_runs, *api, *more):
        assert browser.get(path).status_code not in {500, 502}, path
    program = instance.program()
    for path in ("sync", "recommendations", "carts"):
        program.post(
            f"/api/users/{USER}/{path}", json={"budget": "50", "currency": "EUR"} if path == "carts" else {}
        )


def carry_out_a_search(db: Database, folder: Path) -> None:
    """The longest pipeline, from the sync to the carts, on this database."""
    world = World.generate(3, releases=300, users=12, sellers=6, listings=400)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        built = open_installation(server, folder, db=db, discography_requests=5)
        house = replace(built, owner=accounts.add_account(db, "searcher", built.clock.now()))
        run = house.open(RunKind.SHOP, house.demo(), budget="100", currency="USD")
        house.carry_out(shop, run)


def heartbeat(db: Database, instance: Instance) -> None:
    """What a worker does every few seconds beside its work."""
    now = instance.clock.now() + timedelta(minutes=1)
    instance.clock.moment = now
    leases.renew(db, "w", now)
    library = Library(db)
    library.prepare()
    day = timedelta(days=1)
    upkeep = Upkeep(db, instance.clock, library, "w", "2", day, day, day, lambda _: None, set)
    upkeep.mend(now)
    runs.oldest_queued(db)
    library.close()


def fill(db: Database) -> None:
    """Give many people what the two have, and the market many times what it holds; tell Postgres so."""
    with db.write() as connection:
        connection.execute(
            text(
                "INSERT INTO account (owner, name, created_at, consent, currency) "
                "SELECT 1000 + n, 'p' || n, now(), false, 'EUR' FROM generate_series(1, :n) n"
            ),
            {"n": PEOPLE},
        )
        for table in metadata.sorted_tables:
            if table.name != "account" and table.name in GROWING:
                _multiply(connection, table)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _multiply(connection: Connection, table: Table) -> None:
    personal = "owner" in table.c and table.name not in {"listing", "seller"}
    columns = [column for column in table.c if not (column.name == "id" and personal and table.name != "run")]
    chosen = ", ".join(_changed(table, column.name, personal) for column in columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    which = "t.owner < 1000" if personal else "true"
    connection.execute(
        text(
            f'INSERT INTO "{table.name}" ({names}) SELECT {chosen} FROM "{table.name}" t, '
            f"generate_series(1, {PEOPLE if personal else MARKET}) n WHERE {which} ON CONFLICT DO NOTHING"
        )
    )


def _changed(table: Table, column: str, personal: bool) -> str:
    """What stands in a column of the n-th copy of a row."""
    if personal:
        ended = "CASE WHEN t.state IN ('queued', 'running') AND n > 3 THEN 'done' ELSE t.state END"
        return {
            "owner": "1000 + n",
            "run_id": "t.run_id || '-' || n",
            "id": "t.id || '-' || n" if table.name == "run" else 't."id"',
            "state": ended if table.name == "run" else 't."state"',
            "key": "t.key || n" if table.name == "run" else 't."key"',
        }.get(column, f't."{column}"')
    if column in {"id", "release_id", "master_id"}:
        return f't."{column}" + 100000 * n'
    if column in {"seller", "name"} and table.name in {"seller", "inventory", "listing"}:
        return f't."{column}" || n'
    return f't."{column}"'


def read_whole(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """The growing tables that Postgres would read row by row, or through an index without a condition."""
    try:
        # Over a few thousand rows reading all may be cheaper: what counts is whether there is another way.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        plan: Any = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    finally:
        connection.rollback()
    document = json.loads(plan) if isinstance(plan, str) else plan
    return {
        node["Relation Name"]
        for node in nodes(document[0]["Plan"])
        if node.get("Relation Name") in GROWING and is_whole(node)
    }


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's nodes, but for those below a limit of one row: a greatest value is the end of an index."""
    yield plan
    if plan["Node Type"] == "Limit" and plan["Plan Rows"] == 1 and plan.get("Subplan Name"):
        return
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def is_whole(node: dict[str, Any]) -> bool:
    if node["Node Type"] == "Seq Scan":
        return True
    through_all = node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
    return through_all and node["Index Name"] not in OF_FEW


def is_read_whole_on_purpose(statement: str) -> bool:
    return any(words in statement for words in READ_WHOLE)


def test_what_is_read_whole_on_purpose_is_still_asked() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "store").rglob("*.py"))
    assert "account.c.consent" in sources
    assert "strpos" in sources
