"""`plan` does what its contract says, sentence by sentence."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.checker import plans as checker
from tests.cli.running import Done, Files, run, run_apart

from discogs_assistant.cli import market_options
from discogs_assistant.engine.plans import best_plan as plans_best_plan
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.files import plans

LISTINGS = """listing_id,seller,release_id,price,currency,quantity,media
12,ann,1,10.00,USD,1,VG+
11,ann,2,12.00,USD,3,NM
21,bob,1,9.00,USD,2,M
22,bob,3,20.00,USD,1,VG
31,Zoe,2,11.00,USD,1,
32,Zoe,4,5.00,USD,1,M
99,Zoe,77,1.00,USD,1,M
"""
WANTS = "release_id,score,must,copies,group\n1,0.5,,,\n2,1.5,,2,\n3,2,,,\n4,0.25,,,\n5,1,,,\n"
POLICIES = """seller,ships_to,unit,from,to,cost,per_unit,currency,min_order
ann,US,items,1,,3.00,1.00,USD,
bob,US,value,0,25,6.00,0,USD,
bob,US,value,25,,0,0,USD,15.00
Zoe,*,items,1,,2.00,2.50,USD,
"""


@pytest.fixture
def market(files: Files) -> Files:
    files.write("L.csv", LISTINGS)
    files.write("W.csv", WANTS)
    files.write("P.csv", POLICIES)
    return files


def plan(answer: str, *words: object) -> Done:
    return run(
        "plan", "--listings", "L.csv", "--wants", "W.csv", "--answer", answer, "--currency", "USD",
        *words, "--json",
    )  # fmt: skip


def posted(answer: str, *words: object) -> Done:
    return plan(answer, "--policies", "P.csv", "--ships-to", "US", *words)


def bought(document: dict[str, Any]) -> dict[str, dict[int, int]]:
    return {
        order["seller"]: dict(zip(order["listing_ids"], order["quantities"], strict=True))
        for order in document["orders"]
    }


def test_one_object_with_every_field_of_the_contract(market: Files) -> None:
    document = plan("cheapest").document
    times = [document.pop("load_ms"), document.pop("solve_ms")]
    assert all(isinstance(time, float) and time >= 0 for time in times)
    assert document == {
        "answer": "cheapest",
        "currency": "USD",
        "orders": [
            {
                "seller": "Zoe", "listing_ids": [31, 32], "quantities": [1, 1], "items": 2,
                "merchandise_minor": 1600, "shipping_minor": 0, "total_minor": 1600,
            },
            {
                "seller": "ann", "listing_ids": [11], "quantities": [1], "items": 1,
                "merchandise_minor": 1200, "shipping_minor": 0, "total_minor": 1200,
            },
            {
                "seller": "bob", "listing_ids": [21, 22], "quantities": [1, 1], "items": 2,
                "merchandise_minor": 2900, "shipping_minor": 0, "total_minor": 2900,
            },
        ],
        "total_minor": 5700,
        "score_sum_micro": 4_250_000,
        "wanted": 5,
        "covered": 4,
        "unavailable": [5],
        "left_out": [],
        "proof": {"status": "optimal", "bound_minor": 5700, "gap": 0.0},
        "partial": [],
    }  # fmt: skip


def test_wants_too_large_to_add_up_exactly_are_refused_with_status_2(market: Files) -> None:
    rows = [f"{n},ann,{n},999999999.00,USD,10000" for n in range(600)]
    market.write("L.csv", "listing_id,seller,release_id,price,currency,quantity\n" + "\n".join(rows))
    market.write("W.csv", "release_id,score,copies\n" + "".join(f"{n},0.5,10000\n" for n in range(600)))
    done = plan("cheapest")
    assert (done.status, done.out) == (2, "")
    assert "The prices or the scores of these wants are too large to add up exactly." in done.err


def test_without_json_there_is_a_table_for_a_collector(market: Files) -> None:
    done = run(
        "plan", "--listings", "L.csv", "--wants", "W.csv", "--answer", "cheapest", "--currency", "USD",
        "--max-sellers", "1",
    )  # fmt: skip
    assert done.status == 0
    assert "2 of 5 wants in 1 parcels for" in done.out
    assert "Left out" in done.out
    assert "No seller has enough copies of" in done.out


def test_the_solver_prints_nothing_beside_the_answer(market: Files) -> None:
    done = run_apart(
        "plan", "--listings", "L.csv", "--wants", "W.csv", "--answer", "fewest", "--currency", "USD",
        "--policies", "P.csv", "--ships-to", "US", "--json",
    )  # fmt: skip
    assert done.document["covered"] == 4
    assert done.out.count("\n") == 1
    assert done.err == ""


def test_a_want_is_covered_only_with_all_its_copies(market: Files) -> None:
    market.write("W.csv", "release_id,copies\n1,4\n2,4\n4,1\n")
    document = plan("cheapest").document
    assert (document["unavailable"], document["covered"]) == ([1], 2)
    assert bought(document) == {"Zoe": {31: 1, 32: 1}, "ann": {11: 3}}
    assert document["orders"][1]["items"] == 3


def test_shipping_and_minimum_orders_decide_where_policies_are_given(market: Files) -> None:
    document = posted("cheapest").document
    assert bought(document) == {"ann": {11: 2}, "bob": {21: 1, 22: 1}, "Zoe": {32: 1}}
    assert document["total_minor"] == 2400 + 400 + 2900 + 500 + 200
    market.write("W.csv", "release_id\n1\n")
    assert bought(posted("cheapest").document) == {"ann": {12: 1}}
    market.write("P.csv", POLICIES.replace("15.00", "8.00"))
    assert bought(posted("cheapest", "--exclude-seller", "ann").document) == {"bob": {21: 1}}


def test_no_more_sellers_than_asked_cover_as_much_as_they_can(market: Files) -> None:
    document = plan("cheapest", "--max-sellers", "1").document
    assert (document["covered"], document["total_minor"]) == (2, 2900)
    assert bought(document) == {"bob": {21: 1, 22: 1}}
    assert document["left_out"] == [2, 4]


def test_most_buys_the_highest_scores_for_the_budget(market: Files) -> None:
    document = plan("most", "--budget", "43.00").document
    assert (document["score_sum_micro"], document["total_minor"]) == (3_500_000, 4300)
    assert document["proof"] == {"status": "optimal", "bound_micro": 3_500_000, "gap": 0.0}
    assert document["left_out"] == [1, 4]
    assert plan("most", "--budget", "42.99").document["score_sum_micro"] < 3_500_000


def test_fewest_spends_no_more_than_the_premium_on_fewer_parcels(market: Files) -> None:
    market.write("W.csv", "release_id\n1\n2\n4\n")
    assert plan("cheapest").document["total_minor"] == 2500
    strict = plan("fewest", "--premium", "0").document
    assert (len(strict["orders"]), strict["total_minor"]) == (2, 2500)
    market.write("L.csv", LISTINGS + "13,ann,4,4.25,USD,1,M\n")
    assert plan("cheapest").document["total_minor"] == 2425
    edge = plan("fewest", "--premium", "0.082475").document
    assert (len(edge["orders"]), edge["total_minor"]) == (1, 2625)
    below = plan("fewest", "--premium", "0.082474").document
    assert len(below["orders"]) == 2
    assert plan("fewest").document["orders"] == below["orders"]


def test_musts_bind_in_every_answer(market: Files) -> None:
    market.write("W.csv", WANTS.replace("4,0.25,,", "4,0.25,yes,"))
    document = plan("most", "--budget", "30.00").document
    assert 4 not in document["left_out"]
    assert document["score_sum_micro"] == 2_250_000
    assert 32 in bought(plan("cheapest", "--max-sellers", "1").document)["Zoe"]


@pytest.mark.parametrize(
    ("wants", "words", "named"),
    [
        ("5,1,1,,\n1,1,1,,\n", (), "5"),
        ("1,1,1,9,\n", (), "1"),
        ("3,1,1,,\n", ("--max-price", "19.99"), "3"),
        ("3,1,1,,\n", ("--budget", "19.99"), "3"),
        ("3,1,1,,\n4,1,1,,\n", ("--max-sellers", "1"), "3, 4"),
        ("3,1,1,,g\n4,1,1,,g\n", (), "3, 4"),
    ],
    ids=["not offered", "too few", "too dear", "over the budget", "two sellers", "one group"],
)
def test_musts_that_cannot_be_met_are_named_with_status_2(
    market: Files, wants: str, words: tuple[str, ...], named: str
) -> None:
    market.write("W.csv", "release_id,score,must,copies,group\n" + wants)
    for answer in ("cheapest", "most", "fewest"):
        budget = () if "--budget" in words else ("--budget", "100")
        done = plan(answer, *words, *budget)
        assert (done.status, done.out) == (2, "")
        assert f" {named} " in done.err
        assert done.err.count("\n") == 1


def test_a_group_counts_once(market: Files) -> None:
    market.write("W.csv", "release_id,score,must,copies,group\n1,1,,,x\n3,9,,,x\n5,1,,,x\n4,1,,,\n")
    document = plan("cheapest").document
    assert (document["wanted"], document["covered"]) == (2, 2)
    assert bought(document) == {"Zoe": {32: 1}, "bob": {21: 1}}
    assert (document["unavailable"], document["left_out"]) == ([5], [])
    assert plan("most", "--budget", "100").document["score_sum_micro"] == 10_000_000


def test_what_only_a_seller_without_shipping_offers_is_left_out_and_not_unavailable(market: Files) -> None:
    market.write("P.csv", "\n".join(POLICIES.splitlines()[:4]) + "\n")
    document = posted("cheapest").document
    assert (document["unavailable"], document["left_out"]) == ([5], [4])
    assert len(document["partial"]) == 1
    free = posted("cheapest", "--unknown-shipping", "free").document
    assert (free["left_out"], free["partial"]) == ([], [])


def test_criteria_decide_what_is_unavailable(market: Files) -> None:
    document = plan("cheapest", "--min-media", "NM").document
    assert document["unavailable"] == [3, 5]
    assert bought(document) == {"ann": {11: 2}, "bob": {21: 1}, "Zoe": {32: 1}}


def test_a_time_that_is_over_at_once_still_gives_a_plan_with_its_gap(market: Files) -> None:
    document = posted("cheapest", "--deadline", "0").document
    proof = document["proof"]
    assert proof["status"] in {"optimal", "within"}
    assert bool(document["partial"]) == (proof["status"] == "within")
    checker.check(asked(market, "cheapest"), document)


def test_a_plan_may_take_a_minute_where_no_time_is_given(
    market: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = datetime(2026, 11, 26, tzinfo=UTC)
    moments = iter([began, began, began + timedelta(seconds=59), began + timedelta(seconds=60)])
    expired: list[bool] = []

    class Clock(SystemClock):
        def now(self) -> datetime:
            return next(moments, began)

    def best_plan(*words: Any, deadline: Callable[[], bool]) -> Any:
        expired.extend([deadline(), deadline()])
        return plans_best_plan.best_plan(*words, deadline=deadline)

    monkeypatch.setattr(plans, "best_plan", best_plan)
    options = {"listings": Path("L.csv"), "wants": Path("W.csv"), "answer": "cheapest", "currency": "USD"}
    plans.plan_on_files(options, Clock(), market_options.rates_of)
    assert expired == [False, True]


def asked(market: Files, answer: str) -> checker.Asked:
    folder = market.folder
    return checker.Asked(
        folder / "L.csv", folder / "W.csv", answer, "USD", policies=folder / "P.csv", ships_to="US"
    )


def test_other_currencies_are_reported_with_their_rates(market: Files) -> None:
    market.write("P.csv", POLICIES.replace("2.00,2.50,USD", "2.00,2.50,SEK"))
    document = posted("cheapest", "--rates-date", "2020-03-02").document
    assert document["rates"]["date"] == "2020-03-02"
    checker.check(asked(market, "cheapest"), document)
    assert "rates" not in posted("cheapest", "--exclude-seller", "Zoe").document


def test_the_same_rows_in_any_order_give_the_same_answer(market: Files) -> None:
    dice = random.Random(3)
    answers = []
    for _ in range(4):
        for name, text in (("L.csv", LISTINGS), ("W.csv", WANTS), ("P.csv", POLICIES)):
            header, *rows = text.splitlines(keepends=True)
            dice.shuffle(rows)
            market.write(name, header + "".join(rows))
        answers.append(
            [posted(answer, "--budget", "60").document["orders"] for answer in ("cheapest", "most")]
        )
    first, *others = answers
    assert first
    assert others == [first] * 3


@pytest.mark.parametrize(
    ("answer", "words", "says"),
    [
        ("most", (), "--budget"),
        ("dearest", (), "--answer"),
        ("cheapest", ("--budget", "0"), "--budget"),
        ("cheapest", ("--max-sellers", "0"), "--max-sellers"),
        ("fewest", ("--premium", "-0.1"), "--premium"),
        ("fewest", ("--premium", "NaN"), "--premium"),
        ("cheapest", ("--deadline", "soon"), "--deadline"),
        ("cheapest", ("--deadline", "-1"), "--deadline"),
        ("cheapest", ("--deadline", "nan"), "--deadline"),
        ("cheapest", ("--policies", "P.csv"), "--ships-to"),
        ("cheapest", ("--wants", "missing.csv"), "missing.csv"),
        ("cheapest", ("--min-sleeve", "No Cover"), "--min-sleeve"),
    ],
)
def test_what_is_wrong_with_options_is_named_with_status_2(
    market: Files, answer: str, words: tuple[str, ...], says: str
) -> None:
    done = plan(answer, *words)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("6,-1,,,", "W.csv, line 7, column score: "),
        ("6,,maybe,,", "W.csv, line 7, column must: "),
        ("6,,,0,", "W.csv, line 7, column copies: "),
        ("3,,,,", "W.csv, line 7, column release_id: "),
        ("6,1,,,,more", "W.csv, line 7, column 6: "),
    ],
)
def test_what_is_wrong_in_the_wants_is_one_sentence_on_one_line(market: Files, row: str, says: str) -> None:
    market.write("W.csv", WANTS + row + "\n")
    done = plan("cheapest")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(says)
    assert done.err.count("\n") == 1
