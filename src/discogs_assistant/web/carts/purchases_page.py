"""Marking what was bought, and undoing that."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.web.carts.cart_cards import cart_at, one_card, shown
from discogs_assistant.web.forms import ThePosted, TheQuery
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheRun, TheVisitor

router = APIRouter(include_in_schema=False)
_ALL = "all"


@router.post("/carts/{run}/bought")
def of_cart(
    run: TheRun, visitor: TheVisitor, posted: ThePosted, query: TheQuery, request: Request
) -> Response:
    """Mark a cart or one of its records as bought, or undo it; a script gets the card, a form the page."""
    found = shown(visitor, run, query)
    placed = cart_at(found.document, posted.text("cart"))
    whole, undo = posted.form.has("whole", "on"), posted.text("undo")
    named = undo or posted.text("buy")
    ids = [release for release in placed.cart.releases if named in (_ALL, str(release))]
    if not ids:
        raise BadInputError("This is not a record of the cart.", "Go back and press the button again.")
    say = feedback.not_bought if undo else feedback.bought
    say(visitor.ctx, visitor.owner, UserName(found.document.user), ids)
    if "hx-request" in request.headers:
        text = one_card(visitor, found, placed, brief=not whole)
        return HTMLResponse(text.encode("utf-8", "replace"))
    card = f"/cart/{placed.place}{found.tail}" if whole else f"{found.tail}#{placed.anchor}"
    return see_other(f"/carts/{run}{card}")


@router.post("/profile/not-bought")
def undo_one(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """A record was not bought after all."""
    release = posted.text("release")
    if not (release.isascii() and release.isdecimal() and len(release) < 13):
        raise BadInputError("This is not a record.", "Go back and press the button again.")
    user = visitor.spelled(posted.text("user"))
    feedback.not_bought(visitor.ctx, visitor.owner, user, [ReleaseId(int(release))])
    return see_other(f"/profile{visitor.suffix}#bought")
