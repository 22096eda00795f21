"""The page about the product: data, methods, privacy."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.config import VERSION
from discogs_assistant.web.visitor import TheVisitor

router = APIRouter(include_in_schema=False)


@router.get("/about")
def page(visitor: TheVisitor) -> HTMLResponse:
    """Where the data comes from, and what happens with it."""
    return visitor.page("about.html", version=VERSION)
