"""The page of a checked cart: is it still for sale, and at what price?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.carts.price_expiry import shown_check
from discogs_assistant.pipelines.carts.result import CheckResult
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.web.admission import COMPUTED
from discogs_assistant.web.carts.check_view import CheckView
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheRun, TheVisitor

router = APIRouter(prefix="/carts/checks", include_in_schema=False)


@router.get("/{run}", dependencies=COMPUTED)
def page(run: TheRun, visitor: TheVisitor) -> Response:
    """Copy by copy, then the seller's cart, built again."""
    found = runs.find(visitor.ctx, visitor.owner, run)
    if found.kind is not RunKind.CHECK:
        raise NotFoundError("This run checked no cart.", "Check a cart first.")
    if found.state is not RunState.DONE:
        return see_other(f"/runs/{run}")
    result = runs.result(visitor.ctx, visitor.owner, run)
    assert isinstance(result, CheckResult)
    document = shown_check(result, visitor.since)
    pictures = covers(visitor, document.releases)
    return visitor.page("carts/check.html", doc=document, view=CheckView(document, pictures))
