"""The search: in the address, narrowed, paged, with suggestions, and without a dump."""

from __future__ import annotations

import re

import pytest
from tests.store.fakes import NOW
from tests.web.catalogue_fakes import MANY
from tests.web.fakes import NASTY, Instance, make_record
from tests.web.test_odd_input import ODD

from discogs_assistant.store.catalogue import releases


@pytest.fixture
def instance_with_releases(full_instance: Instance) -> Instance:
    """The collector's world, where the API has sent the recommended records too."""
    releases.save_releases(full_instance.db, [make_record(id) for id in range(21, 41)], NOW)
    return full_instance


def hits(page: str) -> list[int]:
    """The releases found, in order."""
    return [int(number) for number in re.findall(r'<h3><a href="/release/(\d+)"', page)]


def find(instance: Instance, query: str) -> str:
    answer = instance.browser().get(f"/search?{query}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("q=night+drive", 101),
        ("artist=nirvana&country=uk", 102),
        ("title=night&style=deep+house", 101),
        ("catno=sk032", 101),
        ("barcode=7320470034156", 101),
        ("label=svek&decade=1960", 1010),
        ("decade=1985&format=vinyl&genre=electronic", 101),
    ],
)
def test_words_fields_and_filters_find(instance_with_dumps: Instance, query: str, first: int) -> None:
    assert hits(find(instance_with_dumps, query))[0] == first


def test_the_first_page_of_the_search_teaches(instance: Instance, instance_with_dumps: Instance) -> None:
    empty = find(instance, "")
    assert "No Discogs data dump has been imported yet" in empty
    assert "discogs-assistant catalogue import FOLDER" in empty
    there = find(instance_with_dumps, "")
    assert f"Searches {MANY + 3} releases of Discogs' data dump of October 2026" in there
    assert "catalogue import" not in there
    for page in (empty, there):
        assert '<a href="/search?q=blue+train">' in page


def test_without_a_dump_what_the_api_sent_is_found(instance_with_releases: Instance) -> None:
    assert hits(find(instance_with_releases, "artist=artist+25")) == [25]
    assert hits(find(instance_with_releases, "q=record+22")) == [22]


def test_what_is_found_is_marked_as_mine_and_priced(instance_with_releases: Instance) -> None:
    page = find(instance_with_releases, "artist=artist+11")
    assert ">wanted</span>" in page
    assert "from <b>12.50 EUR</b>" in page
    assert ">owned</span>" in find(instance_with_releases, "artist=artist+5")


def test_a_search_is_paged_and_stays_in_the_address(instance_with_dumps: Instance) -> None:
    first = find(instance_with_dumps, "label=svek&q=work")
    assert len(hits(first)) == 25
    assert f"{MANY} releases found" in first
    assert 'href="?q=work&amp;label=svek&amp;page=2"' in first
    pages = [hits(find(instance_with_dumps, f"label=svek&q=work&page={n}")) for n in (1, 2, 3)]
    assert len({id for page in pages for id in page}) == MANY
    assert 'rel="next"' not in find(instance_with_dumps, "label=svek&q=work&page=3")
    assert "There is no page 9 of this search" in find(instance_with_dumps, "label=svek&q=work&page=9")


def test_what_was_typed_stands_in_the_fields_and_narrows_by_what_was_found(
    instance_with_dumps: Instance,
) -> None:
    page = find(instance_with_dumps, "q=night&country=Sweden&decade=1980")
    assert 'name="q" type="search"' in page
    assert 'value="night"' in page
    assert '<option value="1980" selected>' in page
    assert '<datalist id="style-known"><option value="Deep House">' in page


def test_nothing_found_says_what_to_do(instance_with_dumps: Instance) -> None:
    page = find(instance_with_dumps, "q=xylophone+zzz")
    assert "Nothing was found" in page
    assert "https://www.discogs.com/search/?q=xylophone+zzz" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("decade=soon", "A decade is its first year"), ("artist=" + "x" * 201, "longer than 200 characters")],
)
def test_a_wrong_field_has_a_sentence(instance_with_dumps: Instance, query: str, sentence: str) -> None:
    answer = instance_with_dumps.browser().get(f"/search?{query}")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_suggestions_lead_to_pages_and_to_the_whole_search(instance_with_dumps: Instance) -> None:
    browser = instance_with_dumps.browser()
    page = browser.get("/search/suggestions?q=nirv").text
    assert 'href="/artist/2"' in page
    assert "(2)</b>" not in page
    assert 'href="/search?q=nirv"' in page
    assert browser.get("/search/suggestions?q=").text.strip() == ""
    assert NASTY not in browser.get("/search/suggestions", params={"q": NASTY}).text


def test_every_page_has_the_box_but_the_search_has_one_of_its_own(instance_with_releases: Instance) -> None:
    browser = instance_with_releases.browser()
    for address in ("/", "/recommendations", "/settings", "/nowhere"):
        page = browser.get(address).text
        assert page.count('role="search"') == 1
        assert 'hx-get="/search/suggestions"' in page
    assert browser.get("/search").text.count('role="search"') == 1


def test_another_collector_is_kept_by_the_box(instance_with_releases: Instance) -> None:
    page = instance_with_releases.browser().get("/search?q=record&user=other").text
    assert '<input type="hidden" name="user" value="other">' in page
    assert "?user=other" in page
    assert ">owned</span>" not in page


def test_odd_input_is_a_page_or_a_sentence(instance_with_dumps: Instance) -> None:
    browser = instance_with_dumps.browser()
    fields = ("q", "artist", "title", "label", "catno", "barcode", "style", "decade", "page", "show", "part")
    everywhere = [(path, fields) for path in ("/search", "/api/search", "/artist/7", "/master/900")]
    for value in ODD:
        for path, names in (*everywhere, ("/search", ("q",)), ("/search/suggestions", ("q",))):
            answer = browser.get(path, params=dict.fromkeys(names, value))
            assert answer.status_code < 500, (path, names, value)
            assert NASTY not in answer.text


def test_the_api_finds_as_the_page_does(instance_with_dumps: Instance) -> None:
    program = instance_with_dumps.program()
    found = program.get("/api/search", params={"q": "night drive", "limit": 1}).json()["releases"]
    assert [record["release_id"] for record in found] == [101]
    assert found[0]["artists"] == ["Nirvana", "Mike B", "C"]
    for wrong in ({}, {"q": "x", "limit": "0"}, {"q": "x", "limit": "many"}, {"decade": "soon"}):
        answer = program.get("/api/search", params=wrong)
        assert answer.status_code == 422
        assert answer.json()["error"]


def test_titles_of_strangers_are_escaped(instance_with_releases: Instance) -> None:
    instance_with_releases.know_records([make_record(5, NASTY)], [])
    page = find(instance_with_releases, "q=script")
    assert hits(page)
    assert NASTY not in page
