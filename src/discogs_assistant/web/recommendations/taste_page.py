"""The page of a collector's taste: what do I own, what goes with what, and what did I change?"""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import HTMLResponse

from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.recommendations.taste_document import KnownTaste, known_taste
from discogs_assistant.web.recommendations.taste_view import effects_of, owned_view
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/taste", include_in_schema=False, dependencies=COMPUTED)


@router.get("")
def page(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """Charts of what is owned, the map of its styles, and what each love and hide moved."""
    known = known_taste(visitor, visitor.user) if visitor.user else None
    if known is None:
        return visitor.page("recommendations/taste.html", taste=None)
    return visitor.page(
        "recommendations/taste.html",
        taste=known.document,
        owned=_owned(visitor, known),
        effects=effects_of(known.document, f"/taste{visitor.suffix}"),
        shown_again=query.text("done").startswith("unhide-"),
    )


def _owned(visitor: Visitor, known: KnownTaste) -> Markup:
    """Charts and map, drawn once for what is known."""
    user = visitor.user if visitor.suffix else None
    return visitor.piece(
        "recommendations/taste_owned.html",
        (user,),
        known.owned,
        taste=known.document,
        more=lambda: {"view": owned_view(known.document, user)},
    )
