"""The shapes of the JSON API's answers and options, for its OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from discogs_assistant.pipelines.what_if import MOVES
from discogs_assistant.web.list_wishes import NARROWING


class RunRef(BaseModel):
    """The run that answers a request."""

    run: str = Field(description="22 URL-safe characters.")


class RunDocument(BaseModel):
    """How far a run is; `stage` never falls."""

    run: str
    kind: Literal["sync", "recommendations", "carts", "market", "check"]
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
_FLAG = {"type": "boolean"}
_MANY = {"type": "array", "items": _TEXT}
_ANEW = {"run_anew": {**_FLAG, "description": "Do not reuse an equal finished run."}}
_NEW = {"new_artists": _FLAG, "new_labels": _FLAG}


def _body(properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties | _ANEW, "additionalProperties": False}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}, "required": False}}


SYNC_BODY = _body({"full": _FLAG})
_RECOMMEND = (
    _NEW
    | {"top": {"type": "integer"}, "include_wantlist": _FLAG}
    | {name: _MANY for name in ("genres", "styles", "formats", "countries")}
    | {name: {"type": "integer"} for name in ("year_from", "year_to", "per_artist")}
    | {"decades": {"type": "array", "items": {"type": "integer"}}}
    | {name: _TEXT for name in ("max_price", "currency", "min_media")}
    | {
        "surprise": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "From 0, the safe list, to 1, the adventurous one.",
        }
    }
)
RECOMMEND_BODY = _body(_RECOMMEND)
_SHOP = (
    _NEW
    | {name: _TEXT for name in ("budget", "currency", "min_media", "min_sleeve", "destination")}
    | {name: _TEXT for name in ("min_seller_rating", "max_price", "ratio")}
    | {name: _MANY for name in ("ships_from", "exclude_seller", "formats")}
    | {name: {"type": "integer"} for name in ("min_seller_ratings", "min_items", "top", "per_seller")}
    | {name: {"type": "array", "items": {"type": "integer"}} for name in ("must", "exclude_release")}
    | {name: _FLAG for name in ("include_shipping", "min_orders", "any_pressing", "uniform_wants")}
)
SHOP_BODY = _body(_SHOP)
MOVES_QUERY = {
    "parameters": [
        {"name": name, "in": "query", "schema": _SHOP[name], "explode": True, "required": False}
        for name in sorted(MOVES)
    ]
}
LIST_QUERY = {
    "parameters": [
        {"name": name, "in": "query", "schema": schema, "explode": True, "required": False}
        for name, schema in (("run", _TEXT), *((name, _RECOMMEND[name]) for name in NARROWING))
    ]
}
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
