"""Everything of a person goes with their account: sessions, tokens, runs, and the workflow library's rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dbos import DBOSClient
from sqlalchemy import func, select
from starlette.testclient import TestClient
from structlog.testing import capture_logs
from tests.web.accounts.test_api_tokens import make
from tests.web.hosted import HostedApp, open_hosted_app

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.runtime.workflow_library import CHUNK_QUEUE, CHUNK_WORKFLOW, SCHEMA, Library
from discogs_assistant.store.accounts import accounts as stored_accounts
from discogs_assistant.store.accounts.personal_data import personal_tables
from discogs_assistant.store.runs import runs


@pytest.fixture(scope="module")
def hosted_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedApp]:
    """One instance for all tests of this file."""
    with open_hosted_app(tmp_path_factory.mktemp("hosted")) as opened:
        yield opened


@pytest.fixture
def library(hosted_app: HostedApp) -> Iterator[DBOSClient]:
    """The workflow library, looked at from outside."""
    opened = Library(hosted_app.app.ctx.db)
    client = DBOSClient(system_database_engine=opened.engine(), dbos_system_schema=SCHEMA)
    yield client
    client.destroy()
    opened.close()


def person_with_data(hosted_app: HostedApp, library: DBOSClient, name: str) -> tuple[TestClient, OwnerId]:
    """A person who is signed in, with a program and a run that waits with a chunk of its own."""
    browser = hosted_app.sign_in(name)
    make(browser, "shelf")
    run = browser.post("/profile/sync", data={"user": name}).headers["location"].rpartition("/")[2]
    chunk = {
        "workflow_name": CHUNK_WORKFLOW,
        "queue_name": CHUNK_QUEUE,
        "workflow_id": f"{run}-inventory-0",
        "queue_partition_key": name,
    }
    library.enqueue(chunk, run, "inventory", "inventory", 0)  # type: ignore[arg-type]
    return browser, owner_of(hosted_app, name)


def workflows(library: DBOSClient, run_ids: list[str]) -> int:
    """How many workflows the library holds of these runs, their chunks included."""
    return len(library.list_workflows(workflow_id_prefix=run_ids))


def rows(hosted_app: HostedApp, owner: OwnerId) -> dict[str, int]:
    """Rows of a person by table, where there are any."""
    with hosted_app.app.ctx.db.read() as connection:
        counted = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.owner == owner)
            ).scalar_one()
            for table in personal_tables()
        }
    return {name: count for name, count in counted.items() if count}


def owner_of(hosted_app: HostedApp, name: str) -> OwnerId:
    return stored_accounts.accounts_of(hosted_app.app.ctx.db, name)[0]  # type: ignore[arg-type]


def test_deleting_an_account_on_the_page_leaves_nothing(hosted_app: HostedApp, library: DBOSClient) -> None:
    (browser, owner), (other, another) = (
        person_with_data(hosted_app, library, name) for name in hosted_app.names[:2]
    )
    second = hosted_app.sign_in(hosted_app.names[0])
    db = hosted_app.app.ctx.db
    mine, theirs = list(runs.ids_of(db, owner)), list(runs.ids_of(db, another))
    before = rows(hosted_app, another)
    assert (workflows(library, mine), workflows(library, theirs)) == (2, 2)  # type: ignore[arg-type]
    with capture_logs() as logged:
        done = browser.post("/profile/delete")
    assert done.headers["location"] == "/sign-in?said=deleted"
    assert {"event": "account deleted", "owner": owner, "log_level": "info"} in logged
    assert rows(hosted_app, owner) == {}
    assert (workflows(library, mine), workflows(library, theirs)) == (0, 2)  # type: ignore[arg-type]
    assert [client.get("/settings").status_code for client in (browser, second, other)] == [303, 303, 200]
    assert rows(hosted_app, another) == before


def test_who_comes_back_after_deleting_starts_again_and_is_asked_again(
    hosted_app: HostedApp, library: DBOSClient
) -> None:
    browser, owner = person_with_data(hosted_app, library, hosted_app.names[2])
    accounts.set_consent(hosted_app.app.ctx, owner, True)
    browser.post("/profile/delete")
    back = browser.get(hosted_app.answer(hosted_app.authorize(browser), hosted_app.names[2]))
    assert back.headers["location"].startswith("/sign-in/consent")
    again = owner_of(hosted_app, hosted_app.names[2])
    assert again != owner
    assert not stored_accounts.consent(hosted_app.app.ctx.db, again)


def test_an_export_has_all_of_a_person_and_no_secret(hosted_app: HostedApp, library: DBOSClient) -> None:
    browser, owner = person_with_data(hosted_app, library, hosted_app.names[3])
    exported = browser.get("/profile/export").json()
    assert {name for name, kept in exported.items() if kept} >= set(rows(hosted_app, owner))
    withheld = "kept sealed or as a hash, never handed out"
    assert exported["token"][0]["sealed"] == withheld
    assert {row["id"] for name in ("session", "api_token") for row in exported[name]} == {withheld}
    assert exported["token"][0]["user_name"] == hosted_app.names[3]
