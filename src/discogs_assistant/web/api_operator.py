"""The JSON API's look at the whole instance, for its operators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from discogs_assistant.pipelines.operator_document import operator_json
from discogs_assistant.pipelines.operator_overview import Overview, overview
from discogs_assistant.web.api_schemas import FAILURES
from discogs_assistant.web.visitor import TheOperator, Visitor

router = APIRouter(prefix="/api", tags=["operator"], responses=FAILURES)


class OperatorDocument(BaseModel):
    """Runs, queue, workers, Discogs' allowance, steps of the last day, catalogue, models, failures."""

    at: str
    people: int
    runs: list[dict[str, Any]]
    oldest_queued_seconds: float | None
    open: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    workers: list[dict[str, Any]]
    api: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    catalogue: dict[str, Any]
    models: list[dict[str, Any]]
    own_models: int


@router.get("/operator", response_model=OperatorDocument)
def instance(visitor: TheOperator) -> dict[str, Any]:
    """How the instance does; nothing in it tells whose anything is. 403 for who is no operator."""
    return operator_json(look(visitor))


def look(visitor: Visitor) -> Overview:
    """The overview, at most five seconds old: several pages that refresh themselves cost one."""
    return visitor.site.memory.recall("operator", visitor.now, lambda: overview(visitor.ctx))
