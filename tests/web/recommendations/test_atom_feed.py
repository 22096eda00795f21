"""The Atom feed of the newest list: narrowed as its address says, found from the page, for this machine."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.web.fakes import NASTY, USER, Instance, make_copy, make_record

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.recommendations import feedback

ATOM = "{http://www.w3.org/2005/Atom}"


def read(instance: Instance, query: str = "") -> ElementTree.Element:
    answer = instance.browser().get(f"/recommendations.atom{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def releases(feed: ElementTree.Element, rel: str = "alternate") -> list[int]:
    links = feed.findall(f"{ATOM}entry/{ATOM}link")
    return [int(link.get("href", "").rpartition("/")[2]) for link in links if link.get("rel") == rel]


def test_the_feed_is_the_list_in_its_order_with_both_pages(full_instance: Instance) -> None:
    feed = read(full_instance)
    assert releases(feed) == releases(feed, "via") == [3, *range(21, 41)]
    links = {element.get("rel"): element.get("href") for element in feed.findall(f"{ATOM}entry/{ATOM}link")}
    assert links == {
        "alternate": "http://localhost/release/40",
        "via": "https://www.discogs.com/release/40",
    }
    assert feed.findtext(f"{ATOM}updated") == full_instance.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def test_reasons_and_strangers_titles_are_text_and_no_price_is_in_it(full_instance: Instance) -> None:
    full_instance.sell([make_copy(901, make_record(21), "elsewhere", 700)])
    assert "7.00 EUR" in full_instance.browser().get("/recommendations").text
    whole = full_instance.browser().get("/recommendations.atom").text
    assert NASTY not in whole
    assert "7.00" not in whole
    assert "EUR" not in whole
    entry = read(full_instance).find(f"{ATOM}entry")
    assert entry is not None
    assert NASTY in (entry.findtext(f"{ATOM}title") or "")
    assert "It is on Label 3, of which you own 4" in (entry.findtext(f"{ATOM}content") or "")


def test_the_address_narrows_it_as_it_does_the_csv(full_instance: Instance) -> None:
    assert releases(read(full_instance, "?styles=Dub")) == [id for id in (3, *range(21, 41)) if id % 2]
    assert full_instance.browser().get("/recommendations.atom?year_from=soon").status_code == 422


def test_each_way_to_narrow_it_is_a_feed_with_the_same_entries(full_instance: Instance) -> None:
    def ids(feed: ElementTree.Element) -> tuple[str | None, set[str | None]]:
        return feed.findtext(f"{ATOM}id"), {element.text for element in feed.findall(f"{ATOM}entry/{ATOM}id")}

    whole, narrowed = ids(read(full_instance)), ids(read(full_instance, "?styles=Dub"))
    assert whole[0] != narrowed[0]
    assert narrowed[1] < whole[1]
    assert ids(read(full_instance)) == whole


def test_what_is_hidden_is_not_in_it(full_instance: Instance) -> None:
    feedback.say(
        full_instance.ctx.db, full_instance.owner, USER, ReleaseId(21), "hide", full_instance.ctx.clock.now()
    )
    assert 21 not in releases(read(full_instance))


@pytest.mark.parametrize(("query", "feed"), [("", ""), ("?styles=Dub&view=grid", "?styles=Dub")])
def test_the_page_names_its_feed(full_instance: Instance, query: str, feed: str) -> None:
    page: Any = full_instance.browser().get(f"/recommendations{query}").text
    head = re.search(r'<link rel="alternate" type="application/atom\+xml" [^>]*href="([^"]*)"', page)
    assert head is not None
    assert head[1] == f"/recommendations.atom{feed}"
    assert page.count(f'href="/recommendations.atom{feed}"') == 2
    assert full_instance.browser().get(head[1]).status_code == 200


def test_without_a_list_there_is_no_feed_and_the_page_names_none(instance: Instance) -> None:
    instance.be()
    assert instance.browser().get("/recommendations.atom").status_code == 404
    assert "atom" not in instance.browser().get("/recommendations").text


def test_a_foreign_host_reads_no_feed(full_instance: Instance) -> None:
    answer = full_instance.browser().get("/recommendations.atom", headers={"Host": "evil.test"})
    assert answer.status_code == 421
