"""Make a what-if a search of its own."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse

from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.web.carts.overrides import read_overrides
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheRun, TheVisitor

router = APIRouter(prefix="/carts", include_in_schema=False)


@router.post("/{run}/search")
def search(run: TheRun, visitor: TheVisitor, query: TheQuery) -> RedirectResponse:
    """Search with the overridden criteria."""
    old = runs.find(visitor.ctx, visitor.owner, run)
    overrides = read_overrides(old, query)
    found = runs.request(
        visitor.ctx,
        visitor.site.queue,
        visitor.owner,
        old.kind,
        old.user,
        {**old.criteria, **overrides.options},
    )
    if found.status == "finished":
        return see_other(f"/carts/{found.run.id}?said=same")
    return see_other(f"/runs/{found.run.id}")
