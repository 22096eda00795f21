"""The shipping page: what do sellers charge for a parcel?"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from discogs_assistant.errors import (
    BadInputError,
    InvalidFieldsError,
    NotFoundError,
    PrivateError,
    SignInNeededError,
)
from discogs_assistant.model.shipping import ANYWHERE, Confidence
from discogs_assistant.pipelines.market import seller_shipping, shipping_policies
from discogs_assistant.pipelines.market.seller_shipping import KnownShipping
from discogs_assistant.pipelines.market.shipping_overview import Overview, overview
from discogs_assistant.pipelines.market.shipping_policies import EnteredPolicy, PolicyForm
from discogs_assistant.web import choices
from discogs_assistant.web.forms import Form, ThePosted, TheQuery, problems
from discogs_assistant.web.market import shipping_form
from discogs_assistant.web.paging import page_of
from discogs_assistant.web.person import Person
from discogs_assistant.web.redirects import own_page, see_other
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/shipping", include_in_schema=False)
_PAGE = 50
_UNITS = (("items", "records"), ("grams", "grams"), ("value", "the records' price"))
_ANYWHERE = (ANYWHERE, "all countries")


@router.get("")
def page(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """What was typed in, what else is known, and the form, for the seller that the address names."""
    if query.has("forgotten", "on"):
        return _page(visitor, query, _home_form(visitor))
    if not query.text("seller"):
        return _page(visitor, query, _home_form(visitor))
    try:
        found = shipping_policies.policy_form(
            visitor.ctx, visitor.owner, query.text("seller").strip(), visitor.home
        )
    except BadInputError as error:
        return _page(visitor, query, query.refused(problems(error, "seller")), status=422)
    form = shipping_form.beginning(found)
    for entered in shipping_policies.policies(visitor.ctx.db, visitor.owner):
        if _place(entered) == (found.seller, query.text("ships_to")):
            form = shipping_form.of_policy(entered)
    return _page(visitor, query, form, found)


@router.post("")
def keep(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Save what was typed in."""
    form = posted.form
    try:
        shipping_policies.type_in(
            visitor.ctx.db,
            visitor.owner,
            shipping_form.raw_policy(form),
            visitor.home,
            visitor.ctx.clock.now(),
        )
    except InvalidFieldsError as error:
        return _page(visitor, Form(), form.refused(error.fields), _seller_of(visitor, form), status=422)
    back = own_page(form.text("back"), "")
    return see_other("/shipping?" + urlencode({"said": "shipping"} | ({"back": back} if back else {})))


@router.post("/order")
def order(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Read what the parcel of an own order cost, or save what the person paid."""
    form = posted.form
    try:
        _keep_order(visitor, form)
    except InvalidFieldsError as error:
        return _page(visitor, Form(), _home_form(visitor), status=422, order=form.refused(error.fields))
    except BadInputError as error:
        refused = form.refused(problems(error, "number"))
        return _page(visitor, Form(), _home_form(visitor), status=422, order=refused)
    except (PrivateError, NotFoundError, SignInNeededError) as error:
        refused = form.refused({"number": f"{error.sentence} Enter below what you paid."})
        return _page(visitor, Form(), _home_form(visitor), status=422, order=refused)
    return see_other("/shipping?said=order")


def _keep_order(visitor: Visitor, form: Form) -> None:
    number = form.text("number")
    entered = {name: form.text(name).strip() for name in ("order_seller", "records", "paid")}
    if not any(entered.values()):
        seller_shipping.read_order(visitor.ctx, visitor.owner, number)
        return
    missing = {name: "This is needed too." for name, value in entered.items() if not value}
    if missing:
        raise InvalidFieldsError(missing)
    seller_shipping.enter_order(
        visitor.ctx,
        visitor.owner,
        number,
        seller=entered["order_seller"],
        records=int(entered["records"]) if entered["records"].isdecimal() else 0,
        paid=entered["paid"],
        currency=form.text("order_currency"),
    )


@router.post("/forget")
def forget(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Remove a policy; the address keeps its values, so that it can be undone."""
    seller, ships_to = posted.text("seller"), posted.text("ships_to")
    known = shipping_policies.policies(visitor.ctx.db, visitor.owner)
    gone = [entered for entered in known if _place(entered) == (seller, ships_to)]
    shipping_policies.forget(visitor.ctx.db, visitor.owner, seller, ships_to)
    return see_other("/shipping?forgotten=on&" + shipping_form.as_query(shipping_form.of_policy(gone[0])))


def _place(entered: EnteredPolicy) -> tuple[str, str]:
    return entered.policy.seller, entered.policy.ships_to


def _home_form(person: Person) -> Form:
    return Form.of({"currency": str(person.chosen.currency), "ships_to": person.chosen.country or ANYWHERE})


def _seller_of(visitor: Visitor, form: Form) -> PolicyForm | None:
    """What is known of the seller whom a wrong form names, where it names one."""
    try:
        return shipping_policies.policy_form(
            visitor.ctx, visitor.owner, form.text("seller").strip(), visitor.home
        )
    except BadInputError:
        return None


def _page(
    visitor: Visitor,
    query: Form,
    form: Form,
    found: PolicyForm | None = None,
    status: int = 200,
    order: Form | None = None,
) -> HTMLResponse:
    known = overview(visitor.ctx, visitor.owner, visitor.home)
    kind = query.text("known") if query.text("known") in set(Confidence) else _first_kind(known)
    listed = [seller for seller in known.sellers if seller.confidence == kind]
    return visitor.page(
        "market/shipping.html",
        status,
        form=form,
        found=found,
        order=order or Form.of({"order_currency": str(visitor.chosen.currency)}),
        table=_table(visitor, found),
        back=own_page(query.text("back") or form.text("back"), ""),
        steps=shipping_form.rows(form),
        stepped=any(cell for row in shipping_form.rows(form) for cell in row)
        or form.any_error("bands", "unit"),
        undo=query if query.has("forgotten", "on") else None,
        undo_steps=[row for row in shipping_form.rows(query) if any(row)],
        policies=shipping_policies.policies(visitor.ctx.db, visitor.owner),
        kinds=[
            (confidence.value, sum(row.confidence is confidence for row in known.sellers))
            for confidence in Confidence
        ],
        kind=kind,
        pager=page_of(listed, query.text("page"), _PAGE, f"known={kind}"),
        oldest=known.reported_at,
        units=_UNITS,
        currencies=choices.currencies(),
        countries=(_ANYWHERE, *choices.countries()[1:]),
    )


def _table(visitor: Visitor, found: PolicyForm | None) -> KnownShipping | None:
    """What is known of the seller's shipping to the person's country, method by method."""
    if found is None or visitor.chosen.country is None:
        return None
    known, _ = seller_shipping.known_shipping(
        visitor.ctx, visitor.owner, found.seller, visitor.chosen.country
    )
    return known if known.source is not None else None


def _first_kind(known: Overview) -> str:
    """The most useful list: sellers whose shipping is not known, unless all are known."""
    kinds = {seller.confidence for seller in known.sellers}
    return next(
        (confidence.value for confidence in reversed(Confidence) if confidence in kinds),
        Confidence.KNOWN.value,
    )
