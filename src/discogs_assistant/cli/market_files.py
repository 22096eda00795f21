"""The options that `carts` and `plan` share, and the rates that either may need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from datetime import date

    from discogs_assistant.model.money import Currency, RateTable

Listings = Annotated[Path, typer.Option(help="CSV of copies for sale.")]
InCurrency = Annotated[str, typer.Option("--currency", help="The currency to reckon in, such as USD.")]
Policies = Annotated[Path | None, typer.Option(help="CSV of what sellers ask for postage.")]
ShipsTo = Annotated[str | None, typer.Option(help="The country that parcels go to, such as US.")]
UnknownShipping = Annotated[
    Literal["leave-out", "free"], typer.Option(help="Sellers whose postage to there is not given.")
]
RatesDate = Annotated[
    str | None, typer.Option(help="The day of the exchange rates; without it the newest that are held.")
]
MinMedia = Annotated[str | None, typer.Option(help="Least grade of the record, such as VG+.")]
MinSleeve = Annotated[str | None, typer.Option(help="Least grade of the sleeve.")]
MinSellerRating = Annotated[str | None, typer.Option(help="Least rating of the seller in percent.")]
ShipsFrom = Annotated[str | None, typer.Option(help="Countries, comma separated, such as US,DE; also EU.")]
ExcludeSeller = Annotated[list[str] | None, typer.Option(help="A seller to leave out; repeat it.")]
MaxPrice = Annotated[str | None, typer.Option(help="Most that one record may cost.")]
Formats = Annotated[str | None, typer.Option(help="Formats, comma separated, such as LP,CD.")]


def rates_of(currency: Currency, day: date | None) -> RateTable:
    """Rates into a currency; the database is opened for them alone."""
    from discogs_assistant import bootstrap

    return bootstrap.rates_into(currency, day)
