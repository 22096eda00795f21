"""`shipping`: what is known of sellers' shipping, and from where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from discogs_assistant.cli.output import (
    AsJson,
    amount,
    print_document,
    print_json,
    print_table,
    say,
    say_partial,
)
from discogs_assistant.errors import BadInputError

if TYPE_CHECKING:
    from discogs_assistant.pipelines.market.seller_shipping import KnownMethod, KnownRange, KnownShipping

app = typer.Typer(help="What is known of sellers' shipping, and from where.", no_args_is_help=True)
Seller = Annotated[str, typer.Argument(help="The seller's name at Discogs.")]


@app.command("show")
def show(
    seller: Seller,
    to: Annotated[str, typer.Option(help="The country where parcels go.")],
    as_json: AsJson = False,
) -> None:
    """Show what a seller charges to send parcels to a country, by the best source that is known."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market.seller_shipping import known_shipping

    with bootstrap.local_session() as session:
        known, sentence = known_shipping(session.context, session.app.owner, seller, to)
    if as_json:
        return print_document(known)
    say(sentence)
    rows = [_row(known, method, part) for method in known.methods for part in method.ranges]
    if rows:
        print_table("", ("method", "up to", "cost", "each further"), rows)
    if known.currency is not None:
        for words, minor in (("Free from", known.free_from_minor), ("Minimum order", known.min_order_minor)):
            if minor is not None:
                say(f"{words}: {amount(minor, known.currency)}")


@app.command("refresh")
def refresh(
    sellers: Annotated[list[str], typer.Argument(help="Sellers whose policies are read.")],
    agree: Annotated[
        bool,
        typer.Option(
            "--agree",
            help="Agree, once, that policies are read: Discogs does not document their address, and it is "
            "asked with your token.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read sellers' shipping policies from Discogs."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market import seller_shipping

    with bootstrap.local_session() as session:
        found = seller_shipping.refresh(session.context, session.app.owner, sellers, agree=agree)
    if as_json:
        return print_document(found)
    say_partial(found.partial)
    print_table("", ("sellers", "known"), [(found.sellers, found.known)])


@app.command("set")
def set_(
    file: Annotated[Path, typer.Argument(help="CSV of shipping policies, as for --policies.")],
    as_json: AsJson = False,
) -> None:
    """Enter shipping policies from a file, in place of those entered before."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market.seller_shipping import enter_file
    from discogs_assistant.sources.files import file_bytes

    data = file_bytes(file)
    with bootstrap.local_session() as session:
        policies = enter_file(session.context, session.app.owner, data, str(file))
    if as_json:
        return print_json({"policies": policies})
    say(f"{policies} policies are entered.")


@app.command("order")
def order(
    number: Annotated[str, typer.Argument(help="The number of your order, such as 1234567-89.")],
    user: Annotated[str | None, typer.Option(help="Whose order it is; you, by default.")] = None,
    seller: Annotated[str | None, typer.Option(help="The seller, where you enter what you paid.")] = None,
    records: Annotated[int | None, typer.Option(min=1, help="How many records the order held.")] = None,
    paid: Annotated[str | None, typer.Option(help="What the shipping cost.")] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of that.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read what the parcel of an own order cost, or enter it where Discogs does not show it."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market import seller_shipping

    with bootstrap.local_session() as session:
        ctx, owner = session.context, session.app.owner
        seller_shipping.check_buyer(ctx, owner, user)
        if seller is None and records is None and paid is None and currency is None:
            found = seller_shipping.read_order(ctx, owner, number)
        elif seller is None or records is None or paid is None or currency is None:
            raise BadInputError("Give all of --seller, --records, --paid and --currency, or none of them.")
        else:
            found = seller_shipping.enter_order(
                ctx, owner, number, seller=seller, records=records, paid=paid, currency=currency
            )
    if as_json:
        return print_json(
            {
                "number": found.number,
                "seller": found.seller,
                "items": found.items,
                "shipping_minor": found.shipping.minor,
                "currency": found.shipping.currency,
                "ordered_at": found.ordered_at.isoformat(),
            }
        )
    row = (found.seller, found.items, found.shipping)
    print_table(f"Order {found.number}", ("seller", "records", "shipping"), [row])


@app.command("remove")
def remove(seller: Seller, as_json: AsJson = False) -> None:
    """Remove what you entered about a seller's shipping: policies and orders."""
    from discogs_assistant import bootstrap
    from discogs_assistant.pipelines.market import seller_shipping

    with bootstrap.local_session() as session:
        policies, orders = seller_shipping.remove(session.context, session.app.owner, seller)
    if as_json:
        return print_json({"seller": seller, "policies": policies, "orders": orders})
    say(f"Removed policies: {policies}, orders: {orders}.")


def _row(known: KnownShipping, method: KnownMethod, part: KnownRange) -> tuple[object, ...]:
    currency = known.currency or ""
    ends = {"items": f"{part.up_to} records", "grams": f"{part.up_to} g"}
    end = ends.get(method.unit) or amount(part.up_to, currency)
    up_to = "no end" if part.up_to is None else end
    return method.name or "any", up_to, amount(part.cost_minor, currency), part.per_unit
