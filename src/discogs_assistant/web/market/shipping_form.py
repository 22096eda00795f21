"""The form of a seller's shipping: what it begins with, and what was typed into it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from discogs_assistant.model.shipping import Band
from discogs_assistant.pipelines.market.shipping_policies import EnteredPolicy, PolicyForm
from discogs_assistant.web.forms import Form

STEPS = 6
PARTS = ("from", "to", "cost", "per_unit")
_SINGLE = ("seller", "ships_to", "currency", "first", "further", "min_order", "unit")


def of_policy(entered: EnteredPolicy) -> Form:
    """The form that says what an entered policy says."""
    policy, simple = entered.policy, entered.simple
    method = policy.methods[0]
    fields = {
        "seller": policy.seller,
        "ships_to": policy.ships_to,
        "currency": policy.currency,
        "first": simple and simple.cost,
        "further": simple and simple.per_unit,
        "min_order": policy.min_order,
        "unit": method.unit,
    }
    single = {name: [str(value)] for name, value in fields.items() if value is not None}
    return Form(single if simple else single | _steps(method.bands))


def beginning(found: PolicyForm) -> Form:
    """The form for a seller."""
    if found.policy is not None:
        return of_policy(found.policy)
    return Form.of(
        {
            "seller": found.seller,
            "ships_to": found.ships_to,
            "currency": str(found.currency),
            "min_order": None if found.min_order is None else str(found.min_order),
        }
    )


def _steps(bands: Sequence[Band]) -> dict[str, list[str]]:
    rows = [(band.low, "" if band.high is None else band.high, band.cost, band.per_unit) for band in bands]
    return {name: [str(row[place]) for row in rows] for place, name in enumerate(PARTS)}


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
