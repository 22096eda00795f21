"""What the web's tests look at: an instance with made-up records, recommendations, listings and carts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, Unpack, cast

from starlette.testclient import TestClient
from tests.pipelines.fakes import InlineFlow
from tests.store.fakes import NOW, FakeClock
from tests.uploads import FILE_SOURCES

from discogs_assistant.bootstrap.context import Parts, context_of
from discogs_assistant.config import Settings
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import (
    ArtistId,
    InstanceId,
    LabelId,
    ListingId,
    OwnerId,
    ReleaseId,
    RunId,
    UserName,
    new_run_id,
)
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.model.recommendation import Reason, Recommendation, RecommendationResult
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.answer import fresh_answer, store_basis
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.plans import find_plans, open_plans
from discogs_assistant.pipelines.carts.result import CartsResult, CheckedCopy, CheckResult, SearchResult
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.results.counts import SyncResult
from discogs_assistant.pipelines.runtime.results.finished import Result
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import exchange_rates
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.runs import progress, results, runs
from discogs_assistant.store.schema import SHARED_OWNER
from discogs_assistant.web.app import create_app
from discogs_assistant.web.site import TryOut

USER = UserName("digger")
HOME = "http://localhost"
NASTY = '<script>alert("x")</script>'


@dataclass
class FakeQueue:
    """A queue that only remembers."""

    runs: list[RunId] = field(default_factory=list)

    def enqueue(self, run_id: RunId) -> None:
        """Remember the run."""
        self.runs.append(run_id)


@dataclass
class FakeDiscogs:
    """The client as far as an account's affairs need it; `wants` are at Discogs."""

    name: UserName = USER
    signed_in: bool = False
    refusal: Exception | None = None
    wants: set[int] = field(default_factory=set)

    def identity(self) -> SimpleNamespace:
        """Whose token it is."""
        if self.refusal:
            raise self.refusal
        return SimpleNamespace(id=1, name=self.name)

    def want(self, name: UserName, release: ReleaseId) -> Want:
        """Put a release on the wantlist."""
        if self.refusal:
            raise self.refusal
        self.wants.add(int(release))
        return Want(make_record(int(release)), added=NOW)

    def unwant(self, name: UserName, release: ReleaseId) -> None:
        """Take it off."""
        if self.refusal:
            raise self.refusal
        self.wants.discard(int(release))


def synced(user: str = USER, *, collection: int = 0, added: int = 0) -> SyncResult:
    """The result of a sync."""
    return SyncResult(user=user, collection=collection, wantlist=0, added=added, removed=0, partial=())


def check_of(before: CartsResult, run: str, *checked: CheckedCopy) -> CheckResult:
    """A check of the first of these carts, of which the seller's cart now is the same."""
    search = {part.name: getattr(before, part.name) for part in fields(SearchResult)}
    states = Counter(copy.state for copy in checked)
    return CheckResult(
        **{**search, "named": ()},
        carts_run=RunId(run),
        cart="1",
        seller=before.carts[0].seller,
        checked=checked,
        was_as_of=before.prices_as_of,
        gone=states["sold"] + states["gone"],
        changed=states["changed"],
        unread=states["unread"],
        same_records=False,
    )


@dataclass
class Instance:
    """A running instance without a worker: its parts, and a browser of the one who sits at it."""

    db: Database
    clock: FakeClock
    queue: FakeQueue
    discogs: FakeDiscogs
    settings: Settings
    owner: OwnerId
    ctx: Context
    parts: Parts
    demo_users: Sequence[UserName] = ()
    demo_sellers: Sequence[str] = ()
    try_out: TryOut | None = None

    def browser(self, **more: Any) -> TestClient:
        """A browser on our own pages; it does not follow redirects by itself."""
        app = create_app(
            self.ctx,
            self.queue,
            demo_users=self.demo_users,
            demo_sellers=self.demo_sellers,
            poll=0.001,
            try_out=self.try_out,
        )
        headers = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
        return TestClient(app, base_url=HOME, headers=headers, follow_redirects=False, **more)

    def program(self) -> TestClient:
        """A program that speaks JSON and sends no Origin."""
        return TestClient(create_app(self.ctx, self.queue, poll=0.001), base_url=HOME, follow_redirects=False)

    def with_settings(self, **changes: Any) -> Instance:
        """The same instance with other settings."""
        settings = self.settings.model_copy(update=changes)
        ctx = context_of(settings, self.db, self.clock, cast(Any, None), Event(), **self.parts)
        return replace(self, settings=settings, ctx=ctx)

    def with_parts(self, **parts: Unpack[Parts]) -> Instance:
        """The same instance with other parts."""
        return replace(self, parts={**self.parts, **parts}).with_settings()

    def be(self, user: UserName | None = USER, **more: Any) -> None:
        """Set the owner's preferences."""
        accounts.set_preferences(self.db, self.owner, Preferences(user=user, **more))

    def open_run(self, kind: RunKind, options: dict[str, Any] | None = None, user: str = USER) -> Run:
        """A run that waits for its turn."""
        raw = options or ({"budget": "100", "currency": "EUR"} if kind is RunKind.SHOP else {})
        criteria = RUN_KINDS[kind].options_model.parse(raw).canonical()
        run = Run(
            new_run_id(),
            self.owner,
            kind,
            user,
            criteria,
            new_run_id(),
            RunState.QUEUED,
            0,
            0,
            0,
            self.clock.now(),
            RUN_KINDS[kind].stages,
        )
        return runs.open_run(self.db, run, reuse_since=None)[0]

    def carts_found(self, run: RunId | None = None) -> CartsResult:
        """The carts of a run; those of the newest without one."""
        found = finished.finished_as(self.db, self.owner, run or self.newest_run("carts"), CartsResult)
        assert found is not None
        return found

    def newest_run(self, kind: str) -> RunId:
        """The run that gave the newest answer of a kind for the user."""
        found = results.latest_run(self.db, self.owner, USER, kind)
        assert found is not None
        return found

    def finish(self, run: Run, result: Result) -> RunId:
        """End a run with its result."""
        now = self.clock.now()
        kept = finished.keep(self.ctx.db, run, result, self.ctx.clock.now())
        progress.start(self.db, run.id, now)
        progress.finish(self.db, run.id, now, kept)
        return run.id

    def know_records(self, owned: Sequence[Release], wanted: Sequence[Release], **more: Any) -> RunId:
        """A synced profile of the user."""
        run = self.open_run(RunKind.SYNC)
        items = [
            CollectionItem(InstanceId(int(release.id)), release, added=NOW - timedelta(days=int(release.id)))
            for release in owned
        ]
        wants = [Want(release, added=NOW - timedelta(days=1)) for release in wanted]
        staging.stage_items(self.db, self.owner, run.id, items, NOW)
        staging.stage_wants(self.db, self.owner, run.id, wants, NOW)
        lists: dict[str, Any] = {"collection": WHOLE, "wantlist": WHOLE, "origin": "api", "now": NOW} | more
        change = apply_staged(self.db, self.owner, USER, run.id, **lists)
        return self.finish(run, SyncResult.of(USER, change, ()))

    def recommend(self, found: Sequence[Release], options: dict[str, Any] | None = None) -> RunId:
        """A finished list of these records, the first the best."""
        missing = ("Two labels could not be looked up.",)
        made = RecommendationResult(USER, "content-1", self.clock.now(), 61, _recommendations(found), missing)
        return self.finish(self.open_run(RunKind.RECOMMEND, options), made)

    def sell(self, listings: Sequence[Listing], sellers: Sequence[Seller] = ()) -> None:
        """Copies for sale, known to all."""
        stored_listings.save_listings(self.db, OwnerId(SHARED_OWNER), list(listings), list(sellers))

    def carts(self, made_of: Sequence[Sequence[Listing]], sellers: Sequence[Seller], **more: Any) -> RunId:
        """Finished carts of these listings."""
        raw = {"budget": "100", "currency": "EUR", "destination": "DE"} | more
        self.sell([copy for cart in made_of for copy in cart], sellers)
        run = self.open_run(RunKind.SHOP, raw)
        wanted, found = _interest({copy.release_id for cart in made_of for copy in cart})
        basis = store_basis(
            self.ctx.db, run, Interest(found, wanted), ["One of three sellers could not be reached."]
        )
        _, result = fresh_answer(self.ctx, run, criteria_of(run), basis.interest, partial=basis.partial)
        plans = open_plans(self.ctx, run).id if wanted else None
        made = self.finish(run, replace(result, excluded={"media": 12, "price": 3}, plans_run=plans))
        if plans is not None:
            self.carry_out_plans(plans)
        return made

    def carry_out_plans(self, run_id: RunId) -> None:
        """Find the plans of a run, and end it, as a worker does."""
        find_plans(self.ctx, InlineFlow(run_id))
        found = results.result(self.db, self.owner, run_id)
        assert found is not None
        progress.start(self.db, run_id, self.clock.now())
        progress.finish(self.db, run_id, self.clock.now(), found.id)
        run_upkeep.clear_work(self.db, self.owner, run_id)


def make_instance(folder: Path, db: Database, **settings: Any) -> Instance:
    """An instance on an open database."""
    chosen = Settings(_env_file=None, data_dir=folder, **settings)  # type: ignore[call-arg]
    clock, discogs = FakeClock(), FakeDiscogs()
    parts: Parts = {
        "discogs": lambda owner, run: cast(Any, discogs),
        "discogs_by_token": lambda token: cast(Any, discogs),
        "market_sources": FILE_SOURCES,
        "uploads": ReadHere(),
        "newer_rates": lambda: None,
        "vault": Vault.open(folder, "a key for tests"),
        "forget_runs": lambda run_ids: None,
    }
    ctx = context_of(chosen, db, clock, cast(Any, None), Event(), **parts)
    owner = accounts.local_account(db, NOW)
    return Instance(db, clock, FakeQueue(), discogs, chosen, owner, ctx, parts)


def make_record(id: int, title: str = "", artist: str = "", **more: Any) -> Release:
    """A record as the catalogue knows it."""
    return Release(
        id=ReleaseId(id),
        title=title or f"Record {id}",
        year=1970 + id % 50,
        country="Germany",
        artists=(ArtistCredit(ArtistId(id), artist or f"Artist {id}"),),
        labels=(LabelCredit(LabelId(id), f"Label {id}", f"L {id}"),),
        formats=(Format("Vinyl", 1, ("LP", "Album")),),
        genres=("Electronic",),
        styles=("Ambient", "Dub") if id % 2 else ("House",),
        **more,
    )


def make_copy(
    id: int, release: Release, seller: str = "plattenkiste", cents: int = 1250, **more: Any
) -> Listing:
    """A copy for sale."""
    return Listing(
        ListingId(id),
        release.id,
        seller,
        Money(cents, more.pop("currency", Currency.EUR)),
        more.pop("as_of", NOW),
        Origin.INVENTORY,
        media=Grade.NEAR_MINT,
        sleeve=SleeveGrade.VERY_GOOD_PLUS,
        title=release.title,
        ships_from=more.pop("ships_from", "DE"),
        **more,
    )


def _recommendations(found: Sequence[Release]) -> tuple[Recommendation, ...]:
    return tuple(
        Recommendation(
            place,
            release,
            1.0 / place,
            (
                Reason("owned", f"Because you own {NASTY}", 0.6, ReleaseId(1)),
                Reason("label", "It is on Label 3, of which you own 4", 0.4),
            ),
            new_artist=place % 2 == 0,
            new_label=place % 3 == 0,
        )
        for place, release in enumerate(found, 1)
    )


def _interest(ids: Iterable[ReleaseId]) -> tuple[dict[ReleaseId, float], tuple[Recommendation, ...]]:
    """Records of odd numbers are wanted, the others recommended."""
    reasons = (Reason("owned", "It fits", 1.0),)
    found = (
        Recommendation(place, make_record(int(id)), 0.5, reasons, True, True)
        for place, id in enumerate(sorted(id for id in ids if not int(id) % 2), 1)
    )
    return {id: 0.5 for id in ids if int(id) % 2}, tuple(found)


def fill_instance(instance: Instance) -> Instance:
    """The instance with all that a page can show; one title is a script."""
    records = {id: make_record(id, NASTY if id == 3 else "", NASTY if id == 4 else "") for id in range(1, 41)}
    instance.be(USER, currency=Currency.EUR, country="DE")
    instance.know_records([records[id] for id in range(1, 11)], [records[id] for id in range(11, 21)])
    instance.recommend([records[id] for id in (3, *range(21, 41))])
    sellers = [
        Seller(
            "plattenkiste",
            rating=Decimal("99.8"),
            ratings=1234,
            ships_from="DE",
            min_order=Money(2000, Currency.EUR),
        ),
        Seller("vinyl<b>", ships_from="US", shipping_text=f"{NASTY}\nEach LP 5 dollars"),
    ]
    first = [make_copy(100 + id, records[id], comments=f"Plays fine {NASTY}") for id in range(11, 16)]
    second = [
        make_copy(
            200 + id, records[id], "vinyl<b>", 1999, ships_from="US", currency=Currency.USD, allow_offers=True
        )
        for id in (3, 21, 22)
    ]
    instance.sell([*first, *second], sellers)
    per_euro = {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.25")}
    exchange_rates.save_rates(instance.db, NOW.date(), "ECB", per_euro)
    instance.carts([first, second], sellers)
    return instance
