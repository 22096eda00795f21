"""`shop`: from a user and a budget to carts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, money_of, print_json, print_table, say, say_partial
from discogs_assistant.cli.wishes import Formats, NewArtists, NewLabels, RunAnew, User, given


def shop(
    user: User,
    budget: Annotated[str, typer.Option(help="What it may cost together, such as 100 or 99.50.")],
    currency: Annotated[str, typer.Option(help="The budget's currency, such as USD.")],
    min_media: Annotated[str | None, typer.Option(help="Least grade of the record, such as VG+.")] = None,
    min_sleeve: Annotated[str | None, typer.Option(help="Least grade of the sleeve.")] = None,
    min_seller_rating: Annotated[
        str | None, typer.Option(help="Least rating of the seller in percent.")
    ] = None,
    min_seller_ratings: Annotated[
        int | None, typer.Option(help="Least number of the seller's ratings.")
    ] = None,
    min_items: Annotated[int | None, typer.Option(help="Fewest records in a cart.")] = None,
    ships_from: Annotated[
        str | None, typer.Option(help="Countries, comma separated; also home, EU, UK.")
    ] = None,
    ratio: Annotated[str | None, typer.Option(help="0: recommendations only; 1: wantlist only.")] = None,
    destination: Annotated[str | None, typer.Option(help="Where it is sent to, such as US.")] = None,
    exclude_seller: Annotated[
        list[str] | None, typer.Option(help="A seller to leave out; repeat it.")
    ] = None,
    max_price: Annotated[str | None, typer.Option(help="Most that one record may cost.")] = None,
    formats: Formats = None,
    must: Annotated[list[int] | None, typer.Option(help="A release that must be in; repeat it.")] = None,
    exclude_release: Annotated[
        list[int] | None, typer.Option(help="A release to leave out; repeat it.")
    ] = None,
    include_shipping: Annotated[
        bool,
        typer.Option(
            "--include-shipping/--no-include-shipping",
            help="Whether the budget is for postage too, where it is known.",
        ),
    ] = True,
    min_orders: Annotated[
        bool, typer.Option("--min-orders", help="Only carts that reach the seller's minimum order.")
    ] = False,
    any_pressing: Annotated[
        bool, typer.Option("--any-pressing", help="Any pressing of the same master will do.")
    ] = False,
    uniform_wants: Annotated[
        bool, typer.Option("--uniform-wants", help="Give every want the same score.")
    ] = False,
    new_artists: NewArtists = False,
    new_labels: NewLabels = False,
    top: Annotated[int, typer.Option(help="How many carts.")] = 20,
    per_seller: Annotated[int, typer.Option(help="How many carts of one seller.")] = 1,
    run_anew: RunAnew = False,
    as_json: AsJson = False,
) -> None:
    """Which cart should I buy for my money?"""
    from discogs_assistant.cli.following import run_to_result
    from discogs_assistant.model.run import RunKind

    options = given(
        budget=budget,
        currency=currency,
        min_media=min_media,
        min_sleeve=min_sleeve,
        min_seller_rating=min_seller_rating,
        min_seller_ratings=min_seller_ratings,
        min_items=min_items,
        ships_from=ships_from,
        ratio=ratio,
        destination=destination,
        exclude_seller=exclude_seller,
        max_price=max_price,
        formats=formats,
        must=must,
        exclude_release=exclude_release,
        include_shipping=None if include_shipping else "no",
        min_orders=min_orders,
        any_pressing=any_pressing,
        uniform_wants=uniform_wants,
        new_artists=new_artists,
        new_labels=new_labels,
        top=top,
        per_seller=per_seller,
        run_anew=run_anew,
    )
    document = run_to_result(RunKind.SHOP, user, options)
    if as_json:
        return print_json(document)
    say_partial(document)
    _show_carts(document)


def _show_carts(document: dict[str, Any]) -> None:
    apart = document["unknown_shipping"]["carts"]
    if not document["carts"] and not apart:
        say("No cart fits. Hand in more sellers (market refresh, market add), or widen the criteria.")
    _cart_table("Carts", document["carts"], document)
    if apart:
        _cart_table("Postage not known, and not in the total", apart, document)
    plans = document["plans"] or {}
    rows = [
        (
            name,
            plan["parcels"],
            f"{plan['covered']} of {plan['wanted']}",
            money_of(plan["total_minor"], document),
        )
        for name in ("cheapest", "most", "fewest")
        if (plan := plans.get(name))
    ]
    if rows:
        print_table("Plans over several sellers", ("plan", "parcels", "wants", "total"), rows)


def _cart_table(title: str, carts: list[dict[str, Any]], document: dict[str, Any]) -> None:
    rows = [
        (
            cart["rank"],
            cart["seller"],
            cart["items"],
            money_of(cart["total_minor"], document),
            cart["shipping"]["status"],
            cart["proof"],
            cart["why"],
        )
        for cart in carts
    ]
    print_table(title, ("#", "seller", "records", "total", "postage", "proof", "why"), rows)
