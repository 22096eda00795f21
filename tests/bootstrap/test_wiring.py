"""The wired product: settings, sessions of commands, the made-up world, two processes on one file."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.workers import open_run
from tests.sources.dumps.dump_texts import release, write
from tests.uploads import uploaded

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.demo_world import CONSENTING, MadeUpWorld
from discogs_assistant.bootstrap.session import Session, raise_if_failed
from discogs_assistant.config import Settings
from discogs_assistant.errors import (
    AssistantError,
    BadInputError,
    NotFoundError,
    PrivateError,
    UnreachableError,
)
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.accounts.model_folders import versions_of
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.pipelines.operations import account_export
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.results.counts import SyncResult
from discogs_assistant.store.accounts import accounts as stored_accounts
from discogs_assistant.store.accounts import discogs_tokens
from discogs_assistant.store.profiles import items, profiles
from discogs_assistant.store.runs import leases
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of

WANTLIST = ("wantlist.csv", b"release_id,Artist\n7,Somebody\n")


@pytest.fixture(scope="module")
def discogs() -> Iterator[SandboxServer]:
    """A made-up Discogs with enough collectors for `run --sandbox`."""
    world = World.generate(3, releases=300, users=90, sellers=6, listings=400)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


@pytest.fixture
def settings(discogs: SandboxServer, tmp_path: Path) -> Settings:
    """Settings of an empty installation that talks to it."""
    return Settings(
        data_dir=tmp_path / "data",
        discogs_api_url=discogs.url,
        discogs_site_url=discogs.url,
        rate_limit=100_000,
        anonymous_rate_limit=100_000,
        rate_window=1.0,
        lease_seconds=1.0,
        _env_file=None,
    )  # type: ignore[call-arg]


@pytest.fixture
def app(settings: Settings) -> Iterator[bootstrap.App]:
    opened = bootstrap.open_app(settings)
    yield opened
    opened.close()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment of settings in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCOGS_ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


def test_a_setting_that_cannot_be_read_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DISCOGS_ASSISTANT_PORT", "ninety")
    with pytest.raises(BadInputError, match="DISCOGS_ASSISTANT_PORT"):
        bootstrap.read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCOGS_API_URL", "ftp://api.discogs.com"),
        ("DISCOGS_API_URL", "api.discogs.com"),
        ("DISCOGS_API_URL", "https://api.discogs.com:port"),
        ("DISCOGS_SITE_URL", ""),
        ("CONTACT_URL", "https://example.org/\nX-Other: header"),
        ("CONTACT_URL", "https://example.org/ü"),
        ("RATE_WINDOW", "inf"),
        ("LEASE_SECONDS", "nan"),
        ("MAX_DATA_AGE", "P999999D"),
        ("MAX_DATA_AGE", "-PT6H"),
    ],
)
def test_a_setting_that_could_only_fail_later_is_refused_at_once(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(f"DISCOGS_ASSISTANT_{name}", value)
    with pytest.raises(BadInputError, match=f"DISCOGS_ASSISTANT_{name}"):
        bootstrap.read_settings()


def test_an_address_may_end_in_a_slash(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DISCOGS_ASSISTANT_DISCOGS_API_URL", "http://127.0.0.1:8400/")
    assert bootstrap.read_settings().discogs_api_url == "http://127.0.0.1:8400"


def test_a_new_installation_keeps_its_files_to_itself(app: bootstrap.App, settings: Settings) -> None:
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((settings.data_dir / "secret.key").stat().st_mode) == 0o600


def test_a_command_brings_its_own_worker_and_takes_it_away_again(
    app: bootstrap.App, discogs: SandboxServer
) -> None:
    seen: list[RunState] = []
    user = discogs.world.demo_user
    result = Session(app).result_of(RunKind.SYNC, user, {}, lambda run: seen.append(run.state))
    account = discogs.world.account(user)
    assert isinstance(result, SyncResult)
    assert (result.collection, result.wantlist) == (len(account.items), len(account.wants))
    assert seen[-1] is RunState.DONE
    assert app.runner.launched
    app.runner.stop()
    assert not runs.worker_lives(app.ctx)


def test_whose_records_are_asked_for_first_is_the_persons_own_until_they_choose(app: bootstrap.App) -> None:
    for user in ("digger", "b-side"):
        with uploaded(WANTLIST) as (file,):
            Session(app).import_profile(user, None, file)
    assert stored_accounts.preferences(app.ctx.db, app.owner).user == "digger"


def test_a_worker_s_upkeep_removes_models_of_accounts_that_are_gone(
    app: bootstrap.App, settings: Settings
) -> None:
    with uploaded(WANTLIST) as (file,):
        Session(app).import_profile("digger", None, file)
    mine = versions_of(app.ctx.settings, app.owner, UserName("digger"), shared=False).root
    nobody_s = settings.data_dir / "models" / "own-99"
    for folder in (mine, nobody_s / "a"):
        folder.mkdir(parents=True)
    app.runner.forget_old(app.ctx.clock.now())
    assert mine.exists()
    assert not nobody_s.exists()


def test_a_command_without_a_run_loads_neither_solvers_nor_models(environment: pytest.MonkeyPatch) -> None:
    code = (
        "import sys\n"
        "from discogs_assistant.bootstrap import local_session\n"
        "from discogs_assistant.pipelines.market.uploads import add_market_files\n"
        "with local_session():\n"
        "    print(sorted({'numba', 'scipy', 'highspy', 'implicit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_failed_run_raises_its_own_error(app: bootstrap.App) -> None:
    with pytest.raises(NotFoundError, match="nobody-here"):
        Session(app).result_of(RunKind.SYNC, "nobody-here", {}, lambda run: None)


def test_a_command_whose_run_an_abandoned_worker_holds_waits_for_its_lease_and_goes_on(
    app: bootstrap.App, discogs: SandboxServer
) -> None:
    leases.renew(app.ctx.db, "abandoned", app.ctx.clock.now())
    result = Session(app).result_of(RunKind.SYNC, discogs.world.demo_user, {}, lambda run: None)
    assert isinstance(result, SyncResult)
    assert result.added


@pytest.mark.parametrize("kind", [PrivateError, UnreachableError, NotFoundError, BadInputError])
def test_the_code_of_a_failed_run_tells_its_error(app: bootstrap.App, kind: type[AssistantError]) -> None:
    failed = replace(
        open_run(app.ctx.db), state=RunState.FAILED, error="So.", error_code=kind.code, error_next="Do this."
    )
    with pytest.raises(kind, match=r"So\. Do this\."):
        raise_if_failed(failed)


def test_two_processes_work_on_one_file(settings: Settings, discogs: SandboxServer) -> None:
    web, worker = bootstrap.open_app(settings), bootstrap.open_app(settings)
    try:
        worker.runner.launch()
        asked = runs.request(web.ctx, web.runner, web.owner, RunKind.SYNC, discogs.world.demo_user, {})
        assert runs.wait(web.ctx, web.owner, asked.run.id, lambda run: None).state is RunState.DONE
        assert web.owner == worker.owner
        assert web.runner.executor_id != worker.runner.executor_id
    finally:
        worker.close()
        web.close()


def test_a_made_up_world_brings_its_collectors_as_users_who_agreed_once(
    app: bootstrap.App, settings: Settings, discogs: SandboxServer
) -> None:
    world = MadeUpWorld(settings, discogs.world)
    world.populate(app)
    world.populate(app)
    consenting = stored_accounts.own_profiles(app.ctx.db, consenting=True)
    assert len(consenting) == CONSENTING
    for owner, user in consenting[:5]:
        account, state = discogs.world.account(user), profiles.profile(app.ctx.db, owner, user)
        assert state is not None
        assert (state.collection, state.wantlist) == (len(account.items), len(account.wants))
        assert items.collection(app.ctx.db, owner, user)[0].release.title
    assert world.demo_users
    assert not set(world.demo_users) & {user for _, user in consenting}


def test_a_token_is_kept_once_discogs_says_whose_it_is(app: bootstrap.App, discogs: SandboxServer) -> None:
    with pytest.raises(BadInputError):
        accounts.save_token(app.ctx, app.owner, "no-such-token")
    assert not accounts.has_token(app.ctx, app.owner)
    user = discogs.world.demo_user
    assert accounts.save_token(app.ctx, app.owner, f" {token_of(user)} ") == user
    assert accounts.has_token(app.ctx, app.owner)
    assert stored_accounts.preferences(app.ctx.db, app.owner).user == user
    exported = "".join(account_export.export_account(app.ctx, app.owner))
    assert token_of(user) not in exported
    assert json.loads(exported)["token"]
    accounts.forget_token(app.ctx.db, app.owner)
    assert discogs_tokens.token(app.ctx.db, app.ctx.vault, app.owner) is None


@pytest.mark.parametrize(
    ("host", "sentence"), [("0.0.0.0", "this machine only"), ("192.0.2.1", "this machine only")]
)
def test_local_mode_serves_this_machine_only(
    environment: pytest.MonkeyPatch, host: str, sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence):
        bootstrap.serve(web=True, worker=True, sandbox=False, host=host, port=8399, announce=print)


def test_a_port_in_use_is_a_sentence_before_anything_is_made(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInputError, match=f"Port {port} of 127.0.0.1 is in use"):
            bootstrap.serve(web=True, worker=True, sandbox=False, host=None, port=port, announce=print)
    assert not (tmp_path / "data").exists()


def test_doctor_names_what_is_well_and_what_is_not(
    environment: pytest.MonkeyPatch, discogs: SandboxServer
) -> None:
    environment.setenv("DISCOGS_ASSISTANT_DISCOGS_API_URL", discogs.url)
    checks = list(bootstrap.examine())
    assert len(checks) > 3
    assert [check.name for check in checks if not check.ok] == []
    environment.setenv("DISCOGS_ASSISTANT_DISCOGS_API_URL", "http://127.0.0.1:9")
    failing = [check for check in bootstrap.examine() if not check.ok]
    assert [check.name for check in failing] == ["discogs"]
    assert failing[0].next_step
    assert failing[0].exit_status == 4


def test_doctor_says_which_dumps_are_served_and_whether_they_are_whole(
    environment: pytest.MonkeyPatch, discogs: SandboxServer, tmp_path: Path
) -> None:
    environment.setenv("DISCOGS_ASSISTANT_DISCOGS_API_URL", discogs.url)
    environment.setenv("DISCOGS_ASSISTANT_RATE_WINDOW", "1")

    def catalogue() -> Any:
        return next(check for check in bootstrap.examine() if check.name == "catalogue")

    assert "No dump" in catalogue().finding
    root = tmp_path / "data" / "catalogue"
    import_dumps(root, [write(tmp_path, "releases", release(1))], SystemClock(), lambda sentence: None)
    assert catalogue().ok
    assert "The dump 2026-10 is imported: 1 releases" in catalogue().finding
    (search,) = root.glob("releases-*/search.db")
    search.write_bytes(b"\0" * search.stat().st_size)
    assert (catalogue().ok, catalogue().exit_status) == (False, 1)
    assert "catalogue import" in catalogue().next_step
    search.unlink()
    assert not catalogue().ok


def test_doctor_says_what_is_wrong_with_a_database_that_is_none(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "assistant.db").write_text("this is a letter to my aunt" * 100)
    checks = bootstrap.examine()
    assert checks[-1].name == "database"
    assert not checks[-1].ok
    assert "not a database" in checks[-1].finding
