"""The page of sellers ranked by my wants: who has most of what I want, and what could I buy there?"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.seller_ranking import RankedSeller, Ranking, rank_sellers
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.market import sellers
from discogs_assistant.store.runs import results
from discogs_assistant.web import choices
from discogs_assistant.web.forms import Form, ThePosted, TheQuery
from discogs_assistant.web.market import search_form
from discogs_assistant.web.paging import page_of
from discogs_assistant.web.person import Person
from discogs_assistant.web.redirects import own_page, saying, see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/sellers", include_in_schema=False)
_FIELDS = ("budget", "currency", "min_media", "min_seller_rating", "ships_from")
_SORTS = (("wants", "most of my wants"), ("cart", "the best cart"), ("all", "most records in all"))
_PAGE = 25


@router.get("", dependencies=COMPUTED)
def page(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """The sellers within what the address asks for, or else within the limits of the last search."""
    asked = query if query.text("budget") else _earlier(visitor)
    try:
        criteria = ShopOptions.parse(asked.options(_FIELDS), visitor.home).criteria
    except InvalidFieldsError as error:
        return _page(visitor, query, asked.refused(error.fields), None, status=422)
    if visitor.user is None:
        return _page(visitor, query, asked, None)
    found = rank_sellers(visitor.ctx, visitor.owner, visitor.user, criteria)
    return _page(visitor, query, asked, found)


@router.post("/favourites")
def favourite(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Remember a seller, or forget them."""
    remove = posted.form.has("act", "remove")
    act = favourites.remove if remove else favourites.add
    act(visitor.ctx.db, visitor.owner, posted.text("seller"))
    back = own_page(posted.text("back"), "/sellers")
    return see_other(saying(back, "unfavourite" if remove else "favourite"))


def _earlier(visitor: Visitor) -> Form:
    """What the newest search asked for, or what the form of a search begins with."""
    begun = search_form.beginning(visitor.chosen)
    if visitor.user is None:
        return begun
    run = results.latest_run(visitor.ctx.db, visitor.owner, visitor.user, RunKind.SHOP.value)
    return search_form.of_criteria(runs.find(visitor.ctx.db, visitor.owner, run).criteria) if run else begun


def _page(
    visitor: Visitor, query: Form, form: Form, found: Ranking | None, status: int = 200
) -> HTMLResponse:
    sort = query.text("sort") if query.text("sort") in dict(_SORTS) else "wants"
    rows = sorted(found.sellers, key=lambda row: _order(sort, row)) if found else []
    return visitor.page(
        "market/ranked_sellers.html",
        status,
        form=Form({**form.values, "sort": [sort]}, form.errors),
        found=found,
        currency=form.text("currency") or str(visitor.chosen.currency),
        pager=page_of(
            rows, query.text("page"), _PAGE, urlencode({**_kept(visitor, form), "sort": [sort]}, doseq=True)
        ),
        liked=set(sellers.favourites(visitor.ctx.db, visitor.owner)),
        sorts=_SORTS,
        options=ShopOptions.definitions(),
        known=choices.known(visitor.chosen.country),
    )


def _kept(person: Person, form: Form) -> Mapping[str, list[str]]:
    """What the list was asked with, and for whom where that is not the owner's own collector."""
    whose = {"user": [str(person.user)]} if person.suffix else {}
    return whose | {name: form.values[name] for name in _FIELDS if name in form.values}


def _order(sort: str, row: RankedSeller) -> tuple[float, ...]:
    """Sorting keeps the order of wants among equals."""
    if sort == "cart":
        return (-row.cart.objective_micro if row.cart else 1,)
    return (-(row.wanted + row.recommended),) if sort == "all" else ()
