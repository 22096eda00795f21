"""What the store's tests save: made-up records, copies, listings and runs, and a controlled clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from discogs_assistant.model.ids import (
    ArtistId,
    InstanceId,
    LabelId,
    ListingId,
    MasterId,
    OwnerId,
    ReleaseId,
    RunId,
    new_run_id,
)
from discogs_assistant.model.listing import Listing, Origin
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.model.shipping import (
    Band,
    Order,
    OrderNumber,
    ShippingMethod,
    ShippingPolicy,
    ShippingReport,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import rate_share

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = ShippingPolicy(
    "seller-1",
    "DE",
    (
        ShippingMethod(
            "Standard",
            ShippingUnit.VALUE,
            (
                Band(Decimal("0"), Decimal("49.99"), Decimal("6.50"), Decimal("0")),
                Band(Decimal("50"), None, Decimal("0"), Decimal("0.015")),
            ),
        ),
        ShippingMethod(
            "", ShippingUnit.GRAMS, (Band(Decimal("0"), Decimal("500"), Decimal("4.10"), Decimal("0")),)
        ),
    ),
    Currency.EUR,
    ShippingSource.ENTERED,
    Decimal("99.90"),
    Decimal("15.00"),
    NOW,
)
REPORT = ShippingReport("seller-1", 8, NOW, (replace(POLICY, source=ShippingSource.POLICY, min_order=None),))
ORDER = Order(OrderNumber("8-3"), "seller-1", 4, Money(1250, Currency.EUR), NOW, NOW)


class FakeClock:
    """A clock that stands still until it is moved, or until something sleeps."""

    def __init__(self, start: datetime = NOW) -> None:
        self.moment = start

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.moment += timedelta(seconds=seconds)


def make_release(id: int, *, styles: tuple[str, ...] = ("House",), complete: bool = False) -> Release:
    return Release(
        id=ReleaseId(id),
        title=f"Title {id}",
        master_id=MasterId(id // 2 + 1) if id % 2 else None,
        year=1990 + id % 30,
        artists=(ArtistCredit(ArtistId(id), f"Artist {id}"),),
        labels=(LabelCredit(LabelId(id), f"Label {id}", f"L {id}"),),
        formats=(Format("Vinyl", 1, ('12"',)),),
        genres=("Electronic",) if styles else (),
        styles=styles,
        complete=complete,
    )


def make_item(
    instance: int, release: int | None = None, *, minutes: int = 0, rating: int = 0
) -> CollectionItem:
    return CollectionItem(
        instance_id=InstanceId(instance),
        release=make_release(release if release is not None else instance),
        folder_id=1,
        rating=rating,
        added=NOW - timedelta(days=30) + timedelta(minutes=minutes or instance),
    )


def make_want(release: int, *, minutes: int = 0) -> Want:
    return Want(make_release(release), added=NOW - timedelta(days=20) + timedelta(minutes=minutes or release))


def make_listing(
    id: int,
    release: int = 1,
    seller: str = "seller-1",
    *,
    as_of: datetime = NOW,
    origin: Origin = Origin.INVENTORY,
    minor: int = 1000,
    status: str = "For Sale",
    **more: Any,
) -> Listing:
    price = Money(minor, Currency.EUR)
    return Listing(ListingId(id), ReleaseId(release), seller, price, as_of, origin, status=status, **more)


STAGES = ("Looking", "Reading", "Finding", "Scoring", "Saving")


def make_run(
    owner: OwnerId,
    *,
    kind: RunKind = RunKind.SYNC,
    key: str = "key",
    user: str = "digger",
    at: datetime = NOW,
) -> Run:
    return Run(
        id=RunId(new_run_id()),
        owner=owner,
        kind=kind,
        user=user,
        criteria={"full": True, "of": key},
        key=key,
        state=RunState.QUEUED,
        stage=0,
        done=0,
        total=0,
        created_at=at,
        stage_names=STAGES,
    )


def served(db: Database, source: str, since: float = 0.0) -> int:
    """How many people were given a turn at Discogs since then, in epoch seconds."""
    query = select(rate_share.c.person).where(rate_share.c.source == source, rate_share.c.next >= since)
    with db.read() as connection:
        return len(set(connection.scalars(query)))
