"""Typed documents as answers of the JSON API."""

from __future__ import annotations

from typing import Any, TypeAlias

from starlette.responses import JSONResponse

from discogs_assistant.pipelines.runtime.results.documents import printed

Responses: TypeAlias = dict[int | str, dict[str, Any]]
"""What OpenAPI says of answers by their status, as FastAPI takes it."""


def json_answer(document: object) -> JSONResponse:
    """A document, printed as the command line prints it."""
    return JSONResponse(printed(document))
