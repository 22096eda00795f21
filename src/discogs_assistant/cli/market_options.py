"""The files that `carts` and `plan` share, and the rates that either may need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from datetime import date

    from discogs_assistant.model.money import Currency, RateTable

Listings = Annotated[Path, typer.Option(help="CSV of copies for sale.")]
Policies = Annotated[Path | None, typer.Option(help="CSV of what sellers charge for shipping.")]
UnknownShipping = Annotated[
    Literal["leave-out", "free"], typer.Option(help="Sellers without a shipping policy for that country.")
]


def rates_of(currency: Currency, day: date | None) -> RateTable:
    """Rates into a currency; this alone needs the database."""
    from discogs_assistant import bootstrap

    return bootstrap.rates_into(currency, day)
