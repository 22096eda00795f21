"""Signing in with Discogs and out again, in hosted mode."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from discogs_assistant.errors import NotSignedInError, TooOftenError
from discogs_assistant.pipelines.accounts import accounts, sessions, sign_in
from discogs_assistant.pipelines.accounts.sign_in import Answer, Finished
from discogs_assistant.store.accounts import accounts as stored_accounts
from discogs_assistant.web import cookies
from discogs_assistant.web.forms import Form, ThePosted, TheQuery
from discogs_assistant.web.redirects import SIGN_IN, own_page, see_other, sentence_for
from discogs_assistant.web.session import MaybeVisitor, TheSite, TheVisitor, network_address
from discogs_assistant.web.site import Site

router = APIRouter(include_in_schema=False)
_CONSENT = "/sign-in/consent"
PATIENCE = 30.0
"""Seconds that a request waits for another one with the same answer of Discogs."""


@router.get(SIGN_IN)
def page(site: TheSite, somebody: MaybeVisitor, query: TheQuery) -> Response:
    """What signing in does; a person who is signed in is led on."""
    if somebody is not None:
        return see_other(_next(query.text("next")))
    return _page(site, query.text("next"), said=sentence_for(query.text("said")))


@router.post(SIGN_IN)
def begin(request: Request, site: TheSite, query: TheQuery) -> Response:
    """Send the browser to Discogs, bound to this attempt; a person who has to wait finds the button again.

    The page to go on to is in the address, so that nothing of a body is read.
    """
    next_page = _next(query.text("next"))
    try:
        sign_in.count_attempt(site.ctx, network_address(request))
    except TooOftenError as error:
        waits = {"Retry-After": str(max(1, round(error.retry_after or 0)))}
        return _page(site, next_page, problem=str(error), status=error.http_status, headers=waits)
    begun = sign_in.begin(site.ctx, next_page)
    answer = see_other(begun.address)
    cookies.keep_browser(answer, begun.browser, site.ctx.settings)
    return answer


@router.get(sign_in.BACK)
async def back(request: Request, site: TheSite, query: TheQuery) -> Response:
    """Come back from Discogs, with its word for who it is, or with a no.

    A browser may ask twice at once; the second request waits, without a thread, for the first one's answer.
    """
    answer = await run_in_threadpool(_back, request, site, query)
    waited = 0.0
    while answer is None:
        if waited > PATIENCE:
            raise sign_in.still_under_way()
        await sleep(site.poll)
        waited += site.poll
        answer = await run_in_threadpool(_back, request, site, query)
    return answer


def _back(request: Request, site: Site, query: Form) -> Response | None:
    """The answer, or None while another request of this browser carries the same through.

    Only who began the attempt ends it: a link of another site's changes no cookie.
    """
    settings, state = site.ctx.settings, query.text("state")
    browser, session = cookies.browser_of(request, settings), cookies.session_of(request, settings)
    try:
        if query.text("denied"):
            sign_in.give_up(site.ctx, state=state, browser=browser)
            answer = see_other(f"{SIGN_IN}?said=denied")
        else:
            came = Answer(state, browser, query.text("oauth_token"), query.text("oauth_verifier"), session)
            done = sign_in.finish(site.ctx, came)
            if done is None:
                return None
            answer = _onward(done)
            cookies.keep_session(answer, done.session, settings)
    except NotSignedInError as error:
        before = sign_in.finished_before(site.ctx, state=state, session=session)
        if before is not None:
            return _onward(before)
        return _page(site, "", problem=str(error), status=error.http_status)
    cookies.drop_browser(answer, settings)
    return answer


def _onward(done: Finished) -> RedirectResponse:
    return see_other(f"{_CONSENT}?{urlencode({'next': done.next_page})}" if done.ask else done.next_page)


@router.get(_CONSENT)
def ask(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """May others' recommendations learn from these records?"""
    agreed = stored_accounts.consent(visitor.ctx.db, visitor.owner)
    return visitor.page("accounts/consent.html", next_page=_next(query.text("next")), agreed=agreed)


@router.post(_CONSENT)
def answer_consent(visitor: TheVisitor, posted: ThePosted) -> RedirectResponse:
    """Save the person's choice."""
    accounts.set_consent(visitor.ctx, visitor.owner, posted.text("consent") == "yes")
    return see_other(_next(posted.text("next")))


@router.post("/sign-out")
def sign_out(request: Request, site: TheSite) -> RedirectResponse:
    """End this browser's session."""
    secret = cookies.session_of(request, site.ctx.settings)
    if secret:
        sessions.end_session(site.ctx, secret)
    return _signed_out(site, "signed-out")


@router.post("/sign-out/everywhere")
def sign_out_everywhere(visitor: TheVisitor) -> RedirectResponse:
    """End the person's sessions in all browsers."""
    sessions.end_everywhere(visitor.ctx.db, visitor.owner)
    return _signed_out(visitor.site, "everywhere")


def _signed_out(site: Site, said: str) -> RedirectResponse:
    answer = see_other(f"{SIGN_IN if site.ctx.settings.hosted else '/'}?said={said}")
    cookies.drop_session(answer, site.ctx.settings)
    return answer


def _page(
    site: Site,
    next_page: str,
    *,
    said: str = "",
    problem: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    text = site.templates.render(
        "accounts/sign_in.html",
        path=SIGN_IN,
        next_page=_next(next_page),
        said=said,
        problem=problem,
        bare=True,
    )
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers)


def _next(address: str) -> str:
    """A page of ours to go on to, and never back into a sign-in."""
    own = own_page(address, "/")
    return "/" if own.startswith(("/sign-", "/api/")) else own
