"""The form of a cart search: what it begins with, and how earlier criteria stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discogs_assistant.model.country import PRESETS
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.cart_options import ShopOptions
from discogs_assistant.web.forms import Form

FIELDS = tuple(ShopOptions.definitions())
_BEGINNING = {
    "budget": "100",
    "min_media": "VG+",
    "ratio": "0.5",
    "min_items": "2",
    "top": "20",
    "per_seller": "1",
}


def beginning(chosen: Preferences) -> Form:
    """The form before anything was typed."""
    own = {
        "currency": str(chosen.currency),
        "destination": chosen.country,
        "min_media": chosen.min_media.short if chosen.min_media else None,
        "min_sleeve": chosen.min_sleeve.short if chosen.min_sleeve else None,
    }
    return Form.of(_BEGINNING | {name: value for name, value in own.items() if value})


def of_criteria(criteria: Mapping[str, Any]) -> Form:
    """The form that asks for what an earlier run asked for."""
    values = {name: _texts(criteria[name]) for name in FIELDS if criteria.get(name) not in (None, [])}
    return Form(values | {"ships_from": areas(criteria.get("ships_from") or ())})


def areas(codes: Iterable[str]) -> list[str]:
    """Countries by code, with the name of an area in place of all of its countries."""
    given = set(codes)
    whole = [name for name, area in PRESETS.items() if area <= given]
    return [*whole, *sorted(given.difference(*(PRESETS[name] for name in whole)))]


def _texts(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["on" if value else "off"]
    return [", ".join(map(str, value))] if isinstance(value, list) else [str(value)]
