"""One request over HTTP: bounded in time and size, never redirected, without cookies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx2

from discogs_assistant.errors import BadInputError, UnreachableError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.ports import Clock
from discogs_assistant.sources.retries import Failure, TryAgainError

BODY_LIMIT = 20_000_000
LONGEST_ANSWER = 120.0
"""Seconds for a whole answer, which may trickle; its single parts, and the way there, have less."""
_LONGEST_SILENCE, _LONGEST_WAY = 30.0, 10.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_WAIT_AND_SEE = "Try again later; what was read before is kept."


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: httpx2.Headers
    body: bytes


class Http:
    """A pool of connections that any number of threads and clients share; it holds no secret."""

    def __init__(self, client: httpx2.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def get(
        self,
        url: str,
        headers: Mapping[str, str],
        params: Mapping[str, str | int] | None = None,
        limit: int = BODY_LIMIT,
    ) -> Answer:
        """One GET, of at most `limit` bytes; `TryAgainError` where no whole answer came."""
        return self.send("GET", url, headers, params, limit)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        params: Mapping[str, str | int] | None = None,
        limit: int = BODY_LIMIT,
        within: float = LONGEST_ANSWER,
    ) -> Answer:
        """As `get`, by any method, waiting `within` seconds at most; nothing is sent in the body."""
        ends = self._clock.now() + timedelta(seconds=within)
        try:
            with self._client.stream(
                method, url, params=params, headers=dict(headers), timeout=_timeout(within)
            ) as response:
                return Answer(response.status_code, response.headers, self._body(response, limit, ends))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as failure:
            raise TryAgainError(Failure.NO_CONNECTION, _unreachable(url, failure)) from failure
        except httpx2.RequestError as failure:
            raise TryAgainError(Failure.BROKEN, _unreachable(url, failure)) from failure
        except httpx2.InvalidURL as failure:
            raise BadInputError(f"“{printable(url)}” is no web address.", "Correct the setting.") from failure

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _body(self, response: httpx2.Response, limit: int, ends: datetime) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > limit:
                raise UnreachableError(
                    f"The answer of {_host(str(response.url))} is larger than {limit:,} bytes.", _WAIT_AND_SEE
                )
            if self._clock.now() > ends:
                raise httpx2.ReadTimeout("the answer takes too long", request=response.request)
        return bytes(body)


def open_http(url: str, clock: Clock, transport: httpx2.BaseTransport | None = None) -> Http:
    """A pool for requests to `url`'s host; proxies of the environment are not used for this machine itself.

    Cookies are refused, since accounts share the pool.
    """
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    client = httpx2.Client(
        timeout=_timeout(LONGEST_ANSWER),
        follow_redirects=False,
        cookies=no_cookies,
        transport=transport,
        trust_env=urlsplit(url).hostname not in _LOOPBACK,
    )
    return Http(client, clock)


def _timeout(within: float) -> httpx2.Timeout:
    return httpx2.Timeout(min(within, _LONGEST_SILENCE), connect=min(within, _LONGEST_WAY))


def _unreachable(url: str, failure: Exception) -> UnreachableError:
    why = "did not answer in time" if isinstance(failure, httpx2.TimeoutException) else "cannot be reached"
    return UnreachableError(f"{_host(url)} {why}.", f"Check the network and its address. {_WAIT_AND_SEE}")


def _host(url: str) -> str:
    return printable(urlsplit(url).netloc.rpartition("@")[2])
