"""More like one record, as a page and for programs: what it shows, leads to, and says where it cannot."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.web.fakes import NASTY, USER, Instance, make_record

from discogs_assistant.pipelines.recommendations.list_inputs import basis_of
from discogs_assistant.pipelines.recommendations.model_training import ensure_model
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.recommendations import feedback

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def instance_with_model(full_instance: Instance) -> Instance:
    """The full instance with a model; what may be like a record are its collector's wants."""
    ensure_model(
        full_instance.ctx, full_instance.owner, USER, basis_of(full_instance.ctx, full_instance.owner, USER)
    )
    return full_instance


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li id="r(\d+)"', page)]


def like(instance: Instance, release: int = 11, query: str = "") -> Any:
    return instance.browser().get(f"/recommendations/like/{release}{query}")


def test_the_page_shows_reasoned_cards_of_what_is_neither_owned_nor_the_record(
    instance_with_model: Instance,
) -> None:
    page = like(instance_with_model).text
    found = shown(page)
    assert found
    assert not set(found) & {*range(1, 11)}
    assert 11 not in found
    assert 'More like <a href="/release/11"' in page
    assert page.count('class="why"') >= len(found)
    assert 'href="https://www.discogs.com/release/11"' in page


def test_a_program_gets_the_same_records_with_shares_that_add_up(instance_with_model: Instance) -> None:
    answer = instance_with_model.program().get(f"/api/users/{USER.upper()}/like/11")
    assert answer.status_code == 200
    document = answer.json()
    assert (document["user"], document["record"]["release_id"]) == (USER, 11)
    listed = document["recommendations"]
    assert [record["release_id"] for record in listed] == shown(like(instance_with_model).text)
    assert [recommended["rank"] for recommended in listed] == list(range(1, len(listed) + 1))
    for recommended in listed:
        assert sum(reason["share"] for reason in recommended["reasons"]) == pytest.approx(1, abs=1e-3)


def test_a_program_may_ask_for_fewer(instance_with_model: Instance) -> None:
    program = instance_with_model.program()
    assert len(program.get(f"/api/users/{USER}/like/11?limit=2").json()["recommendations"]) == 2
    for limit in ("0", "101", "many"):
        assert program.get(f"/api/users/{USER}/like/11?limit={limit}").status_code == 422


def test_cards_releases_and_masters_lead_to_it(instance_with_model: Instance) -> None:
    releases.save_releases(
        instance_with_model.db, [make_record(60, master_id=9)], instance_with_model.clock.now()
    )
    browser = instance_with_model.browser()
    assert 'href="/recommendations/like/21?user=digger"' in browser.get("/recommendations").text
    assert 'href="/recommendations/like/21"' in browser.get("/release/21").text
    assert 'href="/recommendations/like/60"' in browser.get("/master/9").text
    assert 'href="/recommendations/like/' in like(instance_with_model).text


def test_a_form_loves_from_there_and_leads_back(instance_with_model: Instance) -> None:
    browser, first = instance_with_model.browser(), shown(like(instance_with_model).text)[0]
    back = f"/recommendations/like/11#r{first}"
    assert f'name="back" value="{back}"' in like(instance_with_model).text
    answer = browser.post(f"/release/{first}/feedback", data={"user": USER, "act": "love", "back": back})
    assert answer.headers["location"] == back
    assert first in feedback.feedback(instance_with_model.db, instance_with_model.owner, USER).loved
    assert "♥ Loved" in like(instance_with_model).text


def test_what_a_form_hides_is_gone_and_can_be_undone(instance_with_model: Instance) -> None:
    browser, first = instance_with_model.browser(), shown(like(instance_with_model).text)[0]
    form = {"user": USER, "act": "hide", "back": f"/recommendations/like/11#r{first}"}
    address = browser.post(f"/release/{first}/feedback", data=form).headers["location"]
    assert address == f"/recommendations/like/11?hidden={first}"
    page = browser.get(address).text
    assert first not in shown(page)
    assert f"Hidden: Record {first}." in page
    browser.post(f"/release/{first}/feedback", data=form | {"act": "unhide"})
    page = browser.get(address).text
    assert first in shown(page)
    assert "Hidden: " not in page


def test_a_script_gets_the_buttons_with_their_undo(instance_with_model: Instance) -> None:
    form = {"user": USER, "act": "hide", "back": "/recommendations/like/11#r21"}
    piece = instance_with_model.browser().post("/release/21/feedback", data=form, headers=SCRIPT).text
    assert 'value="unhide"' in piece
    assert 'data-key="u"' in piece
    assert "<html" not in piece


def test_opening_a_record_from_there_is_remembered(instance_with_model: Instance) -> None:
    answer = instance_with_model.browser().post("/release/21/feedback", data={"user": USER, "act": "open"})
    assert answer.status_code == 204


def test_before_anything_was_learned_it_says_what_to_do(full_instance: Instance) -> None:
    answer = like(full_instance)
    assert answer.status_code == 409
    assert "There is no model of the records of “digger” yet." in answer.text
    assert ">Get recommendations<" in answer.text
    refused = full_instance.program().get(f"/api/users/{USER}/like/11")
    assert refused.status_code == 409
    assert refused.json()["code"] == "not-learned"


def test_without_a_profile_and_without_a_user_it_helps_too(instance_with_model: Instance) -> None:
    assert like(instance_with_model, query="?user=somebody").status_code == 409
    instance_with_model.be(None)
    answer = like(instance_with_model)
    assert answer.status_code == 200
    assert "Choose whose records to use" in answer.text


def test_an_unknown_release_is_a_page_that_helps(instance_with_model: Instance) -> None:
    answer = like(instance_with_model, 987_654)
    assert answer.status_code == 404
    assert "Look on Discogs" in answer.text
    assert like(instance_with_model, query="x").status_code == 404
    assert instance_with_model.program().get(f"/api/users/{USER}/like/987654").status_code == 404


def test_a_strangers_title_is_text(instance_with_model: Instance) -> None:
    assert NASTY not in like(instance_with_model, 3).text


def test_the_openapi_document_tells_of_it(full_instance: Instance) -> None:
    paths = full_instance.program().get("/api/openapi.json").json()["paths"]
    assert set(paths["/api/users/{user}/wants/{id}"]) == {"put", "delete"}
    assert "limit" in {
        parameter["name"] for parameter in paths["/api/users/{user}/like/{id}"]["get"]["parameters"]
    }
