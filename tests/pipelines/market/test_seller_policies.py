"""Asking for sellers' shipping policies: with consent, within a number of requests, and never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.pipelines.installation import Installation, open_installation
from tests.sources.discogs.fakes import FakeBudget

from discogs_assistant.config import PolicyReading
from discogs_assistant.errors import (
    AssistantError,
    CancelledError,
    NoConnectionError,
    RateLimitedError,
    SignInNeededError,
    UnreachableError,
)
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.run import RunKind
from discogs_assistant.model.shipping import ShippingProblem, ShippingReport
from discogs_assistant.pipelines.market.seller_policies import (
    UNKNOWN_FOR,
    PoliciesRead,
    ask_policies,
    may_ask,
    set_consent,
    unknown_sentence,
)
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.store.market import listings, seller_shipping
from discogs_assistant.store.runs import runs
from discogs_assistant.store.schema import SHARED_OWNER
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.shipping import PolicyAnswer
from discogs_sandbox.world.world import World, token_of

EVERYBODY = OwnerId(SHARED_OWNER)
NAMES = [f"seller-{number}" for number in range(1, 13)]
"""Their numbers are those in their names."""
EMPTY = ShippingReport("", 0, datetime.fromisoformat("2026-11-24T12:00:00+00:00"))


@dataclass
class PolicyDesk:
    """A client in place of Discogs': what it answers about each number, and who was asked."""

    now: Callable[[], datetime]
    answers: dict[int, tuple[ShippingProblem | None, str | None] | AssistantError] = field(
        default_factory=dict
    )
    asked: list[int] = field(default_factory=list)

    def shipping(self, seller: str, number: int) -> ShippingReport:
        self.asked.append(number)
        answer = self.answers.get(number, (None, None))
        if isinstance(answer, AssistantError):
            raise answer
        return replace(
            EMPTY, seller=seller, number=number, reported_at=self.now(), problem=answer[0], detail=answer[1]
        )

    def refuse(self, *numbers: int, status: str = "403") -> None:
        self.answers |= dict.fromkeys(numbers, (ShippingProblem.NO_ANSWER, status))


@pytest.fixture
def desk(installation: Installation) -> PolicyDesk:
    return PolicyDesk(installation.clock.now)


@pytest.fixture
def open_shop(installation: Installation, desk: PolicyDesk) -> Installation:
    """An installation whose setting is on, that has met the twelve sellers."""
    known = [Seller(name, id=number) for number, name in enumerate(NAMES, 1)]
    listings.save_listings(installation.ctx.db, EVERYBODY, [], known)
    return installation.with_parts(discogs=lambda owner, run: desk).with_settings(  # type: ignore[arg-type,return-value]
        shipping_policies=PolicyReading.ON
    )


def ask(shop: Installation, *names: str, limit: int = 100) -> PoliciesRead:
    return ask_policies(shop.ctx, shop.owner, names or NAMES, limit=limit)


def test_the_best_sellers_are_asked_first_up_to_the_limit(open_shop: Installation, desk: PolicyDesk) -> None:
    assert ask(open_shop, "seller-7", "seller-2", "seller-5", limit=2) == PoliciesRead(asked=2, unasked=1)
    assert desk.asked == [7, 2]
    assert ask(open_shop, "seller-7", "seller-2", "seller-5") == PoliciesRead(asked=1)
    assert desk.asked == [7, 2, 5]


def test_what_is_known_is_asked_again_after_the_age_limit_and_what_is_not_after_a_day(
    open_shop: Installation, desk: PolicyDesk
) -> None:
    desk.refuse(2)
    ask(open_shop, "seller-1", "seller-2")
    open_shop.clock.sleep(5 * 3600)
    assert ask(open_shop, "seller-1", "seller-2").asked == 0
    open_shop.clock.sleep(2 * 3600)
    ask(open_shop, "seller-1", "seller-2")
    assert desk.asked == [1, 2, 1]
    open_shop.clock.sleep(UNKNOWN_FOR.total_seconds())
    ask(open_shop, "seller-1", "seller-2")
    assert desk.asked == [1, 2, 1, 1, 2]


def test_a_seller_whose_number_is_not_known_cannot_be_asked(
    open_shop: Installation, desk: PolicyDesk
) -> None:
    assert ask(open_shop, "stranger", "seller-3") == PoliciesRead(asked=1)
    assert desk.asked == [3]


def test_a_refusal_is_one_sentence_that_names_the_status(open_shop: Installation, desk: PolicyDesk) -> None:
    desk.refuse(2, 5, 9)
    found = ask(open_shop)
    assert found == PoliciesRead(asked=12, unanswered=3)
    said = "Shipping of 3 sellers is not known: Discogs did not answer (403)."
    assert unknown_sentence(open_shop.ctx, NAMES) == said
    ask(open_shop)
    assert unknown_sentence(open_shop.ctx, NAMES) == said


def test_different_reasons_are_counted_in_one_sentence(open_shop: Installation, desk: PolicyDesk) -> None:
    desk.refuse(2)
    desk.refuse(4, status="404")
    desk.answers[5] = (ShippingProblem.NONE_STATED, None)
    desk.answers[6] = (ShippingProblem.UNREADABLE, "policies is not a list")
    desk.answers[7] = (ShippingProblem.UNREADABLE, "currency is missing")
    ask(open_shop)
    assert unknown_sentence(open_shop.ctx, NAMES) == (
        "Shipping of 5 sellers is not known: Discogs did not answer (403, 404) for 2, "
        "Discogs' answer could not be read for 2, no policy is stated at Discogs for 1."
    )


def test_an_address_that_is_closed_is_not_asked_for_every_seller(
    open_shop: Installation, desk: PolicyDesk
) -> None:
    desk.refuse(*range(1, 13), status="404")
    found = ask(open_shop)
    stopped = "7 more sellers were not asked."
    assert found == PoliciesRead(asked=5, unasked=7, unanswered=5, stopped=stopped)
    said = "Shipping of 5 sellers is not known: Discogs did not answer (404)."
    assert unknown_sentence(open_shop.ctx, NAMES) == said


def test_a_seller_whose_answer_does_not_come_holds_up_nobody_and_is_asked_again(
    open_shop: Installation, desk: PolicyDesk
) -> None:
    desk.answers[2] = UnreachableError("api.test did not answer in time.")
    assert ask(open_shop, "seller-1", "seller-2", "seller-3").unanswered == 1
    assert ask(open_shop, "seller-1", "seller-2", "seller-3").asked == 1
    assert desk.asked == [1, 2, 3, 2]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RateLimitedError("Wait."), "Sellers' shipping was not read to the end: Wait."),
        (NoConnectionError("No network."), "No network."),
        (SignInNeededError("Sign in."), ""),
    ],
)
def test_what_holds_for_all_sellers_ends_the_asking(
    open_shop: Installation, desk: PolicyDesk, error: AssistantError, sentence: str
) -> None:
    desk.answers[2] = error
    assert ask(open_shop) == PoliciesRead(asked=1, unasked=11, stopped=sentence)
    assert desk.asked == [1, 2]


def test_a_run_without_a_connection_says_so_once(open_shop: Installation, desk: PolicyDesk) -> None:
    desk.answers[1] = NoConnectionError("No network.")
    run = open_shop.open(RunKind.MARKET, sellers=["seller-1"])
    for _ in range(2):
        found = ask_policies(open_shop.ctx, open_shop.owner, NAMES, limit=9, run=run.id)
        assert found.stopped == ""
    kept = runs.run_for_worker(open_shop.ctx.db, run.id)
    assert kept is not None
    assert len(kept.partial) == 1
    assert desk.asked == [1]


def test_a_cancelled_run_ends_and_keeps_what_was_read(open_shop: Installation, desk: PolicyDesk) -> None:
    desk.answers[3] = CancelledError("This run was cancelled.")
    with pytest.raises(CancelledError):
        ask(open_shop)
    kept = [seller_shipping.report(open_shop.ctx.db, name) is not None for name in NAMES[:4]]
    assert kept == [True, True, False, False]


def test_progress_is_reported_after_each_request(open_shop: Installation) -> None:
    seen: list[tuple[int, int]] = []
    ask_policies(
        open_shop.ctx,
        open_shop.owner,
        NAMES[:3],
        limit=2,
        report=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("reading", "consent", "asked"),
    [
        (PolicyReading.OFF, True, False),
        (PolicyReading.ASK, None, False),
        (PolicyReading.ASK, False, False),
        (PolicyReading.ASK, True, True),
        (PolicyReading.ON, None, True),
    ],
)
def test_nothing_is_asked_without_consent(
    open_shop: Installation, desk: PolicyDesk, reading: PolicyReading, consent: bool | None, asked: bool
) -> None:
    shop = open_shop.with_settings(shipping_policies=reading)
    if consent is not None:
        set_consent(shop.ctx, shop.owner, consent)
    assert may_ask(shop.ctx, shop.owner) is asked
    ask(shop, "seller-1")
    assert (desk.asked == [1]) is asked


@pytest.fixture(scope="module")
def market() -> Iterator[SandboxServer]:
    world = World.generate(3, releases=200, users=4, sellers=100, listings=400, shops=(2, 9))
    with SandboxServer(build_app(world, rate=10**6)) as server:
        yield server


def test_with_a_third_of_the_answers_failing_the_others_are_known_and_nothing_is_an_error(
    market: SandboxServer, tmp_path: Path
) -> None:
    installation = open_installation(market, tmp_path, shipping_policies=PolicyReading.ON)
    token = token_of(market.world.demo_user)

    def client(owner: OwnerId, run: RunId | None) -> DiscogsClient:
        api = DiscogsApi(
            installation.http,
            FakeBudget(),
            installation.clock,
            api_url=market.url,
            user_agent="Test/1.0",
            token=token,
        )
        return DiscogsClient(api)

    shop = installation.with_parts(discogs=client)
    market.app.policy_faults.set_share(0.3)
    names = [seller.name for seller in market.world.sellers]
    known = [Seller(seller.name, id=seller.id) for seller in market.world.sellers]
    listings.save_listings(shop.ctx.db, EVERYBODY, [], known)
    found = ask(shop, *names)
    readable = [
        seller.name
        for seller in market.world.sellers
        if seller.shop
        and market.app.policy_faults.answer_for(seller.id, seller.shop.answer) is PolicyAnswer.POLICIES
    ]
    since = shop.clock.now() - timedelta(hours=1)
    assert found.asked == 100
    assert 50 < len(readable) < 80
    said = unknown_sentence(shop.ctx, names)
    assert said.startswith(f"Shipping of {100 - len(readable)} sellers is not known: ")
    home = seller_shipping.policies_to(shop.ctx.db, "US", since)
    assert home.keys() <= set(readable)
    assert len(home) > 40
