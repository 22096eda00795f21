"""Covers: only with a token, at signed addresses that cannot be changed and that expire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, small_world, visit

from discogs_sandbox.world.world import World


def pictures(client: TestClient, world: World) -> list[str]:
    """The paths of the covers on the first page of the demo user's wants."""
    wants = client.get(f"/users/{world.demo_user}/wants", params={"per_page": 20}).json()["wants"]
    links = [want["basic_information"]["cover_image"] for want in wants]
    return [urlsplit(link).path for link in links if link and not link.endswith("spacer.gif")]


def test_a_cover_is_always_the_same_picture(owner: TestClient, world: World) -> None:
    link = pictures(owner, world)[0]
    shown = [owner.get(link) for _ in range(2)]
    assert [answer.status_code for answer in shown] == [200, 200]
    assert shown[0].content == shown[1].content
    assert shown[0].headers["content-type"].startswith("image/svg+xml")


def test_the_picture_that_stands_for_none_needs_no_signature(anyone: TestClient) -> None:
    assert anyone.get("/images/spacer.gif").status_code == 200


def test_an_address_cannot_be_changed(owner: TestClient, world: World) -> None:
    first, second = pictures(owner, world)[:2]
    signature, ends, picture = first.split("/")[2:]
    changed = [
        f"/images/{signature}/{ends}/{second.split('/')[4]}",
        f"/images/{signature}/{ends}/{picture.replace('-600', '-150')}",
        f"/images/{signature}/{int(ends) + 3600}/{picture}",
        f"/images/{picture}",
        f"/images/ф/{ends}/{picture}",
    ]
    assert [owner.get(address).status_code for address in changed] == [403] * 5


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (359, 200), (420, 403)])
def test_an_address_lasts_six_hours_and_not_seven(minutes: int, status: int) -> None:
    world = small_world(12)
    client = visit(open_app(world), world.demo_user)
    link = pictures(client, world)[0]
    world.now += timedelta(minutes=minutes)
    assert client.get(link).status_code == status


def test_an_expired_address_is_replaced_by_the_next_answer() -> None:
    world = small_world(12)
    client = visit(open_app(world), world.demo_user)
    old = pictures(client, world)
    world.now += timedelta(hours=7)
    new = pictures(client, world)
    assert set(old).isdisjoint(new)
    assert client.get(new[0]).status_code == 200


@pytest.mark.parametrize("path", ["/users/{demo}/collection/folders/0/releases", "/users/{seller}/inventory"])
def test_without_a_token_lists_have_no_pictures(
    anyone: TestClient, owner: TestClient, world: World, path: str
) -> None:
    address = path.format(demo=world.demo_user, seller=world.sellers[0].name)
    assert set(links(anyone.get(address).json())) == {""}
    assert {link.split("/images/")[0] for link in links(owner.get(address).json()) if link} == {
        "http://testserver"
    }


def links(value: Any) -> list[str]:
    """All links to covers in an answer, empty ones included."""
    if isinstance(value, list):
        return [link for part in value for link in links(part)]
    if not isinstance(value, dict):
        return []
    own = [value[key] for key in ("thumb", "cover_image", "thumbnail") if key in value]
    return own + [link for part in value.values() for link in links(part)]
