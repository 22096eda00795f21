"""What never changes is read and written once, and no page waits for somebody who writes."""

from __future__ import annotations

import itertools
from pathlib import Path

from sqlalchemy import event
from tests.web.fakes import USER, Instance

from discogs_assistant.store.database import open_database
from discogs_assistant.web import choices
from discogs_assistant.web.cached import Held, one


def test_a_value_is_computed_once_and_the_least_asked_for_goes_first() -> None:
    held, count = Held(2), itertools.count()
    found = [held.get(key, lambda: next(count), one) for key in ("a", "b", "a", "c", "a", "b")]
    assert found == [0, 1, 0, 2, 0, 3]


def test_values_are_held_by_their_weight() -> None:
    held, count = Held(10), itertools.count()
    found = [held.get(key, lambda: next(count), lambda _: 4) for key in ("a", "b", "a", "c", "a", "b")]
    assert found == [0, 1, 0, 2, 0, 3]
    held.clear()
    assert [held.get(key, lambda: next(count), lambda _: 5) for key in ("a", "b", "a")] == [4, 5, 4]
    assert held.get("too heavy", lambda: 7, lambda _: 11) == 7
    assert "too heavy" not in held


def test_what_depends_on_something_else_takes_the_place_of_what_was_held() -> None:
    held, count = Held(10), itertools.count()
    found = [held.get("a", lambda: next(count), lambda _: 6, given) for given in (1, 1, 2, 1)]
    assert found == [0, 0, 1, 2]
    assert held.get("b", lambda: "light", lambda _: 4) == "light"
    assert "a" in held and "b" in held


def test_what_is_not_known_yet_is_asked_for_again() -> None:
    held = Held(2)
    assert held.get("a", lambda: None, one) is None
    assert held.get("a", lambda: 1, one) == 1


def test_a_finished_answer_is_read_once(full: Instance) -> None:
    browser, asked = full.browser(), []
    event.listen(full.db.engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    run = full.newest_run("carts")
    for _ in range(2):
        assert browser.get(f"/carts/{run}").status_code == 200
        assert browser.get("/recommendations").status_code == 200
    assert len([text for text in asked if "result.document" in text]) == 2


def test_nothing_of_a_deleted_person_is_shown_again(full: Instance) -> None:
    browser = full.browser()
    run = full.newest_run("carts")
    assert browser.get(f"/carts/{run}").status_code == 200
    browser.post("/profile/delete")
    assert browser.get(f"/carts/{run}").status_code == 404


def test_no_page_waits_for_somebody_who_writes(full: Instance, tmp_path: Path) -> None:
    browser = full.browser()
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


def test_a_loved_record_is_loved_at_once(full: Instance) -> None:
    browser = full.browser()
    assert "♥ Loved" not in browser.get("/recommendations").text
    browser.post(
        "/recommendations/feedback",
        data={"user": USER, "run": full.newest_run("recommendations"), "release": "21", "act": "love"},
    )
    assert browser.get("/recommendations").text.count("♥ Loved") == 1
