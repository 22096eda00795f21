"""Pages as Discogs numbers them: from 1, of at most 100 entries; a larger `per_page` is lowered silently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from discogs_sandbox.routes.context import InvalidParameterError, text_answer
from discogs_sandbox.wire.fields import API, Json, to_json

T = TypeVar("T")

LARGEST_PAGE = 100
_DEFAULT_PAGE = 50


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for."""

    page: int
    per_page: int

    @classmethod
    def of(cls, query: QueryParams) -> PageRequest:
        """The page of a request; 422 where it is not a positive integer."""
        per_page = min(LARGEST_PAGE, _number(query, "per_page", _DEFAULT_PAGE))
        return cls(_number(query, "page", 1), per_page)

    def slice(self, entries: Sequence[T]) -> Sequence[T]:
        """The entries of the page; 404 past the last one."""
        start = (self.page - 1) * self.per_page
        if self.page > self.pages(len(entries)):
            raise HTTPException(404, f"Page {self.page} outside of valid page range.")
        return entries[start : start + self.per_page]

    def pages(self, total: int) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-total // self.per_page))

    def pagination(self, request: Request, total: int) -> Json:
        """The `pagination` of an answer."""
        path, pages = request.url.path, self.pages(total)
        own = {"page", "per_page", "token"}
        others = {key: value for key, value in request.query_params.items() if key not in own}
        urls: dict[str, str] = {}
        if self.page > 1:
            urls |= {"first": self._url(path, others, 1), "prev": self._url(path, others, self.page - 1)}
        if self.page < pages:
            urls |= {"last": self._url(path, others, pages), "next": self._url(path, others, self.page + 1)}
        return {"page": self.page, "pages": pages, "per_page": self.per_page, "items": total, "urls": urls}

    def _url(self, path: str, others: Mapping[str, str], page: int) -> str:
        return f"{API}{path}?{urlencode({'page': page, 'per_page': self.per_page, **others})}"


def page_answer(request: Request, key: str, entries: Sequence[T], write: Callable[[T], str]) -> Response:
    """The page that was asked for; `write` makes the JSON text of an entry."""
    asked = PageRequest.of(request.query_params)
    texts = ",".join(write(entry) for entry in asked.slice(entries))
    pagination = to_json(asked.pagination(request, len(entries)))
    return text_answer(request, f'{{"pagination":{pagination},"{key}":[{texts}]}}')


def sort_order(query: QueryParams, known: Sequence[str], default: str) -> tuple[str, bool]:
    """What to sort by, and whether descending; 422 for what Discogs cannot sort by."""
    key = query.get("sort", default)
    order = query.get("sort_order", "asc")
    if key not in known:
        raise InvalidParameterError("sort", f"sort must be one of: {', '.join(known)}.")
    if order not in {"asc", "desc"}:
        raise InvalidParameterError("sort_order", "sort_order must be asc or desc.")
    return key, order == "desc"


def _number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= 10**9:
        raise InvalidParameterError(name, f"{name} must be a positive integer.")
    return int(text)
