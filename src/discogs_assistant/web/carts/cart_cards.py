"""The parts of the pages of a run's carts: the document, its carts, their cards."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import RunId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.price_expiry import shown_carts
from discogs_assistant.pipelines.carts.result import CartsResult
from discogs_assistant.pipelines.carts.what_if import what_if
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web.carts.carts_view import CartsView, PlacedCart
from discogs_assistant.web.carts.overrides import Overrides, read_overrides
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.printed_artists import printed_artists
from discogs_assistant.web.forms import Form
from discogs_assistant.web.runs.finished_results import answer
from discogs_assistant.web.session import Visitor


@dataclass(frozen=True, slots=True)
class Shown:
    """The carts that an address asks for: those a search found, `own`, or those after overrides."""

    run: RunId
    own: CartsResult
    document: CartsResult
    overrides: Overrides

    @property
    def tail(self) -> str:
        """The query that keeps the overrides in an address."""
        return f"?{self.overrides.query}" if self.overrides.query else ""


def shown(visitor: Visitor, run: RunId, query: Form, before: Form | None = None) -> Shown:
    """The carts of a run with the overrides of an address; expired ones stay as they are."""
    own = document_of(visitor, run)
    overrides = read_overrides(runs.find(visitor.ctx.db, visitor.owner, run), query, before)
    if own.prices_expired or not overrides.changed:
        return Shown(run, own, own, overrides)
    return Shown(run, own, what_if(visitor.ctx, visitor.owner, run, overrides.options), overrides)


def document_of(visitor: Visitor, run: RunId) -> CartsResult:
    """The carts that a run built, without expired prices."""
    known = answer(visitor, run)
    result = known.result if known else None
    if result is None and runs.find(visitor.ctx.db, visitor.owner, run).kind is RunKind.SHOP:
        result = runs.result(visitor.ctx, visitor.owner, run)
    if not isinstance(result, CartsResult):
        raise NotFoundError("This run built no carts.", "Build carts first.")
    return shown_carts(result, visitor.since)


def cart_at(document: CartsResult, place: str) -> PlacedCart:
    """The cart at a place; `NotFoundError` where there is none."""
    placed = CartsView(document, {}).card(place)
    if placed is None:
        raise NotFoundError("There is no such cart.", "Choose one of the list.")
    return placed


def view_of(
    visitor: Visitor, found: Shown, releases: Iterable[int], *, brief: bool, by_charges: bool = False
) -> CartsView:
    """The carts with covers of these releases, and with what the person has bought."""
    user = UserName(found.document.user)
    bought = feedback.feedback(visitor.ctx.db, visitor.owner, user).bought
    must = frozenset(found.overrides.now["must"])
    ids = list(releases)
    pictures, artists = covers(visitor, ids), printed_artists(visitor, ids)
    return CartsView(
        found.document,
        pictures,
        brief,
        bought,
        must,
        found.overrides.query,
        artists,
        charges=visitor.chosen.import_charges,
        by_charges=by_charges and visitor.chosen.import_charges,
    )


def one_card(visitor: Visitor, found: Shown, placed: PlacedCart, *, brief: bool) -> Markup:
    """The card of a cart by itself, with all its records or only the first."""
    view = view_of(visitor, found, placed.cart.releases, brief=brief)
    return card_of(visitor, view, found, placed)


def card_of(visitor: Visitor, view: CartsView, found: Shown, placed: PlacedCart) -> Markup:
    """The card of one of the view's carts."""
    return piece_of(
        visitor,
        "carts/card_response.html",
        view.place(placed),
        view.given(placed.cart),
        view=view,
        found=found,
        placed=placed,
        cart=placed.cart,
    )


def piece_of(
    visitor: Visitor,
    template: str,
    place: tuple[Hashable, ...],
    given: tuple[Hashable, ...],
    *,
    view: CartsView,
    found: Shown,
    **more: Any,
) -> Markup:
    """A part of the page; what the search itself found never changes, and is cached."""
    values = {"doc": view.document, "view": view, "run": found.run, "tail": found.tail, **more}
    if found.tail:
        # Rendered by our own templates, which escape.
        return Markup(visitor.site.templates.render(template, **values))  # noqa: S704
    return visitor.piece(template, (found.run, *place), given, **values)
