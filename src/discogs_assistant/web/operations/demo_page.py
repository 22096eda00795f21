"""Opens the made-up world from a server of the real one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from discogs_assistant.errors import NotFoundError
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheVisitor, Visitor
from discogs_assistant.web.site import TryOut

router = APIRouter(include_in_schema=False)
ADDRESS = "/start/made-up"


@router.post(ADDRESS)
def start(visitor: TheVisitor) -> RedirectResponse:
    """Start the second server, then wait for it on a page."""
    _try_out(visitor).start()
    return see_other(ADDRESS)


@router.get(ADDRESS)
def wait(visitor: TheVisitor) -> HTMLResponse:
    """Show the state and refresh; redirect once the server answers."""
    world = _try_out(visitor)
    failed = world.failed()
    # A page and no redirect: form-action also holds for where a form's redirects lead, and allows only us.
    return visitor.page(
        "operations/demo.html", 503 if failed else 200, failed=failed, address=world.address()
    )


def _try_out(visitor: Visitor) -> TryOut:
    if visitor.site.try_out is None:
        raise NotFoundError(
            "This server cannot start a made-up world.", "Start one: discogs-assistant run --sandbox."
        )
    return visitor.site.try_out
