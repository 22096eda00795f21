"""The form of a cart search: what it begins with, and how earlier criteria stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discogs_assistant.model.country import PRESETS
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.web import forms
from discogs_assistant.web.forms import Form

FIELDS = tuple(ShopOptions.definitions())
_SUGGESTED = {"budget": "100", "min_media": "VG+", "min_items": "2"}


def beginning(chosen: Preferences) -> Form:
    """The empty form: defaults, and what the person prefers."""
    conditions = {"min_media": chosen.min_media, "min_sleeve": chosen.min_sleeve}
    own = {name: grade.short for name, grade in conditions.items() if grade}
    usual = forms.beginning(ShopOptions.definitions(), chosen)
    return Form({**usual.values, **Form.of(_SUGGESTED | own).values})


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
