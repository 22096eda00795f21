"""The short form of `python -m tests.web.api.api_fuzz`: some hundred requests made from the API's own
document.

Its library takes seconds to load, so that it is imported where it is used.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, HTTPException
from tests.durations import only_when_long
from tests.web.fakes import Instance


@only_when_long
def test_no_answer_is_a_server_error_or_outside_the_document(catalogue_of_dumps: Path) -> None:
    from tests.web.api.api_fuzz import filled, fuzz

    with filled(catalogue_of_dumps) as instance:
        report = fuzz(instance, 160)
    assert report.cases >= 160
    assert report.routes >= 16
    assert {200, 202, 404, 422} <= report.statuses.keys()
    assert not report.failures, "\n".join(report.lines())


def test_a_server_error_and_an_answer_outside_the_document_are_reported(full_instance: Instance) -> None:
    from tests.web.api.api_fuzz import fuzz

    app = FastAPI(openapi_url="/api/openapi.json")

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("no")

    @app.get("/api/odd")
    def odd() -> None:
        raise HTTPException(418, "A teapot")

    report = fuzz(full_instance, 4, app=app)
    assert ("GET /api/broken", "RuntimeError") in report.failures
    assert ("GET /api/odd", "UndefinedStatusCode") in report.failures
    assert "GET /api/odd" in "\n".join(report.lines())
