"""Traces reach the collector that a setting names, and nothing is loaded where none does."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Sent
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from tests.pipelines.workers import at_work, make_runner, open_run, opened, until_ended
from tests.web.fakes import make_instance

from discogs_assistant.bootstrap.tracing import spans_of
from discogs_assistant.config import Settings
from discogs_assistant.errors import BadInputError, PrivateError
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.pipelines.runtime.spans import NoSpans


@dataclass
class Collector:
    """What a collector of traces was sent."""

    address: str
    paths: list[str] = field(default_factory=list)
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)

    @property
    def spans(self) -> list[Sent]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def facts(self, name: str) -> dict[str, Any]:
        span = next(span for span in self.spans if span.name == name)
        return {f.key: f.value.string_value or f.value.int_value for f in span.attributes}


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            received.paths.append(self.path)
            received.requests.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings(address: str) -> Settings:
    return Settings(_env_file=None, otlp_endpoint=address)  # type: ignore[call-arg]


def test_runs_and_steps_are_one_trace_whose_number_is_the_runs(tmp_path: Path) -> None:
    def body(flow: Flow) -> None:
        flow.step("look", lambda: None)
        flow.fan_out("read", [1], deadline=20)
        flow.step("fail", refuse)

    with collector() as received, opened(tmp_path / "a.db") as db:
        spans = spans_of(settings(received.address))
        run = open_run(db)
        runner = replace(make_runner(db, body, handlers={"read": lambda run, chunk: 1}), spans=spans)
        with at_work(runner):
            runner.enqueue(run.id)
            until_ended(db, run.id)
        spans.close()
        named = {span.name: span for span in received.spans}
        assert named.keys() >= {"run sync", "step look", "chunk of read", "step lay out read-1", "step fail"}
        number = urlsafe_b64decode(f"{run.id}==")
        assert {span.trace_id for span in received.spans} == {number}
        assert named["step look"].parent_span_id == named["run sync"].span_id
        assert received.facts("step look") == {"run": run.id, "step": "look"}
        assert named["step fail"].status.code == Status.STATUS_CODE_ERROR
        assert received.facts("step fail")["error.type"] == "PrivateError"
        assert b"somebody" not in b"".join(request.SerializeToString() for request in received.requests)
        assert set(received.paths) == {"/v1/traces"}


def refuse() -> None:
    raise PrivateError("The collection of somebody is private.")


def test_requests_are_named_by_their_route_and_never_by_their_address(tmp_path: Path) -> None:
    with collector() as received, opened(tmp_path / "a.db") as db:
        instance = make_instance(tmp_path, db)
        spans = spans_of(settings(f"{received.address}/v1/traces/"))
        browser = instance.with_parts(spans=spans).browser()
        browser.get("/runs/abc?user=somebody")
        browser.get("/health")
        spans.close()
        assert {span.name for span in received.spans} == {"GET /runs/{run}", "GET /health"}
        assert received.facts("GET /health")["http.response.status_code"] == 200
        assert received.facts("GET /runs/{run}") == {
            "http.request.method": "GET",
            "http.route": "/runs/{run}",
            "http.response.status_code": 404,
        }
        assert {span.kind for span in received.spans} == {Sent.SPAN_KIND_SERVER}
        assert b"somebody" not in b"".join(request.SerializeToString() for request in received.requests)


def test_a_collector_that_is_away_holds_nobody_up() -> None:
    spans = spans_of(settings("http://127.0.0.1:9"))
    with spans.span("work"):
        pass
    spans.close()


def test_without_the_setting_nothing_is_loaded() -> None:
    assert isinstance(spans_of(settings("")), NoSpans)
    code = (
        "import sys\nfrom discogs_assistant.config import Settings\n"
        "from discogs_assistant.bootstrap.tracing import spans_of\nspans_of(Settings(_env_file=None))\n"
        "import discogs_assistant.web.app, discogs_assistant.pipelines.runtime.spans\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_no_address_is_bad_input() -> None:
    with pytest.raises(BadInputError, match="OTLP_ENDPOINT"):
        spans_of(settings("collector:4318"))
