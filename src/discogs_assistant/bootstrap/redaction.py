"""Removes secrets from log lines, as a second line of defence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "…hidden…"
_NAMES = (
    r"authorization|proxy-authorization|set-cookie|cookie|x-api-key|[\w-]*(?:token|secret|password|passwd|"
    r"signature|verifier|api_?key|secret_?key)"
)
_SECRET_NAME = re.compile(rf"(?:{_NAMES})\Z", re.IGNORECASE)
_PATTERNS = (
    # A header of a request or an answer, to the end of its line or its quote.
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=,]\s*b?['\"]?)[^'\"\r\n]+"),
        r"\1\2",
    ),
    (re.compile(r"(?i)\b(oauth)(\s+)(?:realm|oauth_)[^\r\n]+"), r"\1\2"),
    # Discogs' two ways to sign in, and ours, anywhere in the text.
    (re.compile(r"(?i)\b(bearer|basic|discogs token|token token)([ =]+)[\w.~+/=-]{6,}"), r"\1\2"),
    # Tokens of our programs and the secrets of feeds, which are parts of addresses.
    (re.compile(r"\b(ds[af]_)()[\w-]{8,}"), r"\1\2"),
    # A field of an address, a form, an OAuth header or a document.
    (re.compile(rf"(?i)\b({_NAMES})(['\"]?\s*[:=]\s*b?['\"]?)(?!\s)[^\s'\"&,;)}}\]]+"), r"\1\2"),
    # The password of a database's or a proxy's address.
    (re.compile(r"(://[^\s/:@]+:)()[^\s/@]+(?=@)"), r"\1\2"),
)


def redact(_logger: Any, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """A structlog processor: the same line without Authorization, cookies, tokens and passwords."""
    # Names with a leading underscore are internal to the logging library and are not written.
    return {name: value if name.startswith("_") else _hidden(name, value) for name, value in event.items()}


def without_secrets(text: str) -> str:
    """`text` with each secret that its prefix reveals replaced by a mark."""
    for pattern, kept in _PATTERNS:
        text = pattern.sub(rf"{kept}{HIDDEN}", text)
    return text


def _hidden(name: object, value: Any) -> Any:
    if isinstance(name, str) and _SECRET_NAME.match(name) and value is not None:
        return HIDDEN
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: _hidden(key, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden(None, inner) for inner in value]
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return without_secrets(text)
