"""Each page answers its question, empty and full."""

from __future__ import annotations

import pytest
from tests.web.fakes import NASTY, Instance

PAGES = ("/", "/profile", "/recommendations", "/market", "/shop", "/settings", "/about", "/profile/delete")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_on_an_empty_instance(instance: Instance, address: str) -> None:
    answer = instance.browser().get(address)
    assert answer.status_code == 200
    assert "not affiliated with, sponsored or endorsed by Discogs" in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_where_everything_is_known(full_instance: Instance, address: str) -> None:
    answer = full_instance.browser().get(address)
    assert answer.status_code == 200
    assert NASTY not in answer.text
