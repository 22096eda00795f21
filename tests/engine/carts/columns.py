"""The checker's plain offers, wants and shipping as the columns and tariffs that the engines read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from tests.checker.cart_oracle import Offer
from tests.checker.plan_oracle import Copy, Want
from tests.checker.shipping import ShippingTerms

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.plans.rules import Wants
from discogs_assistant.engine.shipping.tariffs import Tariff, tariff
from discogs_assistant.model.grade import UNGRADED
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)


def copies_of(offers: Sequence[Offer | Copy]) -> Copies:
    """One row an offer, in their order."""
    sellers = tuple(sorted({offer.seller for offer in offers}))
    return Copies(
        sellers=sellers,
        listing=_column(offer.listing for offer in offers),
        seller=_column(sellers.index(offer.seller) for offer in offers),
        release=_column(offer.release for offer in offers),
        group=_column(offer.group if isinstance(offer, Offer) else offer.release for offer in offers),
        price=_column(offer.price for offer in offers),
        worth=_column(offer.worth for offer in offers),
        score=_column(offer.score if isinstance(offer, Offer) else 0 for offer in offers),
        grams=_column(offer.grams for offer in offers),
        quantity=_column(1 if isinstance(offer, Offer) else offer.quantity for offer in offers),
        media=_column(offer.media or UNGRADED if isinstance(offer, Offer) else UNGRADED for offer in offers),
        sleeve=_column(UNGRADED for _ in offers),
    )


def tariffs_of(
    copies: Copies, shipping_terms: Mapping[str, ShippingTerms] | None
) -> list[Tariff | None] | None:
    """One tariff a seller, None where it has no shipping."""
    if shipping_terms is None:
        return None
    return [
        tariff_of(shipping_terms[seller]) if seller in shipping_terms else None for seller in copies.sellers
    ]


def tariff_of(terms: ShippingTerms) -> Tariff:
    """The same shipping by way of the product's own policy."""
    currency = Currency(terms.currency)
    rates = RateTable(
        date(2026, 11, 24),
        "test",
        Currency.USD,
        {
            Currency.USD: Decimal(1),
            currency: Decimal(terms.rate.numerator) / terms.rate.denominator / 100,
        },
    )
    policy = ShippingPolicy(
        seller="s",
        ships_to="US",
        methods=tuple(
            ShippingMethod(
                f"method {place}",
                ShippingUnit(method.unit),
                tuple(Band(band.low, band.high, band.cost, band.per_unit) for band in method.bands),
            )
            for place, method in enumerate(terms.methods)
        ),
        currency=currency,
        source=ShippingSource.ENTERED,
        free_from=terms.free_from,
        min_order=terms.min_order,
    )
    return tariff(policy, rates)


def wants_of(wants: Sequence[Want]) -> Wants:
    """The columns; groups that are shared come after those of one want."""
    groups = [want.release if want.group is None else 1000 + want.group for want in wants]
    return Wants(
        release=np.array([want.release for want in wants], dtype=np.int64),
        score=np.array([want.score for want in wants], dtype=np.int64),
        required=np.array([want.must for want in wants], dtype=np.bool_),
        copies=np.array([want.copies for want in wants], dtype=np.int64),
        group=np.array(groups, dtype=np.int64),
    )


def _column(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)
