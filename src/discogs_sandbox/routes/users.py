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
    Desk,
    answer,
    answer_text,
    number,
    page_text,
)
from discogs_sandbox.routes.pagination import Cut, ordering
from discogs_sandbox.wire import users as wire
from discogs_sandbox.wire.fields import format_text, printed
from discogs_sandbox.world.entities import Account, Item, Want
from discogs_sandbox.world.world import World

Line = TypeVar("Line", Item, Want)

_SORTS = ("label", "artist", "title", "catno", "format", "rating", "added", "year")


class People:
    """Handlers over one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """What they answer to."""
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
        account = self._desk.visitor(request).account
        if account is None:
            raise HTTPException(401, MUST_SIGN_IN)
        return answer(request, wire.identity(account))

    async def user(self, request: Request) -> Response:
        """A profile."""
        account = self._desk.account(request)
        return answer(request, wire.user(account, owner=self._desk.is_owner(request, account)))

    async def folders(self, request: Request) -> Response:
        """The folders of a collection."""
        account = self._open_collection(request)
        return answer(request, wire.folders(account, owner=self._desk.is_owner(request, account)))

    async def fields(self, request: Request) -> Response:
        """The columns of notes of a collection."""
        account = self._open_collection(request)
        return answer(request, wire.fields(owner=self._desk.is_owner(request, account)))

    async def collection(self, request: Request) -> Response:
        """A page of a folder's copies; folders other than 0 are their owner's."""
        account = self._open_collection(request)
        folder = number(request, "folder", "Folder")
        if folder:
            self._desk.must_own(request, account)
        if folder not in dict(account.folders):
            raise HTTPException(404, "Folder not found.")
        items = [item for item in account.items if folder in {0, item.folder}]
        return self._items(request, account, items)

    async def copies(self, request: Request) -> Response:
        """A page of the copies of one release in a collection."""
        account = self._open_collection(request)
        release = number(request, "release", "Release")
        return self._items(request, account, [item for item in account.items if item.release == release])

    async def wants(self, request: Request) -> Response:
        """A page of a wantlist; 403 where it is private."""
        account, desk = self._desk.account(request), self._desk
        owner = desk.is_owner(request, account)
        if account.private_wantlist and not owner:
            raise HTTPException(403, NOT_ALLOWED)
        cut = Cut.of(request.query_params)
        part = cut.part(_sorted(request, desk.world, list(account.wants)))
        images = desk.images(request)
        lines = (
            wire.want(account, one, desk.records.basic(one.release, images=images), owner=owner)
            for one in part
        )
        frame = cut.frame(request.url.path, request.query_params, len(account.wants))
        return answer_text(request, page_text(frame, "wants", lines))

    async def put_want(self, request: Request) -> Response:
        """Put a release on the owner's wantlist."""
        account, release = self._own_release(request)
        said = await _body(request)
        rating = said.get("rating", 0)
        if not str(rating).isdigit() or int(rating) > 5:
            raise HTTPException(422, "rating must be from 0 to 5.")
        want = self._desk.world.add_want(
            account.name, release, notes=str(said.get("notes", "")), rating=int(rating)
        )
        basic = self._desk.records.basic(release, images=True)
        return answer_text(request, wire.want(account, want, basic, owner=True), 201)

    async def delete_want(self, request: Request) -> Response:
        """Take a release off the owner's wantlist."""
        account, release = self._own_release(request)
        if all(want.release != release for want in account.wants):
            raise HTTPException(404, "Release not in wantlist.")
        self._desk.world.remove_want(account.name, release)
        return Response(status_code=204)

    def _own_release(self, request: Request) -> tuple[Account, int]:
        account = self._desk.account(request)
        self._desk.must_own(request, account)
        release = number(request, "release", "Release")
        if release not in self._desk.world.releases:
            raise HTTPException(404, "Release not found.")
        return account, release

    def _open_collection(self, request: Request) -> Account:
        account = self._desk.account(request)
        if account.private_collection and not self._desk.is_owner(request, account):
            raise HTTPException(403, NOT_ALLOWED)
        return account

    def _items(self, request: Request, account: Account, items: list[Item]) -> Response:
        desk, cut = self._desk, Cut.of(request.query_params)
        owner, images = desk.is_owner(request, account), desk.images(request)
        part = cut.part(_sorted(request, desk.world, items))
        lines = (wire.item(one, desk.records.basic(one.release, images=images), owner=owner) for one in part)
        frame = cut.frame(request.url.path, request.query_params, len(items))
        return answer_text(request, page_text(frame, "releases", lines))


def _sorted(request: Request, world: World, lines: list[Line]) -> list[Line]:
    """By artist where nothing is pinned, as the website shows a collection."""
    key, descending = ordering(request.query_params, _SORTS, "artist")
    numbered = sorted(lines, key=_line_number)
    return sorted(numbered, key=lambda line: _sort_value(world, line, key), reverse=descending)


def _line_number(line: Item | Want) -> int:
    return line.instance if isinstance(line, Item) else line.release


def _sort_value(world: World, line: Item | Want, key: str) -> Any:
    if key == "added":
        return line.added
    if key == "rating":
        return line.rating
    release = world.releases[line.release]
    work = world.work_of(release)
    label, catno = release.labels[0]
    texts = {"label": label.name, "catno": catno, "title": work.title}
    if key in texts:
        return texts[key].casefold()
    if key == "year":
        return release.year
    return format_text(release.formats) if key == "format" else printed(work).casefold()


async def _body(request: Request) -> dict[str, Any]:
    text = await request.body()
    if not text:
        return dict(request.query_params)
    try:
        said = json.loads(text)
    except ValueError as error:
        raise HTTPException(422, "The body is not JSON.") from error
    if not isinstance(said, dict):
        raise HTTPException(422, "The body is not a JSON object.")
    return said
