"""Shipping that a person enters, that copies state, and that is estimated from other sellers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.shipping.quotes import shipping as shipping_of_parcel
from tests.pipelines.installation import Installation
from tests.store.fakes import make_listing

from discogs_assistant.config import Mode
from discogs_assistant.errors import InvalidFieldsError, NotFoundError
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.accounts import accounts as account_cases
from discogs_assistant.pipelines.market.shipping_costs import SellerShipping, shipping_of
from discogs_assistant.pipelines.market.shipping_policies import forget, policies, policy_form, type_in
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.schema import SHARED_OWNER

HOME = Home(Currency.EUR, "DE")
RATES = RateTable(
    date(2026, 11, 24), "test", Currency.EUR, {Currency.EUR: Decimal(1), Currency.USD: Decimal("0.9")}
)
SHOPS = {
    "at-home": Seller("at-home", ships_from="DE", min_order=Money(1500, Currency.EUR)),
    "other-home": Seller("other-home", ships_from="DE"),
    "paris": Seller("paris", ships_from="FR"),
    "texas": Seller("texas", ships_from="US", min_order=Money(2000, Currency.USD)),
    "ohio": Seller("ohio", ships_from="US"),
    "nowhere": Seller("nowhere"),
}
EVERYBODY = OwnerId(SHARED_OWNER)


def typed(installation: Installation, seller: str, first: str, further: str, **more: Any) -> None:
    type_in(
        installation.ctx.db,
        installation.owner,
        {"seller": seller, "first": first, "further": further, **more},
        HOME,
        installation.ctx.clock.now(),
    )


def report(installation: Installation, seller: str, *minors: int, owner: OwnerId | None = None) -> None:
    first = sum(map(ord, seller)) * 100
    listings = [
        replace(
            make_listing(first + place, seller=seller, as_of=installation.clock.now()),
            shipping=Money(minor, Currency.EUR),
        )
        for place, minor in enumerate(minors)
    ]
    stored_listings.save_listings(
        installation.ctx.db, installation.owner if owner is None else owner, listings, []
    )


def found(installation: Installation, destination: str | None = "DE", owner: OwnerId | None = None) -> Any:
    return shipping_of(installation.ctx, owner or installation.owner, SHOPS, destination, RATES)[0]


def costs(shipping: SellerShipping, *items: int) -> list[int | None]:
    assert shipping.tariff is not None
    return [shipping_of_parcel(shipping.tariff, items=count) for count in items]


def test_what_was_typed_in_is_known_and_says_when(installation: Installation) -> None:
    typed(installation, "paris", "7.25", "0.75", currency="USD")
    paris = found(installation)["paris"]
    assert costs(paris, 1, 3) == [653, 788]
    assert {paris.basis(1).confidence, paris.basis(3).confidence} == {"known"}
    assert paris.basis(3).sentence == "Typed in by you on 24 November 2026."


def test_a_country_beats_all_countries_and_other_countries_do_not_count(installation: Installation) -> None:
    typed(installation, "paris", "20", "5", ships_to="*")
    typed(installation, "paris", "30", "5", ships_to="US")
    assert costs(found(installation)["paris"], 1) == [2000]
    typed(installation, "paris", "4", "1")
    assert costs(found(installation)["paris"], 1) == [400]
    assert costs(found(installation, "JP")["paris"], 1) == [2000]


def test_copies_tell_the_first_record_and_further_ones_are_a_guess_that_says_so(
    installation: Installation,
) -> None:
    report(installation, "at-home", 500, 500)
    home = found(installation)["at-home"]
    assert costs(home, 1, 3) == [500, 1500]
    assert home.basis(1).confidence == "known"
    assert home.basis(1).sentence == "Read from 2 of the seller's copies."
    assert home.basis(2).confidence == "estimated"
    assert "counted like the first" in home.basis(2).sentence
    typed(installation, "other-home", "4", "1.20")
    home = found(installation)["at-home"]
    assert costs(home, 1, 3) == [500, 740]
    assert home.basis(3).sentence.endswith(
        "Shipping of further records is estimated from one seller in Germany."
    )


def test_copies_that_differ_are_counted_with_the_dearest_and_are_not_called_known(
    installation: Installation,
) -> None:
    report(installation, "at-home", 500, 800)
    home = found(installation)["at-home"]
    assert costs(home, 1) == [800]
    assert home.basis(1).confidence == "estimated"
    assert "differ" in home.basis(1).sentence


def test_others_are_guessed_from_sellers_of_the_same_region_alone(installation: Installation) -> None:
    typed(installation, "texas", "20", "5")
    report(installation, "at-home", 500)
    shops = found(installation)
    assert costs(shops["ohio"], 1, 2) == [2000, 2500]
    assert shops["ohio"].basis(1).confidence == "estimated"
    assert shops["ohio"].basis(1).sentence == (
        "Estimated from one seller outside the EU who send to Germany."
    )
    assert costs(shops["other-home"], 2) == [1000]
    assert shops["paris"].tariff is None
    assert shops["paris"].basis(1).confidence == "unknown"


def test_a_seller_of_no_known_country_is_not_guessed_at(installation: Installation) -> None:
    for name in ("texas", "at-home", "paris"):
        typed(installation, name, "5", "1")
    assert found(installation)["nowhere"].tariff is None


def test_minimum_orders_are_those_typed_in_else_the_sellers_known_ones(installation: Installation) -> None:
    typed(installation, "paris", "5", "1", min_order="10")
    typed(installation, "at-home", "5", "1")
    typed(installation, "texas", "5", "1", min_order="0")
    shops = found(installation)
    assert (shops["paris"].min_order, shops["paris"].worth) == (1000, Currency.EUR)
    assert (shops["at-home"].min_order, shops["at-home"].tariff.min_order) == (1500, 1500)
    assert shops["texas"].min_order == 0
    assert shops["nowhere"].min_order == 0
    forget(installation.ctx.db, installation.owner, "texas", "DE")
    assert (found(installation)["texas"].min_order, found(installation)["texas"].worth) == (
        2000,
        Currency.USD,
    )


def test_what_is_in_a_currency_without_a_rate_is_not_known(installation: Installation) -> None:
    yen = Seller("tokyo", ships_from="JP", min_order=Money(2000, Currency.JPY))
    typed(installation, "tokyo", "500", "100", currency="JPY")
    known, _ = shipping_of(installation.ctx, installation.owner, {"tokyo": yen}, "DE", RATES)
    assert known["tokyo"].tariff is None
    assert known["tokyo"].min_order == 0


def test_a_policy_by_value_counts_the_minimum_order_in_its_own_currency(installation: Installation) -> None:
    steps = [{"from": "0", "to": "50", "cost": "6"}, {"from": "50", "to": None, "cost": "0"}]
    raw = {"seller": "texas", "unit": "value", "bands": steps, "currency": "EUR"}
    type_in(installation.ctx.db, installation.owner, raw, HOME, installation.ctx.clock.now())
    texas = found(installation)["texas"]
    assert (texas.worth, texas.min_order) == (Currency.EUR, 1800)
    assert texas.tariff is not None
    assert [shipping_of_parcel(texas.tariff, worth=worth) for worth in (5000, 5001)] == [600, 0]


def test_shipping_that_copies_state_holds_for_the_persons_own_country_alone(
    installation: Installation,
) -> None:
    report(installation, "at-home", 500)
    home = Preferences(currency=Currency.EUR, country="DE")
    account_cases.set_preferences(installation.ctx, installation.owner, home)
    assert costs(found(installation)["at-home"], 1) == [500]
    assert found(installation, "US")["at-home"].tariff is None


def test_what_others_entered_or_read_does_not_count_for_me(installation: Installation) -> None:
    stranger = accounts.add_account(installation.ctx.db, "stranger", installation.clock.now())
    typed(installation, "paris", "5", "1")
    report(installation, "at-home", 500)
    assert {terms.tariff for terms in found(installation, owner=stranger).values()} == {None}


def test_shipping_from_the_api_counts_only_where_one_person_uses_the_instance(
    installation: Installation,
) -> None:
    report(installation, "at-home", 500, owner=EVERYBODY)
    assert costs(found(installation)["at-home"], 1) == [500]
    many = installation.with_settings(mode=Mode.HOSTED)
    assert found(many)["at-home"].tariff is None


def test_old_copies_tell_nothing(installation: Installation) -> None:
    report(installation, "at-home", 500)
    installation.clock.moved += timedelta(hours=7)
    assert found(installation)["at-home"].tariff is None


def test_policies_are_listed_and_forgotten(installation: Installation) -> None:
    typed(installation, "paris", "7.25", "0.75", min_order="15")
    [one] = policies(installation.ctx.db, installation.owner)
    assert one.simple is not None
    assert (one.simple.cost, one.simple.per_unit) == (Decimal("7.25"), Decimal("0.75"))
    assert one.policy.min_order == 15
    assert one.country == "Germany"
    assert "24 November 2026" in one.sentence
    forget(installation.ctx.db, installation.owner, "paris", "DE")
    assert policies(installation.ctx.db, installation.owner) == []
    with pytest.raises(NotFoundError):
        forget(installation.ctx.db, installation.owner, "paris", "DE")


def test_the_form_begins_with_what_is_known_of_the_seller(installation: Installation) -> None:
    words = replace(SHOPS["texas"], shipping_text="Media $7.25 (1-2 LPs)")
    stored_listings.save_listings(installation.ctx.db, EVERYBODY, [], [words])
    form = policy_form(installation.ctx, installation.owner, "texas", HOME)
    assert (form.currency, str(form.min_order), form.ships_to) == (Currency.USD, "20.00", "DE")
    assert form.seller_text == "Media $7.25 (1-2 LPs)"
    assert form.policy is None
    assert form.now.status is Confidence.UNKNOWN
    assert form.now.minor is None
    typed(installation, "texas", "5", "1")
    form = policy_form(installation.ctx, installation.owner, "texas", HOME)
    assert form.policy is not None
    assert form.policy.simple is not None
    assert form.policy.simple.cost == 5
    assert form.now.minor == 500


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ({"seller": ""}, "seller", "whose"),
        ({"first": ""}, "first", "needed"),
        ({"further": None}, "further", "needed"),
        ({"first": "-1"}, "first", "from 0"),
        ({"first": "1.234"}, "first", "decimals"),
        ({"ships_to": "Atlantis"}, "ships_to", "not a country"),
        ({"currency": "XYZ"}, "currency", "not a currency"),
        ({"unit": "stones"}, "unit", "one of"),
        ({"min_order": "much"}, "min_order", "number"),
        ({"bands": [{"from": 1, "to": 3, "cost": 5}, {"from": 2, "cost": 6}]}, "bands", "overlap"),
        ({"bands": [{"from": 1, "cost": 5}, {"from": 2, "cost": 6}]}, "bands", "overlap"),
        ({"bands": [{"from": 3, "to": 1, "cost": 5}]}, "bands", "ends before"),
        ({"bands": [{"from": 1.5, "cost": 5}]}, "bands", "part of a record"),
        ({"bands": [{"to": 2, "cost": 5}]}, "bands", "needs its from"),
        ({"bands": ["7.25"]}, "bands", "must have from"),
        ({"frist": "5"}, "frist", "Did you mean first"),
    ],
)
def test_each_wrong_field_gets_its_sentence(
    installation: Installation, raw: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        type_in(
            installation.ctx.db,
            installation.owner,
            {"seller": "paris", "first": "5", "further": "1", **raw},
            HOME,
            installation.ctx.clock.now(),
        )
    assert words in refused.value.fields[field]
    assert set(refused.value.fields) == {field}
    assert policies(installation.ctx.db, installation.owner) == []


def test_without_a_country_of_ones_own_the_form_must_name_one(installation: Installation) -> None:
    raw = {"seller": "paris", "first": "5", "further": "1"}
    with pytest.raises(InvalidFieldsError) as refused:
        type_in(installation.ctx.db, installation.owner, raw, Home(), installation.ctx.clock.now())
    assert "ships_to" in refused.value.fields


def test_steps_may_share_an_edge_and_come_in_any_order(installation: Installation) -> None:
    steps = [{"from": 2, "cost": "7.25", "per_unit": "0.75"}, {"from": 1, "to": 2, "cost": "7.25"}]
    type_in(
        installation.ctx.db,
        installation.owner,
        {"seller": "paris", "bands": steps},
        HOME,
        installation.ctx.clock.now(),
    )
    assert costs(found(installation)["paris"], 1, 2, 3, 4) == [725, 725, 800, 875]
