"""Faults on purpose: errors, resets and refusals that a share of the requests meets, drawn from a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from discogs_sandbox.world.seeded_random import Odds, SeededRandom
from discogs_sandbox.world.shipping import PolicyAnswer

TOO_MANY_REQUESTS = "You are making requests too quickly."

_CLOUDFLARE_PAGE = (
    "<!DOCTYPE html><html><head><title>520: Web server is returning an unknown error</title></head>"
    "<body><h1>Error 520</h1><p>Cloudflare Ray ID: 0000sandbox</p></body></html>"
)


class Fault(StrEnum):
    """What goes wrong with a request."""

    SERVER_ERROR = "server-error"
    CLOUDFLARE = "cloudflare"
    RESET = "reset"
    CUT = "cut"
    TOO_MANY = "too-many"
    TOO_MANY_SILENT = "too-many-silent"


_KINDS = Odds(
    (
        (Fault.SERVER_ERROR, 3.0),
        (Fault.CLOUDFLARE, 2.0),
        (Fault.RESET, 2.0),
        (Fault.CUT, 1.0),
        (Fault.TOO_MANY, 1.0),
        (Fault.TOO_MANY_SILENT, 1.0),
    )
)


_UNREADABLE = tuple(kind for kind in PolicyAnswer if kind not in {PolicyAnswer.POLICIES, PolicyAnswer.EMPTY})


class Faults:
    """Makes a `share` of the requests fail, the same one at most `in_a_row` times in succession.

    The cap is there so that a client with bounded retries always gets through.
    """

    def __init__(self, seed: int = 1, share: float = 0.1, in_a_row: int = 2) -> None:
        self._rng = SeededRandom(seed, "faults")
        self._share = share
        self._in_a_row = in_a_row
        self._successive: Counter[str] = Counter()
        self.counts: Counter[Fault] = Counter()

    def draw(self, request: str) -> Fault | None:
        """The fault of this request, if any; `request` is its method and address."""
        fails, kind = self._rng.chance(self._share), self._rng.weighted(_KINDS)
        if not fails or self._successive[request] >= self._in_a_row:
            self._successive.pop(request, None)
            return None
        self._successive[request] += 1
        self.counts[kind] += 1
        return kind


class PolicyFaults:
    """Makes the shipping policies of a `share` of the sellers unreadable, always of the same ones."""

    def __init__(self, seed: int, share: float = 0.0) -> None:
        self._seed = seed
        self._share = share

    def set_share(self, share: float) -> None:
        """From now on so many of the sellers, from 0 to 1; `ValueError` for another number."""
        if not 0 <= share <= 1:
            raise ValueError("share must be from 0 to 1.")
        self._share = share

    def answer_for(self, seller: int, usual: PolicyAnswer) -> PolicyAnswer:
        """How the endpoint answers for the seller of this number; `usual` where nothing is made to fail."""
        rng = SeededRandom(self._seed, "policy faults", seller)
        return rng.pick(_UNREADABLE) if rng.chance(self._share) else usual


def error_response(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """An error as Discogs' API writes it."""
    return JSONResponse({"message": sentence}, status, headers)


def faulty_answer(fault: Fault) -> ASGIApp:
    """What answers a request that meets `fault`."""
    match fault:
        case Fault.SERVER_ERROR:
            return error_response(500, "An internal server error occurred. (Malformed query?)")
        case Fault.CLOUDFLARE:
            return HTMLResponse(_CLOUDFLARE_PAGE, 520)
        case Fault.TOO_MANY:
            return error_response(429, TOO_MANY_REQUESTS, {"Retry-After": "1"})
        case Fault.TOO_MANY_SILENT:
            return error_response(429, TOO_MANY_REQUESTS)
        case Fault.RESET:
            return _reset
        case Fault.CUT:
            return _cut


async def _reset(scope: Scope, receive: Receive, send: Send) -> None:
    """Close the connection before an answer; where the server's connection is out of reach, in its middle."""
    connection: Any = getattr(receive, "__self__", None)
    transport = getattr(connection, "transport", None)
    if transport is None:
        await _cut(scope, receive, send)
    else:
        transport.abort()


async def _cut(scope: Scope, receive: Receive, send: Send) -> None:
    """Promise an answer and stop in its middle: the server closes the connection."""
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", b"application/json"),
        (b"content-length", b"4096"),
    ]
    start: MutableMapping[str, Any] = {"type": "http.response.start", "status": 200, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b'{"pagination": {"page": 1, "pa', "more_body": True})
