"""The types of options: how each is read from a form, JSON or the command line, and written back.

A type stands in the annotation of a field: `min_media: Annotated[Grade | None, MEDIA_CONDITION]`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import PRESETS, country_code
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ReleaseId, parse_run_id, parse_user_name, printable
from discogs_assistant.model.money import Currency, Money, parse_decimal

MANY = 500
"""How many values one option may have."""
HOME = "HOME"
FIRST_YEAR, LAST_YEAR = 1860, 2200
_LARGEST_MINOR = 10**11
_GENRE_WITH_COMMAS = "Folk, World, & Country"
_LONGEST = 200
_LONGEST_SENTENCE = 400
_LARGEST_ID = 10**12
_TRUE = frozenset({"on", "true", "yes", "1"})
_FALSE = frozenset({"off", "false", "no", "0"})
_RELEASE = re.compile(r"(?:\[?r?|\S*/release/)(\d{1,12})\b\S*")
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}

Control = Literal[
    "text", "decimal", "whole", "yes_no", "share", "areas",
    "currency", "country", "media_condition", "sleeve_condition",
]  # fmt: skip
"""What a form asks with."""


@dataclass(frozen=True, slots=True)
class Home:
    """What is used for options that a person did not give: their currency and country."""

    currency: Currency = Currency.USD
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a value is read with: how its field is named in a sentence, the fields read before, the home."""

    what: str
    before: Mapping[str, Any] = field(default_factory=dict)
    home: Home = field(default_factory=Home)

    @property
    def currency(self) -> Currency:
        """The currency of amounts: the one asked for, or the person's own."""
        return self.before.get("currency") or self.home.currency

    @property
    def country(self) -> str | None:
        """Where parcels go."""
        named: str | None = self.before.get("destination") or self.before.get("ships_to")
        return named or self.home.country


@dataclass(frozen=True, slots=True)
class OptionType:
    """`read` turns a raw value into a typed one, `plain` a typed one into JSON that `read` accepts.

    `schema` is the JSON schema, `ends` are the words at both ends of a share.
    """

    read: Callable[[object, Reading], Any]
    plain: Callable[[Any], Any] = lambda value: value
    schema: Mapping[str, Any] = field(default_factory=lambda: _TEXT)
    control: Control = "text"
    repeated: bool = False
    ends: tuple[str, str] = ("", "")

    @property
    def several(self) -> bool:
        """Whether an option of this type takes several values."""
        return bool(self.schema["type"] == "array")

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read and write values by this type alone."""
        written = core_schema.plain_serializer_function_ser_schema(
            lambda value: None if value is None else self.plain(value)
        )
        return core_schema.with_info_plain_validator_function(self._validate, serialization=written)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The JSON schema of values that are given."""
        return dict(self.schema)

    def _validate(self, value: object, info: ValidationInfo) -> Any:
        names, home = (info.context or {}).get("names", {}), (info.context or {}).get("home", Home())
        what = names.get(info.field_name, info.field_name)
        try:
            return self.read(value, Reading(what, info.data, home))
        except BadInputError as error:
            sentence = str(error)
            if not sentence.startswith(what):
                sentence = f"{what}: {sentence}"
            # pydantic fails on half of a surrogate pair, which JSON may carry.
            shown = printable(sentence, _LONGEST_SENTENCE)
            raise PydanticCustomError("option", "{sentence}", {"sentence": shown}) from error


def whole(low: int, high: int, *, zero_is_no_limit: bool = False) -> OptionType:
    """Whole numbers from `low` to `high`, both allowed."""

    def read(value: object, reading: Reading) -> int | None:
        amount = _integer(value, reading.what)
        if not low <= amount <= high:
            raise _outside(reading.what, low, high, value)
        return None if zero_is_no_limit and not amount else amount

    return OptionType(read, schema={"type": "integer", "minimum": low, "maximum": high}, control="whole")


def decimal(low: int, high: int) -> OptionType:
    """Decimals of at most six places from `low` to `high`, both allowed."""
    return OptionType(_decimals(low, high), decimal_text, control="decimal")


def share(none: str, all_: str) -> OptionType:
    """A decimal from 0 to 1, with a word for each end."""
    schema = {"type": "number", "minimum": 0, "maximum": 1}
    return OptionType(_decimals(0, 1), decimal_text, schema, "share", ends=(none, all_))


def decimal_text(amount: Decimal) -> str:
    """A decimal as its shortest text."""
    return format(amount.normalize(), "f") if amount else "0"


def text(value: object, what: str) -> str:
    """A short text on one line."""
    if not isinstance(value, str):
        raise BadInputError(f"{what} must be text.")
    clean = " ".join(value.split())
    if len(clean) > _LONGEST or not clean.isprintable():
        raise BadInputError(
            f"{what} “{printable(clean, 30)}” is too long or holds control characters.", "Shorten it."
        )
    return clean


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


def money(value: object, currency: Currency, what: str) -> Money:
    """An amount above 0 and up to a billion or so."""
    plain = value.strip() if isinstance(value, str) else format(number(value, what), "f")
    number(plain, what)
    amount = Money.parse(plain, currency, what=what)
    if amount.minor > _LARGEST_MINOR:
        largest = Money(_LARGEST_MINOR, currency)
        raise BadInputError(f"{what} {printable(plain, 30)} is too large.", f"The most is {largest}.")
    return amount


def codes(value: object, what: str) -> frozenset[str]:
    """Several codes: a list, or one text with commas between them."""
    parts = (part for code in _several(value, what) for part in text(code, what).split(","))
    return frozenset(part.strip() for part in parts if part.strip())


def yes_or_no(value: object, what: str) -> bool:
    """JSON's booleans, or the words that a form or an address carries."""
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise BadInputError(f"{what} is either true or false.")


def between(value: object, low: int, high: int, what: str) -> Decimal:
    """A decimal of at most six places from `low` to `high`."""
    amount = number(value, what)
    if not low <= amount <= high or amount != round(amount, 6):
        raise _outside(what, low, high, value)
    return amount


def _decimals(low: int, high: int) -> Callable[[object, Reading], Decimal]:
    return lambda value, reading: between(value, low, high, reading.what)


def _outside(what: str, low: int, high: int, value: object) -> BadInputError:
    return BadInputError(f"{what} must be from {low} to {high}, and is {printable(str(value), 20)}.")


def _integer(value: object, what: str) -> int:
    with suppress(BadInputError):
        amount = number(value, what)
        if amount == int(amount):
            return int(amount)
    raise BadInputError(f"{what} must be a whole number, and is “{printable(str(value), 20)}”.")


def _condition(value: object, reading: Reading) -> Grade:
    word = text(value, reading.what)
    try:
        return Grade.parse(word)
    except BadInputError:
        known = ", ".join(grade.short for grade in sorted(Grade, reverse=True))
        raise BadInputError(
            f"{reading.what} must be one of {known}, and is “{printable(word, 40)}”."
        ) from None


def _names(value: object, reading: Reading) -> frozenset[str]:
    """In a list commas belong to the name, and everywhere to Discogs' one genre that has them."""
    if not isinstance(value, str):
        return frozenset(text(name, reading.what) for name in _several(value, reading.what))
    plain = text(value, reading.what)
    kept = {_GENRE_WITH_COMMAS} if _GENRE_WITH_COMMAS in plain else set()
    parts = (part.strip() for part in plain.replace(_GENRE_WITH_COMMAS, "").split(","))
    return frozenset(kept | {part for part in parts if part})


def _countries(value: object, reading: Reading) -> frozenset[str]:
    found = (_area(code, reading.country) for code in codes(value, reading.what))
    return frozenset[str]().union(*found)


def _area(code: str, home: str | None) -> frozenset[str]:
    preset = code.upper()
    if preset in PRESETS:
        return PRESETS[preset]
    if preset != HOME:
        return frozenset({country_code(code)})
    if home is None:
        raise BadInputError(
            "Your own country is not known.", "Set it in the settings, or say where parcels go."
        )
    return frozenset({home})


def _decades(value: object, reading: Reading) -> frozenset[int]:
    return frozenset(_decade(code, reading.what) for code in codes(_words(value), reading.what))


def _words(value: object) -> object:
    """JSON's numbers as text, alone or in a list."""
    if isinstance(value, list | tuple):
        return [_words(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _decade(word: str, what: str) -> int:
    plain = word.removesuffix("s")
    if not (plain.isascii() and plain.isdecimal() and len(plain) == 4 and plain.endswith("0")):
        raise BadInputError(f"{what}: “{printable(word, 20)}” is not a decade.", "Write it as 1980.")
    if not FIRST_YEAR <= int(plain) <= LAST_YEAR:
        raise BadInputError(f"{what} must be from {FIRST_YEAR} to {LAST_YEAR}, and one is {plain}.")
    return int(plain)


def _releases(value: object, reading: Reading) -> frozenset[ReleaseId]:
    """By id, by `r123`, or by their address on Discogs."""
    found = set()
    for item in _several(value, reading.what):
        by_id = isinstance(item, int) and not isinstance(item, bool)
        plain = str(item) if by_id else text(item, reading.what)
        found |= {_release(part.strip(), reading.what) for part in plain.split(",") if part.strip()}
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


def _run(value: object, reading: Reading) -> str:
    run = parse_run_id(text(value, reading.what))
    if run is None:
        raise BadInputError(f"{reading.what}: this is not the number of a run.", "Copy it from its address.")
    return run


TEXT = OptionType(lambda value, reading: text(value, reading.what))
RUN = OptionType(_run)
YES_NO = OptionType(
    lambda value, reading: yes_or_no(value, reading.what), schema={"type": "boolean"}, control="yes_no"
)
MONEY = OptionType(
    lambda value, reading: money(value, reading.currency, reading.what),
    lambda amount: decimal_text(amount.decimal),
    control="decimal",
)
CURRENCY = OptionType(
    lambda value, reading: Currency.parse(text(value, reading.what)), str, control="currency"
)
MEDIA_CONDITION = OptionType(_condition, lambda grade: grade.short, control="media_condition")
SLEEVE_CONDITION = OptionType(
    lambda value, reading: SleeveGrade(_condition(value, reading).value),
    lambda grade: grade.short,
    control="sleeve_condition",
)
COUNTRY = OptionType(lambda value, reading: country_code(text(value, reading.what)), control="country")
AREAS = OptionType(_countries, sorted, _TEXTS, "areas")
CODES = OptionType(lambda value, reading: codes(value, reading.what), sorted, _TEXTS)
NAMES = OptionType(_names, sorted, _TEXTS)
SELLERS = OptionType(
    lambda value, reading: frozenset(parse_user_name(name) for name in codes(value, reading.what)),
    sorted,
    _TEXTS,
    repeated=True,
)
_NUMBERS = {"type": "array", "items": {"type": "integer"}}
RELEASES = OptionType(_releases, sorted, _NUMBERS, repeated=True)
DECADES = OptionType(_decades, sorted, _NUMBERS)
YEAR = whole(FIRST_YEAR, LAST_YEAR)
