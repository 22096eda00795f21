"""The criteria of a cart search, from raw options and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import PRESETS, country_code
from discogs_assistant.model.criteria import CartCriteria, ListingCriteria
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.pipelines.option_fields import Fields, Reader
from discogs_assistant.pipelines.option_readers import (
    between,
    codes,
    currency_code,
    decimal_text,
    flag,
    grade,
    money,
    releases,
    sellers,
    text,
    whole,
)

HOME = "HOME"
LARGEST_MINOR = 10**11
_LABELS = {
    "budget": "The budget",
    "currency": "The currency",
    "min_media": "The least grade of the record",
    "min_sleeve": "The least grade of the sleeve",
    "min_seller_rating": "The least seller rating",
    "min_seller_ratings": "The least number of ratings",
    "min_items": "The least number of records",
    "ships_from": "The countries to buy from",
    "ratio": "The share of the wantlist",
    "destination": "The country it is sent to",
    "exclude_seller": "The sellers left out",
    "max_price": "The highest price of a record",
    "formats": "The formats",
    "must": "The records that must be in",
    "exclude_release": "The records left out",
    "include_shipping": "Postage within the budget",
    "min_orders": "Keeping to minimum orders",
    "any_pressing": "Any pressing",
    "uniform_wants": "One score for all wants",
    "new_artists": "Only new artists",
    "new_labels": "Only new labels",
    "top": "The number of carts",
    "per_seller": "The number of carts a seller",
}
_ALIASES = {
    "exclude_sellers": "exclude_seller",
    "exclude_releases": "exclude_release",
    "format": "formats",
}


def parse_cart_criteria(raw: Mapping[str, object], currency: Currency, home: str | None) -> CartCriteria:
    """The criteria; `currency` and `home` (a country's code) stand in where none is given."""
    fields = Fields(raw, _LABELS, _ALIASES)
    currency = fields.read("currency", currency_code, currency)
    destination = fields.read("destination", _country, home)
    if not fields.has("budget"):
        fields.refuse("budget", "A budget is needed, such as 100.00.")
    amount = money(currency, LARGEST_MINOR)
    criteria = CartCriteria(
        budget=fields.read("budget", amount, Money(1, currency)),
        listing=_listing_criteria(fields, amount, destination),
        min_items=fields.read("min_items", whole(1, 1000), 1),
        ratio=fields.read("ratio", between(Decimal(0), Decimal(1)), Decimal("0.5")),
        destination=destination,
        must=fields.read("must", releases, frozenset()),
        exclude_releases=fields.read("exclude_release", releases, frozenset()),
        include_shipping=fields.read("include_shipping", flag, True),
        min_orders=fields.read("min_orders", flag, False),
        any_pressing=fields.read("any_pressing", flag, False),
        uniform_wants=fields.read("uniform_wants", flag, False),
        new_artists=fields.read("new_artists", flag, False),
        new_labels=fields.read("new_labels", flag, False),
        top=fields.read("top", whole(1, 200), 20),
        per_seller=fields.read("per_seller", whole(1, 20), 1),
    )
    if criteria.must & criteria.exclude_releases:
        fields.refuse("exclude_release", "A record that must be in cannot be left out.")
    fields.finish()
    return criteria


def cart_criteria_json(criteria: CartCriteria) -> dict[str, Any]:
    """The criteria as canonical plain JSON: lists sorted, decimals as their shortest text."""
    listing = criteria.listing
    return {
        "budget": decimal_text(criteria.budget.decimal),
        "currency": str(criteria.budget.currency),
        "min_media": listing.min_media.short if listing.min_media else None,
        "min_sleeve": listing.min_sleeve.short if listing.min_sleeve else None,
        "min_seller_rating": decimal_text(listing.min_seller_rating),
        "min_seller_ratings": listing.min_seller_ratings,
        "min_items": criteria.min_items,
        "ships_from": sorted(listing.ships_from),
        "ratio": decimal_text(criteria.ratio),
        "destination": criteria.destination,
        "exclude_seller": sorted(listing.exclude_sellers),
        "max_price": decimal_text(listing.max_price.decimal) if listing.max_price else None,
        "formats": sorted(listing.formats),
        "must": sorted(criteria.must),
        "exclude_release": sorted(criteria.exclude_releases),
        "include_shipping": criteria.include_shipping,
        "min_orders": criteria.min_orders,
        "any_pressing": criteria.any_pressing,
        "uniform_wants": criteria.uniform_wants,
        "new_artists": criteria.new_artists,
        "new_labels": criteria.new_labels,
        "top": criteria.top,
        "per_seller": criteria.per_seller,
    }


def _listing_criteria(fields: Fields, amount: Reader[Money], destination: str | None) -> ListingCriteria:
    return ListingCriteria(
        min_media=fields.read("min_media", grade, None),
        min_sleeve=fields.read("min_sleeve", _sleeve, None),
        min_seller_rating=fields.read("min_seller_rating", between(Decimal(0), Decimal(100)), None),
        min_seller_ratings=fields.read("min_seller_ratings", whole(0, 10**9), None),
        ships_from=fields.read("ships_from", _countries(destination), frozenset()),
        exclude_sellers=fields.read("exclude_seller", sellers, frozenset()),
        max_price=fields.read("max_price", amount, None),
        formats=fields.read("formats", codes, frozenset()),
    )


def _country(value: object, what: str) -> str:
    return country_code(text(value, what))


def _sleeve(value: object, what: str) -> SleeveGrade:
    return SleeveGrade(Grade.parse(text(value, what)).value)


def _countries(home: str | None) -> Reader[frozenset[str]]:
    def read(value: object, what: str) -> frozenset[str]:
        return frozenset[str]().union(*(_area(code, home) for code in codes(value, what)))

    return read


def _area(code: str, home: str | None) -> frozenset[str]:
    preset = code.upper()
    if preset in PRESETS:
        return PRESETS[preset]
    if preset != HOME:
        return frozenset({country_code(code)})
    if home is None:
        raise BadInputError(
            "Your own country is not known.", "Set it in the settings, or name the destination."
        )
    return frozenset({home})
