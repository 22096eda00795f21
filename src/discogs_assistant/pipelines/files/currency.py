"""Prices and shipping of files in the currency of the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.shipping.estimates import worth_in
from discogs_assistant.engine.shipping.tariffs import Tariff, tariff
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import ShippingPolicy
from discogs_assistant.sources.files.listings import ListingRows

RatesOf = Callable[[Currency, date | None], RateTable]
"""Rates into a currency of a day, or of the newest stored day."""


class Exchange:
    """Amounts in other currencies; rates are asked for once, at the first amount that needs them."""

    def __init__(self, target: Currency, day: date | None, rates_of: RatesOf) -> None:
        self._target = target
        self._day = day
        self._rates_of = rates_of
        self.used: RateTable | None = None

    def prices(self, listings: ListingRows, rows: Ints) -> Ints:
        """(rows,) in minor units of the budget's currency, rounded half up."""
        price = listings.price[rows]
        for place, currency in enumerate(listings.currencies):
            self._translate(price, listings.currency[rows] == place, currency, self._target)
        return price

    def worth(
        self, listings: ListingRows, rows: Ints, price: Ints, policies: Mapping[str, ShippingPolicy]
    ) -> Ints:
        """(rows,) in minor units of the currency of the seller's policy; `price` where there is none."""
        of_seller = [policies.get(name) for name in listings.sellers]
        worth = price.copy()
        for measure in {policy.currency for policy in policies.values()}:
            by_measure = np.array([policy is not None and policy.currency is measure for policy in of_seller])
            for place, currency in enumerate(listings.currencies):
                both = by_measure[listings.seller[rows]] & (listings.currency[rows] == place)
                worth[both] = listings.price[rows][both]
                self._translate(worth, both, currency, measure)
        return worth

    def tariff(self, policy: ShippingPolicy) -> Tariff:
        """In the budget's currency."""
        own = policy.currency is self._target
        return tariff(policy, RateTable.identity(date.min, self._target) if own else self._rates())

    def _rates(self) -> RateTable:
        if self.used is None:
            self.used = self._rates_of(self._target, self._day)
        return self.used

    def _translate(self, amounts: Ints, where: Mask, currency: Currency, target: Currency) -> None:
        """Put the amounts that `where` marks into another currency, each different one once."""
        if currency is target:
            return
        found, places = np.unique(amounts[where], return_inverse=True)
        meant = [worth_in(Money(minor, currency), target, self._rates()) for minor in found.tolist()]
        amounts[where] = np.array(meant, np.int64)[places]
