"""Traces by OpenTelemetry, if a setting names a collector; otherwise none of it is loaded."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from discogs_assistant.config import VERSION, Settings
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.runtime.spans import NoSpans, Span, Spans

if TYPE_CHECKING:
    from opentelemetry import trace
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

_PATH = "/v1/traces"
_NAME = "discogs-assistant"


def spans_of(settings: Settings) -> Spans:
    """The spans for the collector in the settings; `BadInputError` if its address is invalid."""
    address = settings.otlp_endpoint.strip().rstrip("/")
    if not address:
        return NoSpans()
    if not address.startswith(("http://", "https://")):
        raise BadInputError(
            f"“{address}” is not the address of a collector.",
            "Set OTLP_ENDPOINT to an address such as http://127.0.0.1:4318.",
            field="otlp_endpoint",
        )
    return CollectedSpans(_provider(address if address.endswith(_PATH) else address + _PATH))


@dataclass(frozen=True, slots=True)
class CollectedSpans:
    """Spans that are sent to a collector in the background; an unreachable collector delays nothing.

    The trace id of a run's work is the run's id in hexadecimal digits.
    """

    provider: TracerProvider

    @contextmanager
    def span(
        self, name: str, run: RunId | None = None, *, serves: bool = False, **facts: str | int
    ) -> Iterator[Span]:
        """A span inside the current span of this thread."""
        from opentelemetry.trace import SpanKind

        tracer = self.provider.get_tracer(_NAME, VERSION)
        kind = SpanKind.SERVER if serves else SpanKind.INTERNAL
        # Record only the class of an error: its message may contain names.
        began = tracer.start_as_current_span(
            name, _within(run), kind, record_exception=False, set_status_on_exception=False
        )
        with began as span:
            reported = _ReportedSpan(span)
            for fact, value in {**facts, **({"run": run} if run else {})}.items():
                span.set_attribute(_attribute(fact), value)
            try:
                yield reported
            except Exception as error:
                reported.failed(error)
                raise

    def close(self) -> None:
        """Send the remaining spans; takes a few seconds at most."""
        self.provider.shutdown()


@dataclass(frozen=True, slots=True)
class _ReportedSpan:
    span: trace.Span

    def tell(self, name: str = "", **facts: str | int) -> None:
        """Name and facts of the span; the fact `http_route` is the attribute http.route."""
        if name:
            self.span.update_name(name)
        for key, value in facts.items():
            self.span.set_attribute(_attribute(key), value)

    def failed(self, error: Exception) -> None:
        """Mark it as failed by an error of this class."""
        from opentelemetry.trace import Status, StatusCode

        self.span.set_status(Status(StatusCode.ERROR))
        self.span.set_attribute("error.type", type(error).__name__)


def _attribute(fact: str) -> str:
    return "_".join(part.replace("_", ".") for part in fact.split("__"))


def _provider(address: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": _NAME, "service.version": VERSION})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address, timeout=5)))
    return provider


def _within(run: RunId | None) -> Context | None:
    """The trace of a run, unless this thread is in it already."""
    from opentelemetry import trace

    if run is None:
        return None
    digits = base64.urlsafe_b64decode(f"{run}==")
    number = int.from_bytes(digits, "big")
    if number == trace.get_current_span().get_span_context().trace_id:
        return None
    # The root span does not exist: whichever worker continues the run, its spans get the same parent.
    root = trace.SpanContext(
        number, int.from_bytes(digits[:8], "big") or 1, True, trace.TraceFlags(trace.TraceFlags.SAMPLED)
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(root))
