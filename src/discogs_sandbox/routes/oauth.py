"""Signing in by OAuth: the requests of an application, and the page that asks the person."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from discogs_sandbox.oauth import ACCESS_TOKEN, AUTHORIZE, REQUEST_TOKEN, OAuth, RequestToken
from discogs_sandbox.routes.context import RouteContext
from discogs_sandbox.world.world import NotFoundError

_FORM = "application/x-www-form-urlencoded"


class SignIn:
    """Routes of signing in; on the page anybody can be any collector of the made-up world."""

    def __init__(self, context: RouteContext, oauth: OAuth) -> None:
        self._context = context
        self._world = context.world
        self._oauth = oauth
        pages = Environment(loader=PackageLoader("discogs_sandbox.pages"), autoescape=True)
        self._page = pages.get_template("authorize.html")

    def routes(self) -> list[Route]:
        """Path and handler of each; Discogs takes GET and POST for request tokens."""
        return [
            Route(REQUEST_TOKEN, self.request_token, methods=["GET", "POST"]),
            Route(ACCESS_TOKEN, self.access_token, methods=["POST"]),
            Route(AUTHORIZE, self.ask),
            Route(AUTHORIZE, self.answer, methods=["POST"]),
        ]

    async def request_token(self, request: Request) -> Response:
        """A request token, bound to the address that the person is sent back to."""
        signed = self._context.visitor(request).signed
        if signed is None:
            raise HTTPException(401, "Invalid consumer.")
        issued = self._oauth.issue_request_token(signed.callback)
        return _form(
            oauth_token=issued.token, oauth_token_secret=issued.secret, oauth_callback_confirmed="true"
        )

    async def access_token(self, request: Request) -> Response:
        """The token of a person who agreed, once."""
        signed = self._context.visitor(request).signed
        if signed is None or signed.request_token is None:
            raise HTTPException(401, "Invalid request token.")
        token, secret = self._oauth.issue_access_token(signed.request_token)
        return _form(oauth_token=token, oauth_token_secret=secret)

    async def ask(self, request: Request) -> Response:
        """Who are you, and may the application see your records?"""
        request_token = self._request_token(request.query_params.get("oauth_token", ""))
        return self._question(request_token, "")

    async def answer(self, request: Request) -> Response:
        """Back to the application with the verifier, or with `denied`."""
        form = await request.form()
        request_token = self._request_token(str(form.get("oauth_token", "")))
        if form.get("answer") != "allow":
            self._oauth.deny(request_token)
            return _redirect(request_token, denied=request_token.token)
        try:
            account = self._world.account(str(form.get("user", "")))
        except NotFoundError as error:
            return self._question(request_token, str(error))
        verifier = self._oauth.allow(request_token, account)
        return _redirect(request_token, oauth_token=request_token.token, oauth_verifier=verifier)

    def _request_token(self, token: str) -> RequestToken:
        request_token = self._oauth.open_request_token(token)
        if request_token is None:
            raise HTTPException(404, "This request to sign in is not known, was answered, or is too old.")
        return request_token

    def _question(self, request_token: RequestToken, problem: str) -> Response:
        names = [account.name for account in self._world.collectors[:200]]
        page = self._page.render(token=request_token.token, names=names, problem=problem)
        return HTMLResponse(page, 422 if problem else 200)


def _redirect(request_token: RequestToken, **parameters: str) -> Response:
    separator = "&" if urlsplit(request_token.callback).query else "?"
    return RedirectResponse(f"{request_token.callback}{separator}{urlencode(parameters)}", 302)


def _form(**values: str) -> Response:
    return Response(urlencode(values), media_type=_FORM)
