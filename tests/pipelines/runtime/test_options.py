"""Options: each wrong field gets its sentence, and canonical JSON reads back as the same criteria."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.model.country import EU
from discogs_assistant.model.criteria import CartCriteria, ListingCriteria
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ReleaseId, new_run_id
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.options import ShopOptions, cart_criteria_json
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.runtime.options.kinds import CheckOptions, MarketOptions, SyncOptions
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, wants_again
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS

names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).map(
    lambda name: unicodedata.normalize("NFC", name)
)
places = st.sampled_from(["US", "DE", "JP", "GB", "BR"])
words = st.frozensets(names, max_size=3)
years = st.none() | st.integers(1900, 1950)


@st.composite
def recommend_options(draw: st.DrawFn) -> RecommendOptions:
    currency = draw(st.sampled_from(Currency))
    return RecommendOptions.model_construct(
        currency=currency,
        new_artists=draw(st.booleans()),
        new_labels=draw(st.booleans()),
        include_wantlist=draw(st.booleans()),
        genres=draw(words),
        styles=draw(words),
        formats=draw(words),
        countries=draw(words),
        year_from=draw(years),
        year_to=draw(st.none() | st.integers(1950, 2100)),
        decades=draw(st.frozensets(st.integers(186, 220).map(lambda tens: tens * 10), max_size=3)),
        max_price=draw(st.builds(Money, st.integers(1, 10**11), st.just(currency))),
        min_media=draw(st.none() | st.sampled_from(Grade)),
        per_artist=draw(st.none() | st.integers(1, 1000)),
        surprise=draw(st.decimals(0, 1, places=3)),
        top=draw(st.integers(1, 1000)),
    )


@st.composite
def shop_options(draw: st.DrawFn) -> ShopOptions:
    currency = draw(st.sampled_from(Currency))
    amount = st.builds(Money, st.integers(1, 10**11), st.just(currency))
    return ShopOptions.model_construct(
        currency=currency,
        min_media=draw(st.none() | st.sampled_from(Grade)),
        min_sleeve=draw(st.none() | st.sampled_from([g for g in SleeveGrade if g > 0])),
        min_seller_rating=draw(st.none() | st.decimals(0, 100, places=2)),
        min_seller_ratings=draw(st.none() | st.integers(0, 10**6)),
        ships_from=draw(st.frozensets(places)),
        exclude_seller=draw(words),
        max_price=draw(st.none() | amount),
        formats=draw(words),
        budget=draw(amount),
        min_items=draw(st.integers(1, 100)),
        ratio=draw(st.decimals(0, 1, places=3)),
        destination=draw(st.none() | places),
        must=draw(st.frozensets(st.integers(1, 10**9).map(ReleaseId), max_size=4)),
        exclude_release=draw(st.frozensets(st.integers(10**9 + 1, 10**10).map(ReleaseId), max_size=4)),
        include_shipping=draw(st.booleans()),
        min_orders=draw(st.booleans()),
        any_pressing=draw(st.booleans()),
        uniform_wants=draw(st.booleans()),
        new_artists=draw(st.booleans()),
        new_labels=draw(st.booleans()),
        top=draw(st.integers(1, 200)),
        per_seller=draw(st.integers(1, 20)),
    )


def read_back(options: OptionsModel) -> OptionsModel:
    return type(options).parse(json.loads(json.dumps(options.canonical())))


@given(shop_options())
@settings(max_examples=60, deadline=None)
def test_canonical_cart_options_read_back_the_same(asked: ShopOptions) -> None:
    assert read_back(asked) == asked


@given(shop_options())
@settings(max_examples=30, deadline=None)
def test_criteria_are_written_as_the_options_that_ask_for_them(asked: ShopOptions) -> None:
    assert cart_criteria_json(asked.criteria) == asked.canonical()


@given(recommend_options())
@settings(max_examples=60, deadline=None)
def test_canonical_recommendation_options_read_back_the_same(asked: RecommendOptions) -> None:
    assert read_back(asked) == asked


@pytest.mark.parametrize(
    "asked",
    [
        SyncOptions.parse({"full": True}),
        MarketOptions.parse({"sellers": ["b", "a"]}),
        CheckOptions.parse({"carts": new_run_id(), "cart": "best_score"}),
    ],
    ids=lambda asked: type(asked).__name__,
)
def test_options_of_other_kinds_read_back_the_same(asked: OptionsModel) -> None:
    assert read_back(asked) == asked


def test_each_cart_option_reaches_the_engine() -> None:
    options = ShopOptions.parse(
        {"budget": "50", "min_media": "VG+", "exclude_seller": "a", "must": 1, "exclude_release": 2}
        | {"min_seller_ratings": 5, "top": 3},
        Home(Currency.EUR, "DE"),
    )
    assert options.criteria == CartCriteria(
        Money(5000, Currency.EUR),
        ListingCriteria(
            min_media=Grade.VERY_GOOD_PLUS, min_seller_ratings=5, exclude_sellers=frozenset({"a"})
        ),
        destination="DE",
        must=frozenset({ReleaseId(1)}),
        exclude_releases=frozenset({ReleaseId(2)}),
        top=3,
    )


def asked(**raw: Any) -> ShopOptions:
    return ShopOptions.parse({"budget": "100", **raw}, Home(Currency.EUR, "DE"))


def shop(**raw: Any) -> CartCriteria:
    return asked(**raw).criteria


def test_a_form_a_json_body_and_the_command_line_mean_the_same() -> None:
    form = asked(
        budget=" 100.00 ", ratio="0.50", ships_from=["us", "Germany"], any_pressing="on", must="1, 2"
    )
    body = asked(budget=100.0, ratio=0.5, ships_from=["US", "DE"], any_pressing=True, must=[1, "r2"])
    line = asked(budget="100", ships_from="US,DE", any_pressing=True, must=["1", "[r2]"], min_items="1")
    assert form.canonical() == body.canonical() == line.canonical()


def test_blank_fields_of_a_form_were_not_given() -> None:
    assert shop(min_media="", max_price="  ", ships_from=[], exclude_seller=[""], must=None) == shop()


def test_currency_and_country_of_the_person_stand_in() -> None:
    assert shop().budget == Money(10_000, Currency.EUR)
    assert shop().destination == "DE"
    assert shop(currency="jpy", destination="Japan").budget == Money(100, Currency.JPY)


def test_presets_become_countries() -> None:
    assert shop(ships_from="EU").listing.ships_from == EU
    assert shop(ships_from=["home", "uk"]).listing.ships_from == {"DE", "GB"}
    assert shop(ships_from="home", destination="US").listing.ships_from == {"US"}


def test_home_needs_a_country() -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        ShopOptions.parse({"budget": "1", "ships_from": "home"})
    assert "settings" in caught.value.fields["ships_from"]


def test_a_release_may_be_given_by_its_address() -> None:
    address = "https://www.discogs.com/release/249504-Rick-Astley-Never-Gonna-Give-You-Up"
    assert shop(must=[address]).must == {249504}


def test_a_genre_with_commas_is_one_genre() -> None:
    options = RecommendOptions.parse(
        {
            "genres": "Jazz,Folk, World, & Country, Rock",
            "countries": ["UK, Europe & US"],
            "styles": "Dub,House",
        },
    )
    assert options.filters.genres == {"Folk, World, & Country", "Jazz", "Rock"}
    assert options.filters.countries == {"UK, Europe & US"}
    assert options.filters.styles == {"Dub", "House"}


def wish(**raw: Any) -> RecommendationFilters:
    return RecommendOptions.parse(raw, Home(Currency.EUR, "DE")).filters


def test_decades_are_named_by_their_first_year_with_an_s_or_without() -> None:
    assert wish(decades="1980s, 1990").decades == wish(decade=[1980, "1990"]).decades == {1980, 1990}


def test_a_price_is_in_ones_own_currency_unless_another_is_named() -> None:
    assert wish(max_price="12.50").max_price == Money(1250, Currency.EUR)
    assert wish(max_price=20, currency="jpy").max_price == Money(20, Currency.JPY)
    assert wish(currency="USD") == wish()


def test_no_records_of_one_artist_is_no_limit() -> None:
    assert wish(per_artist="0").per_artist is None
    assert wish(per_artist=2).per_artist == 2


def test_criteria_of_before_these_options_ask_for_none_of_them() -> None:
    criteria = RecommendOptions().canonical()
    for name in ("decades", "max_price", "currency", "min_media", "per_artist", "surprise"):
        del criteria[name]
    assert RecommendOptions.parse(criteria) == RecommendOptions()


WRONG_WISHES: dict[str, list[Any]] = {
    "decades": ["1985", "85s", 198, ["1980", "soon"], True, "18500", "1850", {"a": 1}, 1980.0],
    "max_price": [0, "-3", "1,5", "12.345", "1000000000000", True, [5]],
    "currency": ["DOGE", 5],
    "min_media": ["Great", 7],
    "per_artist": [-1, 1.5, "many", 1001, True],
    "surprise": [-0.1, 1.01, "very", True, "0.1234567", [0.5]],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG_WISHES.items() for value in values]
)
def test_each_wrong_wish_gets_a_sentence(name: str, value: Any) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        wish(**{name: value})
    assert list(caught.value.fields) == [name]
    assert caught.value.fields[name].endswith(".")


WRONG_VALUES: dict[str, list[Any]] = {
    "budget": [
        *(0, "0", -1, "-5", 10**12, "1000000000000", "1e12", "NaN", "abc", "1,5"),
        *(float("nan"), float("inf"), True, [5], {"a": 1}, "9" * 5000, "12.345"),
    ],
    "currency": ["DOGE", 5, ["USD"], "€"],
    "min_media": ["Great", 7, True],
    "min_sleeve": ["Generic", "NM-", {"a": 1}],
    "ships_from": ["Atlantis", ["US", "XX"], 49, [None, 5]],
    "destination": ["Nowhere", ["US"], 1],
    "ratio": [-0.1, 1.01, "half", True, "0.1234567"],
    "min_items": [0, -1, 1.5, "many", True, 10**9],
    "must": ["abc", [0], [-4], [1.5], [True], 10**13, list(range(1, 600))],
    "min_seller_rating": [101, -1, "best"],
    "min_seller_ratings": [-1, "some"],
    "exclude_seller": ["a/b", ["x y"], 5, "\x00"],
    "max_price": [0, "-1", "free"],
    "formats": [5, ["LP", {}], "x" * 300, "a\x01b"],
    "exclude_release": ["abc", [0], 10**13],
    "include_shipping": [1, "maybe"],
    "min_orders": ["maybe", [True]],
    "any_pressing": [1, "maybe", [True]],
    "top": [0, 201, "all"],
    "per_seller": [0, 21],
    "budgets": [1],
    "<script>": [1],
    "Budget": [1],
}
WRONG = [(name, value) for name, values in WRONG_VALUES.items() for value in values]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_field_gets_one_sentence_of_its_own(name: str, value: Any) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        shop(**{name: value})
    assert list(caught.value.fields) == [name]
    sentence = caught.value.fields[name]
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert len(sentence) < 400
    assert caught.value.exit_status == 2
    assert caught.value.http_status == 422


def test_all_wrong_fields_are_reported_at_once() -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        shop(budget="abc", currency="X", ratio=2, colour="red")
    assert set(caught.value.fields) == {"budget", "currency", "ratio", "colour"}


def test_a_record_cannot_be_locked_in_and_left_out() -> None:
    with pytest.raises(InvalidFieldsError, match="cannot be left out"):
        shop(must=[1, 2], exclude_release=[2, 3])


def test_a_missing_budget_is_reported() -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        ShopOptions.parse({})
    assert list(caught.value.fields) == ["budget"]


def test_a_misspelt_option_is_guessed() -> None:
    with pytest.raises(InvalidFieldsError, match="Did you mean min_media"):
        shop(min_medai="VG")


def test_years_the_wrong_way_round_are_reported() -> None:
    with pytest.raises(InvalidFieldsError, match="after the last"):
        RecommendOptions.parse({"year_from": 1990, "year_to": 1980})


@pytest.mark.parametrize("year", ["nineteen-eighty", "1980.5", "1e3", "٣"])
def test_an_invalid_year_is_answered_with_the_valid_range(year: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        RecommendOptions.parse({"year_from": year})
    assert "must be a whole number" in caught.value.fields["year_from"]


def test_a_market_refresh_needs_a_seller() -> None:
    with pytest.raises(InvalidFieldsError, match="at least one seller"):
        MarketOptions.parse({})


def test_a_check_needs_a_cart() -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        CheckOptions.parse({"carts": "short"})
    assert list(caught.value.fields) == ["carts", "cart"]


def test_running_again_belongs_to_the_request() -> None:
    assert shop(run_again=True) == shop(run_anew=True) == shop()


@pytest.mark.parametrize("name", ["run_again", "run_anew"])
def test_a_new_run_is_asked_for_by_either_name(name: str) -> None:
    assert [wants_again({name: value}) for value in (True, "on", False, "")] == [True, True, False, False]
    assert not wants_again({})
    with pytest.raises(InvalidFieldsError) as caught:
        wants_again({name: "perhaps"})
    assert caught.value.fields == {name: "“Run again” is either true or false."}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(RunKind),
    st.dictionaries(
        st.sampled_from([*asked().canonical(), *RecommendOptions().canonical(), "sellers", "full"]),
        json_values,
        max_size=6,
    ),
)
@settings(max_examples=200, deadline=None)
def test_any_json_is_read_or_refused_with_a_sentence(kind: RunKind, raw: dict[str, Any]) -> None:
    try:
        options = RUN_KINDS[kind].options_model.parse(raw)
    except InvalidFieldsError as error:
        assert all(error.fields.values())
    else:
        assert read_back(options).canonical() == options.canonical()
