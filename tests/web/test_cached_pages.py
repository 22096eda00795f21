"""What never changes is read and written once, and no page waits for somebody who writes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import event
from tests.web.fakes import USER, Instance, make_copy, make_record

from discogs_assistant.store.database import open_database
from discogs_assistant.web import choices


def test_a_finished_answer_is_read_once(full_instance: Instance) -> None:
    browser, asked = full_instance.browser(), []
    event.listen(full_instance.db.engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    run = full_instance.newest_run("carts")
    for _ in range(2):
        assert browser.get(f"/carts/{run}").status_code == 200
        assert browser.get("/recommendations").status_code == 200
    assert len([text for text in asked if "result.document" in text]) == 2


def test_nothing_of_a_deleted_person_is_shown_again(full_instance: Instance) -> None:
    browser = full_instance.browser()
    run = full_instance.newest_run("carts")
    assert browser.get(f"/carts/{run}").status_code == 200
    browser.post("/profile/delete")
    assert browser.get(f"/carts/{run}").status_code == 404


def test_no_page_waits_for_somebody_who_writes(full_instance: Instance, tmp_path: Path) -> None:
    browser = full_instance.browser()
    pages = ("/", "/profile", "/recommendations", "/market", "/shop", "/settings", "/about")
    browser.get("/recommendations")  # What was seen is written once a day, after the page.
    with open_database(f"sqlite:///{tmp_path / 'assistant.db'}").write():
        assert [browser.get(address).status_code for address in pages] == [200] * len(pages)


def test_a_list_of_a_form_has_what_was_chosen_picked() -> None:
    known = (("", "–"), ("a<", "A & B"))
    assert choices.options(known, "a<") == (
        '<option value="">–</option>\n<option value="a&lt;" selected>A &amp; B</option>'
    )
    assert "selected" not in choices.options(known, "else")


def test_a_loved_record_is_loved_at_once(full_instance: Instance) -> None:
    browser = full_instance.browser()
    assert "♥ Loved" not in browser.get("/recommendations").text
    browser.post(
        "/recommendations/feedback",
        data={
            "user": USER,
            "run": full_instance.newest_run("recommendations"),
            "release": "21",
            "act": "love",
        },
    )
    assert browser.get("/recommendations").text.count("♥ Loved") == 1


def test_the_market_is_as_it_is_within_seconds(full_instance: Instance) -> None:
    browser = full_instance.browser()
    assert "<dd>8</dd>" in browser.get("/market").text
    full_instance.sell([make_copy(900, make_record(40))])
    assert "<dd>8</dd>" in browser.get("/market").text
    full_instance.clock.moment += timedelta(seconds=6)
    assert "<dd>9</dd>" in browser.get("/market").text
