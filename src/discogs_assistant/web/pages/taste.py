"""The page of a collector's taste: what do I own, what goes with what, and what did I change?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.taste_document import taste_document
from discogs_assistant.web.taste_view import charts_of, drawing_of, effects_of, next_door
from discogs_assistant.web.visitor import TheVisitor

router = APIRouter(prefix="/taste", include_in_schema=False)


@router.get("")
def page(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """Charts of what is owned, the map of its styles, and what each love and hide moved."""
    told = taste_document(visitor, visitor.user) if visitor.user else None
    if told is None:
        return visitor.page("taste.html", taste=None)
    named = visitor.user if visitor.suffix else None
    return visitor.page(
        "taste.html",
        taste=told,
        columns=charts_of(told, named),
        drawing=drawing_of(told),
        next_door=next_door(told),
        effects=effects_of(told, f"/taste{visitor.suffix}"),
        shown_again=query.text("done").startswith("unhide-"),
    )
