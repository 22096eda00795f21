"""What a person or a program sees when something goes wrong: a page, or JSON for the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from discogs_assistant.errors import (
    AssistantError,
    BusyError,
    DatabaseAwayError,
    InvalidFieldsError,
    NotSignedInError,
    RateLimitedError,
    TooOftenError,
)
from discogs_assistant.web.redirects import SIGN_IN, see_other
from discogs_assistant.web.rendering import Templates

_TITLES = {
    401: "Please sign in",
    403: "That is not allowed",
    404: "Nothing here",
    405: "That cannot be done here",
    408: "That took too long",
    409: "That is not possible now",
    413: "That is too much at once",
    415: "That cannot be read here",
    421: "Wrong address",
    422: "Something is not right yet",
    429: "Too many tries",
    502: "Discogs could not help",
    503: "Not available right now",
}
_PLAIN = {
    404: ("This page does not exist.", "Go back to the start."),
    405: ("This address cannot be used in that way.", "Use the buttons of the page."),
}
_UNEXPECTED = (
    "Something went wrong on our side.",
    "Nothing that was stored is lost. Try again; if it happens again, look at the log.",
)


def install(app: FastAPI) -> None:
    """Answer every error that endpoints raise."""
    app.add_exception_handler(AssistantError, _on_failure)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


def failure_response(scope: Scope, error: Exception) -> Response:
    """The answer to an `AssistantError`: its sentence, its next step, its status."""
    assert isinstance(error, AssistantError)
    extra: dict[str, object] = {"next_step": error.next_step, "code": error.code}
    headers = {}
    if isinstance(error, NotSignedInError):
        return _sign_in_first(scope, error, extra)
    if isinstance(error, InvalidFieldsError):
        extra["fields"] = error.fields
    if isinstance(error, RateLimitedError | TooOftenError) and error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if isinstance(error, DatabaseAwayError | BusyError):
        headers["Retry-After"] = "5"
    return _answer(scope, error.http_status, error.sentence, extra, headers)


def unexpected_response(scope: Scope, error: Exception) -> Response:
    """The answer to an unexpected error; the log gets the details, the person a sentence."""
    structlog.get_logger().error("unexpected", path=_logged(scope), exc_info=error)
    sentence, next_step = _UNEXPECTED
    return _answer(scope, 500, sentence, {"next_step": next_step, "code": "error"}, {})


def _logged(scope: Scope) -> str:
    """The path, or the route's pattern if a part of the path is a secret."""
    secret = "secret" in scope.get("path_params", {})
    return str(scope["route"].path if secret else scope["path"])


def _sign_in_first(scope: Scope, error: AssistantError, extra: Mapping[str, object]) -> Response:
    """A page leads to the sign-in and back; a program, a script and a stream of events get an error."""
    headers = Headers(scope=scope)
    asks = headers.get("accept", "")
    if _wants_json(scope) or asks.startswith("text/event-stream"):
        challenge = {"WWW-Authenticate": "Bearer"}
        return _answer(scope, error.http_status, error.sentence, extra, challenge)
    if headers.get("hx-request"):
        return _answer(scope, error.http_status, error.sentence, extra, {"HX-Redirect": SIGN_IN})
    if scope["method"] not in {"GET", "HEAD"}:
        return see_other(SIGN_IN)
    query = scope["query_string"].decode("latin-1")
    asked = scope["path"] + (f"?{query}" if query else "")
    return see_other(SIGN_IN if asked == "/" else f"{SIGN_IN}?{urlencode({'next': asked})}")


def _on_failure(request: Request, error: Exception) -> Response:
    return failure_response(request.scope, error)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = {str(problem["loc"][-1]): f"{problem['msg']}." for problem in error.errors()}
    return failure_response(request.scope, InvalidFieldsError(fields))


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence, next_step = _PLAIN.get(error.status_code, (f"{error.detail.rstrip('.')}.", ""))
    extra = {"next_step": next_step, "code": HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")}
    return _answer(request.scope, error.status_code, sentence, extra, error.headers or {})


def _answer(
    scope: Scope, status: int, sentence: str, extra: Mapping[str, object], headers: Mapping[str, str]
) -> Response:
    if _wants_json(scope):
        # In ASCII, because a sentence may quote half a surrogate pair, which cannot be encoded.
        body = json.dumps({"error": sentence} | dict(extra))
        return Response(body, status, headers=dict(headers), media_type="application/json")
    templates: Templates = scope["app"].state.templates
    title = _TITLES.get(status, "Something went wrong")
    page = templates.render(
        "error.html", path=scope["path"], title=title, sentence=sentence, next_step=extra["next_step"]
    )
    return HTMLResponse(page.encode("utf-8", "replace"), status, headers=dict(headers))


def _wants_json(scope: Scope) -> bool:
    accept = Headers(scope=scope).get("accept", "")
    return scope["path"].startswith(("/api/", "/health", "/ready")) or accept.startswith("application/json")
