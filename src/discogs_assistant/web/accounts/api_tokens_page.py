"""Tokens of a person's programs, and secret addresses of their feed: made, shown once, listed, withdrawn."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from discogs_assistant.errors import ConflictError, InvalidFieldsError
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.store.accounts import api_tokens
from discogs_assistant.store.accounts.api_tokens import Opens
from discogs_assistant.web.forms import Form, ThePosted
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/settings/tokens", include_in_schema=False)


@router.get("")
def page(visitor: TheVisitor) -> HTMLResponse:
    """Which programs may ask, and when they did last."""
    return _page(visitor, Form())


@router.post("")
def make(visitor: TheVisitor, posted: ThePosted) -> HTMLResponse:
    """Make one; this page is the only one that ever shows it."""
    if not visitor.signed_in_as:
        raise ConflictError(
            "Programs need no token here: only this machine can connect.", "Continue without one."
        )
    opens: Opens = "feed" if posted.form.has("opens", "feed") else "api"
    try:
        secret = sessions.add_api_token(visitor.ctx, visitor.owner, posted.text("name"), opens)
    except InvalidFieldsError as error:
        return _page(visitor, posted.form.refused(error.fields), 422)
    return _page(visitor, Form(), 201, **{opens: secret})


@router.post("/withdraw")
def withdraw(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Withdraw a token."""
    sessions.withdraw_api_token(visitor.ctx.db, visitor.owner, posted.text("name"))
    return see_other("/settings/tokens?said=withdrawn")


def _page(visitor: Visitor, form: Form, status: int = 200, *, api: str = "", feed: str = "") -> HTMLResponse:
    kept = api_tokens.tokens_of(visitor.ctx.db, visitor.owner)
    public = visitor.settings.public_url
    return visitor.page(
        "accounts/api_tokens.html", status, form=form, tokens=kept, secret=api, feed=feed, public=public
    )
