"""`plan`: who to buy a list of wants from, from files."""

from __future__ import annotations

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
    currency: market_files.InCurrency,
    budget: Annotated[str | None, typer.Option(help="What it may cost together, such as 100.")] = None,
    max_sellers: Annotated[int | None, typer.Option(min=1, help="Most sellers to buy from.")] = None,
    premium: Annotated[
        str | None, typer.Option(help="What fewer parcels may cost more; 0.05, a twentieth, without it.")
    ] = None,
    deadline: Annotated[
        str | None, typer.Option(help="Seconds, after which the best found is told; 60 without it.")
    ] = None,
    min_media: market_files.MinMedia = None,
    min_sleeve: market_files.MinSleeve = None,
    min_seller_rating: market_files.MinSellerRating = None,
    ships_from: market_files.ShipsFrom = None,
    exclude_seller: market_files.ExcludeSeller = None,
    max_price: market_files.MaxPrice = None,
    formats: market_files.Formats = None,
    policies: market_files.Policies = None,
    ships_to: market_files.ShipsTo = None,
    unknown_shipping: market_files.UnknownShipping = "leave-out",
    rates_date: market_files.RatesDate = None,
    as_json: AsJson = False,
) -> None:
    """The best way to buy a list of wants from several sellers, from files."""
    options = dict(locals())
    from discogs_assistant.model.clock import SystemClock
    from discogs_assistant.pipelines.plans_on_files import plan_on_files

    document = plan_on_files(options, SystemClock(), market_files.rates_of)
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
        ("seller", "records", "price", "postage", "total"),
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
