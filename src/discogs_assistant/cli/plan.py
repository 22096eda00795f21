"""`plan`: which sellers to buy a list of wants from, on files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from discogs_assistant.cli import market_options
from discogs_assistant.cli.output import AsJson, amount, print_document, print_table, say_partial

if TYPE_CHECKING:
    from discogs_assistant.pipelines.files.plans import OrderOfFiles, PlanOfFiles


def plan(
    listings: market_options.Listings,
    wants: Annotated[Path, typer.Option(help="CSV of the releases you want.")],
    answer: Annotated[
        Literal["cheapest", "most", "fewest"],
        typer.Option(help="All for the least money, the most for the budget, or in the fewest parcels."),
    ],
    options: Mapping[str, Any],
    policies: market_options.Policies = None,
    unknown_shipping: market_options.UnknownShipping = "leave-out",
    as_json: AsJson = False,
) -> None:
    """The best way to buy a list of wants from several sellers, from files."""
    files = {name: value for name, value in locals().items() if name != "options"}
    from discogs_assistant.model.ports import SystemClock
    from discogs_assistant.pipelines.files.plans import plan_on_files

    result = plan_on_files({**options, **files}, SystemClock(), market_options.rates_of)
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    _show(result)


def _show(result: PlanOfFiles) -> None:
    currency = result.currency
    rows = [
        (
            order.seller,
            order.items,
            amount(order.merchandise_minor, currency),
            amount(order.shipping_minor, currency),
            amount(order.total_minor, currency),
        )
        for order in result.orders
    ]
    total = amount(result.total_minor, currency)
    title = f"{result.covered} of {result.wanted} wants in {len(rows)} parcels for {total}"
    print_table(
        f"{title}, {_PROOFS[result.proof.status]}",
        ("seller", "records", "price", "shipping", "total"),
        rows,
    )
    print_table("Their copies", ("seller", "listings"), map(_copies, result.orders))
    _list("No seller has enough copies of", result.unavailable)
    _list("Left out", result.left_out)


def _list(words: str, releases: Sequence[int]) -> None:
    if releases:
        print_table("", (words,), [(", ".join(map(str, releases)),)])


def _copies(order: OrderOfFiles) -> tuple[str, str]:
    lines = zip(order.listing_ids, order.quantities, strict=True)
    return order.seller, ", ".join(
        f"{quantity} × {listing}" if quantity > 1 else str(listing) for listing, quantity in lines
    )


_PROOFS = {"optimal": "proven best", "within": "close to best"}
