"""What a request may send in its body: its media type, its size and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import current_time, move_on_after
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from discogs_assistant.config import Settings
from discogs_assistant.errors import AssistantError
from discogs_assistant.model.readable import size

FORM_LIMIT = 64_000
"""Largest form without files, in bytes."""
JSON_LIMIT = 1_000_000
"""Largest body of any other kind, in bytes, and of what frames an upload's files."""
UPLOAD_RATE = 250_000
"""Bytes of an upload for which it gets one second more: 50 MB at 2 Mbit/s take 200 seconds."""
_FORM, _FILES = "application/x-www-form-urlencoded", "multipart/form-data"


class TooLargeError(AssistantError):
    """A body larger than allowed."""

    http_status = 413
    code = "too-large"


class UnsupportedBodyError(AssistantError):
    """A body of a kind that the address does not take."""

    http_status = 415
    code = "unsupported-body"


class SlowBodyError(AssistantError):
    """A body that was not complete in time."""

    http_status = 408
    code = "too-slow"


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """`upload` in bytes; a body is complete within `seconds`, an upload's bytes adding to them."""

    upload: int
    seconds: float

    @classmethod
    def of(cls, settings: Settings) -> BodyLimits:
        """The limits of the settings."""
        return cls(settings.upload_limit, settings.body_seconds)

    def bounded(self, receive: Receive, headers: Headers, *, takes_files: bool) -> Receive:
        """The body, up to the limit; refused at once if its headers already exceed it."""
        if media(headers) == _FILES and not takes_files:
            raise UnsupportedBodyError(
                "This address does not accept files.", "Send files with the forms that ask for them."
            )
        limit = self._bytes(headers)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > limit:
            raise _too_large(limit)
        rate = UPLOAD_RATE if media(headers) == _FILES else None
        return _Body(receive, limit, self.seconds, rate).receive

    def _bytes(self, headers: Headers) -> int:
        sizes = {_FILES: self.upload + JSON_LIMIT, _FORM: FORM_LIMIT}
        return sizes.get(media(headers), JSON_LIMIT)


class _Body:
    """A body that is being received; its time starts at the first read."""

    def __init__(self, receive: Receive, limit: int, seconds: float, rate: int | None) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._rate = rate
        self._began: float | None = None
        self._taken = 0
        self._complete = False

    async def receive(self) -> Message:
        """The next part; `TooLargeError` or `SlowBodyError` where it is too much or too late."""
        if self._complete:
            return await self._receive()
        message: Message | None = None
        with move_on_after(self._left()):
            message = await self._receive()
        if message is None:
            raise SlowBodyError(
                "What you sent did not arrive in time.", "Check your connection and send it again."
            )
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            raise _too_large(self._limit)
        self._complete = not message.get("more_body", False)
        return message

    def _left(self) -> float:
        if self._began is None:
            self._began = current_time()
        earned = self._taken / self._rate if self._rate else 0.0
        return self._began + self._seconds + earned - current_time()


def media(headers: Headers) -> str:
    """The kind of the body, such as application/json, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _too_large(limit: int) -> TooLargeError:
    if limit < JSON_LIMIT:
        return TooLargeError(f"This form is larger than {size(limit)}.", "Fill in less at a time.")
    # Some of an upload's bytes frame its files: the sentence says how large the files may be.
    most = max(JSON_LIMIT, limit - JSON_LIMIT)
    return TooLargeError(
        f"What was sent is larger than {size(most)}.", "Send fewer or smaller files at a time."
    )
