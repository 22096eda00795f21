"""Requests to Discogs' web API: within the rate limit, with retries, and with reports of waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

import stamina

from discogs_assistant.errors import NoConnectionError, PrivateError, SignInNeededError, TokenRefusedError
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.ports import AnswerListener, Caller, Clock, RateBudget, WaitListener
from discogs_assistant.sources.discogs.oauth import Signer, personal_signer
from discogs_assistant.sources.discogs.refusals import (
    HOW_TO_SIGN_IN,
    Reader,
    Subject,
    any_of,
    form_of,
    json_of,
)
from discogs_assistant.sources.http import LONGEST_ANSWER, Answer, Http
from discogs_assistant.sources.retries import TRIES, Failure, Patience, TryAgainError

ACCEPT = "application/vnd.discogs.v2.discogs+json"
WAITED_FOR = "Discogs"
_WORTH_TELLING = 1.0
_NAP = 5.0
_LEAST = 0.1
"""Seconds for a request that was released at the last moment: a timeout of 0 would mean no timeout."""

Params = Mapping[str, str | int]


class DiscogsApi:
    """Requests to one API address, signed for one account or not; any number of threads may share it.

    `on_wait` is called for each wait longer than a second, again every few seconds with the time left, and
    with 0 seconds at the end; an error that it raises ends the request. `on_answer` is called for each
    answer. `window` is Discogs' own in seconds. With `person`, requests take turns with those of others.
    `caller` is a person who waits at a page: no request that would take too long is started, and no try
    takes longer.
    """

    def __init__(
        self,
        http: Http,
        budget: RateBudget,
        clock: Clock,
        *,
        api_url: str,
        user_agent: str,
        token: str | None = None,
        signer: Signer | None = None,
        window: float = 60.0,
        on_wait: WaitListener | None = None,
        person: OwnerId | None = None,
        caller: Caller | None = None,
        on_answer: AnswerListener | None = None,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._http = http
        self._budget = budget
        self._clock = clock
        self._url = api_url.rstrip("/")
        self._headers = {"User-Agent": user_agent, "Accept": ACCEPT}
        self._signer = signer or (personal_signer(token) if token else None)
        self._window = window
        self._on_wait = on_wait
        self._person = person
        self._caller = caller
        self._on_answer = on_answer or (lambda signed_in, status: None)
        self._jitter = jitter or SystemRandom().random

    @property
    def signed_in(self) -> bool:
        """True where requests are signed."""
        return self._signer is not None

    def now(self) -> datetime:
        """The present moment of the clock passed to the constructor."""
        return self._clock.now()

    def get(self, path: str, subject: Subject, params: Params | None = None) -> Any:
        """The JSON at `path`; an error of `errors` where there is none after all tries."""
        return self._ask("GET", path, subject, params)

    def get_any(self, path: str, subject: Subject, params: Params | None = None) -> tuple[int, Any]:
        """The status of the answer at `path` and its JSON, see `any_of`; only a signed request is sent."""
        if self._signer is None:
            raise SignInNeededError(
                f"Discogs shows {subject.words} only to those who signed in.", HOW_TO_SIGN_IN
            )
        answer: tuple[int, Any] = self._ask("GET", path, subject, params, any_of)
        return answer

    def put(self, path: str, subject: Subject) -> Any:
        """As `get`, with PUT at `path`. It is sent again if no answer came: PUT is idempotent."""
        return self._ask("PUT", path, subject)

    def delete(self, path: str, subject: Subject) -> None:
        """Delete `path`; a second try after a lost answer may raise `NotFoundError`."""
        self._ask("DELETE", path, subject)

    def form(self, method: str, path: str, subject: Subject) -> dict[str, str]:
        """The form-encoded answer of a step of a sign-in."""
        answer: dict[str, str] = self._ask(method, path, subject, read=form_of)
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        subject: Subject,
        params: Params | None = None,
        read: Reader = json_of,
    ) -> Any:
        patience = Patience(self._rest, self._pause, self._jitter, Counter())
        try:
            with self._place():
                for attempt in stamina.retry_context(on=patience, attempts=TRIES, timeout=None):
                    with attempt:
                        if not patience.unsent:
                            self._await_slot()
                        return self._once(method, path, subject, params, read)
        except TryAgainError as failure:
            if failure.kind is Failure.NO_CONNECTION:
                raise NoConnectionError(failure.error.sentence, failure.error.next_step) from failure
            raise failure.error from failure
        raise AssertionError("the last attempt either returns or raises")

    def _once(self, method: str, path: str, subject: Subject, params: Params | None, read: Reader) -> Any:
        url, headers = self._url + path, self._headers
        if self._signer is not None:
            # Built again for each try: a nonce can be used only once.
            headers = {**headers, "Authorization": self._signer.header(method, url)}
        try:
            answer = self._http.send(method, url, headers, params, within=self._within())
        except TryAgainError:
            self._on_answer(self.signed_in, 0)
            raise
        self._on_answer(self.signed_in, answer.status)
        self._observe(answer)
        try:
            return read(answer, subject, signed_in=self.signed_in, now=self._clock.now(), window=self._window)
        except (PrivateError, TokenRefusedError) as error:
            raise type(error)(error.sentence, self._how_to(error)) from error

    def _place(self) -> AbstractContextManager[None]:
        return self._caller.place() if self._caller else nullcontext()

    def _within(self) -> float:
        """The maximum number of seconds of one try."""
        if self._caller is None:
            return LONGEST_ANSWER
        return max((self._caller.until - self._clock.now()).total_seconds(), _LEAST)

    def _how_to(self, error: PrivateError | TokenRefusedError) -> str:
        return (self._signer.how_to if self._signer else "") or error.next_step

    def _await_slot(self) -> None:
        if self._person is None:
            self._rest(self._budget.reserve(signed_in=self.signed_in))
            return
        granted, until = False, self._caller.until if self._caller else None
        while not granted:
            turn = self._budget.take_turn(self._person, signed_in=self.signed_in, until=until)
            due = self._clock.now() + timedelta(seconds=turn.seconds)
            self._rest(turn.seconds)
            late = (self._clock.now() - due).total_seconds()
            granted = turn.granted and late <= turn.good_for

    def _observe(self, answer: Answer) -> None:
        self._budget.observe(
            signed_in=self.signed_in,
            limit=_count(answer.headers.get("X-Discogs-Ratelimit")),
            remaining=_count(answer.headers.get("X-Discogs-Ratelimit-Remaining")),
        )

    def _pause(self, seconds: float) -> None:
        self._budget.pause(signed_in=self.signed_in, seconds=seconds)

    def _rest(self, seconds: float) -> None:
        if self._caller:
            self._caller.bear(seconds)
        reported = False
        while seconds > 0:
            if self._on_wait and seconds > _WORTH_TELLING:
                self._on_wait(WAITED_FOR, seconds)
                reported = True
            nap = min(seconds, _NAP)
            self._clock.sleep(nap)
            seconds -= nap
        if self._on_wait and reported:
            self._on_wait(WAITED_FOR, 0.0)


def _count(header: str | None) -> int | None:
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 10 else None
