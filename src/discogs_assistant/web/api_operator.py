"""The JSON API's look at the whole instance, for its operators."""

from __future__ import annotations

from fastapi import APIRouter

from discogs_assistant.pipelines.operator_document import OperatorDocument, operator_document
from discogs_assistant.pipelines.operator_overview import Overview, overview
from discogs_assistant.web.api_schemas import FAILURES
from discogs_assistant.web.visitor import TheOperator, Visitor

router = APIRouter(prefix="/api", tags=["operator"], responses=FAILURES)


@router.get("/operator")
def instance(visitor: TheOperator) -> OperatorDocument:
    """How the instance does; nothing in it tells whose anything is. 403 for who is no operator."""
    return operator_document(look(visitor))


def look(visitor: Visitor) -> Overview:
    """The overview, at most five seconds old: several pages that refresh themselves cost one."""
    return visitor.site.memory.recall("operator", visitor.now, lambda: overview(visitor.ctx))
