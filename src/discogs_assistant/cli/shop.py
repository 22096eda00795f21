"""`shop`: from a profile to carts, and to plans over several sellers where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from discogs_assistant.cli.model_options import RunAgain, User
from discogs_assistant.cli.output import AsJson, amount, print_json, print_table, say, say_partial

if TYPE_CHECKING:
    from discogs_assistant.model.links import Links
    from discogs_assistant.pipelines.carts.plans_result import PlansResult
    from discogs_assistant.pipelines.carts.result import Cart, CartsResult, NamedCart


def shop(
    user: User,
    options: Mapping[str, Any],
    plans: Annotated[
        bool, typer.Option("--plans", help="Wait for the plans over several sellers as well.")
    ] = False,
    run_again: RunAgain = False,
    as_json: AsJson = False,
) -> None:
    """Which cart should I buy for my money?"""
    carts, planned, links = _found(user, {**options, "run_again": run_again}, plans)
    if as_json:
        from discogs_assistant.pipelines.runtime.results.documents import printed

        more = {"plans": None if planned is None else printed(planned)} if plans else {}
        return print_json({**printed(carts), **more})
    say_partial(carts.partial)
    _show(carts, links)
    if planned is not None:
        _show_plans(planned)


def _found(
    user: str, options: Mapping[str, object], plans: bool
) -> tuple[CartsResult, PlansResult | None, Links]:
    from discogs_assistant.cli.runs import following
    from discogs_assistant.model.links import Links
    from discogs_assistant.model.run import RunKind
    from discogs_assistant.pipelines.carts.result import CartsResult

    with following() as (session, show):
        carts = session.result_of(RunKind.SHOP, user, options, show)
        assert isinstance(carts, CartsResult)
        links = Links(session.context.settings.discogs_site_url)
        if not plans:
            session.leave_plans(carts)
            return carts, None, links
        found = session.plans_of(carts, show)
    if found is None:
        return carts, None, links
    run, planned = found
    return replace(carts, plans_run=run), planned, links


def _show(result: CartsResult, links: Links) -> None:
    """The carts at a glance, then the records of each."""
    unknown = result.unknown_shipping.carts
    if not result.carts and not unknown:
        say("No cart fits. Add more sellers (market refresh, market add), or loosen the criteria.")
    _overview("Carts", result.carts, result)
    if unknown:
        _overview("Shipping unknown, not in the total", unknown, result)
    if result.not_shipping:
        say(f"These sellers do not send to {result.criteria.destination}: {', '.join(result.not_shipping)}.")
    if result.named:
        _in_short(result.named, result)
    for cart in (*result.carts, *unknown):
        _records(cart, result, links)
    if result.run and result.carts:
        say(f"Before you buy, read its copies again: discogs-assistant check {result.run} --rank 1")


def _overview(title: str, carts: tuple[Cart, ...], result: CartsResult) -> None:
    rows = [
        (
            cart.rank,
            cart.seller,
            cart.items,
            amount(cart.total_minor, result.currency),
            cart.shipping.status,
            cart.proof,
            cart.why,
        )
        for cart in carts
    ]
    print_table(title, ("#", "seller", "records", "total", "shipping", "proof", "why"), rows)


def _in_short(answers: tuple[NamedCart, ...], result: CartsResult) -> None:
    rows = [
        (
            answer.name.replace("_", " "),
            answer.cart.seller,
            answer.cart.items,
            amount(answer.cart.total_minor, result.currency),
            answer.cart.why,
        )
        for answer in answers
    ]
    print_table("In short", ("best at", "seller", "records", "total", "why"), rows)


def _records(cart: Cart, result: CartsResult, links: Links) -> None:
    rows = []
    for line in cart.lines:
        release = result.releases[line.release_id]
        rows.append(
            (
                " – ".join(part for part in (release.artist_text, release.title) if part),
                f"{line.media or '–'} / {line.sleeve or '–'}",
                amount(line.price_minor, result.currency),
                links.to_cart(line.listing_id),
            )
        )
    title = f"{cart.seller}: {amount(cart.total_minor, result.currency)}"
    print_table(title, ("record", "condition", "price", "link"), rows)


def _show_plans(result: PlansResult) -> None:
    rows = [
        (name, plan.parcels, f"{plan.covered} of {plan.wanted}", amount(plan.total_minor, result.currency))
        for name, plan in result.answers.items()
    ]
    if rows:
        print_table("Plans over several sellers", ("plan", "parcels", "wants", "total"), rows)
