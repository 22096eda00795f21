"""The page of the market: who sells what I want?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.market.uploads import add_market_files
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.results.counts import MarketResult
from discogs_assistant.pipelines.runtime.uploads.reading import UploadedFile
from discogs_assistant.store.market import sellers
from discogs_assistant.web import choices, formatting
from discogs_assistant.web.forms import Form, Posted, ThePosted, problems
from discogs_assistant.web.market.seller_view import favourite_rows, fresh_market_view, market_view
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.route_limits import COMPUTED, TheUpload
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/market", include_in_schema=False)
_ORIGINS = {
    Origin.INVENTORY: "sellers' stock, read from Discogs",
    Origin.LISTING: "single copies, read from Discogs",
    Origin.PAGE: "uploaded pages",
    Origin.FILE: "uploaded files",
}


@router.get("", dependencies=COMPUTED)
def page(visitor: TheVisitor) -> HTMLResponse:
    """What is known for sale, by seller."""
    return _page(visitor, Form())


@router.post("/favourites")
def add_favourite(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Remember a seller."""
    try:
        favourites.add(visitor.ctx.db, visitor.owner, posted.text("seller"))
    except BadInputError as error:
        return _page(visitor, posted.form.refused(problems(error, "seller")), 422)
    return see_other("/market?said=favourite")


@router.post("/favourites/remove")
def remove_favourite(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Forget a seller."""
    favourites.remove(visitor.ctx.db, visitor.owner, posted.text("seller"))
    return see_other("/market?said=unfavourite")


@router.post("/refresh")
def refresh(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Read the stock of a seller, or of all favourites."""
    named = posted.text("seller")
    names = [named] if named else sellers.favourites(visitor.ctx.db, visitor.owner)
    try:
        answer = runs.request(
            visitor.ctx, visitor.site.queue, visitor.owner, RunKind.MARKET, "", {"sellers": names}
        )
    except BadInputError as error:
        return _page(visitor, posted.form.refused(problems(error, "seller")), 422)
    return see_other(f"/runs/{answer.run.id}")


@router.post("/files")
def files(visitor: TheVisitor, posted: TheUpload) -> Response:
    """Read uploaded pages and files; they are parsed and discarded."""
    try:
        read = _upload(visitor, posted)
    except BadInputError as error:
        wrong = problems(error, "files")
        if "seller" in wrong:
            wrong["of_seller"] = wrong.pop("seller")
        return _page(visitor, posted.form.refused(wrong), 422)
    copies, records = (
        formatting.count(read.listings, "copy", "copies"),
        formatting.count(read.releases, "record"),
    )
    sentence = f"Read {copies} of {records} from {formatting.count(read.sellers, 'seller')}."
    return _page(replace(visitor, said=sentence), Form(), partial=read.partial)


def _upload(visitor: Visitor, posted: Posted) -> MarketResult:
    if not posted.files:
        raise BadInputError("Choose at least one file.", field="files")
    return add_market_files(
        visitor.ctx,
        visitor.owner,
        [UploadedFile(file.name, file.content) for file in posted.files],
        seller=posted.text("of_seller").strip() or None,
        currency=posted.text("currency") or None,
        ships_from=posted.text("ships_from") or None,
    )


def _page(
    visitor: Visitor, form: Form, status: int = 200, partial: Sequence[str] | None = None
) -> HTMLResponse:
    liked = sellers.favourites(visitor.ctx.db, visitor.owner)
    known = market_view(visitor) if partial is None else fresh_market_view(visitor)
    rows, favourites_now = known.sellers.rows, favourite_rows(visitor, liked)
    minute = visitor.now.replace(second=0, microsecond=0)
    return visitor.page(
        "market/market.html",
        status,
        form=form,
        partial=list(partial or ()),
        for_sale=known.summary,
        origins=_ORIGINS,
        liked=len(liked),
        names=visitor.piece("market/favourites.html", (), (favourites_now,), favourites=favourites_now),
        matches=rows
        and visitor.piece(
            "market/market_sellers.html",
            (),
            (rows, tuple(liked), minute),
            matches=rows,
            liked=set(liked),
            now=minute,
        ),
        more=known.sellers.more,
        interests=known.sellers.interests,
        currencies=(("", "–"), *choices.currencies()),
        countries=choices.countries(),
    )
