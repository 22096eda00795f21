"""The Atom feed of a list: what RFC 4287 asks for, and nothing that breaks a reader."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.model.ids import ArtistId, LabelId, ReleaseId, UserName
from discogs_assistant.model.recommendation import Reason, Recommendation, RecommendationResult
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_assistant.pipelines.recommendations.atom_feed import Addresses, recommendations_atom

ATOM = "{http://www.w3.org/2005/Atom}"
AT = Addresses(
    "http://here.test/feed?a=1&b=2",
    "http://here.test/page",
    lambda id: f"http://here.test/release/{id}",
    lambda id: f"https://discogs.test/release/{id}",
)
REASONS = (Reason("owned", "Because you own “Blue”.", 0.7), Reason("style", "Dub, like 3.", 0.3))
MADE_AT = datetime.fromisoformat("2026-11-24T13:00:00.5+01:00")


def item(release: int = 5, reasons: tuple[Reason, ...] = REASONS, **more: Any) -> Recommendation:
    record = Release(
        ReleaseId(release),
        "Rooms",
        year=1974,
        country="Germany",
        artists=(ArtistCredit(ArtistId(1), "Ann"), ArtistCredit(ArtistId(2), "Bo & Co")),
        labels=(LabelCredit(LabelId(1), "Red", "R 1"),),
        formats=(Format("Vinyl", descriptions=("LP",)),),
        styles=("Dub",),
    )
    return Recommendation(1, replace(record, **more), 0.5, reasons, False, False)


def feed_of(*items: Recommendation, user: str = "ana", narrowed_by: str = "") -> ElementTree.Element:
    result = RecommendationResult(UserName(user), "content", MADE_AT, 1, items)
    return ElementTree.fromstring(recommendations_atom(result, "Crates", narrowed_by, AT))


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [child.text or "" for child in element.findall(f"{ATOM}{name}")]


def test_the_feed_has_all_that_the_standard_asks_for() -> None:
    feed = feed_of(item())
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(texts(feed, name)) == 1
        assert texts(feed, name)[0]
    assert texts(feed, "updated") == ["2026-11-24T12:00:00Z"]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Crates"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": AT.itself, "alternate": AT.page}
    assert texts(feed, "rights")[0].startswith("Data provided by Discogs.")


def test_an_entry_names_the_record_its_reasons_and_both_pages() -> None:
    (entry,) = feed_of(item()).findall(f"{ATOM}entry")
    assert texts(entry, "title") == ["Ann, Bo & Co – Rooms"]
    assert texts(entry, "updated") == ["2026-11-24T12:00:00Z"]
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://here.test/release/5", "via": "https://discogs.test/release/5"}
    assert entry.find(f"{ATOM}content").get("type") == "text"  # type: ignore[union-attr]
    assert texts(entry, "content")[0].splitlines() == [
        "1974 · Germany · Red – R 1 · Vinyl, LP",
        *(reason.text for reason in REASONS),
        "Data provided by Discogs.",
    ]


def test_ids_are_uuids_that_stay_with_the_record_and_differ_by_person_and_feed() -> None:
    def ids(feed: ElementTree.Element) -> list[str]:
        return [texts(element, "id")[0] for element in (feed, *feed.findall(f"{ATOM}entry"))]

    first = ids(feed_of(item(5), item(6)))
    assert len(set(first)) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id) for id in first)
    assert ids(feed_of(item(5, title="Renamed"))) == first[:2]
    assert not set(first) & set(ids(feed_of(item(5), user="bo")))
    narrowed = ids(feed_of(item(5), narrowed_by="styles=Dub"))
    assert narrowed[0] != first[0]
    assert narrowed[1] == first[1]


@pytest.mark.parametrize("title", ["<b>&amp;</b>", "]]>", "a\x00b\x0bc\ufffe", "\ud800x", "\u202eevil"])
def test_strangers_titles_stay_text(title: str) -> None:
    (entry,) = feed_of(item(title=title)).findall(f"{ATOM}entry")
    title_text = texts(entry, "title")[0]
    assert title_text == "Ann, Bo & Co – " + re.sub("[\x00\x0b\ufffe\ud800\u202e]", "", title)


@given(st.text(st.characters()), st.lists(st.text(st.characters()), max_size=2))
def test_whatever_strangers_write_the_feed_is_well_formed(text: str, many: list[str]) -> None:
    odd = item(
        title=text,
        artists=tuple(ArtistCredit(ArtistId(1), name) for name in many),
        styles=tuple(many),
        labels=tuple(LabelCredit(LabelId(1), name, text) for name in many),
        reasons=(Reason("style", text, 1.0),),
    )
    assert len(feed_of(odd, user=text, narrowed_by=text).findall(f"{ATOM}entry")) == 1


def test_a_list_without_records_is_a_feed_without_entries() -> None:
    assert feed_of().findall(f"{ATOM}entry") == []
