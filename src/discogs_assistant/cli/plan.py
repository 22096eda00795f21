"""`plan`: who to buy a list of wants from, from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from discogs_assistant.cli import market_files
from discogs_assistant.cli.output import AsJson, money_of, print_json, print_table, say_partial


def plan(
    listings: market_files.Listings,
    wants: Annotated[Path, typer.Option(help="CSV of the releases you want.")],
    answer: Annotated[
        Literal["cheapest", "most", "fewest"],
        typer.Option(help="All for the least money, the most for the budget, or in the fewest parcels."),
    ],
    options: Mapping[str, Any],
    policies: market_files.Policies = None,
    unknown_shipping: market_files.UnknownShipping = "leave-out",
    as_json: AsJson = False,
) -> None:
    """The best way to buy a list of wants from several sellers, from files."""
    files = {name: value for name, value in locals().items() if name != "options"}
    from discogs_assistant.model.clock import SystemClock
    from discogs_assistant.pipelines.plans_on_files import plan_on_files

    document = plan_on_files({**options, **files}, SystemClock(), market_files.rates_of)
    if as_json:
        return print_json(document)
    say_partial(document)
    _show(document)


def _show(document: dict[str, Any]) -> None:
    rows = [
        (
            order["seller"],
            order["items"],
            money_of(order["merchandise_minor"], document),
            money_of(order["shipping_minor"], document),
            money_of(order["total_minor"], document),
        )
        for order in document["orders"]
    ]
    covered, wanted = document["covered"], document["wanted"]
    total = money_of(document["total_minor"], document)
    title = f"{covered} of {wanted} wants in {len(rows)} parcels for {total}"
    print_table(
        f"{title}, {_PROOFS[document['proof']['status']]}",
        ("seller", "records", "price", "shipping", "total"),
        rows,
    )
    print_table("Their copies", ("seller", "listings"), map(_copies, document["orders"]))
    _list("Nobody offers enough copies of", document["unavailable"])
    _list("Left out", document["left_out"])


def _list(words: str, releases: list[int]) -> None:
    if releases:
        print_table("", (words,), [(", ".join(map(str, releases)),)])


def _copies(order: dict[str, Any]) -> tuple[str, str]:
    lines = zip(order["listing_ids"], order["quantities"], strict=True)
    return order["seller"], ", ".join(
        f"{quantity} × {listing}" if quantity > 1 else str(listing) for listing, quantity in lines
    )


_PROOFS = {"optimal": "proven best", "within": "close to best"}
