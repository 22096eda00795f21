"""`check`: is each copy of a cart still for sale, and at which price?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from discogs_assistant.cli.output import AsJson, amount, print_json, print_table, say, say_partial

if TYPE_CHECKING:
    from discogs_assistant.model.money import Money
    from discogs_assistant.pipelines.carts.result import CheckResult

_STATES: Mapping[str, str] = {
    "same": "for_sale",
    "changed": "changed",
    "sold": "sold",
    "gone": "sold",
    "unread": "unknown",
}


def check(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run that built the cart.")],
    rank: Annotated[
        str, typer.Option(help="The cart's rank, or the name of its answer, such as cheapest.")
    ] = "1",
    as_json: AsJson = False,
) -> None:
    """Read each copy of a cart again, and build the seller's cart again."""
    from discogs_assistant.cli.runs import following

    with following() as (session, show):
        result = session.check_of(run, rank, show)
    if as_json:
        return print_json(_printed(result))
    say_partial(result.partial)
    rows = [
        (
            result.releases[copy.release_id].title,
            _STATES[copy.state].replace("_", " "),
            str(copy.was or ""),
            str(copy.now or ""),
        )
        for copy in result.checked
    ]
    print_table(result.seller, ("record", "now", "it cost", "it costs"), rows)
    if result.carts:
        say(f"The best cart of {result.seller} now: {amount(result.carts[0].total_minor, result.currency)}.")
    else:
        say(f"{result.seller} no longer has a cart for you.")


def _printed(result: CheckResult) -> dict[str, Any]:
    from discogs_assistant.pipelines.runtime.results.documents import printed

    carts = printed(result)["carts"]

    def minor(money: Money | None) -> int | None:
        return None if money is None else result.rates.convert(money).minor

    return {
        "copies": [
            {
                "listing_id": copy.listing_id,
                "state": _STATES[copy.state],
                "price_minor": minor(copy.now),
                "shipping_minor": minor(copy.shipping),
            }
            for copy in result.checked
        ],
        "currency": result.currency,
        "cart": carts[0] if carts else None,
        "partial": list(result.partial),
    }
