"""The options that `carts` and `plan` share, from their text on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import PRESETS, country_code
from discogs_assistant.model.criteria import ListingCriteria
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.pipelines.option_readers import between, codes, money

LARGEST_MINOR = 10**11
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What holds for both commands; `ships_to` is an ISO code.

    Sellers whose postage is not known are left out, unless `unknown_free`.
    """

    currency: Currency
    criteria: ListingCriteria
    ships_to: str | None
    unknown_free: bool
    rates_date: date | None


def file_options(raw: Mapping[str, Any]) -> FileOptions:
    """The options by their names with underscores; `BadInputError` names the first that is wrong."""
    currency = option(raw, "currency", Currency.parse)
    if currency is None:
        raise BadInputError("--currency is missing.", "Name that of the budget, such as USD.")
    if raw.get("policies") is not None and not raw.get("ships_to"):
        raise BadInputError("--policies needs --ships-to.", "Say where the parcels go, such as US.")
    return FileOptions(
        currency=currency,
        criteria=_criteria(raw, currency),
        ships_to=option(raw, "ships_to", country_code),
        unknown_free=raw.get("unknown_shipping") == "free",
        rates_date=option(raw, "rates_date", _day),
    )


def option(raw: Mapping[str, Any], name: str, read: Callable[[str], T]) -> T | None:
    """The option's value; None where it was not given. Its name goes before what is wrong with it."""
    text = raw.get(name)
    if text is None:
        return None
    try:
        return read(text)
    except BadInputError as error:
        named = error.sentence if error.sentence.startswith("--") else f"{flag(name)}: {error.sentence}"
        raise BadInputError(named, error.next_step) from None


def amount(raw: Mapping[str, Any], name: str, currency: Currency) -> Money | None:
    """An option of money above 0."""
    return option(raw, name, lambda text: money(currency, LARGEST_MINOR)(text, flag(name)))


def decimal(raw: Mapping[str, Any], name: str, low: int, high: int) -> Decimal | None:
    """An option that is a number within its limits."""
    return option(raw, name, lambda text: between(Decimal(low), Decimal(high))(text, flag(name)))


def flag(name: str) -> str:
    """The option as it is typed."""
    return "--" + name.replace("_", "-")


def _criteria(raw: Mapping[str, Any], currency: Currency) -> ListingCriteria:
    excluded: Sequence[str] = raw.get("exclude_seller") or ()
    return ListingCriteria(
        min_media=option(raw, "min_media", Grade.parse),
        min_sleeve=option(raw, "min_sleeve", lambda text: SleeveGrade(Grade.parse(text).value)),
        min_seller_rating=decimal(raw, "min_seller_rating", 0, 100),
        ships_from=option(raw, "ships_from", _countries) or frozenset(),
        exclude_sellers=frozenset(name.strip() for name in excluded),
        max_price=amount(raw, "max_price", currency),
        formats=option(raw, "formats", _words) or frozenset(),
    )


def _countries(text: str) -> frozenset[str]:
    return frozenset[str]().union(
        *(PRESETS.get(code.upper()) or {country_code(code)} for code in _words(text))
    )


def _words(text: str) -> frozenset[str]:
    found = codes(text, "it")
    if not found:
        raise BadInputError("it names nothing.", "Separate several with commas.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(f"“{printable(text, 30)}” is not a date.", "Write it as 2026-01-31.") from None
