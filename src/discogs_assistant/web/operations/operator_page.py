"""The operator's page: is the instance healthy, and if not, what is wrong?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.web.operations.operator_view import OperatorView, look
from discogs_assistant.web.session import TheOperator

router = APIRouter(prefix="/operator", include_in_schema=False)


@router.get("")
def page(visitor: TheOperator) -> HTMLResponse:
    """Runs, queue, workers, Discogs' rate limit, slow steps, failures, catalogue, models."""
    return visitor.page("operations/operator.html", view=OperatorView(look(visitor), visitor.ctx.kinds))


@router.get("/now")
def now(visitor: TheOperator) -> HTMLResponse:
    """The changing part of the page, which asks for it every few seconds."""
    return visitor.page("operations/operator_now.html", view=OperatorView(look(visitor), visitor.ctx.kinds))
