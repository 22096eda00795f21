"""Marking carts and records as bought, and remembering what a page showed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from tests.web.fakes import USER, Instance

from discogs_assistant.errors import StorageError
from discogs_assistant.store.recommendations import feedback

SCRIPT = {"HX-Request": "true"}


def bought(instance: Instance) -> set[int]:
    return {int(id) for id in feedback.feedback(instance.db, instance.owner, USER).bought}


def passed_over(instance: Instance) -> dict[int, int]:
    return {int(id): days for id, days in feedback.passed_over(instance.db, instance.owner, USER).items()}


def test_a_record_is_marked_as_bought_on_its_cart_and_that_is_undone(full_instance: Instance) -> None:
    browser, run = full_instance.browser(), full_instance.newest_run("carts")
    answer = browser.post(f"/carts/{run}/bought", data={"cart": "1", "buy": "11"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/carts/{run}#cart-1")
    assert bought(full_instance) == {11}
    page = browser.get(f"/carts/{run}").text
    assert "You bought 1 record of this cart." in page
    assert 'name="undo" value="11"' in page
    assert "sell/cart/?add=111" not in page, "what was bought is not put into the cart again"
    browser.post(f"/carts/{run}/bought", data={"cart": "1", "undo": "11"})
    assert bought(full_instance) == set()
    assert "You bought" not in browser.get(f"/carts/{run}").text


def test_a_whole_cart_is_marked_and_undone_from_its_own_page(full_instance: Instance) -> None:
    browser, run = full_instance.browser(), full_instance.newest_run("carts")
    sent = {"cart": "1", "whole": "on"}
    answer = browser.post(f"/carts/{run}/bought", data=sent | {"buy": "all"})
    assert answer.headers["location"] == f"/carts/{run}/cart/1"
    assert bought(full_instance) == {11, 12, 13, 14, 15}
    page = browser.get(f"/carts/{run}/cart/1").text
    assert "You bought this cart." in page
    assert "I bought" not in page
    assert "data-open-all" not in page
    browser.post(f"/carts/{run}/bought", data=sent | {"undo": "all"})
    assert bought(full_instance) == set()


def test_a_script_gets_the_card_as_it_is_now(full_instance: Instance) -> None:
    browser, run = full_instance.browser(), full_instance.newest_run("carts")
    brief = browser.post(f"/carts/{run}/bought", data={"cart": "1", "buy": "11"}, headers=SCRIPT).text
    assert brief.lstrip().startswith('<article class="cart card" id="cart-1"')
    assert "Show all 5 records" in brief
    sent = {"cart": "1", "buy": "12", "whole": "on"}
    whole = browser.post(f"/carts/{run}/bought", data=sent, headers=SCRIPT).text
    assert whole.count('class="badge">bought') == 2
    assert "Put all 3 in my Discogs cart" in whole


@pytest.mark.parametrize("sent", [{"buy": "21"}, {"buy": ""}, {"undo": "x"}, {}])
def test_what_is_not_in_the_cart_is_refused(full_instance: Instance, sent: dict[str, str]) -> None:
    answer = full_instance.browser().post(
        f"/carts/{full_instance.newest_run('carts')}/bought", data={"cart": "1"} | sent
    )
    assert answer.status_code == 422
    assert bought(full_instance) == set()


def test_what_is_bought_leaves_the_list_and_the_wants_for_sale(full_instance: Instance) -> None:
    browser = full_instance.browser()
    assert ">5</b> of 10 wants" in browser.get("/shop?budget=100&currency=EUR&min_media=").text
    browser.post(f"/carts/{full_instance.newest_run('carts')}/bought", data={"cart": "1", "buy": "11"})
    browser.post(f"/carts/{full_instance.newest_run('carts')}/bought", data={"cart": "2", "buy": "21"})
    assert ">4</b> of 9 wants" in browser.get("/shop?budget=100&currency=EUR&min_media=").text
    assert 'id="r21"' not in browser.get("/recommendations").text
    assert '"21"' not in browser.get("/recommendations.csv").text


def test_the_own_records_page_lists_what_was_bought_and_undoes_it(full_instance: Instance) -> None:
    browser = full_instance.browser()
    assert "Marked as bought" not in browser.get("/profile").text
    browser.post(f"/carts/{full_instance.newest_run('carts')}/bought", data={"cart": "1", "buy": "11"})
    page = browser.get("/profile").text
    assert "Artist 11 – Record 11" in page[page.index("Marked as bought") :]
    assert browser.post("/profile/not-bought", data={"user": USER, "release": "x"}).status_code == 422
    answer = browser.post("/profile/not-bought", data={"user": USER, "release": "11"})
    assert answer.headers["location"] == "/profile#bought"
    assert bought(full_instance) == set()


def test_what_a_page_showed_is_remembered_once_a_day(full_instance: Instance) -> None:
    browser = full_instance.browser()
    for _ in range(2):
        browser.get("/recommendations?styles=House")
    assert passed_over(full_instance) == {id: 1 for id in range(22, 41, 2)}
    browser.get("/recommendations")
    assert passed_over(full_instance) == {id: 1 for id in (3, *range(21, 41))}
    full_instance.clock.moment += timedelta(days=1)
    full_instance.browser().get("/recommendations?styles=House")
    assert passed_over(full_instance)[22] == 2
    assert passed_over(full_instance)[21] == 1


def test_a_page_is_shown_though_it_cannot_be_remembered(
    full_instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise StorageError("The disk is full.", "Make room.")

    browser = full_instance.browser()
    with monkeypatch.context() as broken:
        broken.setattr("discogs_assistant.pipelines.recommendations.feedback.seen", full_disk)
        assert browser.get("/recommendations").status_code == 200
    assert passed_over(full_instance) == {}
    browser.get("/recommendations")
    assert passed_over(full_instance)[21] == 1


def test_what_was_remembered_today_is_not_written_again(full_instance: Instance) -> None:
    browser, written = full_instance.browser(), []
    event.listen(full_instance.db.engine, "before_cursor_execute", lambda *event: written.append(event[2]))
    for _ in range(3):
        browser.get("/recommendations")
    assert len([text for text in written if text.startswith("INSERT INTO event")]) == 1
    assert len([text for text in written if text.startswith("BEGIN IMMEDIATE")]) <= 1
