"""Pages as Discogs cuts them: numbered from 1, at most 100 entries, clamped without a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from discogs_sandbox.wire.fields import API, Json

T = TypeVar("T")

LARGEST_PAGE = 100
_DEFAULT_PAGE = 50


@dataclass(frozen=True, slots=True)
class Cut:
    """Which page was asked for."""

    page: int
    per_page: int

    @classmethod
    def of(cls, query: QueryParams) -> Cut:
        """The page of a request; 422 where it is no number from 1 on."""
        return cls(_number(query, "page", 1), min(LARGEST_PAGE, _number(query, "per_page", _DEFAULT_PAGE)))

    def part(self, entries: Sequence[T]) -> Sequence[T]:
        """The entries of the page; 404 past the last one."""
        start = (self.page - 1) * self.per_page
        if self.page > self.pages(len(entries)):
            raise HTTPException(404, f"Page {self.page} outside of valid page range.")
        return entries[start : start + self.per_page]

    def pages(self, total: int) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-total // self.per_page))

    def frame(self, path: str, query: QueryParams, total: int) -> Json:
        """The `pagination` of an answer."""
        pages = self.pages(total)
        kept = {key: value for key, value in query.items() if key not in {"page", "per_page", "token"}}
        urls: dict[str, str] = {}
        if self.page > 1:
            urls |= {"first": self._url(path, kept, 1), "prev": self._url(path, kept, self.page - 1)}
        if self.page < pages:
            urls |= {"last": self._url(path, kept, pages), "next": self._url(path, kept, self.page + 1)}
        return {"page": self.page, "pages": pages, "per_page": self.per_page, "items": total, "urls": urls}

    def _url(self, path: str, kept: Mapping[str, str], page: int) -> str:
        return f"{API}{path}?{urlencode({'page': page, 'per_page': self.per_page, **kept})}"


def ordering(query: QueryParams, known: Sequence[str], default: str) -> tuple[str, bool]:
    """What to sort by, and whether descending; 422 for what Discogs cannot sort by."""
    key = query.get("sort", default)
    order = query.get("sort_order", "asc")
    if key not in known:
        raise HTTPException(422, f"sort must be one of: {', '.join(known)}.")
    if order not in {"asc", "desc"}:
        raise HTTPException(422, "sort_order must be asc or desc.")
    return key, order == "desc"


def _number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= 10**9:
        raise HTTPException(422, f"{name} must be a positive integer.")
    return int(text)
