"""Signing in with the made-up Discogs: the three requests of a program, and the page that asks the person."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from discogs_sandbox.oauth import ACCESS_TOKEN, AUTHORIZE, REQUEST_TOKEN, OAuth, Pending
from discogs_sandbox.routes.context import Desk
from discogs_sandbox.world.world import NotFoundError, World

_FORM = "application/x-www-form-urlencoded"


class SignIn:
    """Handlers over what was given out; the page lets anybody be any collector of the made-up world."""

    def __init__(self, desk: Desk, oauth: OAuth) -> None:
        self._desk = desk
        self._world: World = desk.world
        self._oauth = oauth
        pages = Environment(loader=PackageLoader("discogs_sandbox.pages"), autoescape=True)
        self._page = pages.get_template("authorize.html")

    def routes(self) -> list[Route]:
        """What they answer to; Discogs takes GET and POST for tokens."""
        return [
            Route(REQUEST_TOKEN, self.request_token, methods=["GET", "POST"]),
            Route(ACCESS_TOKEN, self.access_token, methods=["POST"]),
            Route(AUTHORIZE, self.ask),
            Route(AUTHORIZE, self.answer, methods=["POST"]),
        ]

    async def request_token(self, request: Request) -> Response:
        """A request token, bound to the address that the person is sent back to."""
        signed = self._desk.visitor(request).signed
        if signed is None:
            raise HTTPException(401, "Invalid consumer.")
        pending = self._oauth.begin(signed.callback)
        return _form(
            oauth_token=pending.token, oauth_token_secret=pending.secret, oauth_callback_confirmed="true"
        )

    async def access_token(self, request: Request) -> Response:
        """The token of a person who agreed, once."""
        signed = self._desk.visitor(request).signed
        if signed is None or signed.pending is None:
            raise HTTPException(401, "Invalid request token.")
        token, secret = self._oauth.grant(signed.pending)
        return _form(oauth_token=token, oauth_token_secret=secret)

    async def ask(self, request: Request) -> Response:
        """Who are you, and may the application see your records?"""
        pending = self._pending(request.query_params.get("oauth_token", ""))
        return self._asked(pending, "")

    async def answer(self, request: Request) -> Response:
        """Back to the application with the verifier, or with `denied`."""
        form = await request.form()
        pending = self._pending(str(form.get("oauth_token", "")))
        if form.get("answer") != "allow":
            self._oauth.deny(pending)
            return _back(pending, denied=pending.token)
        try:
            account = self._world.account(str(form.get("user", "")))
        except NotFoundError as error:
            return self._asked(pending, str(error))
        verifier = self._oauth.allow(pending, account)
        return _back(pending, oauth_token=pending.token, oauth_verifier=verifier)

    def _pending(self, token: str) -> Pending:
        pending = self._oauth.pending(token)
        if pending is None:
            raise HTTPException(404, "This request to sign in is not known, was answered, or is too old.")
        return pending

    def _asked(self, pending: Pending, problem: str) -> Response:
        names = [account.name for account in self._world.collectors[:200]]
        page = self._page.render(token=pending.token, names=names, problem=problem)
        return HTMLResponse(page, 422 if problem else 200)


def _back(pending: Pending, **told: str) -> Response:
    glue = "&" if urlsplit(pending.callback).query else "?"
    return RedirectResponse(f"{pending.callback}{glue}{urlencode(told)}", 302)


def _form(**values: str) -> Response:
    return Response(urlencode(values), media_type=_FORM)
