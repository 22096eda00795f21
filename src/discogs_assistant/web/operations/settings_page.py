"""The page of settings: user name, token, currency, country, consent, age of data, the monthly data."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from discogs_assistant.config import PolicyReading
from discogs_assistant.errors import BadInputError, ConflictError, InvalidFieldsError, StorageError
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.accounts.preference_options import PreferenceOptions
from discogs_assistant.pipelines.accounts.sessions import lifetime
from discogs_assistant.pipelines.market import seller_policies
from discogs_assistant.store.accounts import accounts as stored_accounts
from discogs_assistant.store.accounts import discogs_tokens, sessions
from discogs_assistant.web import choices
from discogs_assistant.web.catalogue.state import catalogue_state
from discogs_assistant.web.catalogue.storage import DUMPS, stored_catalogue
from discogs_assistant.web.forms import Form, ThePosted, problems
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/settings", include_in_schema=False)


@router.get("")
def page(visitor: TheVisitor) -> HTMLResponse:
    """The settings form."""
    return _page(visitor, _form(visitor))


@router.post("")
def save(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Save the settings."""
    try:
        chosen = PreferenceOptions.parse(posted.form.options(PreferenceOptions.definitions())).preferences
    except InvalidFieldsError as error:
        return _page(visitor, posted.form.refused(error.fields), 422)
    accounts.set_preferences(visitor.ctx, visitor.owner, chosen)
    accounts.set_consent(visitor.ctx, visitor.owner, posted.form.has("consent", "on"))
    if visitor.settings.shipping_policies is PolicyReading.ASK:
        agreed = posted.form.has("shipping_policies", "on")
        seller_policies.set_consent(visitor.ctx, visitor.owner, agreed)
    return see_other("/settings?said=saved")


@router.post("/token")
def keep_token(visitor: TheVisitor, posted: ThePosted) -> Response:
    """Store a token, encrypted, once Discogs says whose it is."""
    try:
        accounts.save_token(visitor.ctx, visitor.owner, posted.text("token"))
    except BadInputError as error:
        return _page(visitor, _form(visitor).refused(problems(error, "token")), 422)
    return see_other("/settings?said=token")


@router.post("/token/forget")
def forget_token(visitor: TheVisitor) -> RedirectResponse:
    """Remove the token."""
    if visitor.signed_in_as:
        raise ConflictError(
            "Without Discogs' permission, nothing can be read for you.", "Delete your account."
        )
    accounts.forget_token(visitor.ctx.db, visitor.owner)
    return see_other("/settings?said=forgotten")


def _form(visitor: Visitor) -> Form:
    chosen = visitor.chosen
    return Form.of(
        {
            "user": chosen.user,
            "currency": str(chosen.currency),
            "country": chosen.country,
            "min_media": chosen.min_media.short if chosen.min_media else None,
            "min_sleeve": chosen.min_sleeve.short if chosen.min_sleeve else None,
            "import_charges": "on" if chosen.import_charges else None,
            "consent": "on" if stored_accounts.consent(visitor.ctx.db, visitor.owner) else None,
            "shipping_policies": "on" if seller_policies.may_ask(visitor.ctx, visitor.owner) else None,
        }
    )


def _page(visitor: Visitor, form: Form, status: int = 200) -> HTMLResponse:
    settings = visitor.settings
    return visitor.page(
        "operations/settings.html",
        status,
        form=form,
        options=PreferenceOptions.definitions(),
        known=choices.known(None),
        **_token_state(visitor),
        browsers=sessions.count_sessions(
            visitor.ctx.db, visitor.owner, visitor.now, lifetime(visitor.ctx.settings)
        ),
        token_from_settings=bool(settings.discogs_token.get_secret_value()),
        too_long=settings.freshness.exceeds_terms,
        page_fetching=settings.page_fetching,
        policies_asked=settings.shipping_policies is PolicyReading.ASK,
        policy_consent=seller_policies.CONSENT,
        state=catalogue_state(visitor.ctx.catalogue),
        stored=stored_catalogue(visitor.ctx.catalogue),
        dumps=DUMPS,
    )


def _token_state(visitor: Visitor) -> dict[str, object]:
    try:
        kept = discogs_tokens.token(visitor.ctx.db, visitor.ctx.vault, visitor.owner) is not None
    except StorageError as error:
        return {"has_token": True, "token_problem": str(error)}
    return {"has_token": kept, "token_problem": ""}
