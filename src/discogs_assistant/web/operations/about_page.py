"""The page about the product: data, methods, privacy."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.config import VERSION
from discogs_assistant.web.session import MaybeVisitor, TheSite

router = APIRouter(include_in_schema=False)


@router.get("/about")
def page(site: TheSite, somebody: MaybeVisitor) -> HTMLResponse:
    """Where the data comes from and what happens with it, for everybody, before they sign in."""
    if somebody is not None:
        return somebody.page("operations/about.html", version=VERSION)
    return HTMLResponse(
        site.templates.render("operations/about.html", path="/about", version=VERSION, bare=True)
    )
