"""The few files beside the pages: our stylesheet, script and icon, and htmx from its installed wheel."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from discogs_assistant.errors import NotFoundError

_JAVASCRIPT = "text/javascript; charset=utf-8"
_OURS = {"style.css": "text/css; charset=utf-8", "app.js": _JAVASCRIPT, "icon.svg": "image/svg+xml"}
# No third-party script is copied into this repository: django-htmx ships htmx as static files, and Django
# itself is never imported.
_HTMX = {"htmx.js": "htmx-4.min.js", "htmx-sse.js": "ext/hx-sse-4.min.js"}
_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: plain, compressed, and a digest that changes with its content."""

    media: str
    body: bytes
    packed: bytes
    digest: str

    @classmethod
    def of(cls, body: bytes, media: str) -> Asset:
        """The asset of these bytes."""
        return cls(media, body, gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:16])


class Assets:
    """All assets by name, read once; nothing else is served, whatever path is asked for."""

    def __init__(self) -> None:
        ours = files("discogs_assistant.web") / "static"
        htmx = files("django_htmx") / "static" / "django_htmx"
        self._assets: Mapping[str, Asset] = {
            name: Asset.of((ours / name).read_bytes(), media) for name, media in _OURS.items()
        } | {name: Asset.of(htmx.joinpath(path).read_bytes(), _JAVASCRIPT) for name, path in _HTMX.items()}

    def address(self, name: str) -> str:
        """Where pages find the asset; the address changes with the content."""
        return f"/static/{name}?v={self._assets[name].digest}"

    def answer(self, request: Request) -> Response:
        """The asset that the path names; `NotFoundError` for any other."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise NotFoundError("There is no such file.")
        headers = {"ETag": f'"{asset.digest}"', "Cache-Control": _YEAR, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == f'"{asset.digest}"':
            return Response(status_code=304, headers=headers)
        if _takes_gzip(request.headers):
            return Response(
                asset.packed, media_type=asset.media, headers=headers | {"Content-Encoding": "gzip"}
            )
        return Response(asset.body, media_type=asset.media, headers=headers)


def _takes_gzip(headers: Headers) -> bool:
    return "gzip" in headers.get("accept-encoding", "")
