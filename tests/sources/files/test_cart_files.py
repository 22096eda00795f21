"""What is written into the files of the cart commands is read back; what breaks a rule is named by place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.grade import UNGRADED, Grade, SleeveGrade
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.sources.files.listings import read_listings
from discogs_assistant.sources.files.policies import read_policies
from discogs_assistant.sources.files.scores import read_scores, read_wants

Row = dict[str, str]
Read = Callable[[bytes, str], object]

LISTING = {
    "listing_id": "7", "seller": "a", "release_id": "3", "price": "12.50", "currency": "USD", "quantity": "2",
    "media": "VG+", "sleeve": "Generic", "ships_from": "DE", "seller_rating": "99.5", "grams": "180",
    "format": "LP",
}  # fmt: skip
SCORE = {"release_id": "3", "score": "0.5", "group": "g"}
WANT = {"release_id": "3", "score": "0.5", "must": "1", "copies": "2", "group": "g"}
POLICY = {
    "seller": "a", "ships_to": "US", "unit": "items", "from": "1", "to": "", "cost": "5.00",
    "per_unit": "1.00", "currency": "USD", "min_order": "",
}  # fmt: skip
FILES: dict[str, tuple[Read, Row, str]] = {
    "listings": (read_listings, LISTING, "listing_id"),
    "scores": (read_scores, SCORE, "release_id"),
    "wants": (read_wants, WANT, "release_id"),
    "policies": (read_policies, POLICY, "seller"),
}
NO_ID = ("", "x", "-1", "1.5", "1e3", "9" * 30, "٣", "1_0")
NO_COUNT = ("0", "-1", "1.5", "many", "9" * 30)
NO_SCORE = ("-0.1", "NaN", "inf", "0.1234567", "1e99", "1e-99", "1,5", "9" * 30, "١")
NO_AMOUNT = ("", "-1", "NaN", "inf", "x", "1.1234567", "9" * 30)
BAD: dict[str, dict[str, Sequence[str]]] = {
    "listings": {
        "listing_id": NO_ID,
        "release_id": NO_ID,
        "seller": ("",),
        "price": ("", "0", "0.00", "-3.00", "3.505", "NaN", "inf", "1e3", "9" * 30, "three", "٣", "1,000.00"),
        "currency": ("", "DM", "US"),
        "quantity": NO_COUNT,
        "grams": NO_COUNT,
        "media": ("Excellent", "Generic", "VG++"),
        "sleeve": ("Excellent", "-"),
        "ships_from": ("Atlantis", "ZZ"),
        "seller_rating": ("101", "-1", "good", "NaN"),
    },
    "scores": {"release_id": NO_ID, "score": ("", *NO_SCORE)},
    "wants": {"release_id": NO_ID, "score": NO_SCORE, "must": ("maybe", "2"), "copies": NO_COUNT},
    "policies": {
        "seller": ("",),
        "ships_to": ("", "Atlantis", "**"),
        "unit": ("", "kilograms"),
        "from": (*NO_AMOUNT, "0.5"),
        "to": ("-1", "NaN", "0", "1.5"),
        "cost": NO_AMOUNT,
        "per_unit": ("", "NaN", "x", "1.1234567", "-0.01"),
        "currency": ("", "DM"),
        "min_order": ("-1", "x", "20.005"),
        "free_from": ("-1", "NaN", "x", "50.005", "9" * 30),
        "method": ("a\x07b", "m" * 201),
    },
}
BAD_CELLS = [
    (file, column, cell)
    for file, columns in BAD.items()
    for column, cells in columns.items()
    for cell in cells
]


def written(rows: Sequence[Row], columns: Sequence[str], *, end: str = "\n", bom: bool = False) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def refusal(read: Read, data: bytes, name: str = "file.csv") -> str:
    with pytest.raises(BadInputError) as caught:
        read(data, name)
    return str(caught.value)


def numbered(file: str, count: int) -> list[Row]:
    """Good rows that differ in their key."""
    _, row, key = FILES[file]
    return [{**row, key: f"{row[key] if key == 'seller' else ''}{number}"} for number in range(1, count + 1)]


def plain(text: str) -> st.SearchStrategy[str]:
    return st.text(text, min_size=1, max_size=8)


NAMES = plain("abcXYZ0-_.éß漢🎵")
GRADES = st.sampled_from([*Grade])
SLEEVES = st.sampled_from([*SleeveGrade])
COUNTRIES = st.sampled_from([("US", "US"), ("United States", "US"), ("Czech Republic", "CZ"), ("uk", "GB")])
CURRENCIES = st.sampled_from([Currency.USD, Currency.EUR, Currency.JPY])


@st.composite
def listing_rows(draw: st.DrawFn) -> tuple[Row, dict[str, Any]]:
    """A row as text, and what it means; the listing's id is set later."""
    currency = draw(CURRENCIES)
    minor = draw(st.integers(1, 10**11))
    price = Decimal(minor).scaleb(-currency.decimals)
    media, sleeve = draw(st.none() | GRADES), draw(st.none() | SLEEVES)
    country = draw(st.just(("", "")) | COUNTRIES)
    rating = draw(st.none() | st.decimals(0, 100, places=2))
    quantity, grams = (draw(st.none() | st.integers(1, most)) for most in (10_000, 1_000_000))
    row = {
        "seller": draw(NAMES),
        "release_id": str(draw(st.integers(0, 10**15))),
        "price": f"{price:f}",
        "currency": draw(st.sampled_from([str(currency), currency.lower()])),
        "quantity": "" if quantity is None else str(quantity),
        "grams": "" if grams is None else str(grams),
        "media": "" if media is None else draw(st.sampled_from([media.short, media.label])),
        "sleeve": "" if sleeve is None else draw(st.sampled_from([sleeve.short, sleeve.label])),
        "ships_from": country[0],
        "seller_rating": "" if rating is None else str(rating),
        "format": draw(st.sampled_from(["", "LP", 'LP, Album + 7"'])),
    }
    meant = {
        "seller": row["seller"],
        "release": int(row["release_id"]),
        "price": minor,
        "currency": currency,
        "quantity": quantity or 1,
        "grams": grams or 230,
        "media": UNGRADED if media is None else media,
        "sleeve": UNGRADED if sleeve is None else sleeve,
        "country": country[1],
        "rating": -1 if rating is None else int(rating * 10**6),
        "format": row["format"],
    }
    return row, meant


@st.composite
def layouts(draw: st.DrawFn, columns: Sequence[str]) -> dict[str, Any]:
    """A header in any order with columns that nobody asked for, either end of line, a mark or none."""
    order = draw(st.permutations([*columns, "Price", "comments"]))
    return {"columns": order, "end": draw(st.sampled_from(["\n", "\r\n"])), "bom": draw(st.booleans())}


@settings(deadline=None)
@given(
    st.lists(listing_rows(), max_size=6), layouts([*LISTING]), st.sampled_from(["", "a,b", 'two\nlines "x"'])
)
def test_listings_are_read_back(
    rows: list[tuple[Row, dict[str, Any]]], layout: dict[str, Any], comment: str
) -> None:
    ids = list(range(len(rows), 0, -1))
    text = [
        {**row, "listing_id": f" {id}", "comments": comment} for id, (row, _) in zip(ids, rows, strict=True)
    ]
    read = read_listings(written(text, **layout), "L.csv")
    assert read.listing.tolist() == ids
    for column in ("release", "price", "quantity", "grams", "media", "sleeve", "rating"):
        assert getattr(read, column).tolist() == [meant[column] for _, meant in rows], column
    for column, texts in (
        ("seller", read.sellers), ("currency", read.currencies), ("country", read.countries),
        ("format", read.formats),
    ):  # fmt: skip
        assert [texts[at] for at in getattr(read, column)] == [meant[column] for _, meant in rows], column
        assert list(texts) == sorted(set(texts))


def test_columns_that_may_be_missing_have_their_defaults() -> None:
    read = read_listings(b"release_id,listing_id,currency,price,seller\n3,7,USD,12.50,a\n", "L.csv")
    assert (read.quantity[0], read.grams[0], read.rating[0]) == (1, 230, -1)
    assert (read.media[0], read.sleeve[0]) == (UNGRADED, UNGRADED)
    assert (read.countries, read.formats) == (("",), ("",))
    wants = read_wants(b"release_id\n3\n", "W.csv")
    assert (wants.score[0], wants.copies[0], wants.must[0], wants.group[0]) == (1_000_000, 1, 0, 3)


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(0, 10**15), st.decimals(0, 10**6, places=6), max_size=8),
    st.data(),
    layouts([*WANT]),
)
def test_scores_and_wants_are_read_back(
    scores: dict[int, Decimal], data: st.DataObject, layout: dict[str, Any]
) -> None:
    group = {release: data.draw(st.sampled_from(["", "g", "7"])) for release in scores}
    must = {release: data.draw(st.sampled_from(["", "1", "no", "True"])) for release in scores}
    rows = [
        {
            "release_id": str(id), "score": data.draw(st.sampled_from([f"{score:f}", f"{score:e}"])),
            "must": must[id], "group": group[id], "copies": "3",
        }
        for id, score in scores.items()
    ]  # fmt: skip
    file = written(rows, **layout)
    alike = {
        id: [other for other in scores if group[id] and group[other] == group[id]] or [id] for id in scores
    }
    for read in (read_scores(file, "S.csv"), read_wants(file, "W.csv")):
        assert read.release.tolist() == list(scores)
        assert read.score.tolist() == [int(score * 10**6) for score in scores.values()]
        assert read.group.tolist() == [min(alike[id]) for id in scores]
    wants = read_wants(file, "W.csv")
    assert wants.must.tolist() == [must[id] in {"1", "True"} for id in scores]
    assert wants.copies.tolist() == [3] * len(scores)


@settings(deadline=None)
@given(st.sampled_from(BAD_CELLS), st.data())
def test_a_cell_that_breaks_a_rule_is_named_by_file_line_and_column(
    bad: tuple[str, str, str], data: st.DataObject
) -> None:
    file, column, cell = bad
    read = FILES[file][0]
    rows = numbered(file, 700)
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = {**rows[at], column: cell}
    rows[0]["comments"] = "two\nlines"
    layout = data.draw(layouts([*rows[at]]))
    line = at + 2 + (at > 0)
    said = refusal(read, written(rows, **layout))
    assert said.startswith(f"file.csv, line {line}, column {column}: ")
    assert said.isprintable()
    assert len(said) < 300


@pytest.mark.parametrize("bad", BAD_CELLS, ids=lambda bad: f"{bad[0]}-{bad[1]}-{bad[2][:12]}")
def test_each_bad_cell_is_refused(bad: tuple[str, str, str]) -> None:
    file, column, cell = bad
    read, row, _ = FILES[file]
    bad_row = {**row, column: cell}
    assert f"line 2, column {column}: " in refusal(read, written([bad_row], [*bad_row]))


@pytest.mark.parametrize("file", ["listings", "scores", "wants"])
def test_a_doubled_id_is_named_with_both_lines(file: str) -> None:
    read, row, key = FILES[file]
    rows = numbered(file, 600)
    rows[500][key] = "0300"
    said = refusal(read, written(rows, [*row]))
    assert said == f"file.csv, line 502, column {key}: 300 stands in line 301 already."


@pytest.mark.parametrize("file", FILES)
def test_a_missing_column_is_named(file: str) -> None:
    read, row, key = FILES[file]
    data = b"\n\n" + written([{}], [column for column in row if column != key])
    assert refusal(read, data) == f"file.csv, line 3, column {key}: this column is missing."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "line 1, column release_id: this column is missing"),
        (b"release_id,score,score\n", "line 1, column score: this column is there twice"),
        (b'release_id,score\n1,0.5\n2,"0.5\n', "line 3, column score: a quotation mark is opened and never"),
        (b'release_id,score\n"1"x,0.5\n', "line 2, column release_id: a quotation mark stands in the middle"),
        (b'x,"release_id\n', "line 1, column 2: a quotation mark is opened and never closed"),
        (b"release_id,score\n1,2\n1,2,3\n", "line 3, column 3: the row has 3 cells, and the header 2"),
        (b"release_id,score\n1,2\n\n\n3\n", "line 5, column score: it is empty"),
        (b"release_id,score\n1,2\x00\n", "line 2, column 4: there is a NUL"),
        ("release_id,score\n1,é\n".encode("cp1252"), "line 2, column 3: the byte there is not UTF-8"),
        ("release_id,score\n".encode("utf-16"), "line 1, column 1: the file is in UTF-16"),
        (b"release_id,score," + b"a," * 1_000_000, "line 1, column 1001: there are 1,000,003 columns"),
        (b"release_id,score\n1," + b"1" * 200_000, "line 2, column score: a cell is longer than 131,072"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "line 1, column 1: the byte there is not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_reported_in_one_sentence(data: bytes, says: str) -> None:
    said = refusal(read_scores, data)
    assert said.startswith(f"file.csv, {says}")
    assert len(re.findall(r"\.(?= |$)", said.removeprefix("file.csv"))) == 1


def test_blank_lines_and_trailing_commas_are_nothing() -> None:
    read = read_scores(b"\r\nscore,release_id,\r\n\r\n0.5,1,,,\r\n\r\n0.25,2\r\n\r\n", "S.csv")
    assert read.release.tolist() == [1, 2]


@st.composite
def methods(draw: st.DrawFn, name: str, currency: Currency) -> ShippingMethod:
    unit = draw(st.sampled_from([*ShippingUnit]))
    places = currency.decimals if unit is ShippingUnit.VALUE else 0
    edges = sorted(draw(st.lists(st.decimals(0, 1000, places=places), min_size=2, max_size=6, unique=True)))
    bands = [
        Band(low, high, draw(st.decimals(0, 99, places=2)), draw(st.decimals(0, 9, places=6)))
        for low, high in pairwise(edges)
        if draw(st.integers(0, 3))
    ] or [Band(edges[0], edges[1], Decimal(3), Decimal(0))]
    if draw(st.booleans()):
        bands[-1] = Band(bands[-1].low, None, bands[-1].cost, bands[-1].per_unit)
    return ShippingMethod(name, unit, tuple(bands))


@st.composite
def policies(draw: st.DrawFn) -> ShippingPolicy:
    currency = draw(CURRENCIES)
    least, free = (draw(st.none() | st.decimals(0, 99, places=currency.decimals)) for _ in range(2))
    names = draw(st.lists(st.just("") | NAMES, min_size=1, max_size=3, unique=True))
    return ShippingPolicy(
        seller=draw(NAMES),
        ships_to=draw(st.sampled_from(["US", "DE", "*"])),
        methods=tuple(draw(methods(name, currency)) for name in names),
        currency=currency,
        source=ShippingSource.ENTERED,
        free_from=free,
        min_order=least,
    )


def policy_rows(policy: ShippingPolicy) -> list[Row]:
    return [
        {
            "seller": policy.seller, "ships_to": policy.ships_to, "unit": str(method.unit),
            "from": f"{band.low}", "to": "" if band.high is None else f"{band.high}", "cost": f"{band.cost}",
            "per_unit": f"{band.per_unit:f}", "currency": str(policy.currency),
            "min_order": "" if policy.min_order is None else f"{policy.min_order}", "method": method.name,
            "free_from": "" if policy.free_from is None else f"{policy.free_from}",
        }
        for method in policy.methods
        for band in method.bands
    ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(policies(), max_size=4, unique_by=lambda policy: (policy.seller, policy.ships_to)), st.data())
def test_policies_are_read_back_in_whatever_order_their_bands_stand(
    given_: list[ShippingPolicy], data: st.DataObject
) -> None:
    rows = data.draw(st.permutations([row for policy in given_ for row in policy_rows(policy)]))
    file = written(rows, **data.draw(layouts([*POLICY, "method", "free_from"])))
    assert {by_name(policy) for policy in read_policies(file, "P.csv")} == set(map(by_name, given_))


def by_name(policy: ShippingPolicy) -> ShippingPolicy:
    """The policy with its methods by name."""
    return replace(policy, methods=tuple(sorted(policy.methods, key=lambda method: method.name)))


def test_methods_are_read_in_the_order_in_which_they_are_met() -> None:
    rows = [{**POLICY, "method": name, "free_from": ""} for name in ("Parcel", "Letter", "")]
    [policy] = read_policies(written(rows, [*POLICY, "method", "free_from"]), "P.csv")
    assert [method.name for method in policy.methods] == ["Parcel", "Letter", ""]


def test_without_the_optional_columns_a_policy_has_one_method_and_nothing_is_free() -> None:
    rows = [{**POLICY, "to": "3"}, {**POLICY, "from": "3"}]
    [policy] = read_policies(written(rows, [*POLICY]), "P.csv")
    assert [(method.name, len(method.bands)) for method in policy.methods] == [("", 2)]
    assert policy.free_from is None


def test_bands_of_different_methods_may_overlap_and_be_in_different_units() -> None:
    rows = [{**POLICY, "method": "a"}, {**POLICY, "method": "b", "unit": "grams"}, {**POLICY, "method": "c"}]
    [policy] = read_policies(written(rows, [*POLICY, "method"]), "P.csv")
    assert [method.unit for method in policy.methods] == ["items", "grams", "items"]
    said = refusal(read_policies, written([*rows, {**rows[0], "from": "5"}], [*POLICY, "method"]), "P.csv")
    assert said == "P.csv, line 5, column from: this band overlaps that of line 2."


def test_what_is_free_is_the_same_in_all_rows_of_a_seller_and_destination() -> None:
    rows = [{**POLICY, "to": "3", "free_from": "50"}, {**POLICY, "from": "3", "free_from": "50.00"}]
    columns = [*POLICY, "free_from"]
    [policy] = read_policies(written(rows, columns), "P.csv")
    assert policy.free_from == 50
    for other in ("", "51"):
        said = refusal(read_policies, written([rows[0], {**rows[1], "free_from": other}], columns), "P.csv")
        assert said.startswith("P.csv, line 3, column free_from: ")


def test_a_policy_of_too_many_bands_is_refused_in_a_sentence() -> None:
    rows = [{**POLICY, "from": f"{number}", "to": f"{number}"} for number in range(1, 10_001)]
    assert len(read_policies(written(rows[:1000], [*POLICY]), "P.csv")[0].methods[0].bands) == 1000
    assert refusal(read_policies, written(rows, [*POLICY]), "P.csv") == (
        "P.csv, line 1002, column from: a policy has at most 1,000 rows, and this has 10,000."
    )


@settings(deadline=None)
@given(policies(), st.data())
def test_a_band_that_shares_more_than_an_edge_is_refused(policy: ShippingPolicy, data: st.DataObject) -> None:
    rows = policy_rows(policy)[: len(policy.methods[0].bands)]
    hurt = data.draw(st.sampled_from(policy.methods[0].bands))
    low = data.draw(st.sampled_from([hurt.low, hurt.low - 1]).filter(lambda low: low >= 0))
    if low < hurt.low or data.draw(st.booleans()):
        end = "" if data.draw(st.booleans()) else f"{hurt.low + (hurt.high or 10**6)}"
    else:
        end = "" if hurt.high is None else f"{hurt.high}"
    rows.append({**rows[0], "from": f"{low}", "to": end})
    said = refusal(read_policies, written(rows, [*POLICY, "method", "free_from"]), "P.csv")
    assert re.match(r"P\.csv, line \d+, column from: this band overlaps that of line \d+\.$", said)


@pytest.mark.parametrize(("column", "other"), [("unit", "grams"), ("currency", "EUR"), ("min_order", "30")])
def test_rows_of_a_seller_and_destination_agree(column: str, other: str) -> None:
    rows = [
        {**POLICY, "to": "3", "min_order": "25"},
        {**POLICY, "seller": "b", column: other},
        {**POLICY, "from": "3", "to": "8", "min_order": ""},
        {**POLICY, "ships_to": "*", column: other},
    ]
    assert len(read_policies(written(rows, [*POLICY]), "P.csv")) == 3
    rows.append({**POLICY, "from": "9", column: other})
    said = refusal(read_policies, written(rows, [*POLICY]), "P.csv")
    assert said.startswith(f"P.csv, line 6, column {column}: ")
    assert said.endswith("in line 2 for the same parcel.")


def test_a_cost_may_fall_as_long_as_it_stays_above_nothing() -> None:
    falling = {**POLICY, "to": "6", "per_unit": "-1.00"}
    [policy] = read_policies(written([falling], [*POLICY]), "P.csv")
    assert policy.methods[0].bands == (Band(Decimal(1), Decimal(6), Decimal(5), Decimal(-1)),)
    for deeper in ({"to": "7"}, {"to": ""}, {"per_unit": "-1.01"}):
        assert "column per_unit: the cost falls below 0" in refusal(
            read_policies, written([{**falling, **deeper}], [*POLICY])
        )
