"""Small made-up files for `carts` and `plan`, in all the forms that the contract allows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tests.checker import carts, plans
from tests.checker.dice import Dice
from tests.checker.eligible import Criteria

BYTES = 140
SELLERS = ("b", "B", "é, x")
LISTING_COLUMNS = (
    "listing_id", "seller", "release_id", "price", "currency", "quantity", "media", "sleeve", "ships_from",
    "seller_rating", "grams", "format", "remark",
)  # fmt: skip
GRADES = ("VG+", "Near Mint (NM or M-)", "G", "", "Mint (M)", "very good")
SLEEVES = ("VG", "Generic", "", "Not Graded", "NM", "No Cover")
COUNTRIES = ("US", "Germany", "", "United Kingdom", "jp")
FORMATS = ("LP, Album", "", '7", Single', "2xLP, Album + CD")


def write_listings(dice: Dice, path: Path) -> None:
    """Up to eight listings of five releases."""
    rows = []
    for number in range(dice.within(1, 8)):
        currency = dice.pick(("USD", "USD", "EUR", "JPY"))
        whole, part = dice.within(1, 9), dice.pick((".50", ".9", ".99", ""))
        price = f"{whole}00" if currency == "JPY" else f"{whole}{part}"
        rows.append(
            (
                1 + number * 7 % 11, dice.pick(SELLERS), dice.below(5), price, currency,
                dice.pick(("", "2", "1")), dice.pick(GRADES), dice.pick(SLEEVES), dice.pick(COUNTRIES),
                dice.pick(("99.5", "", "98", "100")), dice.pick(("", "60", "460")), dice.pick(FORMATS),
                "a, b",
            )
        )  # fmt: skip
    _write(dice, path, LISTING_COLUMNS, rows)


def write_scores(dice: Dice, path: Path) -> None:
    """Scores of most of the releases, some in a group."""
    rows = [
        (release, dice.pick(("1", "0.5", "0.000001", "0", "0.333333")), dice.pick(("", "", "g", "h")))
        for release in range(5)
        if not dice.chance(6)
    ]
    _write(dice, path, ("release_id", "score", "group"), rows)


def write_wants(dice: Dice, path: Path) -> None:
    """Wants of most of the releases and of one that nobody sells."""
    rows = [
        (
            release, dice.pick(("", "2", "0.5", "0")), dice.pick(("", "0", "", "0", "", "1")),
            dice.pick(("", "1", "2")), dice.pick(("", "", "g")),
        )
        for release in (0, 1, 2, 3, 9)
        if not dice.chance(6)
    ]  # fmt: skip
    _write(dice, path, ("release_id", "score", "must", "copies", "group"), rows)


def write_shipping(dice: Dice, path: Path) -> None:
    """For most sellers one or two methods to US, to anywhere, or both; some files have no such columns."""
    rows: list[Sequence[object]] = []
    plain = dice.chance(3)
    for seller in SELLERS:
        for place in dice.pick((("US",), ("*",), ("US", "*"), ("DE",))):
            currency, least = dice.pick(("USD", "EUR", "JPY")), dice.pick(("", "", "5"))
            free = "" if plain else dice.pick(("", "900", "") if currency == "JPY" else ("", "9.5", "12"))
            for method in ("",) if plain else dice.pick((("",), ("Letter", "Parcel"), ("Parcel", ""))):
                unit = dice.pick(("items", "grams", "value"))
                rows += [
                    (seller, place, unit, *band, currency, least, method, free)
                    for band in _bands(dice, unit, currency)
                ]
    columns = ("seller", "ships_to", "unit", "from", "to", "cost", "per_unit", "currency", "min_order")
    if plain:
        _write(dice, path, columns, [row[: len(columns)] for row in rows])
    else:
        _write(dice, path, (*columns, "method", "free_from"), rows)


def _bands(dice: Dice, unit: str, currency: str) -> list[tuple[object, ...]]:
    """From 0 or 1 on, sharing edges or leaving gaps, the last without an end or with one."""
    step = {"items": 1, "grams": 230, "value": 600 if currency == "JPY" else 6}[unit]
    yen = 100 if currency == "JPY" else 1
    low, count = 0 if unit == "value" else dice.pick((1, 0)), dice.within(1, 3)
    bands: list[tuple[object, ...]] = []
    for number in range(count):
        high = low + dice.within(1, 4) * step
        end = "" if number == count - 1 and not dice.chance(3) else high
        per_unit = dice.pick(("0", "0.5", "0.125")) if unit == "items" else dice.pick(("0", "0.001"))
        bands.append((low, end, dice.below(5) * yen, per_unit))
        low = high + dice.pick((0, 0, 1))
    return bands[::-1] if dice.chance(2) else bands


def criteria(dice: Dice) -> Criteria:
    """Mostly one or two of the criteria."""
    return Criteria(
        min_media=dice.pick((None, None, None, "VG", "NM")),
        min_sleeve=dice.pick((None, None, None, "VG")),
        min_seller_rating=dice.pick((None, None, None, "99.5")),
        ships_from=dice.pick(((), (), (), ("US", "DE"))),
        exclude_seller=dice.pick(((), (), (), ("B",))),
        max_price=dice.pick((None, None, None, "6.50")),
        formats=dice.pick(((), (), (), ("LP",))),
    )


def carts_asked(dice: Dice, folder: Path) -> carts.Asked:
    """Files in `folder` and what is asked of them."""
    write_listings(dice, folder / "L.csv")
    write_scores(dice, folder / "S.csv")
    write_shipping(dice, folder / "P.csv")
    posted = dice.chance(2)
    return carts.Asked(
        folder / "L.csv",
        folder / "S.csv",
        budget=f"{dice.within(5, 60)}{dice.pick(('', '.5'))}",
        currency=dice.pick(("USD", "EUR")),
        top=dice.pick((20, 1, 2)),
        min_items=dice.pick((1, 1, 2)),
        must=dice.pick(((), (), (1,), (0, 2))),
        criteria=criteria(dice),
        policies=folder / "P.csv" if posted else None,
        ships_to="US" if posted else None,
        unknown_free=posted and dice.chance(3),
        min_orders=posted and dice.chance(2),
    )


def plan_asked(dice: Dice, folder: Path) -> plans.Asked:
    """Files in `folder` and what is asked of them."""
    write_listings(dice, folder / "L.csv")
    write_wants(dice, folder / "W.csv")
    write_shipping(dice, folder / "P.csv")
    posted = dice.chance(2)
    answer = dice.pick(("cheapest", "most", "fewest"))
    return plans.Asked(
        folder / "L.csv",
        folder / "W.csv",
        answer,
        currency=dice.pick(("USD", "EUR")),
        budget=f"{dice.within(5, 60)}.25" if answer == "most" or dice.chance(4) else None,
        max_sellers=dice.pick((None, None, 1, 2)),
        premium=dice.pick((None, "0", "0.3")) if answer == "fewest" else None,
        criteria=criteria(dice),
        policies=folder / "P.csv" if posted else None,
        ships_to="US" if posted else None,
        unknown_free=posted and dice.chance(3),
    )


def _write(dice: Dice, path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns in one of two orders, with or without a BOM, lines ended in either way."""
    order = dice.pick((range(len(header)), range(len(header) - 1, -1, -1)))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=dice.pick(("\n", "\r\n")))
    writer.writerows([[row[place] for place in order] for row in [header, *rows]])
    path.write_text(text.getvalue(), encoding=dice.pick(("utf-8", "utf-8-sig")), newline="")
