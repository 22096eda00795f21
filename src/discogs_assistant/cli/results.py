"""`recommend` and `shop`: from a user to recommendations and carts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, print_json, print_table, say, say_partial

User = Annotated[str, typer.Argument(help="The Discogs user name.")]
RunAnew = Annotated[bool, typer.Option("--run-anew", help="Do not reuse an equal finished run.")]
NewArtists = Annotated[
    bool, typer.Option("--new-artists", help="Only artists that are not owned or wanted yet.")
]
NewLabels = Annotated[
    bool, typer.Option("--new-labels", help="Only labels that are not owned or wanted yet.")
]
Formats = Annotated[str | None, typer.Option(help="Formats, comma separated, such as LP,CD.")]


def recommend(
    user: User,
    top: Annotated[int, typer.Option(help="How many.")] = 100,
    new_artists: NewArtists = False,
    new_labels: NewLabels = False,
    include_wantlist: Annotated[
        bool, typer.Option("--include-wantlist", help="Also what is wanted already.")
    ] = False,
    genres: Annotated[str | None, typer.Option(help="Genres, comma separated.")] = None,
    styles: Annotated[str | None, typer.Option(help="Styles, comma separated.")] = None,
    formats: Formats = None,
    countries: Annotated[str | None, typer.Option(help="Countries of the pressing, comma separated.")] = None,
    year_from: Annotated[int | None, typer.Option(help="First year.")] = None,
    year_to: Annotated[int | None, typer.Option(help="Last year.")] = None,
    decades: Annotated[str | None, typer.Option(help="Decades, comma separated, such as 1970,1980.")] = None,
    max_price: Annotated[
        str | None, typer.Option(help="Only what is known to be for sale now, for so much at most.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="The price's currency, such as USD.")] = None,
    min_media: Annotated[
        str | None, typer.Option(help="Only what is known to be for sale now, so graded at least.")
    ] = None,
    per_artist: Annotated[int | None, typer.Option(help="Most records of one artist; 0: no limit.")] = None,
    surprise: Annotated[
        str | None, typer.Option(help="From 0, the safe list, to 1, the adventurous one.")
    ] = None,
    run_anew: RunAnew = False,
    as_json: AsJson = False,
) -> None:
    """What would I love that I do not know yet?"""
    from discogs_assistant.cli.following import run_to_result
    from discogs_assistant.model.run import RunKind

    options = _given(
        top=top,
        new_artists=new_artists,
        new_labels=new_labels,
        include_wantlist=include_wantlist,
        genres=genres,
        styles=styles,
        formats=formats,
        countries=countries,
        year_from=year_from,
        year_to=year_to,
        decades=decades,
        max_price=max_price,
        currency=currency,
        min_media=min_media,
        per_artist=per_artist,
        surprise=surprise,
        run_anew=run_anew,
    )
    document = run_to_result(RunKind.RECOMMEND, user, options)
    if as_json:
        return print_json(document)
    say_partial(document)
    rows = [
        (one["rank"], ", ".join(one["artists"]), one["title"], f"{one['score']:.3f}", _because(one))
        for one in document["recommendations"]
    ]
    print_table(f"For {document['user']}", ("#", "artist", "title", "score", "why"), rows)


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

    options = _given(
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
            _money(plan["total_minor"], document),
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
            _money(cart["total_minor"], document),
            cart["shipping"]["status"],
            cart["proof"],
            cart["why"],
        )
        for cart in carts
    ]
    print_table(title, ("#", "seller", "records", "total", "postage", "proof", "why"), rows)


def _money(minor: int, document: dict[str, Any]) -> str:
    from discogs_assistant.model.money import Currency, Money

    return str(Money(minor, Currency(document["currency"])))


def _because(recommendation: dict[str, Any]) -> str:
    return recommendation["reasons"][0]["text"] if recommendation["reasons"] else ""


def _given(**options: object) -> dict[str, object]:
    return {
        name: value
        for name, value in options.items()
        if value is not None and value is not False and value != []
    }
