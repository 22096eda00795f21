"""The JSON API's look at the whole instance, for its operators."""

from __future__ import annotations

from fastapi import APIRouter

from discogs_assistant.pipelines.operations.overview_document import OperatorDocument, operator_document
from discogs_assistant.web.api.schemas import FAILURES
from discogs_assistant.web.operations.operator_page import look
from discogs_assistant.web.session import TheOperator

router = APIRouter(prefix="/api", tags=["operator"], responses=FAILURES)


@router.get("/operator")
def instance(visitor: TheOperator) -> OperatorDocument:
    """The state of the instance, without personal data. 403 for anyone but an operator."""
    return operator_document(look(visitor))
