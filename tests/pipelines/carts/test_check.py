"""A cart checked now: what was sold, what changed, and the cart is built again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.fakes import CutOffError
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.freshness import Freshness
from discogs_assistant.model.ids import RunId, new_run_id
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.check import check_cart, request_check
from discogs_assistant.pipelines.carts.price_expiry import shown_check
from discogs_assistant.pipelines.carts.result import CheckResult
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.store.accounts import accounts
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

TERMS = Freshness()


class NoQueue:
    """Takes runs and does nothing with them."""

    def enqueue(self, run_id: RunId) -> None:
        """Leave it."""


@contextmanager
def own_discogs() -> Iterator[SandboxServer]:
    """A small world of one's own, the same each time."""
    world = World.generate(6, releases=300, users=4, sellers=3, listings=400)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


@dataclass(frozen=True)
class CartsRun:
    """A finished search for carts, the first of them, and the folder of the installation."""

    folder: Path
    run: Run
    cart: dict[str, Any]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> CartsRun:
    """The search whose carts are checked."""
    folder = tmp_path_factory.mktemp("finished")
    with own_discogs() as server:
        built = open_installation(server, folder, discography_requests=10)
        favourites.add_many(built.ctx.db, built.owner, [seller.name for seller in server.world.sellers])
        run = built.open(RunKind.SHOP, built.demo(), budget=150, currency="EUR")
        cart = built.carry_out(shop, run)["carts"][0]
        built.ctx.db.close()
    return CartsRun(folder, run, cart)


@pytest.fixture
def installation(finished: CartsRun, tmp_path: Path) -> Iterator[Installation]:
    """The installation a minute after the search, with a world of its own, which the test may change."""
    with own_discogs() as server:
        built = open_installation(server, tmp_path, finished.folder, discography_requests=10)
        yield built
        built.ctx.db.close()


def check(installation: Installation, carts: Run, **more: Any) -> dict[str, Any]:
    run = request_check(installation.ctx, NoQueue(), installation.owner, carts.id, "1").run
    return installation.carry_out(check_cart, run, installation.flow(run, **more))


def checked(installation: Installation, carts: Run) -> CheckResult:
    """The typed result of a check."""
    run = request_check(installation.ctx, NoQueue(), installation.owner, carts.id, "1").run
    installation.carry_out(check_cart, run)
    found = finished_as(installation.ctx.db, installation.owner, run.id, CheckResult)
    assert found is not None
    return found


def test_an_unchanged_cart_is_the_same_again(installation: Installation, finished: CartsRun) -> None:
    carts, cart = finished.run, finished.cart
    document = check(installation, carts)
    assert {line["state"] for line in document["checked"]} == {"same"}
    assert document["same_records"]
    assert document["carts"][0]["listing_ids"] == cart["listing_ids"]
    assert document["gone"] == document["changed"] == document["unread"] == 0
    assert document["partial"] == []


def test_sold_withdrawn_and_dearer_copies_are_reported_and_the_cart_built_without_them(
    installation: Installation, finished: CartsRun
) -> None:
    carts, cart = finished.run, finished.cart
    sold, withdrawn, dearer, *_ = cart["listing_ids"]
    installation.world.sell(sold)
    installation.world.withdraw(withdrawn)
    installation.world.change_price(dearer, installation.world.listings[dearer].price.amount + 1)
    document = check(installation, carts)
    states = {line["listing_id"]: line["state"] for line in document["checked"]}
    assert states.pop(sold) == "sold"
    assert states.pop(withdrawn) == "gone"
    assert states.pop(dearer) == "changed"
    assert set(states.values()) == {"same"}
    assert document["gone"] == 2
    assert document["changed"] == 1
    assert not document["same_records"]
    line = next(line for line in document["checked"] if line["listing_id"] == dearer)
    assert line["now"]["minor"] == line["was"]["minor"] + 100
    new = document["carts"][0]
    assert new["seller"] == cart["seller"]
    assert new["total_minor"] <= 15_000
    assert not {sold, withdrawn} & set(new["listing_ids"])
    assert document["checked"]
    assert all(str(line["release_id"]) in document["releases"] for line in document["checked"])


def test_discogs_down_leaves_copies_unread_and_says_so(
    installation: Installation, finished: CartsRun
) -> None:
    carts, cart = finished.run, finished.cart
    installation.server.stop()
    document = check(installation, carts)
    assert document["unread"] == len(cart["lines"])
    assert document["partial"]


def test_only_the_owner_checks_a_cart_that_is_there(installation: Installation, finished: CartsRun) -> None:
    carts = finished.run
    stranger = accounts.add_account(installation.ctx.db, "stranger", installation.clock.now())
    for owner, run, place in [
        (stranger, carts.id, "1"),
        (installation.owner, new_run_id(), "1"),
        (installation.owner, carts.id, "99"),
        (installation.owner, carts.id, "no_such_name"),
    ]:
        with pytest.raises(NotFoundError):
            request_check(installation.ctx, NoQueue(), owner, run, place)


def test_a_check_that_is_cut_off_anywhere_ends_the_same(
    installation: Installation, finished: CartsRun
) -> None:
    carts = finished.run
    whole = check(installation, carts)
    run = request_check(installation.ctx, NoQueue(), installation.owner, carts.id, "1").run
    flow = installation.flow(run, cut_off_after=0, doubled=True)
    for step in range(40):
        try:
            installation.carry_out(check_cart, run, flow)
            break
        except CutOffError:
            flow.again().cut_off_after = step + 1
    again = installation.result(run)
    assert again["checked"] == whole["checked"]
    assert [cart["listing_ids"] for cart in again["carts"]] == [
        cart["listing_ids"] for cart in whole["carts"]
    ]


def test_old_checks_hide_their_prices(installation: Installation, finished: CartsRun) -> None:
    carts = finished.run
    found = checked(installation, carts)
    later = installation.clock.now() + timedelta(hours=7)
    old = shown_check(found, TERMS.since(later))
    assert {(copy.was, copy.now) for copy in old.checked} == {(None, None)}
    assert old.carts[0].total_minor is None
    assert shown_check(found, TERMS.since(installation.clock.now())) == found


def test_what_copies_cost_before_expires_with_the_search_of_then(
    installation: Installation, finished: CartsRun
) -> None:
    carts = finished.run
    installation.clock.sleep(5 * 3600)
    found, later = checked(installation, carts), installation.clock.now() + timedelta(hours=2)
    # As where all other prices of the check were read for it.
    fresh = replace(found, prices_as_of=found.made_at)
    shown = shown_check(fresh, TERMS.since(later))
    assert not shown.prices_expired
    assert {copy.was for copy in shown.checked} == {None}
    assert None not in {copy.now for copy in shown.checked}
