"""The operator's page: is the instance well, and if not, where does it hurt?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.web.api_operator import look
from discogs_assistant.web.operator_view import OperatorView
from discogs_assistant.web.visitor import TheOperator

router = APIRouter(prefix="/operator", include_in_schema=False)


@router.get("")
def page(visitor: TheOperator) -> HTMLResponse:
    """Runs, queue, workers, Discogs' allowance, slow steps, failures, catalogue, models."""
    return visitor.page("operator.html", view=OperatorView(look(visitor), visitor.ctx.kinds))


@router.get("/now")
def now(visitor: TheOperator) -> HTMLResponse:
    """The changing part of the page, which asks for it every few seconds."""
    return visitor.page("operator_now.html", view=OperatorView(look(visitor), visitor.ctx.kinds))
