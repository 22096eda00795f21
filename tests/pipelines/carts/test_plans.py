"""The run of the plans: started by the carts, its answers one after another, and no answer for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.pipelines.fakes import InlineFlow
from tests.pipelines.installation import Installation

from discogs_assistant.errors import CancelledError, ConflictError, InvalidFieldsError
from discogs_assistant.model.ids import ListingId, ReleaseId, RunId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts import plan_document
from discogs_assistant.pipelines.carts import plans as plans_of_carts
from discogs_assistant.pipelines.carts.answer import store_basis
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.plans import (
    find_plans,
    open_plans,
    plans_run,
    plans_so_far,
    request_plans,
)
from discogs_assistant.pipelines.carts.plans_result import PlansResult
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.runtime.waiting import WorkerStoppingError
from discogs_assistant.store.market import listings
from discogs_assistant.store.runs import progress, runs

COPIES = ((1, 1, "a", 500), (2, 2, "a", 900), (3, 2, "b", 600), (4, 3, "b", 1))
"""Copies by listing, release, seller and price."""
WANTED = {ReleaseId(id): 0.5 for id in (1, 2, 3)}


@pytest.fixture
def carts(installation: Installation) -> Run:
    """A search for three wants that two sellers have between them, whose plans nobody has looked for."""
    now = installation.clock.now()
    copies = [
        Listing(ListingId(id), ReleaseId(release), seller, Money(price, Currency.EUR), now, Origin.INVENTORY)
        for id, release, seller, price in (
            (1, 1, "a", 500),
            (2, 2, "a", 900),
            (3, 2, "b", 600),
            (4, 3, "b", 1),
        )
    ]
    listings.save_listings(installation.ctx.db, EVERYBODY, copies, [Seller("a"), Seller("b")])
    run = installation.open(RunKind.SHOP, "someone", budget="8", currency="EUR", ratio=1)
    store_basis(installation.ctx.db, run, Interest((), WANTED), ())
    return run


class Queue:
    """A queue that remembers."""

    def __init__(self) -> None:
        self.runs: list[RunId] = []

    def enqueue(self, run_id: RunId) -> None:
        self.runs.append(run_id)


def test_answers_are_there_one_after_another_while_the_run_is_under_way(
    installation: Installation, carts: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = open_plans(installation.ctx, carts)
    assert plans_so_far(installation.ctx, installation.owner, run.id) is None
    seen: list[tuple[int, list[str]]] = []
    build = plan_document.plans_document

    def watched(*given: Any) -> PlansResult:
        found = plans_so_far(installation.ctx, installation.owner, run.id)
        now = runs.run_for_worker(installation.ctx.db, run.id)
        assert now is not None
        seen.append((now.stage, list(found.answers) if found else []))
        return build(*given)

    monkeypatch.setattr(plans_of_carts, "plans_document", watched)
    document = installation.carry_out(find_plans, run)
    assert [answers for _, answers in seen[:4]] == [
        [],
        ["cheapest"],
        ["cheapest", "fewest"],
        ["cheapest", "most", "fewest"],
    ]
    assert [stage for stage, _ in seen] == sorted(stage for stage, _ in seen)
    assert document["cheapest"]["total_minor"] == 1101
    assert [plan["parcels"] for plan in document["curve"]] == [1, 2]
    assert document["carts_run"] == carts.id


def test_the_same_carts_share_a_run_and_changes_have_their_own(
    installation: Installation, carts: Run
) -> None:
    queue = Queue()
    first = open_plans(installation.ctx, carts)
    assert open_plans(installation.ctx, carts).id == first.id
    assert request_plans(installation.ctx, queue, carts, {}).run.id == first.id
    changed = request_plans(installation.ctx, queue, carts, {"exclude_seller": ["a"]}).run
    assert changed.id != first.id
    assert queue.runs == [first.id, changed.id]
    found = plans_run(installation.ctx, carts, {"exclude_seller": ["a"]})
    assert found is not None
    assert found.id == changed.id
    assert plans_run(installation.ctx, carts, {"budget": "9.00"}) is None
    document = installation.carry_out(find_plans, changed)
    assert [order["seller"] for order in document["cheapest"]["orders"]] == ["b"]
    with pytest.raises(InvalidFieldsError):
        request_plans(installation.ctx, queue, carts, {"ratio": 0})


def test_a_cancelled_run_ends_after_the_answer_under_way(installation: Installation, carts: Run) -> None:
    run = open_plans(installation.ctx, carts)
    progress.start(installation.ctx.db, run.id, installation.clock.now())
    progress.cancel(installation.ctx.db, installation.owner, run.id, installation.clock.now())
    with pytest.raises(CancelledError):
        find_plans(installation.ctx, InlineFlow(run.id))
    after = runs.run_for_worker(installation.ctx.db, run.id)
    assert after is not None
    assert after.state is RunState.CANCELLED


def test_a_worker_that_stops_leaves_the_run_to_another(installation: Installation, carts: Run) -> None:
    run = open_plans(installation.ctx, carts)
    progress.start(installation.ctx.db, run.id, installation.clock.now())
    stopping = InlineFlow(run.id)
    stopping.stopping.set()
    with pytest.raises(WorkerStoppingError):
        find_plans(installation.ctx, stopping)
    assert installation.carry_out(find_plans, run)["cheapest"]["total_minor"] == 1101


def test_where_nothing_is_wanted_there_is_a_sentence(installation: Installation) -> None:
    run = installation.open(RunKind.SHOP, "someone", budget="8", currency="EUR", ratio=0)
    store_basis(installation.ctx.db, run, Interest((), WANTED), ())
    with pytest.raises(ConflictError, match="nothing to plan"):
        installation.carry_out(find_plans, open_plans(installation.ctx, run))
