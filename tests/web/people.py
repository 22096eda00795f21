"""A hosted instance with people on it: the owner of much, another person, an operator, and nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from starlette.testclient import TestClient
from tests.store.fakes import NOW
from tests.store.files import close_whole, empty_file, open_copy
from tests.web.fakes import HOME, USER, Instance, fill_instance, make_instance, synced

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database

ANONYMOUS, OWNER, ANOTHER, OPERATOR = PEOPLE = ("anonymous", "owner", "another", "operator")
NAMES = {OWNER: USER, ANOTHER: UserName("other"), OPERATOR: UserName("boss")}
NUMBERS = {role: number for number, role in enumerate(NAMES, 1)}
HOSTED: dict[str, Any] = {
    "mode": "hosted",
    "public_url": HOME,
    "secret_key": SecretStr("a key for tests that is as long as hosted mode asks"),
    "operators": (f"{NAMES[OPERATOR]}:{NUMBERS[OPERATOR]}",),
    "starts_per_minute": 1000,
}


@dataclass(frozen=True)
class HostedInstance:
    """The instance, its people by role, and ids of what is the owner's."""

    instance: Instance
    owners: dict[str, OwnerId]
    ids: dict[str, str]

    def browser(self, role: str) -> TestClient:
        """A browser in which that person is signed in."""
        browser = self.instance.browser()
        if role != ANONYMOUS:
            browser.cookies.set("session", self.session(role))
        return browser

    def session(self, role: str) -> str:
        """What a browser shows in which that person has just signed in."""
        return sessions.open_session(self.instance.ctx, self.owners[role])

    def program(self, role: str) -> TestClient:
        """A program with a token of that person, or with a made-up one."""
        program, ctx = self.instance.program(), self.instance.ctx
        token = "dsa_nobodys"
        if role != ANONYMOUS:
            token = sessions.add_api_token(ctx, self.owners[role], "a program")
        program.headers["Authorization"] = f"Bearer {token}"
        return program


def fill_hosted_instance(folder: Path, db: Database) -> None:
    """Fill an empty database with the people: the owner with all that a page can show."""
    instance = make_instance(folder, db, **HOSTED)
    owners = {role: accounts.sign_in(db, NUMBERS[role], name, NOW)[0] for role, name in NAMES.items()}
    fill_instance(replace(instance, owner=owners[OWNER]))
    neighbour = replace(instance, owner=owners[ANOTHER])
    run = neighbour.open_run(RunKind.SYNC, user="other")
    neighbour.finish(run, synced("other", added=1))
    of_owner = replace(instance, owner=owners[OWNER])
    of_owner.open_run(RunKind.SYNC)


def write_hosted_instance(folder: Path) -> Path:
    """The file of a database with all people in it, to be copied."""
    path = folder / "assistant.db"
    db = open_copy(empty_file(), path)
    fill_hosted_instance(folder, db)
    close_whole(db)
    return path


def open_hosted_instance(folder: Path, hosted_instance_file: Path) -> HostedInstance:
    """A hosted instance of its own, copied from one that `fill_hosted_instance` made."""
    folder.mkdir(exist_ok=True)
    db = open_copy(hosted_instance_file, folder / "assistant.db")
    instance = make_instance(folder, db, **HOSTED)
    owners = {role: accounts.accounts_of(db, name)[0] for role, name in NAMES.items()}
    of_owner = replace(instance, owner=owners[OWNER])
    return HostedInstance(of_owner, owners, _ids(of_owner))


def _ids(instance: Instance) -> dict[str, str]:
    from discogs_assistant.store.runs import runs

    waiting: RunId = next(r.id for r in runs.runs(instance.db, instance.owner, 50) if not r.state.ended)
    return {
        "run": instance.newest_run(RunKind.SHOP),
        "list": instance.newest_run(RunKind.RECOMMEND),
        "waiting": waiting,
        "user": USER,
        "id": "21",
        "place": "1",
        "secret": "dsf_nobodys",
        "name": "style.css",
    }
