"""Every error that a person may meet: a status, a sentence, and the next thing to do."""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors with a sentence for the person.

    `exit_status` is the command line's, `http_status` the web's; `next_step` says what to do.
    """

    exit_status = 1
    http_status = 500
    code = "error"

    def __init__(self, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


class BadInputError(AssistantError):
    """Input that breaks a stated rule; `field` names the option or form field, if there is one."""

    exit_status = 2
    http_status = 422
    code = "bad-input"

    def __init__(self, sentence: str, next_step: str = "", *, field: str | None = None) -> None:
        super().__init__(sentence, next_step)
        self.field = field


class SumTooLargeError(BadInputError):
    """Amounts whose sums do not fit in 64 bits, so that no answer to them would be exact."""

    code = "sum-too-large"


class NotFoundError(AssistantError):
    """Something that is not there, or is somebody else's."""

    exit_status = 3
    http_status = 404
    code = "not-found"


class PrivateError(AssistantError):
    """A collection, wantlist or inventory that its owner does not show."""

    exit_status = 3
    http_status = 403
    code = "private"


class SignInNeededError(PrivateError):
    """Data that Discogs does not show without a token."""

    code = "sign-in-needed"


class TokenRefusedError(AssistantError):
    """A token that Discogs does not accept or no longer accepts; it says nothing about the requested data."""

    exit_status = 3
    http_status = 403
    code = "token-refused"


class ConflictError(AssistantError):
    """A request that the current state does not allow, such as cancelling a finished run."""

    http_status = 409
    code = "conflict"


class NotSignedInError(AssistantError):
    """A request without a signed-in person, on an instance where people sign in."""

    http_status = 401
    code = "not-signed-in"


class NotOperatorError(AssistantError):
    """What the operators of the installation alone may see or do."""

    http_status = 403
    code = "not-operator"


class TooOftenError(AssistantError):
    """Something that was tried too often; `retry_after` in seconds."""

    http_status = 429
    code = "too-often"

    def __init__(self, sentence: str, next_step: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(sentence, next_step)
        self.retry_after = retry_after


class BusyError(AssistantError):
    """More at once than this process serves; asking again a little later is safe."""

    http_status = 503
    code = "busy"


class UpstreamError(AssistantError):
    """Base class of failures at Discogs."""

    exit_status = 4
    http_status = 502
    code = "upstream"


class RateLimitedError(UpstreamError):
    """Discogs asked us to wait; `retry_after` in seconds, if it was given."""

    http_status = 503
    code = "rate-limited"

    def __init__(self, sentence: str, next_step: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(sentence, next_step)
        self.retry_after = retry_after


class BlockedError(UpstreamError):
    """A bot check or a refusal of the site. Reported, never worked around."""

    code = "blocked"


class UnreachableError(UpstreamError):
    """No usable answer after all retries."""

    http_status = 503
    code = "unreachable"


class NoConnectionError(UnreachableError):
    """Discogs' API could not even be connected to, so no other question would fare better now."""

    code = "no-connection"


class UnexpectedAnswerError(UpstreamError):
    """An answer of Discogs that differs from its documentation; the sentence names what is wrong."""

    code = "unexpected-answer"


class StorageError(AssistantError):
    """The database or the data folder cannot be used as it is."""

    http_status = 503
    code = "storage"


class DatabaseAwayError(StorageError):
    """The database did not answer, or took back what was under way; it passes, and asking again is safe."""

    code = "database-away"


class CancelledError(AssistantError):
    """A run that its owner cancelled."""

    http_status = 409
    code = "cancelled"


class InvalidFieldsError(BadInputError):
    """Several options or form fields at once: a sentence for each name in `fields`."""

    code = "invalid-fields"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def error_of(code: str | None, sentence: str, next_step: str = "") -> AssistantError:
    """The error that was stored as its code and words; sentences by field are joined into one by then."""
    if code == InvalidFieldsError.code:
        return BadInputError(sentence, next_step)
    return _by_code(AssistantError).get(code or "", AssistantError)(sentence, next_step)


def _by_code(root: type[AssistantError]) -> dict[str, type[AssistantError]]:
    known = {root.code: root}
    for kind in root.__subclasses__():
        known |= _by_code(kind)
    return known
