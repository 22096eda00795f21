"""`carts`: the best cart of each seller, from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from discogs_assistant.cli import market_files
from discogs_assistant.cli.output import AsJson, money_of, print_json, print_table, say, say_partial


def carts(
    listings: market_files.Listings,
    scores: Annotated[Path, typer.Option(help="CSV of what releases are worth to you.")],
    options: Mapping[str, Any],
    policies: market_files.Policies = None,
    unknown_shipping: market_files.UnknownShipping = "leave-out",
    certificate: Annotated[
        Path | None, typer.Option(help="Write here what proves the answer, for a checker.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The best cart of each seller for a budget, from files of listings and scores."""
    files = {name: value for name, value in locals().items() if name != "options"}
    from discogs_assistant.model.clock import SystemClock
    from discogs_assistant.pipelines.carts_on_files import carts_on_files

    document = carts_on_files({**options, **files}, SystemClock(), market_files.rates_of)
    if as_json:
        return print_json(document)
    say_partial(document)
    _show(document)


def _show(document: dict[str, Any]) -> None:
    if not document["carts"]:
        say("No seller has a cart for this. Spend more, or ask less of the copies.")
    rows = [
        (
            cart["rank"],
            cart["seller"],
            cart["items"],
            money_of(cart["merchandise_minor"], document),
            money_of(cart["shipping_minor"], document),
            money_of(cart["total_minor"], document),
            _PROOFS[cart["proof"]],
        )
        for cart in document["carts"]
    ]
    print_table(
        f"Carts for {money_of(document['budget_minor'], document)}, {_PROOFS[document['proof']['status']]}",
        ("#", "seller", "records", "price", "shipping", "total", "proof"),
        rows,
    )
    print_table(
        "Their copies",
        ("#", "listings"),
        [(cart["rank"], ", ".join(map(str, cart["listing_ids"]))) for cart in document["carts"]],
    )


_PROOFS = {"optimal": "proven best", "within": "close to best", "heuristic": "good, not proven"}
