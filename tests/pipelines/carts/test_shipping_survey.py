"""Shipping policies are asked of the sellers that can be in the answer, and of no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.config import PolicyReading
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts import shipping_survey
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.market.seller_policies import stale
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.store.market import seller_shipping
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of


@pytest.fixture(scope="module")
def shops() -> Iterator[SandboxServer]:
    """A made-up Discogs with thirty shops."""
    world = World.generate(11, releases=500, users=4, sellers=30, listings=3_000)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


def open_shopper(shops: SandboxServer, folder: Path, template: Path | None = None) -> Installation:
    """An installation that asks with a collector's token, and may read policies."""
    built = open_installation(
        shops, folder, template, discography_requests=0, shipping_policies=PolicyReading.ON
    )
    plain, token = built.parts["discogs_by_token"], token_of(built.world.demo_user)

    def signed_in(owner: OwnerId, run: RunId | None, own: str | None = None) -> DiscogsClient:
        return plain(own or token)

    return built.with_parts(discogs=signed_in)


@pytest.fixture(scope="module")
def market_folder(shops: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that has read all shops, and no policy."""
    folder = tmp_path_factory.mktemp("market")
    built = open_shopper(shops, folder)
    favourites.add_many(built.ctx.db, built.owner, [seller.name for seller in built.world.sellers])
    for _ in range(2):  # the first brings records to learn from
        ask(built.with_settings(shipping_policies=PolicyReading.OFF))
    built.ctx.db.close()
    return folder


@pytest.fixture
def shopper(shops: SandboxServer, market_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """A minute later, with all shops as favourites."""
    built = open_shopper(shops, tmp_path / "shopper", market_folder)
    yield built
    built.ctx.db.close()


def ask(shopper: Installation, **options: Any) -> tuple[Run, dict[str, Any]]:
    wanted = {"budget": "80", "currency": "EUR", "destination": "DE", **options}
    run = shopper.open(RunKind.SHOP, shopper.demo(), **wanted)
    return run, shopper.carry_out(shop, run)


def asked_sellers(shopper: Installation) -> set[str]:
    """Of whom Discogs has answered what shipping costs."""
    names = [seller.name for seller in shopper.world.sellers]
    return {name for name in names if seller_shipping.report(shopper.ctx.db, name) is not None}


def test_carts_are_landed_once_policies_may_be_read(shopper: Installation) -> None:
    _, document = ask(shopper)
    sources = [cart["shipping"]["source"] for cart in document["carts"]]
    assert len(sources) > 5
    assert "policy" in sources
    assert "unknown" not in [cart["shipping"]["status"] for cart in document["carts"]]


def test_no_seller_is_asked_twice_within_the_age_limit(shopper: Installation) -> None:
    ask(shopper)
    before = {name: seller_shipping.report(shopper.ctx.db, name) for name in asked_sellers(shopper)}
    assert len(before) > 5
    shopper.clock.sleep(3600)
    ask(shopper, run_again=True)
    assert {name: seller_shipping.report(shopper.ctx.db, name) for name in before} == before


def test_without_consent_nothing_is_asked(shopper: Installation) -> None:
    ask(shopper.with_settings(shipping_policies=PolicyReading.OFF))
    assert asked_sellers(shopper) == set()


def test_no_more_is_asked_than_the_setting_allows(shopper: Installation) -> None:
    ask(shopper.with_settings(shipping_requests=3))
    assert len(asked_sellers(shopper)) == 3


def test_sellers_whose_carts_are_worth_less_than_the_last_shown_are_not_asked(
    shopper: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipping_survey, "_ROUND", 5)
    _, document = ask(shopper, top=3)
    in_reach = asked_sellers(shopper)
    shown = [cart["seller"] for cart in document["carts"]]
    assert len(shown) == 3
    assert set(shown) <= in_reach
    assert len(in_reach) < len(shopper.world.sellers)


def test_what_was_asked_decides_as_if_all_had_been_asked(
    shopper: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best carts of sellers whose policy is known are those of a search that knows every policy."""
    monkeypatch.setattr(shipping_survey, "_ROUND", 5)
    _, document = ask(shopper, top=3)
    few = asked_sellers(shopper)
    monkeypatch.setattr("discogs_assistant.pipelines.carts.shop.sellers_in_reach", _everybody)
    _, all_known = ask(shopper, top=200, run_again=True)
    assert few < asked_sellers(shopper)
    best = [cart["objective_micro"] for cart in document["carts"] if _by_policy(cart)]
    assert len(best) > 1
    assert best == [cart["objective_micro"] for cart in all_known["carts"] if _by_policy(cart)][: len(best)]


def test_answers_that_fail_are_said_once_and_end_nothing(shopper: Installation) -> None:
    shopper.server.app.policy_faults.set_share(1.0)
    try:
        _, document = ask(shopper)
    finally:
        shopper.server.app.policy_faults.set_share(0.0)
    said = [sentence for sentence in document["partial"] if sentence.startswith("Shipping of ")]
    assert len(said) == 1
    assert document["carts"] or document["unknown_shipping"]["carts"]


def test_plans_ask_for_the_sellers_that_they_would_buy_from(shopper: Installation) -> None:
    _, document = ask(shopper.with_settings(shipping_requests=0))
    assert asked_sellers(shopper) == set()
    plans = shopper.plans_of(document)
    assert plans is not None
    bought_from = {order["seller"] for order in plans["cheapest"]["orders"]}
    stated = {
        name
        for name in asked_sellers(shopper)
        if (found := seller_shipping.report(shopper.ctx.db, name)) and found.problem is None
    }
    assert bought_from <= asked_sellers(shopper)
    assert stated


def test_plans_without_a_required_record_say_so_before_anybody_is_asked(shopper: Installation) -> None:
    _, document = ask(shopper.with_settings(shipping_requests=0), must=[999_999_999])
    plans = shopper.plans_of(document)
    assert plans is not None
    assert "999999999" in plans["problem"]
    assert asked_sellers(shopper) == set()


def _by_policy(cart: dict[str, Any]) -> bool:
    return bool(cart["shipping"]["source"] == "policy")


def _everybody(ctx: Any, market: Any, request: Any) -> list[str]:
    return stale(ctx, [name for name in market.sellers if market.sellers[name].id])
