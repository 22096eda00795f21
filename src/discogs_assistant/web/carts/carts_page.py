"""The page of carts: what should I buy, and what if I asked for something else?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.carts.check import request_check
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.price_expiry import shown_check
from discogs_assistant.pipelines.carts.result import CheckResult
from discogs_assistant.pipelines.files.csv_export import carts_csv
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.web import choices
from discogs_assistant.web.carts.cart_cards import Shown, card_of, cart_at, one_card, piece_of, shown, view_of
from discogs_assistant.web.carts.carts_view import MOST, cart_text
from discogs_assistant.web.carts.check_view import CheckView
from discogs_assistant.web.carts.overrides import read_overrides
from discogs_assistant.web.carts.what_if_view import WhatIfView
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.forms import ThePosted, TheQuery, TheQueryBefore
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.runs.finished_results import answer
from discogs_assistant.web.runs.run_page import ask_again
from discogs_assistant.web.session import TheRun, TheVisitor, Visitor

router = APIRouter(prefix="/carts", include_in_schema=False)


@router.get("/checks/{run}", dependencies=COMPUTED)
def check_page(run: TheRun, visitor: TheVisitor) -> Response:
    """A checked cart copy by copy, then the seller's cart, built again."""
    found = runs.find(visitor.ctx.db, visitor.owner, run)
    if found.kind is not RunKind.CHECK:
        raise NotFoundError("This run checked no cart.", "Check a cart first.")
    if found.state is not RunState.DONE:
        return see_other(f"/runs/{run}")
    result = runs.result(visitor.ctx, visitor.owner, run)
    assert isinstance(result, CheckResult)
    document = shown_check(result, visitor.since)
    pictures = covers(visitor, document.releases)
    return visitor.page("carts/check.html", doc=document, view=CheckView(document, pictures))


@router.get("/{run}.csv", dependencies=COMPUTED)
def as_csv(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """All carts for a spreadsheet."""
    headers = {"Content-Disposition": 'attachment; filename="carts.csv"'}
    text = carts_csv(shown(visitor, run, query).document, visitor.links)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{run}", dependencies=COMPUTED)
def page(run: TheRun, visitor: TheVisitor, query: TheQuery, before: TheQueryBefore) -> Response:
    """The named answers, all carts at a glance, each cart's card."""
    if answer(visitor, run) is None and runs.find(visitor.ctx.db, visitor.owner, run).kind is RunKind.SHOP:
        return see_other(f"/runs/{run}")
    found = shown(visitor, run, query, before)
    answered = _page(visitor, found, by_charges=query.has("sort", "charges"))
    answered.headers["HX-Push-Url"] = f"/carts/{run}{found.tail}"
    return answered


@router.get("/{run}/cart/{place}", dependencies=COMPUTED)
def alone(run: TheRun, place: str, visitor: TheVisitor, query: TheQuery) -> Response:
    """One cart with all its records."""
    found = shown(visitor, run, query)
    placed = cart_at(found.document, place)
    card = one_card(visitor, found, placed, brief=False)
    return visitor.page(
        "carts/cart.html",
        doc=found.document,
        run=run,
        placed=placed,
        cart=placed.cart,
        card=card,
        tail=found.tail,
        overrides=found.overrides,
    )


@router.get("/{run}/print", dependencies=COMPUTED)
def to_print(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """Every cart with all its records, to be printed."""
    found = shown(visitor, run, query)
    view = view_of(visitor, found, (), brief=False)
    return visitor.page("carts/print.html", doc=found.document, view=view, run=run, tail=found.tail)


@router.get("/{run}/text", dependencies=COMPUTED)
def as_text(run: TheRun, visitor: TheVisitor, query: TheQuery) -> PlainTextResponse:
    """One cart to paste into a message."""
    document = shown(visitor, run, query).document
    cart = cart_at(document, query.text("cart")).cart
    to_cart = {id: visitor.links.to_cart(id) for id in cart.listing_ids}
    return PlainTextResponse(cart_text(document, cart, to_cart))


@router.post("/{run}/check")
def check(run: TheRun, visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Read each copy of a cart again."""
    asked = request_check(visitor.ctx, visitor.site.queue, visitor.owner, run, posted.text("cart"))
    return see_other(f"/runs/{asked.run.id}")


@router.post("/{run}/again")
def again(run: TheRun, visitor: TheVisitor) -> RedirectResponse:
    """Run the same search again with current prices."""
    return ask_again(visitor, run)


def _page(visitor: Visitor, found: Shown, *, by_charges: bool) -> HTMLResponse:
    document = found.document
    carts = (*document.carts, *(answer.cart for answer in document.named))
    on_cards = {release for cart in carts for release in cart.releases[:MOST]}
    view = view_of(visitor, found, on_cards, brief=True, by_charges=by_charges)
    return visitor.page(
        "carts/carts.html",
        doc=document,
        own=found.own,
        planning=_planning(visitor, found),
        view=view,
        run=found.run,
        tail=found.tail,
        overrides=found.overrides,
        what_if=WhatIfView(found.overrides, found.own, document),
        cards=[card_of(visitor, view, found, placed) for placed in view.cards],
        glance=piece_of(
            visitor,
            "carts/overview.html",
            (),
            (document.prices_expired, view.charges, view.by_charges),
            view=view,
            found=found,
        ),
        options=ShopOptions.definitions(),
        known={**choices.known(None), "areas": choices.areas(None)[1:]},
    )


def _planning(visitor: Visitor, found: Shown) -> bool:
    """Whether the plans of these carts are still looked for."""
    if found.own.plans_run is None:
        return False
    run = stored_runs.run(visitor.ctx.db, visitor.owner, found.own.plans_run)
    return run is not None and not run.state.ended


@router.post("/{run}/search")
def search(run: TheRun, visitor: TheVisitor, query: TheQuery) -> RedirectResponse:
    """Make a what-if a search of its own."""
    old = runs.find(visitor.ctx.db, visitor.owner, run)
    overrides = read_overrides(old, query)
    found = runs.request(
        visitor.ctx,
        visitor.site.queue,
        visitor.owner,
        old.kind,
        old.user,
        {**old.criteria, **overrides.options},
    )
    if found.status == "finished":
        return see_other(f"/carts/{found.run.id}?said=same")
    return see_other(f"/runs/{found.run.id}")
