"""The criteria of carts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discogs_assistant.web import words


def asked_words(criteria: Mapping[str, Any]) -> list[str]:
    """The criteria that were set, each in a few words."""
    share = float(criteria["ratio"])
    parts = [
        f"{criteria['budget']} {criteria['currency']}",
        "wantlist only"
        if share == 1
        else "recommendations only"
        if share == 0
        else f"{words.percent(share)} wantlist",
        criteria["min_media"] and f"record {criteria['min_media']} or better",
        criteria["min_sleeve"] and f"sleeve {criteria['min_sleeve']} or better",
        criteria["min_seller_rating"] and f"rating from {criteria['min_seller_rating']} %",
        criteria["min_seller_ratings"] and f"{criteria['min_seller_ratings']} ratings or more",
        criteria["min_items"] > 1 and f"{criteria['min_items']} records or more",
        criteria["max_price"] and f"up to {criteria['max_price']} {criteria['currency']} each",
        criteria["formats"] and ", ".join(criteria["formats"]),
        criteria["ships_from"] and _countries(criteria["ships_from"]),
        criteria["exclude_seller"] and f"without {', '.join(criteria['exclude_seller'])}",
        criteria["must"] and f"with {words.count(len(criteria['must']), 'record')} that must be in",
        criteria["exclude_release"] and f"without {words.count(len(criteria['exclude_release']), 'record')}",
        criteria["any_pressing"] and "any pressing",
        criteria["new_artists"] and "new artists",
        criteria["new_labels"] and "new labels",
        not criteria["include_shipping"] and "postage on top",
        criteria["min_orders"] and "minimum orders reached",
        criteria["destination"] and f"sent to {words.country(criteria['destination'])}",
    ]
    return [part for part in parts if part]


def _countries(codes: list[str]) -> str:
    if len(codes) > 3:
        return f"from {len(codes)} countries"
    return "from " + ", ".join(words.country(code) for code in codes)
