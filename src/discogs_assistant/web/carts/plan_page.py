"""The page of plans over several sellers: which sellers together?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.what_if import what_if
from discogs_assistant.pipelines.files.csv_export import plan_csv
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.pipelines.runtime.results.releases import release_json
from discogs_assistant.web.carts.cart_cards import document_of
from discogs_assistant.web.carts.overrides import Overrides, read_overrides
from discogs_assistant.web.carts.plan_chart import chart_of
from discogs_assistant.web.carts.plan_view import PlanView, chosen
from discogs_assistant.web.catalogue.covers import covers
from discogs_assistant.web.catalogue.printed_artists import printed_artists
from discogs_assistant.web.forms import Form, TheQuery
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.runs.finished_results import answer
from discogs_assistant.web.session import TheRun, TheVisitor, Visitor

router = APIRouter(prefix="/carts", include_in_schema=False, dependencies=COMPUTED)


@router.get("/{run}/plan")
def page(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """The three answers, the parcels of one, the curve, what each record costs."""
    if answer(visitor, run) is None and runs.find(visitor.ctx.db, visitor.owner, run).kind is RunKind.SHOP:
        return see_other(f"/runs/{run}")
    view, overrides = _view(visitor, run, query)
    chart = chart_of(view.curve, view.document.currency)
    return visitor.page(
        "plans/plan.html", doc=view.document, view=view, run=run, chart=chart, overrides=overrides
    )


@router.get("/{run}/plan/print")
def to_print(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """A plan's parcels to be printed."""
    view, _ = _view(visitor, run, query)
    return visitor.page("plans/print.html", doc=view.document, view=view, run=run)


@router.get("/{run}/plan.csv")
def as_csv(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """A plan for a spreadsheet."""
    view, _ = _view(visitor, run, query)
    headers = {"Content-Disposition": 'attachment; filename="plan.csv"'}
    text = plan_csv(view.document, view.plan, visitor.links)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{run}/plan.json")
def as_json(run: TheRun, visitor: TheVisitor, query: TheQuery) -> Response:
    """A plan with everything known about its copies, sellers and records."""
    view, _ = _view(visitor, run, query)
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


def _view(visitor: Visitor, run: RunId, query: Form) -> tuple[PlanView, Overrides]:
    own = document_of(visitor, run)
    overrides = read_overrides(runs.find(visitor.ctx.db, visitor.owner, run), query)
    document = own
    if overrides.changed and not own.prices_expired:
        document = what_if(visitor.ctx, visitor.owner, run, overrides.options, planned=True)
    name, plan = chosen(document.plans, query)
    orders = plan.orders if plan else ()
    lines = document.plans.lines if document.plans else {}
    shown = {lines[id].release_id for order in orders for id in order.listing_ids}
    beside = covers(visitor, shown), printed_artists(visitor, shown)
    return PlanView(document, run, name, plan, overrides.query, *beside), overrides
