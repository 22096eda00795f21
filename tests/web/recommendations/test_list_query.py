"""What an address asks of a finished list: surprise, price, decade, records of an artist; all of it kept."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from tests.engine.recommendations.learned import learned_from
from tests.web.fakes import USER, Instance, make_copy, make_record
from tests.web.recommendations.test_recommendations import shown

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.money import Currency
from discogs_assistant.pipelines.recommendations.novelty_traits import save_traits
from discogs_assistant.pipelines.runtime.runs import find
from discogs_assistant.store.runs import runs

IN_ORDER = list(range(21, 41))


def listed(instance: Instance, options: dict[str, Any] | None = None, *, kept: bool = True) -> RunId:
    """A finished list of twenty records, four artists with five of them each."""
    records = [make_record(id, artist=f"Artist {id % 4}") for id in IN_ORDER]
    instance.be(USER, currency=Currency.EUR)
    run = instance.recommend(records, options)
    if kept:
        learned = learned_from(Taste(owned=(make_record(1),)), records)
        save_traits(
            instance.db,
            find(instance.ctx.db, instance.owner, run),
            learned,
            [record.item_key for record in records],
        )
    return run


def page(instance: Instance, query: str = "") -> str:
    return instance.browser().get(f"/recommendations?{query}").text


def test_the_slider_says_what_its_ends_are_and_at_rest_narrows_nothing(instance: Instance) -> None:
    listed(instance)
    text = page(instance, "surprise=0&currency=EUR&min_media=&per_artist=0&max_price=")
    assert shown(text) == IN_ORDER
    assert re.search(r"safe</span><input type=\"range\" id=\"surprise\".*value=\"0\".*adventurous", text)
    assert "Show all" not in text
    assert "Mixed with" not in text


def test_surprise_changes_the_order_and_says_so_and_leaves_scores_alone(instance: Instance) -> None:
    listed(instance)
    safe, mixed = page(instance), page(instance, "surprise=1")
    assert sorted(shown(mixed)) == IN_ORDER != shown(mixed)
    assert "Mixed with 100% surprise" in mixed
    assert "The scores stay what they were" in mixed

    def scores(text: str) -> dict[str, str]:
        return dict(re.findall(r'<li id="r(\d+)".*?class="score">(score [^<]+)<', text, re.S))

    assert scores(safe) == scores(mixed)
    assert "surprise=1" in mixed
    assert 'name="surprise" value="1"' in mixed


def test_a_list_for_a_spreadsheet_is_in_the_order_of_the_page(instance: Instance) -> None:
    listed(instance)
    text = instance.browser().get("/recommendations.csv?surprise=1&per_artist=2").text
    ids = [int(row["release_id"]) for row in csv.DictReader(io.StringIO(text))]
    assert ids == shown(page(instance, "surprise=1&per_artist=2"))
    assert len(ids) == 8


def test_a_list_that_cannot_be_mixed_stays_in_its_order_and_says_so(instance: Instance) -> None:
    listed(instance, kept=False)
    text = page(instance, "surprise=0.5")
    assert shown(text) == IN_ORDER
    assert "This list cannot be mixed" in text


def test_a_list_made_with_surprise_says_so_and_can_be_put_in_order_again(instance: Instance) -> None:
    listed(instance, {"surprise": "0.5", "per_artist": 5, "decades": "1990,2000", "max_price": "20"})
    text = page(instance)
    assert "Mixed with 50% surprise" in text
    assert 'max="1" step="0.05" value="0.5"' in text
    assert "only 1990s, 2000s, for sale at the time for 20 USD or less, 5 of each artist" in text
    assert "Show all" not in page(instance, "surprise=0.5")
    assert "In the order of their scores" in page(instance, "surprise=0")


def test_of_each_artist_no_more_are_shown_than_asked_for(instance: Instance) -> None:
    listed(instance)
    assert shown(page(instance, "per_artist=1")) == [21, 22, 23, 24]
    assert shown(page(instance, "per_artist=2&styles=House")) == [22, 24, 26, 28]


def test_a_decade_is_chosen_from_those_of_the_list(instance: Instance) -> None:
    listed(instance)
    text = page(instance, "decades=1990s")
    assert shown(text) == list(range(21, 30))
    assert "<option selected>1990s</option>" in text
    assert "<option>2000s</option>" in text


def test_what_is_on_sale_within_a_price_is_shown_with_how_much_is_known(instance: Instance) -> None:
    listed(instance)
    instance.sell([make_copy(900 + id, make_record(id), cents=id * 100) for id in (25, 30, 35)])
    text = page(instance, "max_price=30")
    assert shown(text) == [25, 30]
    assert "Of 20 records 3 are known to be for sale now, 2 of them for 30.00 EUR or less." in text
    assert shown(page(instance, "max_price=30&min_media=M")) == []
    instance.clock.moment += timedelta(hours=7)
    stale = page(instance, "max_price=30")
    assert shown(stale) == []
    assert "No copy of 20 records is known to be for sale now" in stale


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("surprise=2", "“Surprise” must be from 0 to 1"),
        ("per_artist=-1", "“Records of one artist, at most” must be from 0"),
        ("max_price=0", "“Price of one record, at most” must be above 0"),
        ("max_price=5&currency=DM", "is not a currency"),
        ("min_media=Great", "“Media condition, at least” must be one of M, NM, VG+"),
        ("decades=1985", "is not a decade"),
    ],
)
def test_a_wrong_wish_is_shown_beside_its_field(instance: Instance, query: str, says: str) -> None:
    listed(instance)
    answer = instance.browser().get(f"/recommendations?{query}")
    assert answer.status_code == 422
    assert says in answer.text
    assert shown(answer.text) == IN_ORDER
    assert re.search(r'<details class="fold" open>', answer.text)


def test_a_search_with_all_of_it_is_asked_for(instance: Instance) -> None:
    listed(instance)
    text = page(instance, "surprise=0.35&max_price=30&currency=USD&per_artist=2&decades=1990s")
    form = dict(
        re.findall(
            r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', text.split("search of its own")[0]
        )
    )
    instance.browser().post("/recommendations", data={**form, "user": USER})
    run = runs.run(instance.db, instance.owner, instance.queue.runs[0])
    assert run is not None
    asked = {
        name: run.criteria[name] for name in ("surprise", "max_price", "currency", "per_artist", "decades")
    }
    assert asked == {
        "surprise": "0.35", "max_price": "30", "currency": "USD", "per_artist": 2, "decades": [1990],
    }  # fmt: skip


def test_a_program_asks_with_numbers(instance: Instance) -> None:
    instance.be()
    body = {"surprise": 0.5, "per_artist": 2, "max_price": 20, "decades": [1980]}
    program = instance.program()
    answer = program.post(f"/api/users/{USER}/recommendations", json=body)
    assert answer.status_code == 202
    wrong = program.post(f"/api/users/{USER}/recommendations", json={"surprise": 3, "decades": [1985]})
    assert wrong.status_code == 422
    assert set(wrong.json()["fields"]) == {"surprise", "decades"}
    operation = program.get("/api/openapi.json").json()["paths"]["/api/users/{user}/recommendations"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert set(body) | {"currency", "min_media"} <= set(schema)
