"""The form of a seller's postage: what it begins with, and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from discogs_assistant.web.forms import Form

STEPS = 6
PARTS = ("from", "to", "cost", "per_unit")
_SINGLE = ("seller", "ships_to", "currency", "first", "further", "min_order", "unit")


def of_policy(policy: Mapping[str, Any]) -> Form:
    """The form that says what a kept policy says."""
    single = {name: [policy[name]] for name in _SINGLE if policy[name] is not None}
    if policy["first"] is not None:
        return Form(single)
    return Form(single | {name: [band[name] or "" for band in policy["bands"]] for name in PARTS})


def beginning(found: Mapping[str, Any]) -> Form:
    """The form for a seller by what `policy_form` found."""
    if found["policy"] is not None:
        return of_policy(found["policy"])
    return Form.of({name: found[name] for name in ("seller", "ships_to", "currency", "min_order")})


def raw_policy(form: Form) -> dict[str, object]:
    """What was typed in, as `parse_policy` reads it; steps count where any was filled in."""
    raw: dict[str, object] = {name: form.text(name) for name in _SINGLE}
    bands = [dict(zip(PARTS, row, strict=True)) for row in rows(form) if any(cell.strip() for cell in row)]
    return raw | ({"bands": bands} if bands else {"unit": ""})


def rows(form: Form) -> list[Sequence[str]]:
    """The steps as they stand in the form, with empty ones to be filled in."""
    count = max(STEPS, *(len(form.values.get(name, ())) for name in PARTS))
    columns = [[*form.values.get(name, ()), *[""] * count][:count] for name in PARTS]
    return list(zip(*columns, strict=True))


def as_query(form: Form) -> str:
    """The form as an address carries it."""
    return urlencode(
        {name: form.values[name] for name in (*_SINGLE, *PARTS) if name in form.values}, doseq=True
    )
