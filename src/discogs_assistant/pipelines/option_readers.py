"""Readers of single raw option values: a typed value, or a sentence that says what is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import ReleaseId, parse_user_name, printable
from discogs_assistant.model.money import Currency, Money, parse_decimal
from discogs_assistant.pipelines.option_fields import Reader

MANY = 500
"""How many values one option may have."""
_GENRE_WITH_COMMAS = "Folk, World, & Country"
_LONGEST = 200
_LARGEST_ID = 10**12
_TRUE = frozenset({"on", "true", "yes", "1"})
_FALSE = frozenset({"off", "false", "no", "0"})
_RELEASE = re.compile(r"(?:\[?r?|\S*/release/)(\d{1,12})\b\S*")


def text(value: object, what: str) -> str:
    """A short text on one line."""
    if not isinstance(value, str):
        raise BadInputError(f"{what} must be text.")
    clean = " ".join(value.split())
    if len(clean) > _LONGEST or not clean.isprintable():
        raise BadInputError(f"{what} “{printable(clean, 30)}” is too long or holds control characters.")
    return clean


def flag(value: object, what: str) -> bool:
    """A yes or no: JSON's booleans, or the words a form or an address carries."""
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise BadInputError(f"{what} is either true or false.")


def number(value: object, what: str) -> Decimal:
    """A finite decimal from a JSON number or its text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise BadInputError(f"{what} must be a number.", "Write it as 12.50.")
    if not isinstance(value, str):
        finite = not isinstance(value, float) or math.isfinite(value)
        value = format(Decimal(repr(value) if isinstance(value, float) else value), "f") if finite else "NaN"
    if len(value) > _LONGEST:
        raise BadInputError(f"{what} {printable(value, 20)} has too many digits.", "Write it as 12.50.")
    return parse_decimal(value, what=what)


def between(low: Decimal, high: Decimal) -> Reader[Decimal]:
    """A reader of decimals of at most six places from `low` to `high`, both allowed."""

    def read(value: object, what: str) -> Decimal:
        amount = number(value, what)
        if not low <= amount <= high or amount != round(amount, 6):
            raise BadInputError(f"{what} must be from {low} to {high}, and is {printable(str(value), 20)}.")
        return amount

    return read


def whole(low: int, high: int) -> Reader[int]:
    """A reader of whole numbers from `low` to `high`, both allowed."""

    def read(value: object, what: str) -> int:
        amount = _integer(value, what)
        if not low <= amount <= high:
            raise BadInputError(f"{what} must be from {low} to {high}, and is {printable(str(value), 20)}.")
        return amount

    return read


def _integer(value: object, what: str) -> int:
    with suppress(BadInputError):
        amount = number(value, what)
        if amount == int(amount):
            return int(amount)
    raise BadInputError(f"{what} must be a whole number, and is “{printable(str(value), 20)}”.")


def money(currency: Currency, largest_minor: int) -> Reader[Money]:
    """A reader of amounts above 0 and up to `largest_minor`."""

    def read(value: object, what: str) -> Money:
        plain = value.strip() if isinstance(value, str) else format(number(value, what), "f")
        number(plain, what)
        amount = Money.parse(plain, currency, what=what)
        if amount.minor > largest_minor:
            raise BadInputError(
                f"{what} {printable(plain, 30)} is too large.",
                f"The most is {Money(largest_minor, currency)}.",
            )
        return amount

    return read


def currency_code(value: object, what: str) -> Currency:
    """A currency by its ISO code."""
    return Currency.parse(text(value, what))


def grade(value: object, what: str) -> Grade:
    """A record's grade in Discogs' words or its short form."""
    return Grade.parse(text(value, what))


def decimal_text(amount: Decimal | None) -> str | None:
    """An option's decimal as its shortest text, which `number` reads back."""
    if amount is None:
        return None
    return format(amount.normalize(), "f") if amount else "0"


def names(value: object, what: str) -> frozenset[str]:
    """Several names: a list of them, or one text with commas between them.

    In a list commas belong to the name, and everywhere to Discogs' one genre that has them.
    """
    if not isinstance(value, str):
        return frozenset(text(name, what) for name in _several(value, what))
    plain = text(value, what)
    kept = {_GENRE_WITH_COMMAS} if _GENRE_WITH_COMMAS in plain else set()
    parts = (part.strip() for part in plain.replace(_GENRE_WITH_COMMAS, "").split(","))
    return frozenset(kept | {part for part in parts if part})


def codes(value: object, what: str) -> frozenset[str]:
    """Several codes: a list, or one text with commas between them."""
    parts = (part for code in _several(value, what) for part in text(code, what).split(","))
    return frozenset(part.strip() for part in parts if part.strip())


def sellers(value: object, what: str) -> frozenset[str]:
    """Several sellers' names, in a list or with commas between them."""
    return frozenset(parse_user_name(name) for name in codes(value, what))


def releases(value: object, what: str) -> frozenset[ReleaseId]:
    """Several releases by id, by `r123`, or by their address on Discogs."""
    found = set()
    for item in _several(value, what):
        plain = str(item) if isinstance(item, int) and not isinstance(item, bool) else text(item, what)
        found |= {_release(part.strip(), what) for part in plain.split(",") if part.strip()}
    return frozenset(found)


def _release(plain: str, what: str) -> ReleaseId:
    match = _RELEASE.fullmatch(plain)
    if match is None or not 0 < int(match[1]) <= _LARGEST_ID:
        raise BadInputError(
            f"{what}: “{printable(plain, 40)}” is not a release.",
            "Give its number on Discogs, such as 249504.",
        )
    return ReleaseId(int(match[1]))


def _several(value: object, what: str) -> Iterable[object]:
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    if len(values) > MANY:
        raise BadInputError(f"{what} has {len(values)} values.", f"Give at most {MANY}.")
    return [item for item in values if item is not None and item != ""]
