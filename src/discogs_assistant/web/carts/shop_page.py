"""The page that asks for carts: every criterion with a sentence, and what is for sale within them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from discogs_assistant.errors import InvalidFieldsError, NotFoundError
from discogs_assistant.model.ids import parse_run_id
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.market import seller_policies
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.options.model import RUN_AGAIN
from discogs_assistant.web import choices
from discogs_assistant.web.forms import Form, ThePosted, TheQuery
from discogs_assistant.web.market import search_form
from discogs_assistant.web.market.availability import ForSale, count_for_sale
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/shop", include_in_schema=False)


@router.get("", dependencies=COMPUTED)
def page(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """The form: new, with an earlier run's criteria, or as it was typed so far."""
    if query.text("budget") or query.has("count", "on"):
        return _page(visitor, query, count_for_sale(visitor, query))
    return _page(visitor, _earlier(visitor, query) or search_form.beginning(visitor.chosen))


@router.get("/count", dependencies=COMPUTED)
def count(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """How many of the wants are for sale within what is typed so far."""
    return visitor.page("carts/shop_count.html", for_sale=count_for_sale(visitor, query))


@router.post("")
def ask(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Build carts."""
    if posted.form.has("policy_question", "on"):
        agreed = posted.form.has("shipping_policies", "on")
        seller_policies.set_consent(visitor.ctx, visitor.owner, agreed)
    options = posted.form.options((*search_form.FIELDS, *RUN_AGAIN))
    user = posted.text("user") or visitor.user or ""
    try:
        answer = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, RunKind.SHOP, user, options)
    except InvalidFieldsError as error:
        return _page(visitor, posted.form.refused(error.fields), status=422)
    if answer.status == "finished":
        return see_other(f"/carts/{answer.run.id}?said=same")
    return see_other(f"/runs/{answer.run.id}")


def _earlier(visitor: Visitor, query: Form) -> Form | None:
    if not query.text("from"):
        return None
    named = parse_run_id(query.text("from"))
    if named is None:
        raise NotFoundError("There is no such run.", "Fill in the form again.")
    run = runs.find(visitor.ctx.db, visitor.owner, named)
    return search_form.of_criteria(run.criteria) if run.kind is RunKind.SHOP else None


def _page(visitor: Visitor, form: Form, for_sale: ForSale | None = None, status: int = 200) -> HTMLResponse:
    return visitor.page(
        "carts/shop.html",
        status,
        form=form,
        for_sale=for_sale,
        options=ShopOptions.definitions(),
        known=choices.known(visitor.chosen.country),
        policy_question=seller_policies.is_to_be_asked(visitor.ctx, visitor.owner),
        policy_consent=seller_policies.CONSENT,
    )
