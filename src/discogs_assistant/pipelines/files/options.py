"""The options of `carts` and `plan`, whose listings come from files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import ValidationInfo, field_validator

from discogs_assistant.errors import BadInputError, InvalidFieldsError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.pipelines.carts.options import DestinationOptions, ShopOptions
from discogs_assistant.pipelines.runtime.options.listings import ListingOptions
from discogs_assistant.pipelines.runtime.options.model import (
    OptionDefinition,
    OptionsModel,
    option,
    worded_as,
)
from discogs_assistant.pipelines.runtime.options.types import (
    COUNTRY,
    CURRENCY,
    MONEY,
    YES_NO,
    OptionType,
    Reading,
    decimal,
    whole,
)

_MANY = 10**15


def _as_typed(value: object, reading: Reading) -> frozenset[str]:
    """Sellers as the file writes them, who need not be users of Discogs."""
    assert isinstance(value, list), "the command line repeats it"
    return frozenset(str(name).strip() for name in value)


def _releases(value: object, reading: Reading) -> tuple[int, ...]:
    """Releases as files number them, from 0."""
    assert isinstance(value, list), "the command line repeats it"
    return tuple(whole(0, _MANY).read(text, reading) for text in value)


def _day(value: object, reading: Reading) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadInputError(
            f"{reading.what}: “{printable(str(value), 30)}” is not a date.", "Write it as 2026-01-31."
        ) from None


_NAMES = OptionType(_as_typed, sorted, {"type": "array", "items": {"type": "string"}}, repeated=True)
_NUMBERS = OptionType(_releases, sorted, {"type": "array", "items": {"type": "integer"}}, repeated=True)


class ShipsToOptions(OptionsModel):
    """Where parcels go."""

    ships_to: Annotated[str | None, COUNTRY] = worded_as(DestinationOptions, "destination", None)


# The fields of the last base are read first: countries to buy from may be where parcels go.
class FileOptions(ListingOptions, ShipsToOptions):
    """What both commands have in common."""

    blank_is_given: ClassVar[bool] = True

    currency: Annotated[Currency, CURRENCY] = option(
        ...,
        "Currency",
        "The currency of the answer; other prices are converted by the rates of a day.",
        "USD",
        missing="--currency is missing. Name that of the budget, such as USD.",
    )
    budget: Annotated[Money | None, MONEY] = option(None, "Budget", "What may be spent together.", "100.00")
    exclude_seller: Annotated[frozenset[str], _NAMES] = worded_as(
        ListingOptions, "exclude_seller", frozenset()
    )
    rates_date: Annotated[date | None, OptionType(_day, str)] = option(
        None, "Day of the exchange rates", "Without it, the newest stored rates.", "2026-01-31"
    )

    @field_validator("ships_from", "formats", mode="after")
    @classmethod
    def _check_named(cls, named: frozenset[str], info: ValidationInfo) -> frozenset[str]:
        if not named:
            flag = _flag(cls.definitions()[str(info.field_name)])
            raise BadInputError(f"{flag} names nothing.", "Separate several with commas.")
        return named

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """The options among all of a command; `BadInputError` names the first that is wrong."""
        if raw.get("policies") is not None and not raw.get("ships_to"):
            raise BadInputError("--policies needs --ships-to.", "Say where the parcels go, such as US.")
        own = {name: raw[name] for name in cls.definitions().keys() & raw.keys()}
        try:
            return cls.parse(own, named=_flag)
        except InvalidFieldsError as wrong:
            raise BadInputError(next(iter(wrong.fields.values()))) from None


class CartFileOptions(FileOptions):
    """The options of `carts`."""

    top: Annotated[int, whole(1, _MANY)] = option(20, "Number of carts", "The best ones.")
    per_seller: Annotated[int, whole(1, _MANY)] = worded_as(ShopOptions, "per_seller", 1)
    min_items: Annotated[int, whole(1, _MANY)] = worded_as(ShopOptions, "min_items", 1)
    must: Annotated[tuple[int, ...], _NUMBERS] = option(
        (), "Required releases", "Every cart has them.", "249504"
    )
    min_orders: Annotated[bool, YES_NO] = worded_as(ShopOptions, "min_orders", False)


class PlanFileOptions(FileOptions):
    """The options of `plan`."""

    max_sellers: Annotated[int | None, whole(1, _MANY)] = option(
        None, "Number of sellers, at most", "Without it, any number."
    )
    premium: Annotated[Decimal, decimal(0, 1000)] = option(
        Decimal("0.05"),
        "Price of fewer parcels",
        "What fewer parcels may cost more, as a share of the total.",
    )
    deadline: Annotated[Decimal, decimal(0, 10**6)] = option(
        Decimal(60), "Seconds", "After them, the best plan found so far is the answer."
    )


def _flag(option_definition: OptionDefinition) -> str:
    """The option as it is typed."""
    return "--" + option_definition.name.replace("_", "-")
