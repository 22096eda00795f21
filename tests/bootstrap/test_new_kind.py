"""A new kind of run is one file and one entry: form, command, API and runner are made from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.bootstrap.counting_kind import COUNTING
from typer.testing import CliRunner

from discogs_assistant import bootstrap
from discogs_assistant.cli.commands import make_app
from discogs_assistant.config import Settings
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.options.model import OptionsModel
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry, RunDefinition
from discogs_assistant.web.app import create_app

KINDS = Registry((*RUN_KINDS, COUNTING))
FORM = "/new/counting"
API = "/api/users/anybody/counting"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[bootstrap.App]:
    opened = bootstrap.open_app(Settings(data_dir=tmp_path, _env_file=None), kinds=KINDS)  # type: ignore[call-arg]
    yield opened
    opened.close()


@pytest.fixture
def pages(app: bootstrap.App) -> TestClient:
    address = f"http://127.0.0.1:{app.ctx.settings.port}"
    return TestClient(
        create_app(app.ctx, app.runner),
        base_url=address,
        headers={"Origin": address},
        follow_redirects=False,
    )


def test_its_form_asks_for_each_option_by_its_label(pages: TestClient) -> None:
    page = pages.get(FORM).text
    assert "Which numbers are there?" in page
    assert '<label for="up_to">Count up to</label>' in page
    assert "The last number." in page
    assert '<input type="checkbox" name="even"' in page
    assert "Even numbers only" in page


def test_its_form_says_what_is_wrong_beside_the_field(pages: TestClient) -> None:
    answer = pages.post(FORM, data={"up_to": "101"})
    assert answer.status_code == 422
    assert 'id="up_to-error">“Count up to” must be from 1 to 100, and is 101.<' in answer.text
    assert "Say how far to count." in pages.post(FORM, data={"up_to": ""}).text


def test_its_form_starts_a_run_that_shows_its_stage(app: bootstrap.App, pages: TestClient) -> None:
    place = pages.post(FORM, data={"up_to": "3", "even": "on"}).headers["location"]
    assert place.startswith("/runs/")
    page = pages.get(place).text
    assert "Counting" in page


def test_a_worker_carries_it_out_and_the_api_gives_its_document(
    app: bootstrap.App, pages: TestClient
) -> None:
    answer = pages.post(API, json={"up_to": 4, "even": True})
    assert answer.status_code == 202
    run = answer.json()["run"]
    assert pages.post(API, json={"up_to": "4", "even": "yes"}).json()["run"] == run
    app.runner.launch()
    ended = runs.wait(app.ctx, app.owner, run, lambda run: None)
    assert ended.state is RunState.DONE, ended.error
    shown = pages.get(f"/api/runs/{run}").json()
    assert (shown["kind"], shown["stage"], shown["stage_name"]) == ("counting", 1, "Counting")
    assert pages.get(f"/api/runs/{run}/result").json()["numbers"] == [2, 4]


def test_the_api_describes_and_checks_its_options(pages: TestClient) -> None:
    described = pages.get("/api/openapi.json").json()["paths"]["/api/users/{user}/counting"]["post"]
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["up_to"]
    assert schema["properties"]["up_to"] == {
        "title": "Count up to",
        "description": "The last number.",
        "examples": ["10"],
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
    }
    wrong = pages.post(API, json={"up_too": 3})
    assert wrong.status_code == 422
    assert wrong.json()["fields"]["up_too"].endswith("Did you mean up_to?")


def test_its_command_has_its_options_and_prints_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOGS_ASSISTANT_DATA_DIR", str(tmp_path))
    command, runner = make_app(KINDS), CliRunner()
    described = runner.invoke(command, ["count", "--help"], env={"COLUMNS": "200"})
    assert "--up-to" in described.output
    assert "Count up to, such as 10. The last number." in described.output
    done = runner.invoke(command, ["count", "--up-to", "3", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["numbers"] == [1, 2, 3]


@pytest.mark.parametrize("kind", KINDS.entries, ids=lambda kind: str(kind.kind))
def test_what_each_entry_names_is_there(kind: RunDefinition) -> None:
    assert issubclass(kind.options_model, OptionsModel)
    assert callable(kind.body)
    assert "partial" in kind.document_type.__dataclass_fields__
    assert kind.stages


def test_each_option_has_a_label_and_a_sentence() -> None:
    models = [kind.options_model for kind in KINDS.entries]
    definitions = [definition for model in models for definition in model.definitions().values()]
    assert len(definitions) > 20
    assert [definition.name for definition in definitions if not definition.label[:1].isupper()] == []
    assert [definition.name for definition in definitions if not definition.help.endswith(".")] == []
