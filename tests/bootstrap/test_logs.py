"""Log lines: their form, the run they belong to, and no secret in any of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.pipelines.workers import at_work, make_runner, open_run, opened, until_ended

from discogs_assistant.bootstrap.logs import configure_logs, log_format
from discogs_assistant.bootstrap.redaction import HIDDEN, without_secrets
from discogs_assistant.config import Settings
from discogs_assistant.errors import BadInputError
from discogs_assistant.pipelines.runtime.flow import Flow

SECRET = "kQfYAbCdEfGhIjKlMnOpQrStUvWx"
CARRIERS = (
    f"Authorization: Discogs token={SECRET}",
    f"{{'authorization': 'Bearer {SECRET}', 'accept': '*/*'}}",
    f'OAuth oauth_consumer_key="app", oauth_token="{SECRET}", oauth_signature="x&{SECRET}"',
    f"Cookie: session={SECRET}; theme=dark",
    f"Set-Cookie: session={SECRET}; HttpOnly",
    f"GET https://api.discogs.com/oauth/access_token?oauth_verifier={SECRET}&oauth_token={SECRET}",
    f"postgresql+psycopg://crate:{SECRET}@db.example/crate",
    f'{{"access_token": "{SECRET}", "token_secret": "{SECRET}"}}',
    f"password={SECRET}",
    f"headers=[(b'cookie', b'session={SECRET}')]",
    f"Bearer {SECRET}",
    f"GET /feed/dsf_{SECRET}/recommendations.atom",
    f"the token dsa_{SECRET}",
)


def settings(**more: Any) -> Settings:
    return Settings(_env_file=None, **more)  # type: ignore[call-arg]


@pytest.fixture
def root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    ("options", "form"),
    [
        ({}, "lines"),
        ({"mode": "hosted"}, "json"),
        ({"log_format": "json"}, "json"),
        ({"mode": "hosted", "log_format": "Lines"}, "lines"),
    ],
)
def test_the_mode_chooses_the_form_unless_the_setting_does(options: dict[str, str], form: str) -> None:
    assert log_format(settings(**options)) == form


def test_a_form_that_there_is_not_is_bad_input() -> None:
    with pytest.raises(BadInputError, match="LOG_FORMAT to lines or json"):
        log_format(settings(log_format="xml"))


@pytest.mark.usefixtures("root_as_it_was")
def test_ours_and_a_librarys_lines_are_one_object_each(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    structlog.get_logger().info("run done", kind="sync", title="Träume\nsecond")
    logging.getLogger("some.library").warning("%s of %d", "one", 3)
    try:
        raise ValueError("no such thing")
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    ours, theirs, failed = lines(capsys)
    assert (ours["event"], ours["level"], ours["kind"]) == ("run done", "info", "sync")
    assert ours["title"] == "Träume\nsecond"
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["level"]) == ("one of 3", "warning")
    assert "ValueError: no such thing" in failed["exception"]


@pytest.mark.usefixtures("root_as_it_was")
def test_each_line_of_a_steps_work_names_its_run_and_step_and_no_other_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("INFO", "json")

    def work() -> None:
        structlog.get_logger().info("ours")
        logging.getLogger("some.library").info("theirs")

    def chunk(run_id: object, number: object) -> None:
        structlog.get_logger().info("of a chunk")

    def body(flow: Flow) -> None:
        flow.step("look", work)
        structlog.get_logger().info("between")
        flow.fan_out("read", [1], deadline=20)

    with opened(tmp_path / "a.db") as db:
        runs = [open_run(db) for _ in range(2)]
        # One place, so that the second run is carried out by the thread of the first.
        with at_work(make_runner(db, body, handlers={"read": chunk}, workers=1)) as runner:
            for run in runs:
                runner.enqueue(run.id)
                until_ended(db, run.id)
    structlog.get_logger().info("afterwards")
    logged = lines(capsys)
    for run in runs:
        of_it = {line["event"]: line.get("step") for line in logged if line.get("run") == run.id}
        assert of_it.keys() == {"ours", "theirs", "between", "of a chunk", "run done"}
        assert (of_it["ours"], of_it["theirs"], of_it["between"]) == ("look", "look", None)
        assert of_it["of a chunk"] == "read-1 0"
    assert [line.get("run") for line in logged if line["event"] == "afterwards"] == [None]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_secret_is_put_out_of_sight_wherever_it_stands(carrier: str) -> None:
    hidden = without_secrets(f"before {carrier} after")
    assert SECRET not in hidden
    assert HIDDEN in hidden
    assert hidden.startswith("before ")


@pytest.mark.usefixtures("root_as_it_was")
@pytest.mark.parametrize("form", ["lines", "json"])
def test_no_secret_reaches_a_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", form)
    log = structlog.get_logger()
    for carrier in CARRIERS:
        log.info("asked", what=carrier, headers={"Authorization": SECRET}, pairs=[("a", carrier)])
        logging.getLogger("some.library").warning("sent %s", carrier)
        logging.getLogger("some.library").warning(carrier)
        try:
            raise RuntimeError(carrier)
        except RuntimeError:
            log.exception("failed", token=SECRET, cookie=SECRET.encode(), discogs_token=SECRET)
    logged = capsys.readouterr().err
    assert SECRET not in logged
    assert logged.count(HIDDEN) > 50


def test_words_about_tokens_stay_readable() -> None:
    for words in ("a token is missing", "2 tokens were sealed", "Cookie policy", "run=abc kind=sync"):
        assert without_secrets(words) == words
