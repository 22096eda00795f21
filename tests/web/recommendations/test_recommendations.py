"""The page of recommendations: filters in the address, love and hide with undo, with a script and without."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.fakes import NASTY, USER, Instance, make_copy, make_record

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName, new_run_id
from discogs_assistant.model.money import Currency
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.pipelines.runtime.results.finished import finished_as
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import runs

SCRIPT = {"HX-Request": "true"}


def shown(page: str) -> list[int]:
    """The releases whose cards stand on the page, in order."""
    return [int(number) for number in re.findall(r'<li id="r(\d+)"', page)]


def say(browser: TestClient, instance: Instance, act: str, release: int = 21, **more: Any) -> Any:
    stored = instance.browser().get("/recommendations").text
    run = re.search(r'name="run" value="([^"]+)"', stored)
    assert run is not None
    form = {
        "user": USER,
        "run": run[1],
        "release": str(release),
        "act": act,
        "back": "/recommendations?view=grid",
    }
    return browser.post("/recommendations/feedback", data=form | more.pop("changes", {}), **more)


def liked(instance: Instance) -> feedback.Feedback:
    return feedback.feedback(instance.db, instance.owner, USER)


def test_the_list_shows_reasons_facts_and_what_is_missing(full_instance: Instance) -> None:
    page = full_instance.browser().get("/recommendations").text
    assert shown(page)[:2] == [3, 21]
    assert "1991 · Germany · Label 21 – L 21 · Vinyl, LP, Album" in page
    assert "It is on Label 3, of which you own 4" in page
    assert "Two labels could not be looked up." in page
    assert 'href="https://www.discogs.com/release/21"' in page
    assert "nofollow" not in page


def test_an_empty_list_says_what_fills_it_and_offers_no_filters(full_instance: Instance) -> None:
    full_instance.recommend([])
    page = full_instance.browser().get("/recommendations").text
    assert "This list is empty" in page
    assert 'href="/settings#catalogue"' in page
    assert "Get new ones" in page
    assert "Narrow the list" not in page


def test_a_list_that_was_narrowed_to_nothing_says_so(full_instance: Instance) -> None:
    full_instance.recommend([], {"genres": "Polka"})
    page = full_instance.browser().get("/recommendations").text
    assert "No record matches the filters of this list: only Polka." in page
    assert "month of Discogs" not in page


def test_the_lowest_known_price_is_in_ones_own_currency(full_instance: Instance) -> None:
    full_instance.sell(
        [make_copy(901, make_record(21), "elsewhere", 700), make_copy(902, make_record(21), "dear", 9000)]
    )
    assert "from <b>7.00 EUR</b>" in full_instance.browser().get("/recommendations").text


def test_prices_past_their_age_are_hidden(full_instance: Instance) -> None:
    full_instance.sell([make_copy(901, make_record(21), "elsewhere", 700)])
    full_instance.clock.moment += timedelta(hours=7)
    assert "7.00 EUR" not in full_instance.browser().get("/recommendations").text


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("styles=Dub", lambda id: id % 2),
        ("year_from=2000", lambda id: 1970 + id % 50 >= 2000),
        ("year_to=1992", lambda id: 1970 + id % 50 <= 1992),
        ("countries=Germany", lambda id: True),
        ("formats=CD", lambda id: False),
        ("genres=Electronic&styles=House", lambda id: id % 2 == 0),
    ],
)
def test_filters_in_the_address_narrow_the_list(full_instance: Instance, query: str, kept: Any) -> None:
    page = full_instance.browser().get(f"/recommendations?{query}").text
    assert shown(page) == [id for id in (3, *range(21, 41)) if kept(id)]


def test_a_filter_that_is_wrong_is_shown_and_kept(full_instance: Instance) -> None:
    answer = full_instance.browser().get("/recommendations?year_from=soon")
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert "year_from-error" in answer.text


@pytest.mark.parametrize("page", ["0", "-3", "99", "x", "²", "9" * 400])
def test_any_page_number_is_a_page(full_instance: Instance, page: str) -> None:
    assert shown(full_instance.browser().get("/recommendations", params={"page": page}).text)


def test_a_long_list_has_pages(instance: Instance) -> None:
    instance.be()
    instance.recommend([make_record(id) for id in range(1, 121)])
    browser = instance.browser()
    assert shown(browser.get("/recommendations?page=2&styles=House").text) == list(range(52, 102, 2))
    assert shown(browser.get("/recommendations?page=5").text) == list(range(101, 121))
    assert "page=2" in browser.get("/recommendations?view=grid").text


def test_a_loved_record_is_marked_for_a_form(full_instance: Instance) -> None:
    browser = full_instance.browser()
    answer = say(browser, full_instance, "love")
    assert answer.headers["location"] == "/recommendations?view=grid#r21"
    assert liked(full_instance).loved == {21}
    assert 'aria-pressed="true"' in browser.get("/recommendations").text


def test_a_hidden_record_goes_and_comes_back_by_forms_alone(full_instance: Instance) -> None:
    browser = full_instance.browser()
    answer = say(browser, full_instance, "hide")
    page = browser.get(answer.headers["location"]).text
    assert 21 not in shown(page)
    assert "Hidden: Record 21." in page
    assert "1 record hidden" in page
    undo = re.search(r'name="act" value="(unhide)"', page)
    assert undo is not None
    say(browser, full_instance, undo[1])
    assert 21 in shown(browser.get("/recommendations").text)


def test_a_script_gets_the_card_alone(full_instance: Instance) -> None:
    browser = full_instance.browser()
    card = say(browser, full_instance, "love", headers=SCRIPT)
    assert card.text.startswith('<li id="r21" class="rec loved"')
    assert "<html" not in card.text
    gone = say(browser, full_instance, "hide", headers=SCRIPT)
    assert "Hidden: Artist 21 – Record 21" in gone.text
    assert 'value="unhide"' in gone.text
    assert say(browser, full_instance, "open", headers=SCRIPT).status_code == 204


@pytest.mark.parametrize(
    "changes",
    [
        {"release": "x"},
        {"release": "9" * 30},
        {"release": "²"},
        {"act": "burn"},
        {"user": ""},
        {"user": "a\0b"},
    ],
)
def test_an_odd_feedback_is_refused(full_instance: Instance, changes: dict[str, str]) -> None:
    assert say(full_instance.browser(), full_instance, "love", changes=changes).status_code == 422


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/a\nb"]
)
def test_a_form_never_leads_to_a_foreign_site(full_instance: Instance, back: str) -> None:
    answer = say(full_instance.browser(), full_instance, "love", changes={"back": back})
    assert answer.headers["location"] == "/recommendations#r21"


def test_somebody_elses_list_is_not_found(full_instance: Instance) -> None:
    assert full_instance.browser().get(f"/recommendations?run={new_run_id()}").status_code == 404
    assert full_instance.browser().get("/recommendations?run=x").status_code == 404


def test_the_csv_holds_the_narrowed_list_and_runs_nothing(full_instance: Instance) -> None:
    full_instance.recommend([make_record(50, "=HYPERLINK(1)", "+1"), make_record(51)])
    answer = full_instance.browser().get("/recommendations.csv?styles=House")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["title"], row["artists"]) == ("'=HYPERLINK(1)", "'+1")


def test_asking_again_answers_with_the_result_that_is_there(full_instance: Instance) -> None:
    browser = full_instance.browser()
    asked = browser.post("/recommendations", data={"user": USER})
    assert asked.headers["location"].startswith("/runs/")
    run = full_instance.queue.runs[0]
    newest = full_instance.newest_run("recommendations")
    known = finished_as(full_instance.db, full_instance.owner, newest, RecommendationResult)
    opened = runs.run(full_instance.db, full_instance.owner, run)
    assert known is not None
    assert opened is not None
    full_instance.finish(opened, known)
    again = browser.post("/recommendations", data={"user": USER}).headers["location"]
    assert again == f"/recommendations?run={run}&user={USER}&said=same"
    assert "so this is that result" in browser.get(again).text


def test_a_search_with_filters_is_asked_for(full_instance: Instance) -> None:
    browser = full_instance.browser()
    page = browser.get("/recommendations?styles=Dub").text
    assert '<input type="hidden" name="styles" value="Dub">' in page
    browser.post("/recommendations", data={"user": USER, "styles": "Dub", "new_artists": "on"})
    run = runs.run(full_instance.db, full_instance.owner, full_instance.queue.runs[0])
    assert run is not None
    assert (run.criteria["styles"], run.criteria["new_artists"]) == (["Dub"], True)


def test_hidden_records_of_another_collector_are_shown(full_instance: Instance) -> None:
    other = UserName("another")
    feedback.record(
        full_instance.db,
        OwnerId(full_instance.owner),
        other,
        ReleaseId(21),
        "hidden",
        full_instance.clock.now(),
    )
    assert 21 in shown(full_instance.browser().get("/recommendations").text)


def test_titles_are_escaped_everywhere(full_instance: Instance) -> None:
    full_instance.be(USER, currency=Currency.EUR)
    page = full_instance.browser().get("/recommendations").text
    assert NASTY not in page
    assert "&lt;script&gt;" in page
