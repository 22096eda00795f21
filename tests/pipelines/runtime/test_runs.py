"""Runs as people meet them: asked for, shared, watched, cancelled, shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from tests.pipelines.installation import Installation
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
    installation: Installation, queue: FakeQueue, kind: RunKind, user: str = "somebody", **options: object
) -> RunRequest:
    return runs.request(installation.ctx, queue, installation.owner, kind, user, options)


def finish(installation: Installation, run: Run, priced_at: datetime | None = None) -> None:
    """End a run with a result, as a worker does."""
    db, now = installation.ctx.db, installation.clock.now()
    progress.start(db, run.id, now)
    settle_key(installation.ctx, run)
    end(installation, run, priced_at)


def end(installation: Installation, run: Run, priced_at: datetime | None = None) -> None:
    """Keep the result of a run whose key is settled."""
    now = installation.clock.now()
    stored = finished.keep(
        installation.ctx.db, run, result_of(installation, run, priced_at), installation.ctx.clock.now()
    )
    progress.finish(installation.ctx.db, run.id, now, stored)


def result_of(installation: Installation, run: Run, priced_at: datetime | None) -> Result:
    """The result of a run that found nothing; of carts as if a price of `priced_at` were in it."""
    if run.kind is RunKind.SHOP:
        _, found = fresh_answer(installation.ctx, run, criteria_of(run), Interest((), {}))
        return replace(found, prices_as_of=priced_at)
    if run.kind is RunKind.RECOMMEND:
        return RecommendationResult(UserName(run.user), "content", installation.clock.now(), 1, ())
    return SyncResult(user=run.user, collection=0, wantlist=0, added=0, removed=0, partial=())


def test_a_request_opens_a_run_and_enqueues_it(installation: Installation, queue: FakeQueue) -> None:
    asked = ask(installation, queue, RunKind.RECOMMEND, top=20)
    assert asked.status == "new"
    assert queue.enqueued == [asked.run.id]
    assert asked.run.criteria["top"] == 20
    assert asked.run.state is RunState.QUEUED


def test_an_equal_request_shares_the_run_under_way(installation: Installation, queue: FakeQueue) -> None:
    first = ask(installation, queue, RunKind.SHOP, **CARTS)
    second = ask(installation, queue, RunKind.SHOP, **CARTS)
    other = ask(installation, queue, RunKind.SHOP, budget="101", currency="USD")
    assert (second.status, second.run.id) == ("under-way", first.run.id)
    assert other.run.id != first.run.id


def test_an_equal_request_gets_the_finished_result_until_it_is_too_old(
    installation: Installation, queue: FakeQueue
) -> None:
    first = ask(installation, queue, RunKind.RECOMMEND)
    finish(installation, first.run)
    again = ask(installation, queue, RunKind.RECOMMEND)
    assert (again.status, again.run.id) == ("finished", first.run.id)
    installation.clock.sleep(installation.ctx.settings.max_data_age.total_seconds() + 1)
    assert ask(installation, queue, RunKind.RECOMMEND).status == "new"


def test_run_again_overrides_a_finished_result(installation: Installation, queue: FakeQueue) -> None:
    first = ask(installation, queue, RunKind.RECOMMEND)
    finish(installation, first.run)
    again = ask(installation, queue, RunKind.RECOMMEND, run_anew=True)
    assert again.status == "new"
    assert again.run.id != first.run.id


def test_the_runs_own_sync_does_not_make_the_next_equal_request_another_one(
    installation: Installation, queue: FakeQueue
) -> None:
    first = ask(installation, queue, RunKind.RECOMMEND)
    import_profile_files(installation.ctx, installation.owner, "somebody", None, WANTLIST % 101)
    finish(installation, first.run)
    assert ask(installation, queue, RunKind.RECOMMEND).status == "finished"


def test_a_profile_that_changed_since_makes_a_new_run(installation: Installation, queue: FakeQueue) -> None:
    finish(installation, ask(installation, queue, RunKind.RECOMMEND).run)
    import_profile_files(installation.ctx, installation.owner, "somebody", None, WANTLIST % 101)
    assert ask(installation, queue, RunKind.RECOMMEND).status == "new"


def test_a_hidden_record_makes_a_new_run(installation: Installation, queue: FakeQueue) -> None:
    finish(installation, ask(installation, queue, RunKind.RECOMMEND).run)
    now = installation.clock.now()
    feedback.record(
        installation.ctx.db, installation.owner, UserName("somebody"), ReleaseId(101), "hidden", now
    )
    assert ask(installation, queue, RunKind.RECOMMEND).status == "new"


def put_up_for_sale(installation: Installation) -> None:
    now, price = installation.clock.now(), Money(100, Currency.USD)
    copy = Listing(ListingId(1), ReleaseId(2), "seller", price, now, Origin.INVENTORY)
    listings.save_listings(installation.ctx.db, EVERYBODY, [copy], [Seller("seller")])


def like_a_seller(installation: Installation) -> None:
    sellers.add_favourite(installation.ctx.db, installation.owner, "seller")


def import_some_dumps(installation: Installation) -> None:
    folder = CatalogueFolder(installation.ctx.catalogue.root)
    folder.root.mkdir(exist_ok=True)
    folder.serve(Serving("2026-11", installation.clock.now().isoformat(), {}))


def save_a_token(installation: Installation) -> None:
    discogs_tokens.save_token(
        installation.ctx.db, installation.ctx.vault, installation.owner, PersonalToken("a token")
    )


@pytest.mark.parametrize("change", [put_up_for_sale, like_a_seller, import_some_dumps, save_a_token])
@pytest.mark.parametrize(("kind", "options"), [(RunKind.RECOMMEND, {}), (RunKind.SHOP, CARTS)])
def test_what_an_answer_rests_on_makes_a_new_run(
    installation: Installation,
    queue: FakeQueue,
    kind: RunKind,
    options: dict[str, str],
    change: Callable[[Installation], None],
) -> None:
    finish(installation, ask(installation, queue, kind, **options).run)
    assert ask(installation, queue, kind, **options).status == "finished"
    change(installation)
    assert ask(installation, queue, kind, **options).status == "new"


def test_the_market_that_a_run_read_is_in_its_key_and_no_favourite_that_came_meanwhile(
    installation: Installation, queue: FakeQueue
) -> None:
    def search(meanwhile: Callable[[Installation], None]) -> Run:
        run = ask(installation, queue, RunKind.SHOP, run_anew=True, **CARTS).run
        progress.start(installation.ctx.db, run.id, installation.clock.now())
        settle_key(installation.ctx, run)
        meanwhile(installation)
        settle_market(installation.ctx, run)
        end(installation, run)
        return run

    first = search(put_up_for_sale)
    assert ask(installation, queue, RunKind.SHOP, **CARTS).run.id == first.id
    search(like_a_seller)
    assert ask(installation, queue, RunKind.SHOP, **CARTS).status == "new"


def test_carts_whose_prices_have_expired_are_not_reused(installation: Installation, queue: FakeQueue) -> None:
    old = installation.clock.now() - installation.ctx.settings.max_data_age - timedelta(minutes=1)
    finish(installation, ask(installation, queue, RunKind.SHOP, **CARTS).run, priced_at=old)
    assert ask(installation, queue, RunKind.SHOP, **CARTS).status == "new"


def test_a_sync_always_looks_again(installation: Installation, queue: FakeQueue) -> None:
    finish(installation, ask(installation, queue, RunKind.SYNC).run)
    assert ask(installation, queue, RunKind.SYNC).status == "new"


def test_wrong_options_and_names_open_no_run(installation: Installation, queue: FakeQueue) -> None:
    with pytest.raises(InvalidFieldsError):
        ask(installation, queue, RunKind.SHOP, budget="-1", currency="USD")
    with pytest.raises(BadInputError):
        ask(installation, queue, RunKind.SYNC, "some/body")
    assert queue.enqueued == []


def test_a_run_is_cancelled_once_and_only_by_its_owner(installation: Installation, queue: FakeQueue) -> None:
    run = ask(installation, queue, RunKind.SYNC).run
    stranger = accounts.add_account(installation.ctx.db, "stranger", installation.clock.now())
    with pytest.raises(NotFoundError):
        runs.cancel(installation.ctx, stranger, run.id)
    runs.cancel(installation.ctx, installation.owner, run.id)
    with pytest.raises(ConflictError):
        runs.cancel(installation.ctx, installation.owner, run.id)
    with pytest.raises(NotFoundError):
        runs.cancel(installation.ctx, installation.owner, new_run_id())


def test_a_result_is_had_only_of_a_run_that_is_done(installation: Installation, queue: FakeQueue) -> None:
    run = ask(installation, queue, RunKind.SYNC).run
    with pytest.raises(ConflictError):
        runs.result(installation.ctx, installation.owner, run.id)
    finish(installation, run)
    assert runs.result(installation.ctx, installation.owner, run.id) == result_of(installation, run, None)
    with pytest.raises(NotFoundError):
        runs.result(installation.ctx, OwnerId(999), run.id)


def test_a_result_of_another_version_is_asked_for_again(installation: Installation, queue: FakeQueue) -> None:
    run = ask(installation, queue, RunKind.RECOMMEND).run
    progress.start(installation.ctx.db, run.id, installation.clock.now())
    settle_key(installation.ctx, run)
    document = {**dumps(result_of(installation, run, None)), "version": 0}
    now = installation.clock.now()
    stored = results.save_result(installation.ctx.db, run.owner, run.id, run.kind.value, document, now)
    progress.finish(installation.ctx.db, run.id, now, stored)
    with pytest.raises(ConflictError, match="no result"):
        runs.result(installation.ctx, installation.owner, run.id)
    assert ask(installation, queue, RunKind.RECOMMEND).status == "new"


def test_somebody_who_waits_sees_each_change_and_then_the_end(
    installation: Installation, queue: FakeQueue
) -> None:
    run = ask(installation, queue, RunKind.SYNC).run
    seen: list[RunState] = []
    ended = runs.wait(
        installation.ctx,
        installation.owner,
        run.id,
        lambda r: seen.append(r.state),
        lambda: finish(installation, run),
    )
    assert ended.state is RunState.DONE
    assert seen == [RunState.QUEUED, RunState.DONE]


def test_the_json_of_a_run_has_exactly_the_keys_of_the_contract(
    installation: Installation, queue: FakeQueue
) -> None:
    run, db = ask(installation, queue, RunKind.SYNC).run, installation.ctx.db
    progress.start(db, run.id, installation.clock.now())
    installation.clock.sleep(60)
    progress.advance(db, run.id, installation.clock.now(), stage=2)
    installation.clock.sleep(10)
    progress.advance(db, run.id, installation.clock.now(), stage=2, done=100, total=300)
    shown = runs.run_json(
        runs.find(installation.ctx.db, installation.owner, run.id), installation.clock.now()
    )
    assert list(shown) == [
        "run", "kind", "user", "state", "stage", "stages", "stage_name", "done", "total", "seconds_left",
        "waiting_for", "partial", "error", "created_at", "finished_at",
    ]  # fmt: skip
    assert (shown["stage"], shown["stages"], shown["stage_name"]) == (2, 4, "Reading the collection")
    assert shown["seconds_left"] == 20


def test_the_json_of_a_failed_run_says_what_to_do(installation: Installation, queue: FakeQueue) -> None:
    run, now = ask(installation, queue, RunKind.SYNC).run, installation.clock.now()
    progress.fail(installation.ctx.db, run.id, now, "It is private.", "private", "Make a token.")
    shown = runs.run_json(runs.find(installation.ctx.db, installation.owner, run.id), now)
    assert (shown["state"], shown["error"]) == ("failed", "It is private. Make a token.")
    assert shown["seconds_left"] is None
    assert shown["finished_at"]


def test_a_worker_lives_as_long_as_its_lease(installation: Installation) -> None:
    assert not runs.worker_lives(installation.ctx)
    leases.renew(installation.ctx.db, "w", installation.clock.now())
    assert runs.worker_lives(installation.ctx)
    installation.clock.sleep(installation.ctx.settings.lease_seconds + 1)
    assert not runs.worker_lives(installation.ctx)


def test_what_a_run_reads_itself_makes_no_equal_request_another_one(
    installation: Installation, queue: FakeQueue
) -> None:
    first = ask(installation, queue, RunKind.SHOP, **CARTS)
    put_up_for_sale(installation)
    second = ask(installation, queue, RunKind.SHOP, run_anew=True, **CARTS)
    assert (second.status, second.run.id) == ("under-way", first.run.id)


def test_a_users_name_is_the_same_in_any_case(installation: Installation, queue: FakeQueue) -> None:
    import_profile_files(installation.ctx, installation.owner, "Somebody", None, WANTLIST % 7)
    import_profile_files(installation.ctx, installation.owner, "SOMEBODY", None, WANTLIST % 8)
    assert [profile.user for profile in profiles.profiles(installation.ctx.db, installation.owner)] == [
        "Somebody"
    ]
    assert ask(installation, queue, RunKind.RECOMMEND, "someBODY").run.user == "Somebody"
