"""The CSV files of `carts` and `plan` as plain rows, with exact amounts."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.checker.grades import grade
from tests.checker.shipping import Band, Method, ShippingTerms, half_up

DECIMALS = {"JPY": 0}


@dataclass(frozen=True)
class Money:
    """Rates of a day into `target`: an amount × `rates[its currency]` is the amount in `target`."""

    target: str
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def minor(self, amount: Decimal, currency: str, target: str | None = None) -> int:
        """`amount` in minor units of `target` (the budget's currency), rounded half up."""
        into = self.target if target is None else target
        exact = Fraction(amount) * self.rate(currency) / self.rate(into)
        return half_up(exact * 10 ** decimals(into))

    def rate(self, currency: str) -> Fraction:
        """What one unit of it is in the target."""
        return Fraction(1) if currency == self.target else Fraction(self.rates[currency])


@dataclass(frozen=True)
class Listing:
    """A row of the listings; what is empty or absent is None."""

    listing: int
    seller: str
    release: int
    price: Decimal
    currency: str
    quantity: int
    media: int | None
    sleeve: int | None
    ships_from: str | None
    rating: Decimal | None
    grams: int
    format: str | None


@dataclass(frozen=True)
class Scored:
    """A row of scores or of wants; `score` in millionths."""

    release: int
    score: int
    group: str | None
    must: bool = False
    copies: int = 1


def rows(path: Path) -> list[dict[str, str]]:
    """The rows by column, blanks at the ends of cells trimmed."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            {name: (cell or "").strip() for name, cell in row.items() if name}
            for row in csv.DictReader(lines)
        ]


def listings(path: Path) -> list[Listing]:
    """All rows in the file's order."""
    return [_listing(row) for row in rows(path)]


def _listing(row: dict[str, str]) -> Listing:
    rating = row.get("seller_rating") or None
    return Listing(
        int(row["listing_id"]),
        row["seller"],
        int(row["release_id"]),
        Decimal(row["price"]),
        row["currency"].upper(),
        int(row.get("quantity") or 1),
        grade(row.get("media", "")),
        grade(row.get("sleeve", "")),
        country(row.get("ships_from", "")),
        None if rating is None else Decimal(rating),
        int(row.get("grams") or 230),
        row.get("format") or None,
    )


def scored(path: Path) -> dict[int, Scored]:
    """Rows of scores or wants by release."""
    found = {}
    for row in rows(path):
        release = int(row["release_id"])
        score = int(Decimal(row.get("score") or 1) * 10**6)
        must = row.get("must", "").lower() in {"1", "true", "yes", "x"}
        found[release] = Scored(release, score, row.get("group") or None, must, int(row.get("copies") or 1))
    return found


def shipping_terms(
    path: Path, ships_to: str, money: Money, sellers: Collection[str]
) -> dict[str, ShippingTerms]:
    """The shipping of each of `sellers` to a country: rows for its code, else those for anywhere."""
    found: dict[str, list[dict[str, str]]] = {}
    for place in ("*", ships_to):
        of_place: dict[str, list[dict[str, str]]] = {}
        for row in rows(path):
            if row["ships_to"].upper() == place and row["seller"] in sellers:
                of_place.setdefault(row["seller"], []).append(row)
        found |= of_place
    return {seller: _terms(bands, money) for seller, bands in found.items()}


def _terms(of_seller: list[dict[str, str]], money: Money) -> ShippingTerms:
    first = of_seller[0]
    currency = first["currency"].upper()
    least, free = (
        [Decimal(row[name]) for row in of_seller if row.get(name)] for name in ("min_order", "free_from")
    )
    by_method: dict[str, list[dict[str, str]]] = {}
    for row in of_seller:
        by_method.setdefault(row.get("method", ""), []).append(row)
    return ShippingTerms(
        tuple(Method(rows[0]["unit"], tuple(map(_band, rows))) for rows in by_method.values()),
        currency,
        decimals(currency),
        money.rate(currency) * 10 ** decimals(money.target),
        max(least, default=None),
        max(free, default=None),
    )


def _band(row: dict[str, str]) -> Band:
    return Band(
        Decimal(row["from"]),
        Decimal(row["to"]) if row["to"] else None,
        Decimal(row["cost"]),
        Decimal(row["per_unit"] or 0),
    )


def decimals(currency: str) -> int:
    """Decimals of a currency's amounts."""
    return DECIMALS.get(currency, 2)


def country(text: str) -> str | None:
    """The ISO code of a code or of one of the names that the made-up files use."""
    names = {
        "united states": "US",
        "germany": "DE",
        "united kingdom": "GB",
        "uk": "GB",
        "japan": "JP",
        "france": "FR",
    }
    return names.get(text.lower(), text.upper()) if text else None
