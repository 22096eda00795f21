"""The page of plans over several sellers: which sellers together?"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import JSONResponse, RedirectResponse, Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.plans import plans_run, plans_so_far, request_plans
from discogs_assistant.pipelines.carts.plans_result import PlansResult
from discogs_assistant.pipelines.carts.price_expiry import shown_plans
from discogs_assistant.pipelines.carts.result import CartsResult
from discogs_assistant.pipelines.files.csv_export import plan_csv
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.options.kinds import PlansOptions
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.pipelines.runtime.results.releases import release_json
from discogs_assistant.web.carts.cart_cards import document_of
from discogs_assistant.web.carts.overrides import Overrides, query_of, read_overrides
from discogs_assistant.web.carts.plan_chart import chart_of
from discogs_assistant.web.carts.plan_view import PlanView, chosen
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.printed_artists import printed_artists
from discogs_assistant.web.forms import Form, TheQuery
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.runs.finished_results import answer
from discogs_assistant.web.runs.run_view import RunView
from discogs_assistant.web.session import TheRun, TheVisitor, Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What an address shows: the carts, and the plans found so far by the run that looks for them."""

    carts: CartsResult
    overrides: Overrides
    run: Run | None
    view: PlanView

    @property
    def document(self) -> CartsResult | PlansResult:
        """The plans, or the carts where there are none yet."""
        return self.view.document or self.carts


@router.get("/plans/{run}")
def of_run(run: TheRun, visitor: TheVisitor) -> RedirectResponse:
    """To the page of what a run plans."""
    found = runs.find(visitor.ctx.db, visitor.owner, run)
    if found.kind is not RunKind.PLANS:
        raise NotFoundError("This run made no plans.", "Build carts first.")
    options = PlansOptions.parse(found.criteria)
    query = query_of(options.changes or {})
    return see_other(f"/carts/{options.carts}/plan{'?' if query else ''}{query}")


@router.get("/carts/{run}/plan", dependencies=COMPUTED)
def page(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """The three answers, the parcels of one, the curve, what each record costs; also while they are found."""
    if answer(visitor, run) is None and runs.find(visitor.ctx.db, visitor.owner, run).kind is RunKind.SHOP:
        return see_other(f"/runs/{run}")
    shown = _shown(visitor, run, query)
    planning = shown.run is not None and not shown.run.state.ended
    return visitor.page(
        "plans/plan.html",
        doc=shown.document,
        view=shown.view,
        run=run,
        chart=chart_of(shown.view.curve, shown.carts.currency),
        overrides=shown.overrides,
        planned=shown.run,
        wanted=shown.carts.plans_run is not None or shown.run is not None,
        progress=RunView(shown.run, visitor.now, visitor.ctx.kinds) if shown.run and planning else None,
    )


@router.post("/carts/{run}/plan")
def find(run: TheRun, visitor: TheVisitor, query: TheQuery) -> RedirectResponse:
    """Look for the plans, with the overrides of the address."""
    carts = runs.find(visitor.ctx.db, visitor.owner, run)
    overrides = read_overrides(carts, query)
    request_plans(visitor.ctx, visitor.site.queue, carts, overrides.options)
    return see_other(f"/carts/{run}/plan{'?' if overrides.query else ''}{overrides.query}")


@router.get("/carts/{run}/plan/print", dependencies=COMPUTED)
def to_print(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """A plan's parcels to be printed."""
    shown = _shown(visitor, run, query)
    return visitor.page("plans/print.html", doc=shown.document, view=shown.view, run=run)


@router.get("/carts/{run}/plan.csv", dependencies=COMPUTED)
def as_csv(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """A plan for a spreadsheet."""
    view = _shown(visitor, run, query).view
    headers = {"Content-Disposition": 'attachment; filename="plan.csv"'}
    text = plan_csv(view.document, view.plan, visitor.links)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/carts/{run}/plan.json", dependencies=COMPUTED)
def as_json(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """A plan with everything known about its copies, sellers and records."""
    view = _shown(visitor, run, query).view
    copies = [
        {
            **printed(line),
            "quantity": quantity,
            "seller": order.seller,
            "release": release_json(view.record(line.release_id)),
        }
        for order in (view.plan.orders if view.plan else ())
        for line, quantity in view.lines(order)
    ]
    return JSONResponse({"plan": view.plan and printed(view.plan), "copies": copies})


def _shown(visitor: Visitor, run: RunId, query: Form) -> _Shown:
    own = document_of(visitor, run)
    carts = runs.find(visitor.ctx.db, visitor.owner, run)
    overrides = read_overrides(carts, query)
    planning = plans_run(visitor.ctx, carts, overrides.options)
    document = _found(visitor, planning) if planning else None
    name, plan = chosen(document, query)
    orders = plan.orders if plan else ()
    lines = document.lines if document else {}
    records = {lines[id].release_id for order in orders for id in order.listing_ids}
    beside = covers(visitor, records), printed_artists(visitor, records)
    return _Shown(own, overrides, planning, PlanView(document, run, name, plan, overrides.query, *beside))


def _found(visitor: Visitor, planning: Run) -> PlansResult | None:
    """What the run has found, without expired prices."""
    finished = answer(visitor, planning.id) if planning.state is RunState.DONE else None
    found = finished.result if finished else plans_so_far(visitor.ctx, visitor.owner, planning.id)
    return shown_plans(found, visitor.since) if isinstance(found, PlansResult) else None
