"""The typed document of plans over several sellers, as pages, API, command line and files read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from discogs_assistant.model.ids import ListingId, ReleaseId, RunId
from discogs_assistant.model.money import Currency
from discogs_assistant.pipelines.carts.options import CriteriaField
from discogs_assistant.pipelines.carts.result import (
    CartLine,
    EstimatedCharges,
    MinimumOrder,
    ParcelShipping,
    PriceFloor,
    SellerFacts,
)
from discogs_assistant.pipelines.runtime.results.fields import (
    Moment,
    OnlyIfKnown,
    OnlyIfTrue,
    RatesField,
    ReleaseField,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProof:
    """How sure a plan is: its bound is a total, or for the most within a budget a sum of scores."""

    status: Literal["optimal", "within"]
    bound_minor: OnlyIfKnown = None
    bound_micro: OnlyIfKnown = None
    gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrder:
    """One parcel of a plan."""

    seller: str
    listing_ids: tuple[ListingId, ...]
    quantities: tuple[int, ...]
    items: int
    merchandise_minor: int
    shipping_minor: int
    total_minor: int
    shipping: ParcelShipping
    min_order: MinimumOrder | None
    charges: EstimatedCharges | None
    customs: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePlan:
    """Which copies to buy from which sellers together."""

    answer: str
    currency: Currency
    orders: tuple[PlannedOrder, ...]
    parcels: int
    total_minor: int
    score_sum_micro: int
    wanted: int
    covered: int
    unavailable: tuple[ReleaseId, ...]
    left_out: tuple[ReleaseId, ...]
    proof: PlanProof


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWant:
    """A want's place in the cheapest plan, what it does to the total, and when it would come in.

    `floor` is Discogs' lowest price of what no known seller has; `sellers` are those of what only sellers
    with unknown shipping have.
    """

    release_id: ReleaseId
    must: bool
    state: Literal["covered", "left_out", "unknown_shipping", "unavailable"]
    adds_minor: int | None
    saves_minor: int | None
    enters_at_minor: int | None
    floor: PriceFloor | None
    sellers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansResult:
    """The three answers, the cheapest plan for each number of parcels, and each copy in them by its id.

    Of the carts of `carts_run`. While the run that finds them is under way, what is not found yet is None or
    empty. `problem` says why there is no plan, `partial` what the
    carts lacked.
    """

    user: str
    carts_run: RunId
    made_at: Moment
    prices_as_of: Moment | None
    criteria: CriteriaField
    budget_minor: int
    currency: Currency
    with_shipping: bool
    cheapest: PurchasePlan | None
    fewest: PurchasePlan | None
    most: PurchasePlan | None
    curve: tuple[PurchasePlan, ...]
    wants: tuple[PlannedWant, ...]
    lines: Mapping[ListingId, CartLine]
    sellers: Mapping[str, SellerFacts]
    releases: Mapping[ReleaseId, ReleaseField]
    rates: RatesField
    problem: str | None
    partial: tuple[str, ...]
    prices_expired: OnlyIfTrue = False

    @property
    def oldest_price(self) -> datetime:
        """When the oldest price was reported; when the plans were made where there is none."""
        return self.prices_as_of or self.made_at

    @property
    def answers(self) -> Mapping[str, PurchasePlan]:
        """The existing answers by name."""
        answers = {"cheapest": self.cheapest, "most": self.most, "fewest": self.fewest}
        return {name: plan for name, plan in answers.items() if plan is not None}

    def copies(self, order: PlannedOrder) -> list[tuple[CartLine, int]]:
        """The copies of a parcel, each with how many are bought."""
        ids = zip(order.listing_ids, order.quantities, strict=True)
        return [(self.lines[id], quantity) for id, quantity in ids]
