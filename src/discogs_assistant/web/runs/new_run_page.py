"""The form of each kind of run that has no page of its own for it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.options.model import RUN_AGAIN
from discogs_assistant.pipelines.runtime.registry import Registry, RunDefinition
from discogs_assistant.web import choices
from discogs_assistant.web.forms import Form, ThePosted, beginning
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.runs.run_view import RunView
from discogs_assistant.web.session import TheVisitor, Visitor


def router_of(kinds: Registry) -> APIRouter:
    """A page for each such kind at `/new/` and its name."""
    router = APIRouter(prefix="/new", include_in_schema=False)
    for kind in kinds:
        if not kind.form:
            router.add_api_route(f"/{kind.kind}", _form(kind), methods=["GET"])
            router.add_api_route(f"/{kind.kind}", _start(kind), methods=["POST"])
    return router


def _form(kind: RunDefinition) -> Callable[..., HTMLResponse]:
    def page(visitor: TheVisitor) -> HTMLResponse:
        return _page(visitor, kind, beginning(kind.options_model.definitions(), visitor.chosen))

    return page


def _start(kind: RunDefinition) -> Callable[..., Response]:
    def start(visitor: TheVisitor, posted: ThePosted) -> Response:
        options = posted.form.options((*kind.options_model.definitions(), *RUN_AGAIN))
        user = posted.text("user") or visitor.user or ""
        try:
            asked = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, kind.kind, user, options)
        except InvalidFieldsError as error:
            return _page(visitor, kind, posted.form.refused(error.fields), 422)
        return see_other(RunView(asked.run, visitor.now, visitor.ctx.kinds).result_address)

    return start


def _page(visitor: Visitor, kind: RunDefinition, form: Form, status: int = 200) -> HTMLResponse:
    return visitor.page(
        "runs/new_run.html",
        status,
        kind=kind,
        form=form,
        options=kind.options_model.definitions(),
        known=choices.known(visitor.chosen.country),
    )
