"""Buttons that put records on the wantlist at Discogs: where they stand, what they do, and what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.fakes import USER, Instance, make_record

from discogs_assistant.errors import NoConnectionError, NotFoundError, PrivateError
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.store.profiles import items, profiles

SCRIPT = {"HX-Request": "true"}
ADD, DROP = "Add to my wantlist", "Remove from my wantlist"
LIST = "/recommendations?view=grid#r21"
UNREACHABLE = NoConnectionError("api.discogs.com cannot be reached.", "Check the network.")


@pytest.fixture
def signed_in_instance(full_instance: Instance) -> Instance:
    """The full instance, with its collector's token."""
    full_instance.discogs.signed_in = True
    return full_instance


def press(browser: TestClient, act: str, release: int = 21, back: str = LIST, **more: Any) -> Any:
    form = {"user": USER, "act": act, "back": back} | more.pop("changes", {})
    return browser.post(f"/release/{release}/wantlist", data=form, **more)


def wanted(instance: Instance) -> frozenset[ReleaseId]:
    return items.wanted(instance.db, instance.owner, USER)


def card(page: str, release: int) -> str:
    return re.split(r"<li id=\"r\d+\"", page)[re.findall(r"<li id=\"r(\d+)\"", page).index(str(release)) + 1]


def test_without_a_token_a_sentence_leads_to_where_it_is_entered(full_instance: Instance) -> None:
    for path in ("/recommendations", "/release/21"):
        page = full_instance.browser().get(path).text
        assert ADD not in page
        assert 'href="/settings#token"' in page
    assert 'id="token"' in full_instance.browser().get("/settings").text


def test_with_a_token_each_card_and_each_release_has_its_button(signed_in_instance: Instance) -> None:
    browser = signed_in_instance.browser()
    page = browser.get("/recommendations").text
    assert page.count(ADD) == page.count('<li id="r') == 21
    assert 'href="/settings#token"' not in page
    assert ADD in browser.get("/release/21").text
    assert DROP in browser.get("/release/11").text


def test_for_another_collector_there_is_no_button(signed_in_instance: Instance) -> None:
    page = signed_in_instance.browser().get("/release/21?user=somebody").text
    assert ADD not in page
    assert "Only the owner of a wantlist" in page


def test_a_form_adds_it_at_discogs_and_here_and_leads_back(signed_in_instance: Instance) -> None:
    browser = signed_in_instance.browser()
    answer = press(browser, "add")
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    assert signed_in_instance.discogs.wants == {21}
    assert 21 in wanted(signed_in_instance)
    shown = card(browser.get("/recommendations").text, 21)
    assert "on the wantlist" in shown
    assert DROP in shown
    assert "It is on your wantlist." in browser.get("/release/21").text


def test_a_form_removes_it(signed_in_instance: Instance) -> None:
    browser = signed_in_instance.browser()
    press(browser, "add")
    assert press(browser, "drop", back="/release/21").headers["location"] == "/release/21"
    assert signed_in_instance.discogs.wants == set()
    assert 21 not in wanted(signed_in_instance)
    shown = card(browser.get("/recommendations").text, 21)
    assert "on the wantlist" not in shown
    assert ADD in shown


def test_a_script_gets_the_button_and_a_sentence(signed_in_instance: Instance) -> None:
    browser = signed_in_instance.browser()
    added = press(browser, "add", headers=SCRIPT)
    assert added.status_code == 200
    assert DROP in added.text
    assert "<html" not in added.text
    assert 'role="status">It is on your Discogs wantlist.' in added.text
    assert 'id="mark"' not in added.text
    dropped = press(browser, "drop", headers=SCRIPT)
    assert ADD in dropped.text
    assert "no longer on your Discogs wantlist" in dropped.text


def test_on_its_own_page_the_mark_changes_with_the_button(signed_in_instance: Instance) -> None:
    browser = signed_in_instance.browser()
    added = press(browser, "add", headers=SCRIPT, changes={"marks": "on"}).text
    assert 'id="mark" hx-swap-oob="true"' in added
    assert "It is on your wantlist." in added
    dropped = press(browser, "drop", headers=SCRIPT, changes={"marks": "on"}).text
    assert 'id="mark" hx-swap-oob="true"' in dropped
    assert "It is on your wantlist." not in dropped


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (UNREACHABLE, 503),
        (NotFoundError("Discogs does not know release 21.", "Check it."), 404),
        (PrivateError("Discogs does not let this token change the wantlist of “digger”."), 403),
    ],
)
def test_what_discogs_refuses_is_said_and_changes_nothing_here(
    signed_in_instance: Instance, refusal: Any, status: int
) -> None:
    signed_in_instance.discogs.refusal = refusal
    before = wanted(signed_in_instance)
    page = press(signed_in_instance.browser(), "add")
    assert page.status_code == status
    assert refusal.sentence in page.text
    piece = press(signed_in_instance.browser(), "add", headers=SCRIPT)
    assert piece.status_code == 200
    assert refusal.sentence in piece.text
    assert ADD in piece.text
    assert wanted(signed_in_instance) == before


def test_another_pressing_that_is_wanted_marks_the_card_and_can_still_be_added(instance: Instance) -> None:
    instance.be()
    instance.discogs.signed_in = True
    pressing, other = make_record(50, master_id=7), make_record(51, master_id=7)
    instance.know_records([make_record(1)], [other])
    instance.recommend([pressing, make_record(52)])
    page = instance.browser().get("/recommendations").text
    assert "on the wantlist" in card(page, 50)
    assert ADD in card(page, 50)
    assert "on the wantlist" not in card(page, 52)


def test_a_foreign_page_changes_no_wantlist(signed_in_instance: Instance) -> None:
    headers = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
    assert press(signed_in_instance.browser(), "add", headers=headers).status_code == 403
    assert signed_in_instance.discogs.wants == set()


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/\\evil.test", ""])
def test_it_leads_to_no_foreign_page(signed_in_instance: Instance, back: str) -> None:
    assert press(signed_in_instance.browser(), "add", back=back).headers["location"] == "/release/21"


@pytest.mark.parametrize("changes", [{"act": "buy"}, {"act": ""}, {"user": "a/b c"}, {"user": ""}])
def test_odd_forms_are_answered_by_a_sentence(signed_in_instance: Instance, changes: dict[str, str]) -> None:
    answer = press(signed_in_instance.browser(), "add", changes=changes)
    assert answer.status_code == 422
    assert signed_in_instance.discogs.wants == set()


def test_a_program_puts_and_deletes_a_want(signed_in_instance: Instance) -> None:
    program = signed_in_instance.program()
    answer = program.put(f"/api/users/{USER}/wants/21")
    assert answer.status_code == 200
    assert answer.json()["release_id"] == 21
    assert answer.json()["added"].startswith("2026")
    assert 21 in wanted(signed_in_instance)
    assert program.delete(f"/api/users/{USER}/wants/21").status_code == 204
    assert 21 not in wanted(signed_in_instance)
    assert signed_in_instance.discogs.wants == set()


def test_a_program_learns_what_went_wrong(full_instance: Instance) -> None:
    program = full_instance.program()
    refused = program.put(f"/api/users/{USER}/wants/21")
    assert refused.status_code == 403
    assert "Save a personal token" in refused.json()["next_step"]
    full_instance.discogs.signed_in, full_instance.discogs.refusal = True, UNREACHABLE
    assert program.delete(f"/api/users/{USER}/wants/21").status_code == 503
    assert program.put(f"/api/users/{USER}/wants/none").status_code == 404


def test_the_name_is_the_profiles_whatever_its_case(signed_in_instance: Instance) -> None:
    signed_in_instance.program().put(f"/api/users/{USER.upper()}/wants/21")
    assert 21 in wanted(signed_in_instance)
    assert profiles.profile(signed_in_instance.db, signed_in_instance.owner, UserName(USER.upper())) is None
