"""The page of a release: what is known of it, whose it is, what it costs, why it might be loved."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from tests.store.fakes import NOW
from tests.web.fakes import NASTY, USER, Instance, make_copy, make_record

from discogs_assistant.model.ids import MasterId, ReleaseId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.market import price_floors
from discogs_assistant.store.recommendations import feedback


@pytest.fixture
def instance_with_releases(full_instance: Instance) -> Instance:
    """The collector's world, where the API has sent the recommended records too."""
    releases.save_releases(full_instance.db, [make_record(id) for id in range(21, 41)], NOW)
    return full_instance


def page_of(instance: Instance, address: str, status: int = 200) -> str:
    answer = instance.browser().get(address)
    assert answer.status_code == status
    return answer.text


def words_of(page: str) -> str:
    """The page's words as they are read, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def test_artists_are_printed_with_join_words_and_lead_to_their_pages(instance_with_dumps: Instance) -> None:
    page = page_of(instance_with_dumps, "/release/101")
    assert "Nirvana, number 2 &amp; Mike B, number 408 (as Mike elsewhere) feat. C" in words_of(page)
    assert "<title>Nirvana &amp; Mike B feat. C – Night Drive" in page
    for address in (
        "/artist/2",
        "/artist/3",
        "/artist/4",
        "/artist/7",
        "/artist/8",
        "/label/50",
        "/master/900",
    ):
        assert f'href="{address}"' in page


def test_all_that_a_dump_tells_is_there_with_where_it_comes_from(instance_with_dumps: Instance) -> None:
    text = words_of(page_of(instance_with_dumps, "/release/101"))
    for expected in (
        "Svek – SK 032, SK032",
        "2×Vinyl, 12&#34; (Blue)",
        "Sweden",
        "Released1983",
        "Deep House",
        "First side",
        "One &lt;b&gt; 4:45",
        "Remy Remix",
        "Nobody, number 3 Producer, Mixed By",
        "Barcode7 320470 034156",
        "From Discogs' data dump of October 2026.",
        "Data provided by Discogs.",
    ):
        assert expected in text
    assert 'href="https://www.discogs.com/release/101"' in page_of(instance_with_dumps, "/release/101")


def test_various_not_on_label_year_0_and_master_0_are_what_they_mean(instance_with_dumps: Instance) -> None:
    page = page_of(instance_with_dumps, "/release/103")
    text = words_of(page)
    assert "Releasednot known" in text
    assert "Not On Label" in text
    assert "none" not in text.replace("/* none", "")
    assert "/artist/194" not in page
    assert "/label/1818" not in page
    assert "/master/0" not in page
    assert "Discogs knows no other pressing of it" in text
    assert "Odd &lt;script&gt;" in text
    assert "With Remy, Guest, number 5." in text
    assert "\u202e" not in page


def test_a_month_that_the_files_do_not_name_is_not_made_up(instance_with_dumps: Instance) -> None:
    pointer = instance_with_dumps.settings.data_dir / "catalogue" / "serving.json"
    said = json.loads(pointer.read_text())
    said["month"] = None
    for held in said["kinds"].values():
        held["month"] = None
    pointer.write_text(json.dumps(said))
    text = words_of(page_of(instance_with_dumps, "/release/101"))
    assert "From a Discogs data dump whose files do not name their month." in text


def test_what_only_the_api_named_says_so_and_how_to_have_more(instance_with_releases: Instance) -> None:
    text = words_of(page_of(instance_with_releases, "/release/21"))
    assert "Read from Discogs just now." in text
    assert "So far, this record is known only from a line of a list" in text
    assert "discogs-assistant catalogue import FOLDER" in text


def test_what_only_a_copy_for_sale_names_has_a_page(instance_with_releases: Instance) -> None:
    instance_with_releases.sell(
        [make_copy(950, make_record(700, "Only For Sale"), artist="Somebody (2)", cents=300)]
    )
    assert "Somebody, number 2 Only For Sale" in words_of(page_of(instance_with_releases, "/release/700"))
    instance_with_releases.clock.moment += timedelta(days=3)
    later = page_of(instance_with_releases, "/release/700")
    assert "Only For Sale" in later
    assert "3.00 EUR" not in later


def test_a_number_that_neither_source_knows_is_a_page_that_helps(
    instance: Instance, instance_with_dumps: Instance
) -> None:
    for empty, there in ((instance, False), (instance_with_dumps, True)):
        browser = empty.browser()
        for kind in ("release", "master", "artist", "label"):
            answer = browser.get(f"/{kind}/99999")
            assert answer.status_code == 404
            assert f"No {kind} 99999 is known here" in answer.text
            assert f'href="https://www.discogs.com/{kind}/99999"' in answer.text
            assert ("catalogue import" in answer.text) is not there


def test_what_is_no_number_is_not_found(instance: Instance) -> None:
    browser = instance.browser()
    for kind in ("release", "master", "artist", "label", "api/releases"):
        for id in ("0", "-1", "x", "9" * 30, "2147483648", "1e3", "%00", "٣"):
            assert browser.get(f"/{kind}/{id}").status_code == 404, (kind, id)


def test_pressings_of_its_master_are_marked_as_mine(instance_with_dumps: Instance) -> None:
    instance_with_dumps.be(USER, currency=Currency.EUR)
    instance_with_dumps.know_records([make_record(102, master_id=MasterId(900))], [])
    page = words_of(page_of(instance_with_dumps, "/release/101"))
    assert "2 pressings of “Night Drive”" in page
    assert "owned" in page
    assert "You own another pressing" in page
    assert "You own it" not in page
    assert "You own it" in page_of(instance_with_dumps, "/release/102")


def test_copies_show_only_while_they_are_fresh_the_cheapest_first(instance_with_releases: Instance) -> None:
    instance_with_releases.sell(
        [make_copy(901, make_record(21), "elsewhere", 700), make_copy(902, make_record(21), "dear", 9000)]
    )
    page = page_of(instance_with_releases, "/release/21")
    assert page.index("7.00 EUR") < page.index("90.00 EUR")
    assert "3 known copies" in page
    assert "sell/cart/?add=901" in page
    instance_with_releases.clock.moment += timedelta(hours=7)
    later = page_of(instance_with_releases, "/release/21")
    assert "7.00 EUR" not in later
    assert "No copy from the last 6 hours is known" in later


def test_the_floor_is_shown_with_its_age(instance_with_releases: Instance) -> None:
    floor = MarketStats(ReleaseId(30), Money(450, Currency.EUR), 3, False, NOW - timedelta(hours=2))
    price_floors.save_stats(instance_with_releases.db, [floor])
    page = words_of(page_of(instance_with_releases, "/release/30"))
    assert "from 4.50 EUR 3 copies on Discogs, seen 2 hours ago." in page


def test_the_reasons_are_those_of_the_newest_list(instance_with_releases: Instance) -> None:
    page = words_of(page_of(instance_with_releases, "/release/21"))
    assert "Number 2 of your recommendations" in page
    assert "It is on Label 3, of which you own 4 40 %" in page
    assert NASTY not in page_of(instance_with_releases, "/release/21")


def test_another_pressing_on_the_list_gives_its_reasons(instance_with_releases: Instance) -> None:
    work = MasterId(77)
    releases.save_releases(instance_with_releases.db, [make_record(500, master_id=work)], NOW)
    instance_with_releases.recommend([make_record(501, master_id=work)])
    page = page_of(instance_with_releases, "/release/500")
    assert 'there as <a href="/release/501">another pressing</a>' in page


def test_what_is_on_no_list_is_explained_by_what_is_owned_on_request(
    instance_with_releases: Instance,
) -> None:
    releases.save_releases(instance_with_releases.db, [make_record(500, artist="Artist 5")], NOW)
    page = page_of(instance_with_releases, "/release/500")
    assert 'hx-get="/release/500/why"' in page
    assert "Artist 5" in page
    assert "Because you own" not in page
    expected = "Because you own “Record 5” by Artist 5."
    assert expected in page_of(instance_with_releases, "/release/500?why=on")
    assert expected in page_of(instance_with_releases, "/release/500/why")


def test_what_is_owned_by_now_counts_in_the_reasons(instance_with_releases: Instance) -> None:
    releases.save_releases(instance_with_releases.db, [make_record(500, artist="Artist 99")], NOW)
    browser = instance_with_releases.browser()
    assert "by Artist 99" not in browser.get("/release/500/why").text
    instance_with_releases.know_records([make_record(99), make_record(5)], [])
    assert "Because you own “Record 99” by Artist 99." in browser.get("/release/500/why").text


def test_love_and_hide_change_the_buttons_and_are_undone(instance_with_releases: Instance) -> None:
    browser, script = instance_with_releases.browser(), {"HX-Request": "true"}

    def say(act: str, **more: object) -> str:
        form = {"user": USER, "act": act}
        answer = browser.post("/release/21/feedback", data=form, headers=script)
        assert answer.status_code == 200
        return answer.text

    assert "Loved" in say("love")
    assert feedback.feedback(instance_with_releases.db, instance_with_releases.owner, USER).loved == {21}
    assert "Loved" not in say("unlove")
    assert "Show it again" in say("hide")
    assert feedback.feedback(instance_with_releases.db, instance_with_releases.owner, USER).hidden == {21}
    assert "Show it again" not in say("unhide")
    plain = browser.post("/release/21/feedback", data={"user": USER, "act": "love"})
    assert (plain.status_code, plain.headers["location"]) == (303, "/release/21")
    assert browser.post("/release/21/feedback", data={"user": USER, "act": "burn"}).status_code == 422


def test_the_page_asks_no_more_for_many_pressings_and_copies_than_for_few(
    instance_with_releases: Instance, statements: list[str]
) -> None:
    work = MasterId(77)
    browser = instance_with_releases.browser()

    def asked(id: int) -> int:
        statements.clear()
        assert browser.get(f"/release/{id}").status_code == 200
        return len(statements)

    releases.save_releases(
        instance_with_releases.db, [make_record(500 + n, master_id=work) for n in range(2)], NOW
    )
    instance_with_releases.sell([make_copy(900, make_record(500))])
    asked(500)
    few = asked(500)
    releases.save_releases(
        instance_with_releases.db, [make_record(500 + n, master_id=work) for n in range(60)], NOW
    )
    instance_with_releases.sell([make_copy(900 + n, make_record(500), f"seller {n}") for n in range(60)])
    assert 0 < asked(500) <= few


def test_titles_lead_here_from_every_list_and_to_discogs_as_well(instance_with_releases: Instance) -> None:
    carts = instance_with_releases.newest_run("carts")
    for address, id in (
        ("/recommendations", 21),
        ("/profile", 5),
        ("/", 3),
        (f"/carts/{carts}", 11),
        (f"/carts/{carts}/plan", 11),
    ):
        page = page_of(instance_with_releases, address)
        assert f'href="/release/{id}"' in page, address
        assert f'href="https://www.discogs.com/release/{id}"' in page, address


def test_artists_and_labels_of_recommendations_and_carts_lead_to_their_pages(
    instance_with_releases: Instance,
) -> None:
    page = page_of(instance_with_releases, "/recommendations")
    for address in ("/artist/21", "/label/21", "/release/21"):
        assert f'href="{address}"' in page
    assert "1991 · Germany · Label 21 – L 21 · Vinyl, LP, Album" in words_of(page)
    assert 'href="/artist/5"' in page_of(instance_with_releases, "/profile")
    carts = instance_with_releases.newest_run("carts")
    for address in (f"/carts/{carts}", f"/carts/{carts}/cart/1", f"/carts/{carts}/plan"):
        assert re.search(r'href="/artist/1[1-5]"', page_of(instance_with_releases, address)), address


def test_the_api_tells_a_release_with_its_source(instance_with_dumps: Instance) -> None:
    program = instance_with_dumps.program()
    record = program.get("/api/releases/101").json()
    assert (record["title"], record["master_id"], record["year"]) == ("Night Drive", 900, 1983)
    assert record["artists"][1] == {"id": 3, "name": "Mike (408)", "anv": "Mike B", "join": "feat."}
    assert record["formats"] == [{"name": "Vinyl", "quantity": 2, "descriptions": ['12"'], "text": "Blue"}]
    assert (record["source"], record["as_of"], record["complete"]) == (
        "dump",
        "2026-10-01T00:00:00+00:00",
        True,
    )
    assert program.get("/api/releases/99999").status_code == 404
    paths = program.get("/api/openapi.json").json()["paths"]
    assert {"/api/releases/{id}", "/api/search"} <= paths.keys()
