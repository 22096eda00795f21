"""What an answer's status means: JSON, a failure that may pass, or an error with its next step."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn, Protocol
from urllib.parse import parse_qsl

from discogs_assistant.errors import (
    AssistantError,
    BadInputError,
    BlockedError,
    NotFoundError,
    PrivateError,
    RateLimitedError,
    SignInNeededError,
    TokenRefusedError,
    UnreachableError,
    UpstreamError,
)
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.discogs.wire_fields import unexpected
from discogs_assistant.sources.http import Answer
from discogs_assistant.sources.retries import Failure, TryAgainError, retry_after

HOW_TO_SIGN_IN = (
    "Sign in to Discogs as its owner, make a personal token at https://www.discogs.com/settings/developers "
    "and save it in the settings."
)
_BOT_CHECK = "Discogs answered with a bot check instead of data."
_LATER = "Try again later; what was read before is kept."
GOOD = 200
_WITHOUT_CONTENT = 204
_LONGEST_FORM = 4_000
_GOOD = {GOOD, 201, _WITHOUT_CONTENT}


@dataclass(frozen=True, slots=True)
class Subject:
    """The requested data, in words such as "the collection of “x”".

    Some subjects can be private. `changing` names what a request changes, which only its owner may do.
    """

    words: str
    may_be_private: bool = False
    changing: str = ""


class Reader(Protocol):
    """What makes a value, or an error, of an answer."""

    def __call__(
        self, answer: Answer, subject: Subject, *, signed_in: bool, now: datetime, window: float
    ) -> Any:
        """The value."""
        ...


def json_of(answer: Answer, subject: Subject, *, signed_in: bool, now: datetime, window: float) -> Any:
    """The JSON of a good answer, with exact decimals for fractions; None of one without content.

    Errors as of `check`.
    """
    check(answer, subject, signed_in=signed_in, now=now, window=window)
    return None if answer.status == _WITHOUT_CONTENT else _parsed(answer.body, subject)


def any_of(
    answer: Answer, subject: Subject, *, signed_in: bool, now: datetime, window: float
) -> tuple[int, Any]:
    """The status of any answer but 429, and its JSON; None where there is none, or the status is not 200.

    For an address that Discogs may close at any time: no refusal is an error or worth another try.
    """
    if answer.status == 429:
        check(answer, subject, signed_in=signed_in, now=now, window=window)
    if answer.status != GOOD:
        return answer.status, None
    try:
        return GOOD, _parsed(answer.body, subject)
    except TryAgainError:
        return GOOD, None


def form_of(
    answer: Answer, subject: Subject, *, signed_in: bool, now: datetime, window: float
) -> dict[str, str]:
    """The fields of a good form-encoded answer. Errors as of `check`."""
    check(answer, subject, signed_in=signed_in, now=now, window=window)
    return dict(parse_qsl(answer.body[:_LONGEST_FORM].decode("latin-1")))


def check(answer: Answer, subject: Subject, *, signed_in: bool, now: datetime, window: float) -> None:
    """Nothing for a good answer, `TryAgainError` for what may pass, else the error.

    A 429 without Retry-After waits `window` seconds.
    """
    if answer.status == 429:
        seconds = retry_after(answer.headers.get("Retry-After"), now, window)
        raise TryAgainError(Failure.LIMITED, _limited(seconds), pause=seconds)
    if _is_challenge(answer):
        raise TryAgainError(
            Failure.BOT_CHECK, BlockedError(_BOT_CHECK, f"It is never worked around. {_LATER}")
        )
    if answer.status >= 500:
        sentence = f"Discogs has a fault of its own (status {answer.status})."
        raise TryAgainError(Failure.BROKEN, UnreachableError(sentence, _LATER))
    if answer.status not in _GOOD:
        raise _refusal(answer, subject, signed_in)


def _limited(seconds: float) -> RateLimitedError:
    return RateLimitedError(
        f"Discogs keeps asking us to wait {seconds:,.0f} seconds.",
        "Try again later; a personal token gives a higher rate, and other programs at this address share it.",
        retry_after=seconds,
    )


def _is_challenge(answer: Answer) -> bool:
    """Cloudflare marks its challenges; without the mark, a page where JSON was due from a sound server."""
    if answer.headers.get("cf-mitigated", "").casefold() == "challenge":
        return True
    return answer.status in {200, 401, 403} and _is_page(answer)


def _is_page(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "").casefold()
    return "text/html" in kind or answer.body[:200].lstrip()[:1] == b"<"


def _refusal(answer: Answer, subject: Subject, signed_in: bool) -> AssistantError:
    message = _message(answer.body)
    if answer.status == 404:
        return NotFoundError(
            f"Discogs does not know {subject.words}.",
            "Check the spelling, and whether it is still on Discogs.",
        )
    if answer.status == 401:
        return _unauthorised(signed_in, subject)
    if answer.status == 403:
        return _forbidden(subject, message)
    if answer.status == 422:
        return BadInputError(
            f"Discogs does not accept the question for {subject.words}: {message}", "Change it."
        )
    if 300 <= answer.status < 400:
        return UnreachableError(
            f"Discogs redirects the request for {subject.words} to another address.",
            "Check the setting DISCOGS_API_URL.",
        )
    return UpstreamError(f"Discogs refuses {subject.words} (status {answer.status}): {message}", _LATER)


def _unauthorised(signed_in: bool, subject: Subject) -> SignInNeededError | TokenRefusedError:
    if signed_in:
        return TokenRefusedError(
            "Discogs does not accept the token.",
            "Make a new one at https://www.discogs.com/settings/developers and save it in the settings.",
        )
    if subject.changing:
        sentence = f"Discogs does not allow changes to {subject.changing} without a token."
        return SignInNeededError(sentence, HOW_TO_SIGN_IN)
    return SignInNeededError(f"Discogs shows {subject.words} only to those who signed in.", HOW_TO_SIGN_IN)


def _forbidden(subject: Subject, message: str) -> AssistantError:
    plain = message.casefold()
    if "user-agent" in plain or "user agent" in plain:
        return BlockedError(f"Discogs refuses this program's user agent: {message}", "Set CONTACT_URL.")
    if "pagination" in plain:
        return BadInputError(f"Discogs shows no more pages of {subject.words}.", "Ask for an earlier page.")
    if subject.changing:
        return PrivateError(f"Discogs does not let this token change {subject.changing}.", HOW_TO_SIGN_IN)
    if subject.may_be_private:
        return PrivateError(f"{_capital(subject.words)} is private.", HOW_TO_SIGN_IN)
    return BlockedError(f"Discogs refuses {subject.words}: {message}", _LATER)


def _parsed(body: bytes, subject: Subject) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError) as failure:
        error = unexpected(f"the answer for {subject.words}", "is not JSON")
        raise TryAgainError(Failure.BROKEN, error) from failure


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _message(body: bytes) -> str:
    """What Discogs says, safe to quote: its message, and the details where it lists some."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return "it gives no reason."
    details = answer.get("detail")
    listed = details if isinstance(details, list) else []
    said = [answer.get("message"), *(detail.get("msg") for detail in listed if isinstance(detail, dict))]
    words = " ".join(part for part in said if isinstance(part, str) and part)
    return printable(words, 200) if words else "it gives no reason."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
