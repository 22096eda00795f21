"""Users, collections and wantlists: the part of Discogs' API that is about people."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from discogs_sandbox.routes.context import (
    MUST_SIGN_IN,
    NOT_ALLOWED,
    RouteContext,
    json_answer,
    path_id,
    text_answer,
)
from discogs_sandbox.routes.pagination import page_answer, sort_order
from discogs_sandbox.wire import users as wire
from discogs_sandbox.wire.fields import artists_text, format_text
from discogs_sandbox.world.entities import Account, Item, Want
from discogs_sandbox.world.world import World

Line = TypeVar("Line", Item, Want)

_SORTS = ("label", "artist", "title", "catno", "format", "rating", "added", "year")


class Users:
    """Routes of users, their collections and their wantlists."""

    def __init__(self, context: RouteContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        """Path and handler of each."""
        user = "/users/{name}"
        return [
            Route("/oauth/identity", self.identity),
            Route(user, self.user),
            Route(f"{user}/collection/folders", self.folders),
            Route(f"{user}/collection/fields", self.fields),
            Route(f"{user}/collection/folders/{{folder}}/releases", self.collection),
            Route(f"{user}/collection/releases/{{release}}", self.copies),
            Route(f"{user}/wants", self.wants),
            Route(f"{user}/wants/{{release}}", self.put_want, methods=["PUT"]),
            Route(f"{user}/wants/{{release}}", self.delete_want, methods=["DELETE"]),
        ]

    async def identity(self, request: Request) -> Response:
        """Whose token it is; 401 without one."""
        account = self._context.visitor(request).account
        if account is None:
            raise HTTPException(401, MUST_SIGN_IN)
        return json_answer(request, wire.identity(account))

    async def user(self, request: Request) -> Response:
        """A profile."""
        account = self._context.account(request)
        for_sale = len(self._context.world.offered_by(account))
        owner = self._context.is_owner(request, account)
        return json_answer(request, wire.user(account, for_sale, owner=owner))

    async def folders(self, request: Request) -> Response:
        """The folders of a collection."""
        account = self._visible_collection(request)
        return json_answer(request, wire.folders(account, owner=self._context.is_owner(request, account)))

    async def fields(self, request: Request) -> Response:
        """The columns of notes of a collection."""
        account = self._visible_collection(request)
        return json_answer(request, wire.fields(owner=self._context.is_owner(request, account)))

    async def collection(self, request: Request) -> Response:
        """A page of a folder's copies; folders other than 0 are their owner's."""
        account = self._visible_collection(request)
        folder = path_id(request, "folder", "Folder")
        if folder:
            self._context.require_owner(request, account)
        if folder not in dict(account.folders):
            raise HTTPException(404, "Folder not found.")
        items = [item for item in account.items if folder in {0, item.folder}]
        return self._items(request, account, items)

    async def copies(self, request: Request) -> Response:
        """A page of the copies of one release in a collection."""
        account = self._visible_collection(request)
        release = path_id(request, "release", "Release")
        return self._items(request, account, [item for item in account.items if item.release == release])

    async def wants(self, request: Request) -> Response:
        """A page of a wantlist; 403 where it is private."""
        context, account = self._context, self._context.account(request)
        owner, images = context.is_owner(request, account), context.images(request)
        if account.private_wantlist and not owner:
            raise HTTPException(403, NOT_ALLOWED)
        return page_answer(
            request,
            "wants",
            _sorted(request, context.world, list(account.wants)),
            lambda want: wire.want(
                account, want, context.database.basic(want.release, images=images), owner=owner
            ),
        )

    async def put_want(self, request: Request) -> Response:
        """Put a release on the owner's wantlist."""
        account, release = self._own_release(request)
        body = await _body(request)
        rating = body.get("rating", 0)
        if not str(rating).isdigit() or int(rating) > 5:
            raise HTTPException(422, "rating must be from 0 to 5.")
        want = self._context.world.add_want(
            account.name, release, notes=str(body.get("notes", "")), rating=int(rating)
        )
        basic = self._context.database.basic(release, images=True)
        return text_answer(request, wire.want(account, want, basic, owner=True), 201)

    async def delete_want(self, request: Request) -> Response:
        """Take a release off the owner's wantlist."""
        account, release = self._own_release(request)
        if all(want.release != release for want in account.wants):
            raise HTTPException(404, "Release not in wantlist.")
        self._context.world.remove_want(account.name, release)
        return Response(status_code=204)

    def _own_release(self, request: Request) -> tuple[Account, int]:
        account = self._context.account(request)
        self._context.require_owner(request, account)
        release = path_id(request, "release", "Release")
        if release not in self._context.world.releases:
            raise HTTPException(404, "Release not found.")
        return account, release

    def _visible_collection(self, request: Request) -> Account:
        account = self._context.account(request)
        if account.private_collection and not self._context.is_owner(request, account):
            raise HTTPException(403, NOT_ALLOWED)
        return account

    def _items(self, request: Request, account: Account, items: list[Item]) -> Response:
        context = self._context
        owner, images = context.is_owner(request, account), context.images(request)
        return page_answer(
            request,
            "releases",
            _sorted(request, context.world, items),
            lambda item: wire.item(item, context.database.basic(item.release, images=images), owner=owner),
        )


def _sorted(request: Request, world: World, lines: list[Line]) -> list[Line]:
    """By artist where the request names no order, as the website shows a collection."""
    sort, descending = sort_order(request.query_params, _SORTS, "artist")
    numbered = sorted(lines, key=_line_number)
    return sorted(numbered, key=lambda line: _sort_value(world, line, sort), reverse=descending)


def _line_number(line: Item | Want) -> int:
    return line.instance if isinstance(line, Item) else line.release


def _sort_value(world: World, line: Item | Want, sort: str) -> Any:
    if sort == "added":
        return line.added
    if sort == "rating":
        return line.rating
    release = world.releases[line.release]
    work = world.work_of(release)
    label, catno = release.labels[0]
    texts = {"label": label.name, "catno": catno, "title": work.title}
    if sort in texts:
        return texts[sort].casefold()
    if sort == "year":
        return release.year
    return format_text(release.formats) if sort == "format" else artists_text(work).casefold()


async def _body(request: Request) -> dict[str, Any]:
    text = await request.body()
    if not text:
        return dict(request.query_params)
    try:
        body = json.loads(text)
    except ValueError as error:
        raise HTTPException(422, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(422, "The body is not a JSON object.")
    return body
