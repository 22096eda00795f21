"""The commands as a person starts them: statuses, one JSON object, sentences for what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.running import Files, run

from discogs_assistant.config import PREFIX
from discogs_sandbox.server import SandboxOptions, SandboxServer, sandbox_app

WINDOW = {"RATE_LIMIT": "600", "ANONYMOUS_RATE_LIMIT": "600", "RATE_WINDOW": "1"}
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    options = SandboxOptions(releases=300, users=20, sellers=8, rate=600, anonymous_rate=600, window=1)
    with SandboxServer(sandbox_app(options)) as server:
        yield server


@pytest.fixture
def command(server: SandboxServer, tmp_path: Path) -> Command:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    settings = {"DATA_DIR": str(tmp_path / "data"), "DISCOGS_API_URL": server.url, **WINDOW}

    def begin(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "discogs_assistant", *words],
            env=clean | {PREFIX + name: value for name, value in (settings | more).items()},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return begin


def test_a_sync_prints_one_object_with_the_worlds_counts(command: Command, server: SandboxServer) -> None:
    account = server.world.account(server.world.demo_user)
    done = command("sync", account.name, "--json")
    assert done.returncode == 0, done.stderr
    owned, wanted = len(account.items), len(account.wants)
    assert json.loads(done.stdout) == {
        "user": account.name,
        "collection": owned,
        "wantlist": wanted,
        "added": owned + wanted,
        "removed": 0,
        "partial": [],
    }


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("sync", "a/b"), 2, "not a Discogs user name"),
        (("sync", "paper", "--collection", "missing.csv"), 2, "missing.csv"),
        (("shop", "somebody", "--budget", "0", "--currency", "USD"), 2, "udget"),
        (("shop", "somebody", "--budget", "10", "--currency", "DM"), 2, "DM"),
        (("market", "add", "missing.html"), 2, "missing.html"),
        (("recommend", "somebody", "--top", "0"), 2, "from 1"),
        (("recommend", "somebody", "--top", "-3"), 2, "--top: "),
        (("recommend", "somebody", "--per-artist", "-1"), 2, "--per-artist: "),
        (("shop", "somebody", "--budget", "0", "--currency", "USD"), 2, "--budget: "),
        (("market", "refresh", "a b/c"), 2, "a b/c"),
        (("recommend", "somebody", "--surprise", "2"), 2, "--surprise: “Surprise” must be from 0 to 1"),
        (("recommend", "somebody", "--per-artist", "-1"), 2, "from 0"),
        (("recommend", "somebody", "--max-price", "0"), 2, "above 0"),
        (("recommend", "somebody", "--decades", "1985"), 2, "not a decade"),
        (("shop", "somebody", "--budget", "10", "--currency", "USD", "--min-items", "0"), 2, "from 1"),
        (
            ("shop", "x", "--budget", "9", "--currency", "USD", "--must", "5", "--exclude-release", "5"),
            2,
            "cannot be left out",
        ),
        (("recommend",), 2, "{user}"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_wrong_is_one_sentence_and_a_status(
    files: Files, words: tuple[str, ...], status: int, says: str
) -> None:
    done = run(*words)
    assert done.status == status
    assert says in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_collector_that_is_not_known_is_status_3(command: Command) -> None:
    done = command("sync", "nobody_at_all")
    assert (done.returncode, done.stdout) == (3, "")
    assert "nobody_at_all" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreachable_discogs_is_status_4(command: Command) -> None:
    done = command("sync", "somebody", DISCOGS_API_URL="http://127.0.0.1:9")
    assert done.returncode == 4
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_csv_row_without_a_release_is_reported_with_file_line_and_column(
    command: Command, tmp_path: Path
) -> None:
    rows = "Artist,Title,release_id\nA,Good,101\nB,Bad,\n"
    (tmp_path / "mine.csv").write_text(rows, encoding="utf-8-sig")
    done = command("sync", "paper", "--collection", "mine.csv", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["collection"] == 1
    assert "mine.csv, line 3, column release_id" in document["partial"][0]


def test_settings_hide_secrets_and_tell_where_values_came_from(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}DISCOGS_TOKEN", "very-secret")
    done = run("settings", "--json")
    rows = done.document["settings"]
    assert rows[PREFIX + "DISCOGS_TOKEN"]["value"] == "(set)"
    assert rows[PREFIX + "DATA_DIR"]["origin"] == "environment"
    assert rows[PREFIX + "PORT"]["origin"] == "default"
    assert "very-secret" not in done.out + done.err


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:very-secret@db/x",
        "postgresql://me:very-s&cret/@db/x",
        "postgresql://db/x?password=very-secret&a=b",
    ],
)
def test_settings_hide_the_password_of_the_database(
    files: Files, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", address)
    done = run("settings", "--json")
    assert "very-s" not in done.out + done.err
    assert "db/x" in done.document["settings"][PREFIX + "DATABASE_URL"]["value"]


def test_names_of_settings_are_whole_in_a_narrow_terminal(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "ANONYMOUS_RATE_LIMIT" in run("settings").out


def test_a_wrong_setting_is_a_sentence(command: Command) -> None:
    done = command("settings", PORT="ninety")
    assert done.returncode == 2
    assert PREFIX + "PORT" in done.stderr


def test_the_doctor_finds_a_healthy_house(command: Command) -> None:
    done = command("doctor", "--json")
    checks = json.loads(done.stdout)["checks"]
    assert done.returncode == 0, checks
    assert {"settings", "database", "disk", "catalogue", "discogs", "token", "rate budget"} <= {
        check["name"] for check in checks
    }


def test_the_doctor_says_by_its_status_that_it_is_discogs_that_fails(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}DISCOGS_API_URL", "http://127.0.0.1:9")
    done = run("doctor", "--json")
    assert done.status == 4
    assert [check["name"] for check in json.loads(done.out)["checks"] if not check["ok"]] == ["discogs"]


def test_the_market_is_empty_at_first_and_says_so_in_numbers(files: Files) -> None:
    document = run("market", "status", "--json").document
    assert (document["listings"], document["sellers"], document["releases"]) == (0, 0, 0)


@pytest.mark.real
def test_the_saved_pages_are_read_whole(command: Command, real: Path) -> None:
    pages = sorted(str(path) for path in (real / "pages").glob("*.html"))
    done = command("market", "add", *pages, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["listings"], document["sellers"]) == (27, 25)


@pytest.mark.parametrize("words", [("nonsense",), ("nonsense", "--rank", "cheapest"), ("A" * 22,)])
def test_a_cart_of_an_unknown_run_cannot_be_checked(files: Files, words: tuple[str, ...]) -> None:
    done = run("check", *words)
    assert done.status == 3
    assert "no such run" in done.err
