"""`carts`: the best cart of each seller, from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from discogs_assistant.cli import market_options
from discogs_assistant.cli.output import AsJson, amount, print_document, print_table, say, say_partial

if TYPE_CHECKING:
    from discogs_assistant.pipelines.files.carts import CartsOfFiles


def carts(
    listings: market_options.Listings,
    scores: Annotated[Path, typer.Option(help="CSV of releases and their scores for you.")],
    options: Mapping[str, Any],
    policies: market_options.Policies = None,
    unknown_shipping: market_options.UnknownShipping = "leave-out",
    certificate: Annotated[
        Path | None, typer.Option(help="File to write the proof of the answer to.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The best cart of each seller for a budget, from files of listings and scores."""
    files = {name: value for name, value in locals().items() if name != "options"}
    from discogs_assistant.model.ports import SystemClock
    from discogs_assistant.pipelines.files.carts import carts_on_files

    result = carts_on_files({**options, **files}, SystemClock(), market_options.rates_of)
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    _show(result)


def _show(result: CartsOfFiles) -> None:
    if not result.carts:
        say("No seller has a cart that fits. Raise the budget or loosen the criteria.")
    currency = result.currency
    rows = [
        (
            cart.rank,
            cart.seller,
            cart.items,
            amount(cart.merchandise_minor, currency),
            amount(cart.shipping_minor, currency),
            amount(cart.total_minor, currency),
            _PROOFS[cart.proof],
        )
        for cart in result.carts
    ]
    print_table(
        f"Carts for {amount(result.budget_minor, currency)}, {_PROOFS[result.proof.status]}",
        ("#", "seller", "records", "price", "shipping", "total", "proof"),
        rows,
    )
    print_table(
        "Their copies",
        ("#", "listings"),
        [(cart.rank, ", ".join(map(str, cart.listing_ids))) for cart in result.carts],
    )


_PROOFS = {"optimal": "proven best", "within": "close to best", "heuristic": "good, not proven"}
