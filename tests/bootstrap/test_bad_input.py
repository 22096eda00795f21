"""Each bad input gets a sentence and a status, and nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.bootstrap.bad_input import CASES, answer, empty_app

from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.store.market import listings
from discogs_assistant.store.profiles import profiles

STATUSES = {"database: from a newer version": 1, "database: another file": 1}
"""What ends otherwise than with 2, as a bad input does."""


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with empty_app() as opened:
        yield opened


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gets_a_sentence_and_a_status(app: App, name: str) -> None:
    error = answer(app, name)
    assert error is not None
    assert error.exit_status == STATUSES.get(name, 2)
    assert 400 <= error.http_status < 600
    assert error.sentence.isprintable()
    assert len(str(error)) < 600


def test_nothing_is_kept_of_bad_input(app: App) -> None:
    assert listings.summary(app.ctx.db, app.owner, app.ctx.clock.now().replace(year=2000)).listings == 0
    assert profiles.profiles(app.ctx.db, app.owner) == []
