"""What the routes share: the world, who asks, what a path names, and how an answer is sent."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from discogs_sandbox.middleware import Visitor
from discogs_sandbox.wire.database import DatabaseJson
from discogs_sandbox.wire.fields import Json, to_json, with_links
from discogs_sandbox.wire.marketplace import MarketplaceJson
from discogs_sandbox.wire.pictures import PictureAddresses
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.prices import CURRENCIES
from discogs_sandbox.world.world import NotFoundError, World

MUST_SIGN_IN = "You must authenticate to access this resource."
NOT_ALLOWED = "You don't have permission to access this resource."


class InvalidParameterError(HTTPException):
    """A parameter of a request that does not fit; Discogs answers it in the longer of its two shapes."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(422, sentence)
        self.name = name

    @property
    def answer(self) -> Json:
        """The sentence in `detail`, beside a `message` that says little."""
        found = {"loc": ["query", self.name], "msg": self.detail, "type": "value_error"}
        return {"message": "Validation error.", "detail": [found]}


@dataclass(frozen=True, slots=True)
class RouteContext:
    """One for each app. `anonymous_images`: whether visitors without a token get picture links."""

    world: World
    database: DatabaseJson
    marketplace: MarketplaceJson
    anonymous_images: bool

    def visitor(self, request: Request) -> Visitor:
        """Who asks."""
        visitor: Visitor = request.state.visitor
        return visitor

    def images(self, request: Request) -> bool:
        """Whether this visitor gets picture links."""
        return self.anonymous_images or self.visitor(request).signed_in

    def account(self, request: Request) -> Account:
        """The user named in the path; 404 for one unknown or gone."""
        try:
            return self.world.account(request.path_params["name"])
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error

    def is_owner(self, request: Request, account: Account) -> bool:
        """Whether the visitor's token is that user's own."""
        return self.visitor(request).account is account

    def require_owner(self, request: Request, account: Account) -> None:
        """401 without a user's token, 403 with somebody else's."""
        if self.visitor(request).account is None:
            raise HTTPException(401, MUST_SIGN_IN)
        if not self.is_owner(request, account):
            raise HTTPException(403, NOT_ALLOWED)


def path_id(request: Request, name: str, what: str) -> int:
    """The number called `name` in the path; 404 where it is not a number, as for an unknown one."""
    text = request.path_params[name]
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise HTTPException(404, f"{what} not found.")
    return int(text)


def requested_currency(request: Request) -> str | None:
    """`curr_abbr` of a request, None without one; 422 for a currency that Discogs does not use."""
    text = request.query_params.get("curr_abbr")
    if not text:
        return None
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise InvalidParameterError("curr_abbr", "Invalid curr_abbr.")
    return code


def json_answer(request: Request, value: object, status: int = 200) -> Response:
    """`value` as JSON, with this server's own address in its links."""
    return text_answer(request, to_json(value), status)


def text_answer(request: Request, text: str, status: int = 200) -> Response:
    """JSON text, with this server's own address in its links and with signed addresses of pictures."""
    base = f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
    pictures: PictureAddresses = request.app.state.pictures
    body = with_links(pictures.signed(text), base).encode()
    return Response(body, status, media_type="application/json")
