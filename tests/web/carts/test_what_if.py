"""What if: a finished search moved in the address of its page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.fakes import NOW
from tests.web.fakes import NASTY, Instance, synced

from discogs_assistant.model.ids import OwnerId, RunId, new_run_id
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.answer import fresh_answer, stored_basis
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.what_if import with_overrides
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.store.runs import runs
from discogs_assistant.web.carts.overrides import read_overrides
from discogs_assistant.web.forms import Form


def address(instance: Instance, **overrides: Any) -> str:
    """The page of the finished carts, moved."""
    return f"/carts/{instance.newest_run('carts')}" + (
        f"?{urlencode(overrides, doseq=True)}" if overrides else ""
    )


def page(instance: Instance, **overrides: Any) -> str:
    return instance.browser().get(address(instance, **overrides)).text


def run_of(instance: Instance, id: RunId) -> Run:
    found = runs.run(instance.db, instance.owner, id)
    assert found is not None
    return found


def sellers(text: str) -> list[str]:
    """The sellers of the cards on a page, from the top."""
    return re.findall(r'<h3 id="cart-\w+-title">.*?<a [^>]*>([^<]+)</a>', text)


@pytest.mark.parametrize(
    "overrides",
    [
        {"budget": "30"},
        {"budget": "50", "min_orders": "on"},
        {"exclude_seller": "plattenkiste"},
        {"exclude_release": "11,12"},
        {"must": "21"},
        {"ships_from": "US"},
        {"min_seller_rating": "99"},
        {"include_shipping": "off", "min_media": ""},
    ],
    ids=str,
)
def test_the_page_shows_the_carts_of_a_fresh_search(
    full_instance: Instance, overrides: dict[str, str]
) -> None:
    run = run_of(full_instance, full_instance.newest_run("carts"))
    criteria = with_overrides(run, overrides).criteria
    basis = stored_basis(full_instance.ctx.db, run)
    _, fresh = fresh_answer(full_instance.ctx, run, criteria, basis.interest, partial=basis.partial)
    text = page(full_instance, **overrides)
    assert sellers(text) == [cart.seller.replace("<", "&lt;").replace(">", "&gt;") for cart in fresh.carts]
    answer = full_instance.program().get(f"/api/runs/{run.id}/what-if?{urlencode(overrides)}").json()
    expected = printed(fresh)
    assert answer["carts"] == expected["carts"]
    assert answer["unknown_shipping"] == expected["unknown_shipping"]


def test_without_a_move_the_page_is_that_of_the_search(full_instance: Instance) -> None:
    run = run_of(full_instance, full_instance.newest_run("carts"))
    same = {"budget": "100", "must": "", "exclude_seller": "", "include_shipping": "on", "min_orders": "off"}
    text = page(full_instance, **same)
    assert "Compared with your search" not in text
    assert re.findall(r'href="(/carts/[^"]+\.csv[^"]*)"', text) == [f"/carts/{run.id}.csv"]


def test_what_changed_is_shown_with_a_way_back_for_each_wish(full_instance: Instance) -> None:
    text = page(full_instance, budget="40", exclude_release="11", min_media="VG+")
    run = full_instance.newest_run("carts")
    assert "The best cart: 2 records fewer, 25.00 EUR cheaper" in text
    assert "Budget: 40 EUR, was 100 EUR" in text
    assert f'href="/carts/{run}?budget=40&amp;min_media=VG%2B"' in text, "undoes what was left out"
    assert f'href="/carts/{run}?min_media=VG%2B&amp;exclude_release=11"' in text, "undoes the budget"
    assert f'<a class="button quiet" href="/carts/{run}">Undo everything</a>' in text


def test_what_was_left_out_or_locked_in_is_a_ticked_box(full_instance: Instance) -> None:
    text = page(full_instance, exclude_seller="vinyl-x", exclude_release="11", must="12")
    for field, value in (("exclude_seller", "vinyl-x"), ("exclude_release", "11"), ("must", "12")):
        assert re.search(f'name="{field}" value="{value}" checked>', text)
    assert "Without Artist 11 – Record 11" in text
    assert "locked in" in text


def test_several_boxes_of_a_kind_count_together(full_instance: Instance) -> None:
    text = page(full_instance, exclude_release=["", "11", "12"])
    assert "Without Artist 11 – Record 11" in text
    assert "Without Artist 12 – Record 12" in text


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"budget": "lots"}, "budget"),
        ({"budget": ""}, "budget"),
        ({"budget": NASTY}, "budget"),
        ({"min_seller_rating": "101"}, "min_seller_rating"),
        ({"ships_from": "Atlantis"}, "ships_from"),
        ({"min_media": "Great"}, "min_media"),
    ],
    ids=str,
)
def test_what_is_wrong_is_shown_at_its_field_and_the_carts_stay(
    full_instance: Instance, overrides: dict[str, str], field: str
) -> None:
    answer = full_instance.browser().get(address(full_instance, **overrides))
    assert answer.status_code == 200
    assert re.search(rf'<span class="error" id="{field}-error">[^<]+\.</span>', answer.text)
    assert re.search(rf'name="{field}"[^>]* aria-invalid="true"', answer.text)
    assert "62.50 EUR" in answer.text
    assert NASTY not in answer.text


def test_the_right_moves_hold_beside_a_wrong_one(full_instance: Instance) -> None:
    text = page(full_instance, budget="lots", exclude_seller="plattenkiste")
    assert 'value="lots"' in text
    assert sellers(text) == ["vinyl&lt;b&gt;"]


def test_for_a_script_what_is_wrong_stays_as_it_was_on_the_page_that_it_asks_from(
    full_instance: Instance,
) -> None:
    before = {"HX-Current-URL": f"http://localhost{address(full_instance, budget='30')}"}
    answer = full_instance.browser().get(
        address(full_instance, budget="lots", min_media="VG+"), headers=before
    )
    run = full_instance.newest_run("carts")
    assert answer.headers["HX-Push-Url"] == f"/carts/{run}?budget=30&min_media=VG%2B"
    assert 'value="lots"' in answer.text
    assert "within 30.00 EUR" in answer.text


def test_what_has_no_field_is_shown_above_the_carts(full_instance: Instance) -> None:
    assert "A required record cannot be left out." in page(full_instance, must="11", exclude_release="11")


def test_scripts_get_an_address_in_its_shortest_form(full_instance: Instance) -> None:
    answer = full_instance.browser().get(
        address(full_instance, budget="40", min_media="", ships_from=["", "US"], must="")
    )
    expected = f"/carts/{full_instance.newest_run('carts')}?budget=40&ships_from=US"
    assert answer.headers["HX-Push-Url"] == expected


def test_a_moved_cart_keeps_its_moves_on_its_own_page_in_text_csv_and_print(full_instance: Instance) -> None:
    browser, run = full_instance.browser(), full_instance.newest_run("carts")
    overrides = "exclude_seller=plattenkiste"
    assert "Record 21" in browser.get(f"/carts/{run}/cart/1?{overrides}").text
    assert browser.get(f"/carts/{run}/text?cart=1&{overrides}").text.startswith("3 records from vinyl<b>")
    assert "plattenkiste" not in browser.get(f"/carts/{run}.csv?{overrides}").text
    assert "<h2>plattenkiste" in browser.get(f"/carts/{run}/print").text
    assert "<h2>plattenkiste" not in browser.get(f"/carts/{run}/print?{overrides}").text
    text = page(full_instance, exclude_seller="plattenkiste")
    for link in (
        f"/carts/{run}/print?{overrides}",
        f"/api/runs/{run}/what-if?{overrides}",
        f"/carts/{run}/text?{overrides}",
    ):
        assert f'href="{link}' in text, link


def test_a_record_of_a_moved_cart_is_bought_there(full_instance: Instance) -> None:
    browser, run = full_instance.browser(), full_instance.newest_run("carts")
    sent = {"cart": "1", "buy": "21"}
    answer = browser.post(f"/carts/{run}/bought?exclude_seller=plattenkiste", data=sent)
    assert answer.headers["location"] == f"/carts/{run}?exclude_seller=plattenkiste#cart-1"
    assert "You bought 1 record of this cart." in page(full_instance, exclude_seller="plattenkiste")


def test_moves_become_a_search_of_their_own(full_instance: Instance) -> None:
    run = full_instance.newest_run("carts")
    sent = "budget=40&min_media=VG%2B&exclude_seller=a,b&include_shipping=off"
    answer = full_instance.browser().post(f"/carts/{run}/search?{sent}")
    opened = run_of(full_instance, full_instance.queue.runs[0])
    assert answer.headers["location"] == f"/runs/{opened.id}"
    own = run_of(full_instance, run).criteria
    changed = {"budget": "40", "min_media": "VG+", "exclude_seller": ["a", "b"], "include_shipping": False}
    assert opened.criteria == {**own, **changed}


def test_past_their_age_carts_are_not_moved(full_instance: Instance) -> None:
    full_instance.clock.moment += timedelta(hours=7)
    text = page(full_instance, budget="40")
    assert "Prices expired." in text
    assert 'id="what-if"' not in text
    assert "Leave this seller out" not in text


def test_the_carts_of_others_are_not_moved(full_instance: Instance) -> None:
    assert full_instance.browser().get(f"/carts/{new_run_id()}?budget=5").status_code == 404
    assert full_instance.program().get(f"/api/runs/{new_run_id()}/what-if?budget=5").status_code == 404
    sync = full_instance.finish(full_instance.open_run(RunKind.SYNC), synced())
    assert full_instance.program().get(f"/api/runs/{sync}/what-if?budget=5").status_code == 404


def test_the_api_refuses_what_cannot_be_moved(full_instance: Instance) -> None:
    run = full_instance.newest_run("carts")
    answer = full_instance.program().get(f"/api/runs/{run}/what-if?ratio=1&budget=lots")
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) & {"ratio", "budget"}


def _search(**options: Any) -> Run:
    criteria = ShopOptions.parse({"budget": "100", "currency": "EUR", **options}).canonical()
    id = new_run_id()
    return Run(id, OwnerId("me"), RunKind.SHOP, "digger", criteria, id, RunState.DONE, 0, 0, 0, NOW)  # type: ignore[arg-type]


_NAMES = st.lists(st.sampled_from(["a", "b", "c.d", "e_f"]), max_size=3, unique=True)
_IDS = st.lists(st.integers(1, 30), max_size=3, unique=True)
_MOVES = st.fixed_dictionaries(
    {},
    optional={
        "budget": st.sampled_from(["5", "12.5", "100"]),
        "min_media": st.sampled_from([None, "NM", "VG+"]),
        "min_seller_rating": st.sampled_from([None, "99.5"]),
        "include_shipping": st.booleans(),
        "min_orders": st.booleans(),
        "ships_from": st.lists(st.sampled_from(["EU", "GB", "US", "JP"]), max_size=3),
        "exclude_seller": _NAMES,
        "exclude_release": _IDS.map(lambda ids: [id * 2 for id in ids]),
        "must": _IDS.map(lambda ids: [id * 2 - 1 for id in ids]),
        "formats": st.lists(st.sampled_from(["LP", 'a "7"', "CD"]), max_size=2, unique=True),
    },
)


@given(own=_MOVES, overrides=_MOVES)
def test_an_address_carries_all_moves_and_nothing_else(
    own: dict[str, Any], overrides: dict[str, Any]
) -> None:
    run = _search(**own)
    wanted = with_overrides(run, overrides).canonical()
    typed = {
        name: ["" if single is None else str(single) for single in _several(value)]
        for name, value in overrides.items()
    }
    first = read_overrides(run, Form(typed))
    assert dict(first.now) == wanted
    carried: dict[str, list[str]] = {}
    for name, value in parse_qsl(first.query, keep_blank_values=True):
        carried.setdefault(name, []).append(value)
    assert dict(read_overrides(run, Form(carried)).now) == wanted
    assert set(carried) == {name for name in wanted if wanted[name] != run.criteria[name]}
    for name in first.changed:
        undone = Form({key: [value] for key, value in parse_qsl(first.without(name), keep_blank_values=True)})
        assert dict(read_overrides(run, undone).now) == {**wanted, name: run.criteria[name]}


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
