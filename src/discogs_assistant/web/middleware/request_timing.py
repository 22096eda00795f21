"""The duration of requests by route, for metrics and traces: the outermost ASGI middleware."""

from __future__ import annotations

from time import perf_counter

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from discogs_assistant.pipelines.runtime.spans import Spans

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
_STREAM = b"text/event-stream"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Measured:
    """Notes each request's method, route and status with its seconds in a registry of this process.

    A stream of events is measured to its start: how long somebody watches says nothing about our speed.
    """

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, spans: Spans) -> None:
        self._app = app
        self._spans = spans
        self._seconds = Histogram(
            "discogs_assistant_request_seconds",
            "Seconds that requests took in this process, by route.",
            ("method", "route", "status"),
            registry=registry,
            buckets=_BOUNDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how long it took."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, response = perf_counter(), _Response()

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                response.of(message, perf_counter() - began)
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "other"
        with self._spans.span(method, serves=True) as span:
            try:
                await self._app(scope, receive, send_noted)
            finally:
                route = route_of(scope)
                took = response.first_word if response.streams else perf_counter() - began
                self._seconds.labels(method, route, str(response.status)).observe(took)
                span.tell(
                    f"{method} {route}",
                    http_request_method=method,
                    http_route=route,
                    http_response_status__code=response.status,
                )


class _Response:
    """Status and kind of a response, from its start message; 500 if none was sent."""

    status = 500
    first_word = 0.0
    streams = False

    def of(self, message: Message, seconds: float) -> None:
        self.status, self.first_word = message["status"], seconds
        self.streams = any(
            k.lower() == b"content-type" and v.startswith(_STREAM) for k, v in message["headers"]
        )


def route_of(scope: Scope) -> str:
    """The route's pattern, such as /runs/{run}: never the address itself, which may name a person."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    return "/static/{name}" if scope["path"].startswith("/static/") else "none of ours"
