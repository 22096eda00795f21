"""Recorded answers of Discogs become model objects, and nothing in them that is of use is lost.

Coverage is measured and not believed: each value is changed in turn, and the parsed objects must change with
it, unless its key is named below with the reason why it is not used.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import Page
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_lists import read_page
from discogs_assistant.sources.discogs.wire_market import Offer, read_listing, unknown_parts
from discogs_assistant.sources.discogs.wire_profile import read_collection_item, read_want

pytestmark = pytest.mark.real

AS_OF = datetime(2026, 11, 24, tzinfo=UTC)
PICTURE = "https://pictures.test/1.jpeg"
Steps = tuple[str | int, ...]

NOT_USED = {
    "pagination.urls": "addresses are built, and never taken from an answer",
    "id of a row": "the same number stands in basic_information",
    "resource_url": "follows from the id",
    "master_url": "follows from master_id",
    "uri": "follows from the id",
    "url": "follows from the user name",
    "html_url": "follows from the user name",
    "uid": "the seller's id once more",
    "avatar_url": "a person's picture, which no page shows",
    "stars": "the rating, rounded",
    "entity_type": "entity_type_name says it in words",
    "audio": "whether there is a sound sample, which cannot be played here",
    "offer_submitted": "a thing between the token's owner and the seller",
    "in_cart": "the token owner's cart at Discogs, which is looked at there",
    "description": "artist, title and format in one line, all of which are read",
    "images": "the thumbnail is one of them",
    "release.stats.user": "what the token's owner has and wants is known from the sync",
    "original_*.curr_id": "Discogs' number of the currency",
    "original_*.formatted": "the amount as text",
    "original_*.value": "read where its currency is another than the plain amount's, else the same",
    "*price.currency": "where it is not the seller's own, the plain amount is a conversion and not read",
}
"""Keys of the answers that the model has no place for, each with the reason."""


@dataclass(frozen=True)
class Sample:
    """A recorded answer and how it is read."""

    file: str
    read: Callable[[Any], Any]


def read_collection(document: Any) -> Page[Any]:
    return read_page(Fields(document, ""), "releases", lambda item: read_collection_item(item, {}))


def read_rows(rows: Any) -> Page[Any]:
    frame = {"page": 1, "pages": 1, "per_page": 500, "items": len(rows)}
    return read_collection({"pagination": frame, "releases": rows})


def read_wants(document: Any) -> Page[Any]:
    return read_page(Fields(document, ""), "wants", read_want)


def read_inventory(document: Any) -> Page[Offer]:
    return read_page(
        Fields(document, ""),
        "listings",
        lambda item: read_listing(item, as_of=AS_OF, origin=Origin.INVENTORY),
        unknown_parts,
    )


def read_one_listing(document: Any) -> Offer:
    return read_listing(Fields(document, ""), as_of=AS_OF, origin=Origin.LISTING)


LISTING = "listing_2218783261_with_shipping_price.json"
ROWS = Sample("collection_items_155.json", read_rows)
PAGES = [
    Sample("collection.json", read_collection),
    Sample("wants.json", read_wants),
    Sample("shop.json", read_inventory),
]
SAMPLES = [ROWS, *PAGES, Sample(LISTING, read_one_listing)]
samples = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)


def load(real: Path, file: str) -> Any:
    return json.loads((real / "api" / file).read_text(encoding="utf-8"), parse_float=Decimal)


def leaves(document: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    if isinstance(document, dict) and document:
        for key, value in document.items():
            yield from leaves(value, (*steps, key))
    elif isinstance(document, list) and document:
        for place, value in enumerate(document):
            yield from leaves(value, (*steps, place))
    else:
        yield steps, document


def reason_not_used(steps: Steps) -> str | None:
    """The key of `NOT_USED` under which a value falls."""
    names = [step for step in steps if isinstance(step, str)]
    last, before = names[-1], names[-2] if len(names) > 1 else ""
    candidates = {
        "pagination.urls": names[:2] == ["pagination", "urls"],
        "id of a row": last == "id" and (before in {"releases", "wants"} or (len(steps) == 2 and not before)),
        "release.stats.user": before == "user",
        "original_*.curr_id": before.startswith("original_") and last == "curr_id",
        "original_*.formatted": before.startswith("original_") and last == "formatted",
        "original_*.value": before.startswith("original_") and last == "value",
        "*price.currency": before in {"price", "shipping_price"} and last == "currency",
    }
    named = next((key for key, fits in candidates.items() if fits), None)
    return named or (last if last in NOT_USED else None)


def changed(steps: Steps, value: Any) -> Any:
    """Another value that could stand there as well."""
    names = [step for step in steps if isinstance(step, str)]
    fixed: dict[str, Any] = {
        "condition": "Poor (P)",
        "sleeve_condition": "Poor (P)",
        "ships_from": "Japan",
        "curr_abbr": "JPY",
        "currency": "JPY",
        "rating": "12.5",
        "qty": "7",
        "thumb": PICTURE,
        "thumbnail": PICTURE,
        "cover_image": PICTURE,
        "shipping_price": {"value": 3, "currency": "EUR"},
        "original_shipping_price": {"value": 3, "curr_abbr": "EUR"},
    }
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, list):
        return ["another"]
    if names[-1] in fixed:
        return fixed[names[-1]]
    if names[-1] in {"date_added", "posted"}:
        return (datetime.fromisoformat(value) + timedelta(seconds=1)).isoformat()
    return f"{value or ''}x"


def with_change(document: Any, steps: Steps, value: Any) -> Any:
    other = copy.deepcopy(document)
    place = other
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return other


def first_of_each_key(document: Any) -> list[tuple[Steps, Any]]:
    """One value of each path of keys, a filled one where there is any."""
    chosen: dict[tuple[str, ...], tuple[Steps, Any]] = {}
    for steps, value in leaves(document):
        path = tuple(step for step in steps if isinstance(step, str))
        if path not in chosen or (not chosen[path][1] and value):
            chosen[path] = (steps, value)
    return list(chosen.values())


@samples
def test_each_value_is_read_or_has_a_reason_not_to_be(real: Path, sample: Sample) -> None:
    document = load(real, sample.file)
    before = sample.read(document)
    assert len(first_of_each_key(document)) > 20
    for steps, value in first_of_each_key(document):
        if steps[:1] == ("pagination",) or reason_not_used(steps):
            continue
        after = sample.read(with_change(document, steps, changed(steps, value)))
        assert after != before, f"{steps} is lost"
        assert not getattr(after, "problems", ()), f"{steps}"


@samples
def test_a_field_listed_as_unused_is_unused(real: Path, sample: Sample) -> None:
    """So that the list above does not outlive its reasons."""
    document = load(real, sample.file)
    before = sample.read(document)
    unused = [(steps, value) for steps, value in first_of_each_key(document) if reason_not_used(steps)]
    assert len(unused) > 3
    for steps, value in unused:
        after = sample.read(with_change(document, steps, changed(steps, value)))
        assert after == before, f"{steps} is used after all"


def test_each_reason_is_needed(real: Path) -> None:
    found = {
        reason_not_used(steps)
        for sample in SAMPLES
        for steps, _ in first_of_each_key(load(real, sample.file))
    }
    assert found - {None} == set(NOT_USED)


@pytest.mark.parametrize("sample", [ROWS, *PAGES], ids=lambda sample: sample.file)
def test_nothing_of_a_recorded_page_is_left_out(real: Path, sample: Sample) -> None:
    document = load(real, sample.file)
    read = sample.read(document)
    rows = document if isinstance(document, list) else next(v for v in document.values() if type(v) is list)
    assert rows
    assert len(read.items) == len(rows)
    assert (read.unread, read.problems) == (0, ())


@pytest.mark.parametrize("sample", PAGES, ids=lambda sample: sample.file)
def test_pagination_is_taken_over(real: Path, sample: Sample) -> None:
    document = load(real, sample.file)
    page, frame = sample.read(document), document["pagination"]
    assert (page.page, page.pages, page.per_page, page.total) == tuple(
        frame[key] for key in ("page", "pages", "per_page", "items")
    )


@pytest.mark.parametrize("file", ["collection.json", "collection_items_155.json"])
def test_a_collection_is_read_field_by_field(real: Path, file: str) -> None:
    document = load(real, file)
    rows = document if isinstance(document, list) else document["releases"]
    items = (read_rows(document) if isinstance(document, list) else read_collection(document)).items
    assert rows
    for row, item in zip(rows, items, strict=True):
        basic, release = row["basic_information"], item.release
        assert item.instance_id == row["instance_id"]
        assert item.added == datetime.fromisoformat(row["date_added"])
        assert item.added.utcoffset() == timedelta(0)
        assert release.master_id == (basic["master_id"] or None)
        assert release.year == (basic["year"] or None)
        assert [artist.name for artist in release.artists] == [a["name"] for a in basic["artists"]]
        assert [(label.name, label.catno) for label in release.labels] == [
            (label["name"], label["catno"] or None) for label in basic["labels"]
        ]
        assert [str(part.quantity) for part in release.formats] == [f["qty"] for f in basic["formats"]]
        assert release.styles == tuple(basic.get("styles", ()))


def test_an_inventory_is_read_to_the_cent(real: Path) -> None:
    document = load(real, "shop.json")
    assert document["listings"]
    for row, (listing, seller) in zip(document["listings"], read_inventory(document).items, strict=True):
        assert listing.price.decimal == row["price"]["value"]
        assert listing.price.currency == row["price"]["currency"]
        assert (seller.name, seller.rating) == (
            row["seller"]["username"],
            Decimal(row["seller"]["stats"]["rating"]),
        )
        assert (listing.ships_from, listing.shipping, listing.thumb) == ("DE", None, None)


def test_a_listing_with_a_shipping_price_keeps_it(real: Path) -> None:
    document = load(real, LISTING)
    listing, seller = read_one_listing(document)
    assert listing.shipping is not None
    assert seller.min_order is not None
    assert listing.shipping.decimal == document["shipping_price"]["value"]
    assert seller.min_order.decimal == document["seller"]["min_order_total"]
    assert seller.min_order.currency is Currency.USD
    assert seller.shipping_text == document["seller"]["shipping"].strip()
    assert listing.media is Grade.NEAR_MINT
    assert listing.comments is not None
    assert "&amp;" in document["comments"]
    assert "&amp;" not in listing.comments
    assert (listing.have, listing.want) == (
        document["release"]["stats"]["community"]["in_collection"],
        document["release"]["stats"]["community"]["in_wantlist"],
    )
