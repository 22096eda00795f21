"""Runs as people meet them: asked for, shared, watched, cancelled, shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from tests.pipelines.installation import House
from tests.uploads import import_profile_files

from discogs_assistant.errors import BadInputError, ConflictError, InvalidFieldsError, NotFoundError
from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId, RunId, UserName, new_run_id
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.answer import fresh_answer
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.idempotency_keys import settle_key, settle_market
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.results.counts import SyncResult
from discogs_assistant.pipelines.runtime.results.documents import dumps
from discogs_assistant.pipelines.runtime.results.finished import Result
from discogs_assistant.pipelines.runtime.runs import RunRequest
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.catalogue.dumps.serving import CatalogueFolder, Serving
from discogs_assistant.store.market import listings, sellers
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import leases, progress, results

CARTS = {"budget": "100", "currency": "USD"}
WANTLIST = b"Artist,Title,release_id\r\nSomebody,Something,%d\r\n"


@dataclass
class FakeQueue:
    """Remembers what was enqueued."""

    enqueued: list[RunId] = field(default_factory=list)

    def enqueue(self, run_id: RunId) -> None:
        self.enqueued.append(run_id)


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()


def ask(
    house: House, queue: FakeQueue, kind: RunKind, user: str = "somebody", **options: object
) -> RunRequest:
    return runs.request(house.ctx, queue, house.owner, kind, user, options)


def finish(house: House, run: Run, priced_at: datetime | None = None) -> None:
    """End a run with a result, as a worker does."""
    db, now = house.ctx.db, house.clock.now()
    progress.start(db, run.id, now)
    settle_key(house.ctx, run)
    end(house, run, priced_at)


def end(house: House, run: Run, priced_at: datetime | None = None) -> None:
    """Keep the result of a run whose key is settled."""
    now = house.clock.now()
    stored = finished.keep(house.ctx.db, run, result_of(house, run, priced_at), house.ctx.clock.now())
    progress.finish(house.ctx.db, run.id, now, stored)


def result_of(house: House, run: Run, priced_at: datetime | None) -> Result:
    """The result of a run that found nothing; of carts as if a price of `priced_at` were in it."""
    if run.kind is RunKind.SHOP:
        _, found = fresh_answer(house.ctx, run, criteria_of(run), Interest((), {}))
        return replace(found, prices_as_of=priced_at)
    if run.kind is RunKind.RECOMMEND:
        return RecommendationResult(UserName(run.user), "content", house.clock.now(), 1, ())
    return SyncResult(user=run.user, collection=0, wantlist=0, added=0, removed=0, partial=())


def test_a_request_opens_a_run_and_enqueues_it(house: House, queue: FakeQueue) -> None:
    asked = ask(house, queue, RunKind.RECOMMEND, top=20)
    assert asked.status == "new"
    assert queue.enqueued == [asked.run.id]
    assert asked.run.criteria["top"] == 20
    assert asked.run.state is RunState.QUEUED


def test_an_equal_request_shares_the_run_under_way(house: House, queue: FakeQueue) -> None:
    first = ask(house, queue, RunKind.SHOP, **CARTS)
    second = ask(house, queue, RunKind.SHOP, **CARTS)
    other = ask(house, queue, RunKind.SHOP, budget="101", currency="USD")
    assert (second.status, second.run.id) == ("under-way", first.run.id)
    assert other.run.id != first.run.id


def test_an_equal_request_gets_the_finished_result_until_it_is_too_old(
    house: House, queue: FakeQueue
) -> None:
    first = ask(house, queue, RunKind.RECOMMEND)
    finish(house, first.run)
    again = ask(house, queue, RunKind.RECOMMEND)
    assert (again.status, again.run.id) == ("finished", first.run.id)
    house.clock.sleep(house.ctx.settings.max_data_age.total_seconds() + 1)
    assert ask(house, queue, RunKind.RECOMMEND).status == "new"


def test_run_again_overrides_a_finished_result(house: House, queue: FakeQueue) -> None:
    first = ask(house, queue, RunKind.RECOMMEND)
    finish(house, first.run)
    again = ask(house, queue, RunKind.RECOMMEND, run_anew=True)
    assert again.status == "new"
    assert again.run.id != first.run.id


def test_the_runs_own_sync_does_not_make_the_next_equal_request_another_one(
    house: House, queue: FakeQueue
) -> None:
    first = ask(house, queue, RunKind.RECOMMEND)
    import_profile_files(house.ctx, house.owner, "somebody", None, WANTLIST % 101)
    finish(house, first.run)
    assert ask(house, queue, RunKind.RECOMMEND).status == "finished"


def test_a_profile_that_changed_since_makes_a_new_run(house: House, queue: FakeQueue) -> None:
    finish(house, ask(house, queue, RunKind.RECOMMEND).run)
    import_profile_files(house.ctx, house.owner, "somebody", None, WANTLIST % 101)
    assert ask(house, queue, RunKind.RECOMMEND).status == "new"


def test_a_hidden_record_makes_a_new_run(house: House, queue: FakeQueue) -> None:
    finish(house, ask(house, queue, RunKind.RECOMMEND).run)
    now = house.clock.now()
    feedback.record(house.ctx.db, house.owner, UserName("somebody"), ReleaseId(101), "hidden", now)
    assert ask(house, queue, RunKind.RECOMMEND).status == "new"


def put_up_for_sale(house: House) -> None:
    now, price = house.clock.now(), Money(100, Currency.USD)
    copy = Listing(ListingId(1), ReleaseId(2), "seller", price, now, Origin.INVENTORY)
    listings.save_listings(house.ctx.db, EVERYBODY, [copy], [Seller("seller")])


def like_a_seller(house: House) -> None:
    sellers.add_favourite(house.ctx.db, house.owner, "seller")


def bring_in_a_month(house: House) -> None:
    shelf = CatalogueFolder(house.ctx.catalogue.root)
    shelf.root.mkdir(exist_ok=True)
    shelf.serve(Serving("2026-11", house.clock.now().isoformat(), {}))


def save_a_token(house: House) -> None:
    discogs_tokens.save_token(house.ctx.db, house.ctx.vault, house.owner, PersonalToken("a token"))


@pytest.mark.parametrize("change", [put_up_for_sale, like_a_seller, bring_in_a_month, save_a_token])
@pytest.mark.parametrize(("kind", "options"), [(RunKind.RECOMMEND, {}), (RunKind.SHOP, CARTS)])
def test_what_an_answer_rests_on_makes_a_new_run(
    house: House,
    queue: FakeQueue,
    kind: RunKind,
    options: dict[str, str],
    change: Callable[[House], None],
) -> None:
    finish(house, ask(house, queue, kind, **options).run)
    assert ask(house, queue, kind, **options).status == "finished"
    change(house)
    assert ask(house, queue, kind, **options).status == "new"


def test_the_market_that_a_run_read_is_in_its_key_and_no_favourite_that_came_meanwhile(
    house: House, queue: FakeQueue
) -> None:
    def search(meanwhile: Callable[[House], None]) -> Run:
        run = ask(house, queue, RunKind.SHOP, run_anew=True, **CARTS).run
        progress.start(house.ctx.db, run.id, house.clock.now())
        settle_key(house.ctx, run)
        meanwhile(house)
        settle_market(house.ctx, run)
        end(house, run)
        return run

    first = search(put_up_for_sale)
    assert ask(house, queue, RunKind.SHOP, **CARTS).run.id == first.id
    search(like_a_seller)
    assert ask(house, queue, RunKind.SHOP, **CARTS).status == "new"


def test_carts_whose_prices_have_expired_are_not_reused(house: House, queue: FakeQueue) -> None:
    old = house.clock.now() - house.ctx.settings.max_data_age - timedelta(minutes=1)
    finish(house, ask(house, queue, RunKind.SHOP, **CARTS).run, priced_at=old)
    assert ask(house, queue, RunKind.SHOP, **CARTS).status == "new"


def test_a_sync_always_looks_again(house: House, queue: FakeQueue) -> None:
    finish(house, ask(house, queue, RunKind.SYNC).run)
    assert ask(house, queue, RunKind.SYNC).status == "new"


def test_wrong_options_and_names_open_no_run(house: House, queue: FakeQueue) -> None:
    with pytest.raises(InvalidFieldsError):
        ask(house, queue, RunKind.SHOP, budget="-1", currency="USD")
    with pytest.raises(BadInputError):
        ask(house, queue, RunKind.SYNC, "some/body")
    assert queue.enqueued == []


def test_a_run_is_cancelled_once_and_only_by_its_owner(house: House, queue: FakeQueue) -> None:
    run = ask(house, queue, RunKind.SYNC).run
    stranger = accounts.add_account(house.ctx.db, "stranger", house.clock.now())
    with pytest.raises(NotFoundError):
        runs.cancel(house.ctx, stranger, run.id)
    runs.cancel(house.ctx, house.owner, run.id)
    with pytest.raises(ConflictError):
        runs.cancel(house.ctx, house.owner, run.id)
    with pytest.raises(NotFoundError):
        runs.cancel(house.ctx, house.owner, new_run_id())


def test_a_result_is_had_only_of_a_run_that_is_done(house: House, queue: FakeQueue) -> None:
    run = ask(house, queue, RunKind.SYNC).run
    with pytest.raises(ConflictError):
        runs.result(house.ctx, house.owner, run.id)
    finish(house, run)
    assert runs.result(house.ctx, house.owner, run.id) == result_of(house, run, None)
    with pytest.raises(NotFoundError):
        runs.result(house.ctx, OwnerId(999), run.id)


def test_a_result_of_another_version_is_asked_for_again(house: House, queue: FakeQueue) -> None:
    run = ask(house, queue, RunKind.RECOMMEND).run
    progress.start(house.ctx.db, run.id, house.clock.now())
    settle_key(house.ctx, run)
    document = {**dumps(result_of(house, run, None)), "version": 0}
    now = house.clock.now()
    stored = results.save_result(house.ctx.db, run.owner, run.id, run.kind.value, document, now)
    progress.finish(house.ctx.db, run.id, now, stored)
    with pytest.raises(ConflictError, match="no result"):
        runs.result(house.ctx, house.owner, run.id)
    assert ask(house, queue, RunKind.RECOMMEND).status == "new"


def test_somebody_who_waits_sees_each_change_and_then_the_end(house: House, queue: FakeQueue) -> None:
    run = ask(house, queue, RunKind.SYNC).run
    seen: list[RunState] = []
    ended = runs.wait(
        house.ctx, house.owner, run.id, lambda r: seen.append(r.state), lambda: finish(house, run)
    )
    assert ended.state is RunState.DONE
    assert seen == [RunState.QUEUED, RunState.DONE]


def test_the_json_of_a_run_has_exactly_the_keys_of_the_contract(house: House, queue: FakeQueue) -> None:
    run, db = ask(house, queue, RunKind.SYNC).run, house.ctx.db
    progress.start(db, run.id, house.clock.now())
    house.clock.sleep(60)
    progress.advance(db, run.id, house.clock.now(), stage=2)
    house.clock.sleep(10)
    progress.advance(db, run.id, house.clock.now(), stage=2, done=100, total=300)
    shown = runs.run_json(runs.find(house.ctx.db, house.owner, run.id), house.clock.now())
    assert list(shown) == [
        "run", "kind", "user", "state", "stage", "stages", "stage_name", "done", "total", "seconds_left",
        "waiting_for", "partial", "error", "created_at", "finished_at",
    ]  # fmt: skip
    assert (shown["stage"], shown["stages"], shown["stage_name"]) == (2, 4, "Reading the collection")
    assert shown["seconds_left"] == 20


def test_the_json_of_a_failed_run_says_what_to_do(house: House, queue: FakeQueue) -> None:
    run, now = ask(house, queue, RunKind.SYNC).run, house.clock.now()
    progress.fail(house.ctx.db, run.id, now, "It is private.", "private", "Make a token.")
    shown = runs.run_json(runs.find(house.ctx.db, house.owner, run.id), now)
    assert (shown["state"], shown["error"]) == ("failed", "It is private. Make a token.")
    assert shown["seconds_left"] is None
    assert shown["finished_at"]


def test_a_worker_lives_as_long_as_its_lease(house: House) -> None:
    assert not runs.worker_lives(house.ctx)
    leases.renew(house.ctx.db, "w", house.clock.now())
    assert runs.worker_lives(house.ctx)
    house.clock.sleep(house.ctx.settings.lease_seconds + 1)
    assert not runs.worker_lives(house.ctx)


def test_what_a_run_reads_itself_makes_no_equal_request_another_one(house: House, queue: FakeQueue) -> None:
    first = ask(house, queue, RunKind.SHOP, **CARTS)
    put_up_for_sale(house)
    second = ask(house, queue, RunKind.SHOP, run_anew=True, **CARTS)
    assert (second.status, second.run.id) == ("under-way", first.run.id)


def test_a_users_name_is_the_same_in_any_case(house: House, queue: FakeQueue) -> None:
    import_profile_files(house.ctx, house.owner, "Somebody", None, WANTLIST % 7)
    import_profile_files(house.ctx, house.owner, "SOMEBODY", None, WANTLIST % 8)
    assert [one.user for one in profiles.profiles(house.ctx.db, house.owner)] == ["Somebody"]
    assert ask(house, queue, RunKind.RECOMMEND, "someBODY").run.user == "Somebody"
