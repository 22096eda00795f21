"""The page of the market: favourites, uploaded files, sellers by what they have."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from tests.web.fakes import NASTY, Instance

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.store.market import listings, sellers
from discogs_assistant.store.runs import runs

INVENTORY = (
    "listing_id,artist,title,label,catno,format,release_id,status,price,listed,comments,media_condition,"
    "sleeve_condition\r\n"
    "77,Artist 11,Record 11,Label 11,L 11,LP,11,For Sale,8.50,2020-01-01 00:00:00,,Near Mint (NM or M-),"
    "Very Good Plus (VG+)\r\n"
)


def test_sellers_are_ranked_by_what_they_have_of_mine(full_instance: Instance) -> None:
    page = full_instance.browser().get("/market").text
    assert page.index("plattenkiste") < page.index("vinyl&lt;b&gt;")
    assert '<td class="num">5</td><td class="num">0</td><td class="num">5</td>' in page
    assert '<td class="num">0</td><td class="num">3</td><td class="num">3</td>' in page


def test_a_favourite_is_added_and_removed(instance: Instance) -> None:
    browser = instance.browser()
    assert browser.post("/market/favourites", data={"seller": "plattenkiste"}).status_code == 303
    assert sellers.favourites(instance.db, instance.owner) == ["plattenkiste"]
    assert "stock not read yet" in browser.get("/market").text
    browser.post("/market/favourites/remove", data={"seller": "plattenkiste"})
    assert sellers.favourites(instance.db, instance.owner) == []


@pytest.mark.parametrize("name", ["", "a/b", "a\0", NASTY])
def test_an_odd_seller_is_shown_beside_the_field(instance: Instance, name: str) -> None:
    answer = instance.browser().post("/market/favourites", data={"seller": name})
    assert answer.status_code == 422
    assert 'id="seller-error"' in answer.text
    assert NASTY not in answer.text


def test_the_stock_of_favourites_is_read_by_a_run(instance: Instance) -> None:
    browser = instance.browser()
    browser.post("/market/favourites", data={"seller": "plattenkiste"})
    answer = browser.post("/market/refresh", data={"favourites": "on"})
    assert answer.headers["location"] == f"/runs/{instance.queue.runs[0]}"
    run = runs.run(instance.db, instance.owner, instance.queue.runs[0])
    assert run is not None
    assert run.criteria == {"sellers": ["plattenkiste"]}


def test_without_favourites_there_is_nothing_to_read(instance: Instance) -> None:
    assert instance.browser().post("/market/refresh", data={}).status_code == 422


def test_an_inventory_is_read_with_its_sellers_name(full_instance: Instance) -> None:
    answer = full_instance.browser().post(
        "/market/files",
        data={"of_seller": "newshop", "currency": "EUR", "ships_from": "DE"},
        files=[("files", ("inventory.csv", INVENTORY.encode()))],
    )
    assert answer.status_code == 200
    assert "Read 1 copy of 1 record from 1 seller." in answer.text
    found = listings.listings_for(
        full_instance.db, full_instance.owner, [ReleaseId(11)], since=full_instance.clock.now()
    )
    assert {listing.seller for listing in found} == {"plattenkiste", "newshop"}


def test_an_inventory_without_its_seller_is_shown_beside_that_field(full_instance: Instance) -> None:
    answer = full_instance.browser().post(
        "/market/files", data={"currency": "EUR"}, files=[("files", ("inventory.csv", INVENTORY.encode()))]
    )
    assert answer.status_code == 422
    assert 'id="of_seller-error"' in answer.text


def test_several_files_are_read_and_the_bad_ones_named(full_instance: Instance) -> None:
    answer = full_instance.browser().post(
        "/market/files",
        data={"of_seller": "newshop", "currency": "EUR"},
        files=[("files", ("a.csv", INVENTORY.encode())), ("files", ("b.html", b"<html>nothing</html>"))],
    )
    assert answer.status_code == 200
    assert "b.html" in answer.text


def bomb() -> bytes:
    """A zip that unpacks to far more than it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.html", b"0" * 5_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.html", b"\0\0\0"),
        ("x.zip", b"PK\x03\x04broken"),
        ("x.zip", bomb()),
        ("x.json", b"[" * 50_000),
        ("x.json", json.dumps({"a": NASTY}).encode()),
        ("x.csv", b"," * 1_000_000),
        (NASTY, b"what"),
        ("a\0b/../../c", b"what"),
        ("challenge.html", b"<title>Just a moment...</title><div id=cf-challenge></div>"),
        ("empty.csv", b""),
    ],
    ids=[
        "nul",
        "broken zip",
        "bomb",
        "deep",
        "script",
        "columns",
        "script name",
        "odd name",
        "challenge",
        "empty",
    ],
)
def test_a_file_that_is_nothing_usable_is_shown_beside_the_field(
    instance: Instance, name: str, data: bytes
) -> None:
    browser = instance.with_settings(upload_limit=2_000_000).browser()
    answer = browser.post("/market/files", files=[("files", (name, data))])
    assert answer.status_code == 422
    assert 'id="files-error"' in answer.text
    assert NASTY not in answer.text


def test_no_file_is_shown(instance: Instance) -> None:
    answer = instance.browser().post("/market/files", files=[("files", ("", b""))])
    assert answer.status_code == 422
    text = answer.text[: answer.text.index('id="hand-in"')]
    assert 'role="alert"><p>Choose at least one file. <a href="#files">To the field</a>' in text


def test_a_broken_multipart_body_is_no_server_error(instance: Instance) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (
        instance.browser().post("/market/files", content=b"--y\r\nnonsense", headers=headers).status_code
        < 500
    )
    assert instance.browser().post("/market/files", content=b"", headers=headers).status_code < 500
    bare = {"Content-Type": "multipart/form-data"}
    text = instance.browser().post("/market/files", content=b"x", headers=bare).text
    assert "Missing boundary in multipart." in text
    assert ".." not in text
