"""What customs and the carrier ask for a parcel, estimated by a country's rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from discogs_assistant.engine.shipping.import_charges import ImportCharges, import_charges
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import ImportRules

EUROS = RateTable(
    date(2026, 12, 1), "test", Currency.EUR, {Currency.EUR: Decimal(1), Currency.CHF: Decimal("1.05")}
)


def euros(amount: str) -> Money:
    return Money.of(Decimal(amount), Currency.EUR)


UNION = ImportRules(Fraction(19, 100), "test", duty=euros("3"), duty_up_to=euros("150"))
SWISS = ImportRules(
    Fraction(81, 1000),
    "test",
    tax_free=Money(6200, Currency.CHF),
    handling=Money(1600, Currency.CHF),
    handling_above=Money(6200, Currency.CHF),
)


def test_vat_is_due_on_merchandise_shipping_and_duty() -> None:
    # 19 % of 40.00 + 10.00 + 3.00 is 10.07.
    assert import_charges(UNION, 4000, 1000, EUROS) == ImportCharges(1007, 300, 0)


@pytest.mark.parametrize(("merchandise", "duty"), [(15_000, 300), (15_001, 0)])
def test_the_flat_duty_holds_up_to_its_limit_and_at_it(merchandise: int, duty: int) -> None:
    assert import_charges(UNION, merchandise, 0, EUROS).duty == duty


@pytest.mark.parametrize(("merchandise", "total"), [(6510, 0), (6511, 527 + 1680)])
def test_a_limit_in_another_currency_is_converted(merchandise: int, total: int) -> None:
    """62 CHF are 65.10 EUR: up to that nothing is due."""
    assert import_charges(SWISS, merchandise, 0, EUROS).total == total


def test_halves_of_the_smallest_unit_are_rounded_up() -> None:
    assert import_charges(ImportRules(Fraction(1, 2), "test"), 1, 0, EUROS).vat == 1
