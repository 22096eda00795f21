"""`carts` does what its contract says, sentence by sentence."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from tests.cli.running import Done, Files, run
from tests.store.files import modes_below, usual_umask

HEADER = (
    "listing_id,seller,release_id,price,currency,quantity,media,sleeve,ships_from,seller_rating,grams,format"
)
LISTINGS = f"""{HEADER}
11,ann,1,10.00,USD,1,VG+,VG,US,99.5,230,LP
12,ann,2,15.99,USD,1,Near Mint (NM or M-),Generic,United States,99.5,460,"2xLP, Album"
21,bob,1,9.00,USD,2,M,NM,DE,98.0,230,CD
22,bob,3,20.00,USD,1,VG,,DE,98.0,230,
31,Zoe,2,16.00,USD,1,,VG+,,,230,LP
32,Zoe,9,1.00,USD,1,M,M,US,100,230,LP
"""
SCORES = "release_id,score,group\n1,0.5,\n2,0.7,x\n3,0.9,x\n4,1,\n"
POLICIES = """seller,ships_to,unit,from,to,cost,per_unit,currency,min_order
ann,*,items,1,,9.00,0,USD,
ann,US,items,1,,4.00,1.00,USD,20.00
bob,US,value,0,25,5.00,0,USD,
bob,US,value,25,,0,0,USD,
Zoe,DE,items,1,,1.00,0,USD,
"""


@pytest.fixture
def market(files: Files) -> Files:
    files.write("L.csv", LISTINGS)
    files.write("S.csv", SCORES)
    files.write("P.csv", POLICIES)
    return files


def carts(*words: object, budget: str = "30.00") -> Done:
    return run(
        "carts", "--listings", "L.csv", "--scores", "S.csv", "--budget", budget, "--currency", "USD",
        *words, "--json",
    )  # fmt: skip


def found(document: dict[str, Any]) -> list[tuple[str, list[int]]]:
    return [(cart["seller"], cart["listing_ids"]) for cart in document["carts"]]


def posted(*words: object, budget: str = "30.00") -> Done:
    return carts("--policies", "P.csv", "--ships-to", "US", *words, budget=budget)


def test_one_object_with_every_field_of_the_contract(market: Files) -> None:
    document = carts().document
    times = [document.pop("load_ms"), document.pop("solve_ms")]
    assert all(isinstance(time, float) and time >= 0 for time in times)
    assert document == {
        "budget_minor": 3000,
        "currency": "USD",
        "listings": 6,
        "eligible": 5,
        "sellers": 3,
        "excluded": {},
        "carts": [
            {
                "rank": 1, "seller": "bob", "listing_ids": [21, 22], "items": 2, "score_sum_micro": 1_400_000,
                "objective_micro": 2_800_000, "merchandise_minor": 2900, "shipping_minor": 0,
                "total_minor": 2900, "proof": "optimal", "bound_micro": 2_800_000,
            },
            {
                "rank": 2, "seller": "ann", "listing_ids": [11, 12], "items": 2, "score_sum_micro": 1_200_000,
                "objective_micro": 2_400_000, "merchandise_minor": 2599, "shipping_minor": 0,
                "total_minor": 2599, "proof": "optimal", "bound_micro": 2_400_000,
            },
            {
                "rank": 3, "seller": "Zoe", "listing_ids": [31], "items": 1, "score_sum_micro": 700_000,
                "objective_micro": 700_000, "merchandise_minor": 1600, "shipping_minor": 0,
                "total_minor": 1600, "proof": "optimal", "bound_micro": 700_000,
            },
        ],
        "proof": {"status": "optimal", "gap": 0.0},
        "partial": [],
    }  # fmt: skip


def test_without_json_there_is_a_table_for_a_collector(market: Files) -> None:
    done = run("carts", "--listings", "L.csv", "--scores", "S.csv", "--budget", "30", "--currency", "USD")
    assert done.status == 0
    assert "Carts for 30.00 USD, proven best" in done.out
    assert "29.00 USD" in done.out
    none = run("carts", "--listings", "L.csv", "--scores", "S.csv", "--budget", "1", "--currency", "USD")
    assert "No seller has a cart that fits." in none.err


def test_the_budget_itself_may_be_spent(market: Files) -> None:
    assert found(carts(budget="25.99").document)[0] == ("ann", [11, 12])
    assert found(carts(budget="25.98").document)[0] != ("ann", [11, 12])


@pytest.mark.parametrize(
    ("words", "kept", "excluded"),
    [
        (("--min-media", "VG+"), {11, 12, 21}, {"media": 2}),
        (("--min-media", "Near Mint (NM or M-)"), {12, 21}, {"media": 3}),
        (("--min-sleeve", "VG"), {11, 21, 31}, {"sleeve": 2}),
        (("--min-sleeve", "P"), {11, 21, 31}, {"sleeve": 2}),
        (("--min-seller-rating", "99.5"), {11, 12}, {"seller_rating": 3}),
        (("--min-seller-rating", "0"), {11, 12, 21, 22}, {"seller_rating": 1}),
        (("--ships-from", "US,JP"), {11, 12}, {"ships_from": 3}),
        (("--ships-from", "de"), {21, 22}, {"ships_from": 3}),
        (("--exclude-seller", "ann", "--exclude-seller", "Zoe"), {21, 22}, {"seller": 3}),
        (("--max-price", "15.99"), {11, 12, 21}, {"price": 2}),
        (("--formats", "lp"), {11, 12, 31}, {"format": 2}),
        (("--formats", "CD,Album"), {12, 21}, {"format": 3}),
        (("--min-media", "VG+", "--max-price", "9"), {21}, {"media": 2, "price": 2}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_criteria_include_their_limit_and_exclude_what_is_not_known(
    market: Files, words: tuple[str, ...], kept: set[int], excluded: dict[str, int]
) -> None:
    document = carts(*words, budget="1000").document
    shown = {listing for _, listings in found(document) for listing in listings}
    groups_kept = kept - ({22} if {21, 22} <= kept and 22 not in shown else set())
    assert shown == groups_kept
    assert (document["eligible"], document["excluded"]) == (len(kept), excluded)


def test_a_column_that_is_absent_fails_the_criterion_that_asks_for_it(market: Files) -> None:
    market.write("L.csv", "listing_id,seller,release_id,price,currency\n11,ann,1,10.00,USD\n")
    for words in (
        ("--min-media", "P"), ("--min-sleeve", "P"), ("--min-seller-rating", "0"), ("--ships-from", "US"),
        ("--formats", "LP"),
    ):  # fmt: skip
        document = carts(*words).document
        assert (document["carts"], sum(document["excluded"].values())) == ([], 1)
    assert len(carts("--max-price", "10", "--exclude-seller", "bob").document["carts"]) == 1


def test_at_most_one_release_of_a_group_is_bought(market: Files) -> None:
    market.write(
        "L.csv",
        "listing_id,seller,release_id,price,currency\n1,a,2,1.00,USD\n2,a,3,1.00,USD\n3,a,1,1.00,USD\n",
    )
    assert found(carts().document) == [("a", [2, 3])]


def test_a_sellers_next_carts_are_listed_on_request(market: Files) -> None:
    document = carts("--per-seller", "3").document
    assert found(document)[0] == ("bob", [21, 22])
    of_ann = [cart for cart in document["carts"] if cart["seller"] == "ann"]
    assert [cart["listing_ids"] for cart in of_ann] == [[11, 12], [12], [11]]
    assert {cart["proof"] for cart in of_ann} <= {"optimal", "heuristic"}


def test_top_and_least_items_and_musts_limit_the_carts(market: Files) -> None:
    assert found(carts("--top", "1").document) == [("bob", [21, 22])]
    assert {seller for seller, _ in found(carts("--min-items", "2").document)} == {"ann", "bob"}
    assert found(carts("--must", "1", "--must", "3").document) == [("bob", [21, 22])]
    assert found(carts("--must", "2", "--must", "3").document) == []


def test_a_must_that_nobody_offers_is_said(market: Files) -> None:
    document = carts("--must", "4", "--must", "77").document
    assert document["carts"] == []
    assert [sentence.split()[1] for sentence in document["partial"]] == ["4", "77"]


def test_where_nothing_scores_the_cheapest_cart_is_taken(market: Files) -> None:
    market.write("S.csv", "release_id,score\n1,0\n2,0\n3,0\n")
    document = carts().document
    assert found(document) == [("bob", [21]), ("ann", [11]), ("Zoe", [31])]
    assert {cart["objective_micro"] for cart in document["carts"]} == {0}
    assert document["proof"] == {"status": "optimal", "gap": 0.0}


def test_equal_carts_stand_by_total_and_then_by_seller_in_code_points(market: Files) -> None:
    rows = ["1,é,1,2.00", "2,a,1,2.00", "3,B,1,2.00", "4,b,1,1.00"]
    market.write(
        "L.csv", "listing_id,seller,release_id,price,currency\n" + "".join(f"{r},USD\n" for r in rows)
    )
    assert [seller for seller, _ in found(carts().document)] == ["b", "B", "a", "é"]


def test_shipping_is_within_the_budget_where_policies_are_given(market: Files) -> None:
    document = posted(budget="30.99").document
    [ann] = [cart for cart in document["carts"] if cart["seller"] == "ann"]
    assert (ann["listing_ids"], ann["shipping_minor"], ann["total_minor"]) == ([11, 12], 500, 3099)
    assert found(posted(budget="30.98").document)[1] == ("ann", [12])


def test_a_code_goes_before_a_star_and_a_seller_with_neither_is_left_out(market: Files) -> None:
    document = posted(budget="100").document
    assert [seller for seller, _ in found(document)] == ["bob", "ann"]
    assert (document["eligible"], document["sellers"]) == (5, 3)
    assert document["partial"] == [
        "Sellers left out because the file of policies does not have their shipping: 1 of 3."
    ]
    abroad = carts("--policies", "P.csv", "--ships-to", "Germany", budget="100").document
    assert [(c["seller"], c["shipping_minor"]) for c in abroad["carts"]] == [("ann", 900), ("Zoe", 100)]


def test_unknown_shipping_can_be_taken_as_free(market: Files) -> None:
    document = posted("--unknown-shipping", "free", budget="100").document
    assert [(c["seller"], c["shipping_minor"]) for c in document["carts"]] == [
        ("bob", 0), ("ann", 500), ("Zoe", 0),
    ]  # fmt: skip
    assert document["partial"] == []


def test_the_lower_band_holds_at_a_shared_edge_and_beyond_the_last_nothing_is_sent(market: Files) -> None:
    market.write(
        "P.csv",
        "seller,ships_to,unit,from,to,cost,per_unit,currency,min_order\n"
        "bob,US,value,9,20,1.00,0,USD,\nbob,US,value,0,9,3.00,0.10,USD,\n",
    )
    [bob] = posted(budget="100").document["carts"]
    assert (bob["listing_ids"], bob["shipping_minor"]) == ([22], 100)
    [bob] = posted("--must", "1", budget="100").document["carts"]
    assert (bob["listing_ids"], bob["shipping_minor"]) == ([21], 390)


def test_grams_count_with_those_of_an_lp_where_none_are_given(market: Files) -> None:
    market.write("L.csv", LISTINGS.replace(",230,LP\n", ",,LP\n"))
    market.write(
        "P.csv",
        "seller,ships_to,unit,from,to,cost,per_unit,currency,min_order\nann,US,grams,0,,1.00,0.01,USD,\n",
    )
    [ann] = posted().document["carts"]
    assert (ann["listing_ids"], ann["shipping_minor"]) == ([12], 560)
    [ann] = posted("--exclude-seller", "x", "--formats", "LP", budget="33.89").document["carts"]
    assert (ann["listing_ids"], ann["shipping_minor"]) == ([11, 12], 790)


def test_minimum_orders_hold_where_they_are_asked_for(market: Files) -> None:
    assert ("ann", [12]) in found(posted(budget="22").document)
    assert "ann" not in dict(found(posted("--min-orders", budget="22").document))
    assert ("ann", [11, 12]) in found(posted("--min-orders", budget="31").document)


def test_the_certificate_bounds_every_seller(market: Files) -> None:
    document = posted("--certificate", "proof.json", "--top", "1", budget="31").document
    [shown] = document["carts"]
    proof = json.loads((market.folder / "proof.json").read_text(encoding="utf-8"))
    bounds = {seller["seller"]: seller["bound_micro"] for seller in proof["sellers"]}
    assert bounds.keys() == {"Zoe", "ann", "bob"}
    assert bounds.pop(shown["seller"]) == shown["bound_micro"] == shown["objective_micro"]
    assert all(bound <= shown["objective_micro"] for bound in bounds.values())


def test_a_certificate_is_open_to_its_owner_alone(market: Files) -> None:
    with usual_umask():
        posted("--certificate", "proof.json", budget="31")
    assert modes_below(market.folder)["proof.json"] == "0o600"


def test_a_certificate_that_cannot_be_written_is_bad_input(market: Files) -> None:
    done = carts("--certificate", "nowhere/proof.json")
    assert (done.status, done.out) == (2, "")
    assert done.err == "nowhere/proof.json cannot be written (No such file or directory).\n"


def test_other_currencies_are_converted_exactly_with_the_rates_that_are_reported(market: Files) -> None:
    market.write("L.csv", LISTINGS.replace("9.00,USD", "7.77,EUR").replace("20.00,USD", "1234,JPY"))
    market.write("P.csv", POLICIES.replace("5.00,0,USD", "5.01,0,GBP").replace("0,0,USD", "0,0,GBP"))
    document = posted("--rates-date", "2020-03-01", budget="100").document
    assert document["rates"]["date"] == "2020-02-28"
    assert document["rates"]["source"] == "European Central Bank"
    rate = {currency: Fraction(value) for currency, value in document["rates"]["values"].items()}
    assert rate["USD"] == 1

    def minor(amount: Fraction) -> int:
        return floor(amount * 100 + Fraction(1, 2))

    [bob] = [cart for cart in document["carts"] if cart["seller"] == "bob"]
    assert bob["listing_ids"] == [21, 22]
    merchandise = minor(Fraction("7.77") * rate["EUR"]) + minor(1234 * rate["JPY"])
    assert (bob["merchandise_minor"], bob["shipping_minor"]) == (
        merchandise,
        minor(Fraction("5.01") * rate["GBP"]),
    )
    assert (market.folder / "data").exists()


def test_one_currency_needs_no_rates_and_no_database(market: Files) -> None:
    market.write("L.csv", LISTINGS.replace("9,1.00,USD", "9,1.00,EUR"))
    market.write("P.csv", POLICIES + "eve,US,items,1,,1,0,GBP,\nann,FR,items,1,,1,0,EUR,\n")
    document = posted("--rates-date", "2020-03-01").document
    assert "rates" not in document
    assert not (market.folder / "data").exists()


def test_the_same_rows_in_any_order_give_the_same_answer(market: Files) -> None:
    dice = random.Random(7)
    listings = [f"{n},s{n % 4},{n % 9},{1 + n % 5}.99,USD" for n in range(60)]
    scores = [f"{n},{n % 3}" for n in range(9)]
    answers = []
    for _ in range(4):
        dice.shuffle(listings)
        dice.shuffle(scores)
        market.write("L.csv", "listing_id,seller,release_id,price,currency\n" + "\n".join(listings))
        market.write("S.csv", "release_id,score\n" + "\n".join(scores))
        answers.append(carts("--per-seller", "2", budget="12.00").document["carts"])
    first, *others = answers
    assert first
    assert others == [first] * 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--budget", "0"), "--budget"),
        (("--budget", "ten"), "--budget"),
        (("--budget", "10.005"), "--budget"),
        (("--budget", "1e400"), "--budget"),
        (("--budget", "9" * 40), "--budget"),
        (("--currency", "DM"), "--currency"),
        (("--top", "0"), "--top"),
        (("--must", "-1"), "--must"),
        (("--must", "9" * 20), "--must"),
        (("--per-seller", "-1"), "--per-seller"),
        (("--min-items", "none"), "--min-items"),
        (("--must", "x"), "--must"),
        (("--min-media", "Excellent"), "--min-media"),
        (("--min-sleeve", "Generic"), "--min-sleeve"),
        (("--min-seller-rating", "101"), "--min-seller-rating"),
        (("--ships-from", "Atlantis"), "--ships-from"),
        (("--ships-from", ","), "--ships-from"),
        (("--max-price", "-1"), "--max-price"),
        (("--formats", ""), "--formats"),
        (("--policies", "P.csv"), "--ships-to"),
        (("--policies", "P.csv", "--ships-to", "Atlantis"), "--ships-to"),
        (("--unknown-shipping", "guess"), "--unknown-shipping"),
        (("--rates-date", "yesterday"), "--rates-date"),
        (("--listings", "missing.csv"), "missing.csv"),
        (("--scores", "."), "."),
        (("--policies", "missing.csv", "--ships-to", "US"), "missing.csv"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_what_is_wrong_with_options_is_named_with_status_2(
    market: Files, words: tuple[str, ...], says: str
) -> None:
    done = carts(*words)
    assert (done.status, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("L.csv", LISTINGS.replace("15.99", "15.999"), "L.csv, line 3, column price: "),
        ("L.csv", LISTINGS.replace("\n22,", "\n11,"), "L.csv, line 5, column listing_id: "),
        ("S.csv", SCORES.replace("0.9", "0.1234567"), "S.csv, line 4, column score: "),
        ("P.csv", POLICIES.replace("value,25", "value,24"), "P.csv, line 5, column from: "),
        ("P.csv", POLICIES.replace("DE,items", "Atlantis,items"), "P.csv, line 6, column ships_to: "),
    ],
)
def test_what_is_wrong_in_a_file_is_one_sentence_on_one_line(
    market: Files, name: str, text: str, says: str
) -> None:
    market.write(name, text)
    done = posted()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(says)
    assert done.err.count("\n") == 1


def test_a_day_before_all_rates_is_bad_input(market: Files) -> None:
    market.write("L.csv", LISTINGS.replace("9.00,USD", "7.77,EUR"))
    done = carts("--rates-date", "1990-01-01")
    assert (done.status, done.out) == (2, "")
    assert "1990-01-01" in done.err


def test_scores_too_large_to_add_up_exactly_are_refused_with_status_2(market: Files) -> None:
    rows = [f"{n},ann,{n},1.00,USD" for n in range(1100)]
    market.write("L.csv", "listing_id,seller,release_id,price,currency\n" + "\n".join(rows))
    market.write("S.csv", "release_id,score\n" + "".join(f"{n},1000000\n" for n in range(1100)))
    done = carts()
    assert (done.status, done.out) == (2, "")
    assert "The scores are too large to add up exactly over the copies of ann." in done.err
    assert "Use smaller scores, or exclude this seller." in done.err


def test_prices_are_never_rounded_on_the_way(market: Files) -> None:
    prices = [Decimal(minor) / 100 for minor in range(1, 400, 7)]
    rows = [f"{n},a,{n},{price:.2f},USD" for n, price in enumerate(prices)]
    market.write("L.csv", "listing_id,seller,release_id,price,currency\n" + "\n".join(rows))
    market.write("S.csv", "release_id,score\n" + "".join(f"{n},1\n" for n in range(len(prices))))
    [cart] = carts(budget=f"{sum(prices):.2f}").document["carts"]
    assert cart["merchandise_minor"] == sum(range(1, 400, 7))
