"""The made-up world in place of Discogs, some hours later."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.demo_world import AheadClock, WorldOptions, made_up_world
from discogs_assistant.config import PolicyReading, Settings
from discogs_assistant.errors import BadInputError


def shown(url: str, path: str) -> Any:
    request = urllib.request.Request(url + path, headers={"User-Agent": "Test/1.0"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_a_clock_that_is_ahead_runs_that_many_hours_before_the_machines() -> None:
    lead = AheadClock(7).now() - datetime.now(UTC)
    assert abs(lead - timedelta(hours=7)) < timedelta(seconds=5)


def test_the_world_of_the_program_and_that_of_its_server_are_equally_old(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
    with made_up_world(settings, lambda sentence: None, WorldOptions(hours=2)) as made_up:
        assert made_up.world is not None
        sold = [copy for copy in made_up.world.listings.values() if copy.status == "Sold"]
        statuses = [
            shown(made_up.settings.discogs_api_url, f"/marketplace/listings/{copy.id}")["status"]
            for copy in sold[:10]
        ]
    assert statuses == ["Sold"] * 10
    assert made_up.world.hours == 2


def test_the_made_up_world_is_read_with_the_token_of_one_of_its_collectors(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, discogs_token=SecretStr("a real one"), _env_file=None)  # type: ignore[call-arg]
    with made_up_world(settings, lambda sentence: None, WorldOptions()) as made_up:
        token = made_up.settings.discogs_token.get_secret_value()
        assert made_up.settings.shipping_policies is PolicyReading.ON
        assert made_up.world is not None
        number = made_up.world.sellers[0].id
        path = f"/v3/marketplace/shipping/policies?seller_id={number}&token={token}"
        assert shown(made_up.settings.discogs_api_url, path)["seller_uid"] == number


@pytest.mark.parametrize("options", [WorldOptions(hours=7), WorldOptions(large=True)])
def test_options_of_the_made_up_world_need_it(options: WorldOptions) -> None:
    with pytest.raises(BadInputError, match="made-up world only"):
        bootstrap.serve(
            web=True,
            worker=True,
            sandbox=False,
            host=None,
            port=None,
            announce=print,
            world_options=options,
        )


def test_the_large_world_keeps_the_rate_of_discogs_and_data_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
    small, large = (
        WorldOptions(large=large).settings(settings, "http://127.0.0.1:8400", "a token")
        for large in (False, True)
    )
    assert large.rate_limit == settings.rate_limit
    assert small.rate_limit > settings.rate_limit
    assert small.data_dir != large.data_dir
