"""P.csv: what sellers ask for sending a parcel to a country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    ANYWHERE,
    MOST_BANDS,
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.sources.files import cells
from discogs_assistant.sources.files.table import Table

COLUMNS = ("seller", "ships_to", "unit", "from", "to", "cost", "per_unit", "currency", "min_order")
OPTIONAL = ("method", "free_from")
_LARGEST = 10**9
_LONGEST_NAME = 200


def read_policies(data: bytes, name: str) -> tuple[ShippingPolicy, ...]:
    """The policy of each seller and destination; methods as they are met, bands ascending.

    `BadInputError` names line and column of the first value that breaks a rule, of a band that overlaps
    another one of its method, of a row that differs from its method's others in unit or from its seller's in
    currency, minimum order or what is free, and of a row after the first `MOST_BANDS` of a seller's.
    """
    rows = _Rows(Table(data, name, required=COLUMNS, optional=OPTIONAL))
    together: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(rows.seller, rows.ships_to, strict=True)):
        together.setdefault(key, []).append(row)
    return tuple(rows.policy(*key, of_key) for key, of_key in together.items())


class _Rows:
    """The file's columns, a value for each row."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.seller = table.values("seller", cells.name)
        self.ships_to = table.values("ships_to", _destination)
        self._method = table.values("method", _method)
        self._unit = table.values("unit", _unit)
        self._currency = table.values("currency", Currency.parse)
        self._low = table.values("from", _amount)
        self._high = table.values("to", _maybe)
        self._cost = table.values("cost", _amount)
        self._per_unit = table.values("per_unit", lambda text: cells.decimal(text, -_LARGEST, _LARGEST))
        self._min_order = table.values("min_order", _maybe)
        self._free_from = table.values("free_from", _maybe)
        for row in range(len(table)):
            self._check(row)

    def policy(self, seller: str, ships_to: str, rows: list[int]) -> ShippingPolicy:
        """The policy that these rows make."""
        if len(rows) > MOST_BANDS:
            raise self._table.wrong(
                rows[MOST_BANDS],
                "from",
                f"a policy has at most {MOST_BANDS:,} rows, and this has {len(rows):,}",
            )
        self._check_alike(rows, "currency", self._currency)
        self._check_alike(rows, "free_from", self._free_from)
        asked = [row for row in rows if self._min_order[row] is not None]
        self._check_alike(asked, "min_order", self._min_order)
        return ShippingPolicy(
            seller=seller,
            ships_to=ships_to,
            methods=tuple(self._methods(rows)),
            currency=self._currency[rows[0]],
            source=ShippingSource.ENTERED,
            free_from=self._free_from[rows[0]],
            min_order=self._min_order[asked[0]] if asked else None,
        )

    def _methods(self, rows: list[int]) -> Iterator[ShippingMethod]:
        by_name: dict[str, list[int]] = {}
        for row in rows:
            by_name.setdefault(self._method[row], []).append(row)
        for name, of_method in by_name.items():
            self._check_alike(of_method, "unit", self._unit)
            yield ShippingMethod(name, self._unit[of_method[0]], self._bands(of_method))

    def _bands(self, rows: list[int]) -> tuple[Band, ...]:
        ordered = sorted(rows, key=lambda row: (self._low[row], self._end(row)))
        for lower, upper in pairwise(ordered):
            same = self._low[lower] == self._low[upper] and self._high[lower] == self._high[upper]
            if same or self._end(lower) > self._low[upper]:
                first, later = sorted((lower, upper))
                raise self._table.wrong(
                    later, "from", f"this band overlaps that of line {self._table.line(first)}"
                )
        return tuple(
            Band(self._low[row], self._high[row], self._cost[row], self._per_unit[row]) for row in ordered
        )

    def _end(self, row: int) -> Decimal:
        high = self._high[row]
        return Decimal("Infinity") if high is None else high

    def _check(self, row: int) -> None:
        """What one row's cells must be together."""
        unit, currency = self._unit[row], self._currency[row]
        money = f"more decimals than {currency} has ({currency.decimals})"
        if unit is ShippingUnit.VALUE:
            places, why = currency.decimals, money
        else:
            places, why = 0, f"a part of one, but {unit} are whole"
        self._check_places(row, "from", self._low[row], places, why)
        self._check_places(row, "to", self._high[row], places, why)
        self._check_places(row, "min_order", self._min_order[row], currency.decimals, money)
        self._check_places(row, "free_from", self._free_from[row], currency.decimals, money)
        if self._end(row) < self._low[row]:
            raise self._table.wrong(row, "to", f"the band ends before it begins at {self._low[row]}")
        if self._per_unit[row] < 0:
            self._check_falling(row)

    def _check_places(self, row: int, column: str, amount: Decimal | None, places: int, why: str) -> None:
        if amount is not None and amount != round(amount, places):
            raise self._table.wrong(row, column, f"{amount} has {why}")

    def _check_falling(self, row: int) -> None:
        """A cost that falls with each unit must not fall below nothing."""
        high = self._high[row]
        if high is None or self._cost[row] + self._per_unit[row] * (high - self._low[row]) < 0:
            raise self._table.wrong(row, "per_unit", "the cost falls below 0 within the band")

    def _check_alike(self, rows: list[int], column: str, values: Sequence[object]) -> None:
        for row in rows[1:]:
            if values[row] != values[rows[0]]:
                first = self._table.line(rows[0])
                here, there = ("nothing" if values[at] is None else values[at] for at in (row, rows[0]))
                why = f"{here} stands here, and {there} in line {first} for the same parcel"
                raise self._table.wrong(row, column, why)


def _destination(text: str) -> str:
    return ANYWHERE if text == ANYWHERE else country_code(cells.name(text))


def _method(text: str) -> str:
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise BadInputError(f"the name of a method is printable text of at most {_LONGEST_NAME} characters.")
    return text


def _unit(text: str) -> ShippingUnit:
    word = cells.name(text).casefold()
    if word not in set(ShippingUnit):
        raise BadInputError(f"“{printable(text, 30)}” is not one of {', '.join(ShippingUnit)}.")
    return ShippingUnit(word)


def _amount(text: str) -> Decimal:
    return cells.decimal(text, 0, _LARGEST)


def _maybe(text: str) -> Decimal | None:
    return _amount(text) if text else None
