"""The shapes of the JSON API's answers and options, for its OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.what_if import OVERRIDABLE
from discogs_assistant.pipelines.recommendations.options import RecommendOptions
from discogs_assistant.pipelines.runtime.options.model import OptionsModel
from discogs_assistant.web.recommendations.list_query import NARROWING


class RunRef(BaseModel):
    """The run that answers a request."""

    run: str = Field(description="22 URL-safe characters.")


class RunDocument(BaseModel):
    """How far a run is; `stage` never falls."""

    run: str
    kind: str = Field(description="Such as sync, recommendations or carts.")
    user: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: int
    stages: int
    stage_name: str
    done: int
    total: int
    seconds_left: int | None
    waiting_for: str | None
    partial: list[str]
    error: str | None
    created_at: str
    finished_at: str | None


class WantDocument(BaseModel):
    """A wanted release; `added` is when it was first wanted, where Discogs tells."""

    release_id: int
    added: str | None


class Failure(BaseModel):
    """What went wrong, in a sentence; `fields` holds a sentence for each wrong option."""

    model_config = ConfigDict(extra="allow")

    error: str
    next_step: str = ""
    code: str
    fields: dict[str, str] | None = None


FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure, "description": words}
    for status, words in (
        (403, "A foreign page asked."),
        (404, "Unknown, or somebody else's."),
        (408, "The body did not arrive in time."),
        (409, "Not possible in the run's present state."),
        (413, "The body is larger than allowed."),
        (415, "A body of a kind that is not taken here."),
        (422, "Bad input, with a sentence per field."),
        (429, "Too often; `Retry-After` says when it is possible again."),
    )
}
UPSTREAM: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure, "description": words}
    for status, words in (
        (502, "Discogs refused, or its answer cannot be read."),
        (503, "Discogs cannot be reached or has no time."),
    )
}
_TEXT = {"type": "string"}
_SHOP = ShopOptions.request_schema()["properties"]
_RECOMMEND = RecommendOptions.request_schema()["properties"]


def body_of(options: type[OptionsModel]) -> dict[str, Any]:
    """The request body of a run, for the OpenAPI document.

    The body is read by `OptionsModel.parse` and not by FastAPI: amounts are in the person's own currency
    where none is named, and each wrong option has a sentence.
    """
    schema = options.request_schema()
    required = "required" in schema
    return {"requestBody": {"content": {"application/json": {"schema": schema}}, "required": required}}


def _query(schemas: dict[str, Any]) -> dict[str, Any]:
    return {
        "parameters": [
            {"name": name, "in": "query", "schema": schema, "explode": True, "required": False}
            for name, schema in schemas.items()
        ]
    }


OVERRIDES_QUERY = _query({name: _SHOP[name] for name in sorted(OVERRIDABLE)})
LIST_QUERY = _query({"run": _TEXT} | {name: _RECOMMEND[name] for name in NARROWING})
SEARCH_QUERY = {
    "parameters": [
        {"name": name, "in": "query", "schema": schema, "required": False}
        for name, schema in (
            *((name, _TEXT) for name in ("q", "artist", "title", "label", "catno", "barcode")),
            *((name, _TEXT) for name in ("genre", "style", "country", "format")),
            ("decade", {"type": "integer"}),
            ("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 20}),
        )
    ]
}
