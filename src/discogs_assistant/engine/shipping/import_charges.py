"""An estimate of what customs and the carrier ask for a parcel from abroad."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from discogs_assistant.model.money import Money, RateTable
from discogs_assistant.model.shipping import ImportRules


@dataclass(frozen=True, slots=True)
class ImportCharges:
    """VAT, duty and the carrier's handling fee, in minor units of the budget's currency."""

    vat: int
    duty: int
    handling: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.vat + self.duty + self.handling


def import_charges(
    rules: ImportRules, merchandise_minor: int, shipping_minor: int, rates: RateTable
) -> ImportCharges:
    """The charges on a parcel; amounts in minor units of the currency of `rates`, rounded half up.

    Limits include the limit itself. `BadInputError` where no rate is held for a currency of the rules.
    """

    def reaches(limit: Money | None) -> bool:
        return limit is not None and merchandise_minor > rates.convert(limit).minor

    duty = handling = 0
    if rules.duty is not None and not reaches(rules.duty_up_to):
        duty = rates.convert(rules.duty).minor
    if rules.handling is not None and (rules.handling_above is None or reaches(rules.handling_above)):
        handling = rates.convert(rules.handling).minor
    taxed = rules.tax_free is None or reaches(rules.tax_free)
    base = merchandise_minor + shipping_minor + duty
    return ImportCharges(floor(rules.vat * base + Fraction(1, 2)) if taxed else 0, duty, handling)
