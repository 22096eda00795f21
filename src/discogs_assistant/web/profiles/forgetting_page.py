"""The page that asks before it removes a collector's records."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from discogs_assistant.pipelines.profiles.forgetting import forget_collector, kept_collector
from discogs_assistant.store.profiles import profiles
from discogs_assistant.web.forms import ThePosted
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheVisitor

router = APIRouter(prefix="/profile/forget", include_in_schema=False)


@router.get("")
def ask_to_forget(visitor: TheVisitor) -> HTMLResponse:
    """What would be removed, before it is removed; `NotFoundError` if nothing is stored."""
    user = kept_collector(visitor.ctx, visitor.owner, visitor.user or "")
    profile = profiles.profile(visitor.ctx.db, visitor.owner, user)
    return visitor.page("profiles/forget.html", user=user, profile=profile)


@router.post("")
def forget(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Remove the records, their feedback, and everything made from both."""
    forget_collector(visitor.ctx, visitor.owner, posted.text("user"))
    visitor.site.forget()
    return see_other("/profile?said=records")
