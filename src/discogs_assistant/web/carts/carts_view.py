"""Finished carts as their page shows them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import Release
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.price_expiry import EXPIRED
from discogs_assistant.pipelines.carts.result import (
    Cart,
    CartsResult,
    CheckResult,
    ParcelShipping,
    SoldElsewhere,
)
from discogs_assistant.pipelines.runtime.results.releases import first_catno
from discogs_assistant.web import formatting, release_text
from discogs_assistant.web.carts.criteria_sentences import asked_words
from discogs_assistant.web.carts.parcel_view import (
    charges_sentence,
    offers_sentence,
    shipping_sentences,
    total_with_charges,
)
from discogs_assistant.web.catalogue.printed_artists import Artists

NAMED = {
    "best_score": "Best loved",
    "most_records": "Most records",
    "cheapest": "Cheapest per record",
    "best_quality": "Best condition",
    "best_bargains": "Best bargains",
    "closest_to_home": "Closest to home",
}
MOST, _FEW, _BEST, CARDS = 4, 2, 3, 20
_ALL = 10_000
_EXCLUDED = {
    "media": "for the record's condition",
    "sleeve": "for the sleeve's condition",
    "seller_rating": "for the seller's rating",
    "seller_ratings": "for too few ratings",
    "ships_from": "for the country",
    "seller": "of sellers left out",
    "price": "for the price",
    "format": "for the format",
}


@dataclass(frozen=True, slots=True)
class PlacedCart:
    """A cart with its place among the others, as written in addresses, and its anchor on the page."""

    cart: Cart
    place: str
    anchor: str


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """A named answer: what it is best at, and its cart."""

    title: str
    note: str
    placed: PlacedCart


@dataclass(frozen=True, slots=True)
class CartsView:
    """A carts document as `price_expiry.shown_carts` returns it, with covers by release.

    `brief`: only the first records of a cart stand on its card; a page of its own has all of them. `bought`:
    the releases that the person has bought; `must`: those that must be in. `query`: the overrides that
    gave this document, as an address carries them. `charges`: import charges are shown, and with
    `by_charges` the carts are listed by their totals with them.
    """

    document: CartsResult | CheckResult
    covers: Mapping[int, str]
    brief: bool = False
    bought: frozenset[ReleaseId] = frozenset()
    must: frozenset[ReleaseId] = frozenset()
    query: str = ""
    artists: Artists = field(default_factory=dict)
    """Artists with their pages, by release."""
    charges: bool = False
    by_charges: bool = False

    def shown(self, cart: Cart) -> int:
        """How many of a cart's records its card shows: more for the best carts than for the others."""
        if not self.brief:
            return _ALL
        return MOST if cart.rank is not None and cart.rank <= _BEST else _FEW

    @property
    def places(self) -> dict[str, PlacedCart]:
        """Every cart by its place: in order, named ones from further down, those with unknown shipping."""
        named = {answer.name: answer.cart for answer in self.document.named if answer.cart.rank is None}
        carts = {str(cart.rank): cart for cart in self.document.carts} | named
        carts |= {f"unknown_{cart.rank}": cart for cart in self.document.unknown_shipping.carts}
        return {place: PlacedCart(cart, place, f"cart-{place}") for place, cart in carts.items()}

    @property
    def cards(self) -> list[PlacedCart]:
        """The carts that have a card on the page of all carts: the best, and the named ones."""
        return [placed for placed in self.places.values() if self.on_page(placed)]

    @property
    def apart(self) -> list[PlacedCart]:
        """The carts of sellers whose shipping is not known, if it is known for others."""
        return [placed for place, placed in self.places.items() if place.startswith("unknown_")]

    @property
    def listed(self) -> list[PlacedCart]:
        """The carts in order, or by their totals with import charges."""
        places = self.places
        carts = self.document.carts
        if self.by_charges:
            carts = tuple(sorted(carts, key=lambda cart: total_with_charges(cart) or 0))
        return [places[str(cart.rank)] for cart in carts]

    def with_charges(self, cart: Cart) -> int | None:
        """A cart's total with its import charges."""
        return total_with_charges(cart)

    def charges_of(self, cart: Cart) -> str | None:
        """What customs may ask for a cart, where that is shown and known."""
        if not self.charges or cart.charges is None:
            return None
        return charges_sentence(cart.charges, self.document.currency)

    def offers_of(self, cart: Cart) -> str | None:
        """What a cart would cost at lower prices, where its copies take offers."""
        return offers_sentence(cart, self.document.currency)

    def shipping_of(self, cart: Cart) -> list[str]:
        """What one more record does to a cart's shipping, and what is missing until it is free."""
        return shipping_sentences(self.document, cart)

    def on_page(self, placed: PlacedCart) -> bool:
        """Whether the page of all carts shows a cart's card; every other cart has its own page."""
        return not placed.place.startswith("unknown_") and (placed.cart.rank or 1) <= CARDS

    def card(self, place: str) -> PlacedCart | None:
        """The cart at a place."""
        return self.places.get(place)

    @property
    def named(self) -> list[NamedAnswer]:
        """The named answers."""
        places = self.places
        return [
            NamedAnswer(
                NAMED.get(answer.name, answer.name),
                answer.cart.why or "",
                places[str(answer.cart.rank or answer.name)],
            )
            for answer in self.document.named
        ]

    @property
    def shipping_unknown(self) -> bool:
        """Whether no cart's total includes shipping, though it was asked for."""
        document = self.document
        statuses = {cart.shipping.status for cart in document.carts}
        return (
            document.criteria.include_shipping
            and statuses == {Confidence.UNKNOWN}
            and not document.prices_expired
        )

    @property
    def movable(self) -> bool:
        """Whether the what-if buttons have something to change."""
        return not self.document.prices_expired

    @property
    def partial(self) -> list[str]:
        """What is missing, except expired prices, which the page shows elsewhere."""
        return [sentence for sentence in self.document.partial if sentence != EXPIRED]

    @property
    def excluded(self) -> list[tuple[str, int]]:
        """Why copies were left out, the most frequent first."""
        counts = sorted(self.document.excluded.items(), key=lambda pair: -pair[1])
        return [(_EXCLUDED.get(name, name), number) for name, number in counts if number]

    @property
    def copies_excluded(self) -> int:
        """How many copies were left out."""
        return sum(self.document.excluded.values())

    @property
    def elsewhere(self) -> list[SoldElsewhere]:
        """Records without a known seller, wanted ones first."""
        return sorted(self.document.elsewhere, key=lambda record: record.origin != "wanted")

    @property
    def elsewhere_as_of(self) -> datetime | None:
        """When the oldest of their prices was reported."""
        return min((record.as_of for record in self.document.elsewhere), default=None)

    @property
    def missing(self) -> bool:
        """Whether the page has records to list that are in no cart."""
        document = self.document
        left_out = document.candidates.too_dear or document.not_shipping or self.copies_excluded
        return bool(document.elsewhere or left_out)

    @property
    def rates(self) -> list[str]:
        """The rates of the currencies in which copies are priced."""
        budget = self.document.currency
        used = {
            line.price.currency
            for placed in self.cards
            for line in placed.cart.lines
            if line.price and line.price.currency != budget
        }
        values = self.document.rates.values
        return [
            f"1 {currency} = {float(values[currency]):.4g} {budget}"
            for currency in sorted(used)
            if currency in values
        ]

    @property
    def asked(self) -> str:
        """The criteria in a line."""
        return "Asked for: " + " · ".join(asked_words(self.document.criteria))

    @property
    def why_none(self) -> str:
        """What would help if there is no cart; the result itself says why there is none."""
        if not self.document.listings:
            return "Name sellers to read their stock, or upload pages that you saved."
        if not self.document.eligible:
            return "Copies are known, but none is within your limits: relax one of them."
        return "Raise the budget, or ask for fewer records in a cart."

    @property
    def order(self) -> str:
        """What carts are ordered by, and how sure that order is."""
        ordering = (
            "Ordered by worth: the number of records, times how much you would love them together. "
            "“Worth” compares each cart with the first."
        )
        if self.document.proof.status != "optimal":
            return ordering
        return f"{ordering} Every copy of every seller here was compared: no better cart exists among them."

    def place(self, placed: PlacedCart) -> tuple[Hashable, ...]:
        """The place of a cart's card."""
        return placed.place, self.brief

    def given(self, cart: Cart) -> tuple[Hashable, ...]:
        """What a cart's card depends on beside its place and its run's answer."""
        shown = cart.lines[: self.shown(cart)]
        pictures = tuple(self.covers.get(line.release_id) for line in shown)
        named = tuple(self.artists.get(line.release_id) for line in shown)
        return self.document.prices_expired, pictures, named, self.bought_of(cart), self.charges

    def bought_of(self, cart: Cart) -> frozenset[ReleaseId]:
        """The records of a cart that were bought."""
        return self.bought & set(cart.releases)

    def worth(self, cart: Cart) -> str:
        """A cart's worth as a share of the best one's, in whole percent as `why` says it."""
        best = self.document.carts[0].objective_micro
        return f"{100 * cart.objective_micro // best} %" if best else "–"

    def gap(self, cart: Cart) -> str:
        """By how much another choice might be better than an unproven cart, in percent rounded up."""
        worth, bound = cart.objective_micro, cart.bound_micro
        return f"{-(-100 * (bound - worth) // worth)} %" if worth else ""

    def facts(self, release: Release) -> str:
        """A record in a line."""
        return release_text.facts(release)


def cart_text(document: CartsResult, cart: Cart, to_cart: Mapping[ListingId, str]) -> str:
    """A cart as plain text to paste into a message; `to_cart` links listings into Discogs' cart."""
    lines = [f"{formatting.count(cart.items, 'record')} from {cart.seller}"]
    for line in cart.lines:
        release = document.releases[line.release_id]
        grades = "/".join(grade for grade in (line.media, line.sleeve) if grade)
        record = f"{release_text.artists(release)} – {release.title}"
        facts = (record, first_catno(release), grades, line.price)
        lines.append(" · ".join(str(fact) for fact in facts if fact))
        lines.append(f"  {to_cart[line.listing_id]}")
    if cart.total_minor is not None:
        lines.append(_sum_in_text(cart.shipping, Money(cart.total_minor, document.currency)))
    return "\n".join(lines) + "\n"


def _sum_in_text(shipping: ParcelShipping, total: Money) -> str:
    together = f"Together {total}"
    if shipping.minor is None:
        return f"{together}, without shipping"
    price = f"{Money(shipping.minor, total.currency)} shipping ({shipping.status})"
    return f"{together}, with {price}" if shipping.in_budget else f"{together}, and {price}"
