"""What the cells of cart files may say: text becomes a number, or a `BadInputError` says why not."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.grade import UNGRADED, Grade, SleeveGrade
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency, Money, parse_decimal

LARGEST_ID = 10**15
LARGEST_MINOR = 10**11
"""A billion dollars: the most that a budget, and so a price, may be."""

_MICRO = Decimal("0.000001")
_LARGEST_SCORE = 10**6
_MOST_COPIES = 10_000
_MOST_GRAMS = 1_000_000
_USUAL_GRAMS = 230
_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?")
_YES = frozenset({"1", "true", "yes", "y"})
_NO = frozenset({"", "0", "false", "no", "n"})


def identifier(text: str) -> int:
    """The number of a listing or a release."""
    if not _WHOLE.fullmatch(text) or int(text) > LARGEST_ID:
        raise _refused(text, "a number from Discogs' addresses")
    return int(text)


def name(text: str) -> str:
    """Text that must be there."""
    if not text:
        raise BadInputError("it is empty.")
    return text


def price(text: str, currency: str) -> int:
    """Minor units of its own currency, above 0."""
    amount = Money.parse(text, Currency.parse(currency))
    if amount.minor > LARGEST_MINOR:
        raise BadInputError(f"the price {printable(text, 30)} is too large.")
    return amount.minor


def decimal(text: str, low: int, high: int, what: str = "a number") -> Decimal:
    """A number within its limits, of at most six decimals.

    Scientific notation will do, because programs write small numbers so.
    """
    number = Decimal(text) if _DECIMAL.fullmatch(text) else None
    if number is None or not low <= number <= high:
        raise _refused(text, f"{what} from {low} to {high:,}")
    if number != number.quantize(_MICRO):
        raise BadInputError(f"“{printable(text, 30)}” has more than six decimals.")
    return number


def score(text: str, default: int | None = None) -> int:
    """Millionths."""
    if not text and default is not None:
        return default
    return int(decimal(text, 0, _LARGEST_SCORE, "a score").scaleb(6))


def copies(text: str) -> int:
    """How many copies; one where the cell is empty."""
    return whole(text, 1, _MOST_COPIES) if text else 1


def grams(text: str) -> int:
    """The weight of a copy; that of an LP where the cell is empty."""
    return whole(text, 1, _MOST_GRAMS) if text else _USUAL_GRAMS


def media(text: str) -> int:
    """A `Grade`, or `UNGRADED` where the cell is empty."""
    return Grade.parse(text) if text else UNGRADED


def sleeve(text: str) -> int:
    """A `SleeveGrade`, or `UNGRADED` where the cell is empty."""
    return SleeveGrade.parse(text) if text else UNGRADED


def country(text: str) -> str:
    """An ISO code, or nothing where the cell is empty."""
    return country_code(text) if text else ""


def rating(text: str) -> int:
    """Millionths of a percent, rounded down; -1 where the cell is empty."""
    if not text:
        return -1
    number = parse_decimal(text.removesuffix("%"), what="the rating")
    if not 0 <= number <= 100:
        raise _refused(text, "a percentage")
    return int(number.quantize(_MICRO, rounding=ROUND_FLOOR).scaleb(6))


def flag(text: str) -> int:
    """1 for yes, 0 for no and for an empty cell."""
    word = text.casefold()
    if word not in _YES | _NO:
        raise _refused(text, "1 or 0")
    return int(word in _YES)


def whole(text: str, low: int, high: int) -> int:
    """A whole number within its limits."""
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise _refused(text, f"a whole number from {low} to {high:,}")
    return int(text)


def _refused(text: str, what: str) -> BadInputError:
    if not text:
        return BadInputError("it is empty.")
    return BadInputError(f"“{printable(text, 30)}” is not {what}.")
