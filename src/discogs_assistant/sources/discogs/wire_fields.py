"""Reading Discogs' JSON key by key: a value of another type than documented is an error naming its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.ids import printable

_LARGEST = 2**63 - 1
_LARGEST_EXPONENT = 30
_UNKEPT = re.compile("[\0\ud800-\udfff]")


def unexpected(place: str, what: str) -> UnexpectedAnswerError:
    """The error that `place`, such as "listings[3].price.value", holds something else than expected."""
    return UnexpectedAnswerError(
        f"Discogs answered in an unexpected way: {printable(place, 120)} {what}.",
        "Try again later. If it fails again, this program needs an update for Discogs' new answers.",
    )


class Fields:
    """One JSON object and its place in the answer.

    Absent, null and (for text) empty mean None; `required_…` raise `UnexpectedAnswerError` instead.
    """

    __slots__ = ("_data", "place")

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise unexpected(place or "the answer", "is not an object")
        self._data = data
        self.place = place

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def is_text(self, key: str) -> bool:
        """True where the value of `key` is text and no number."""
        return isinstance(self._data.get(key), str)

    def place_of(self, key: str) -> str:
        """Where `key` stands in the answer."""
        return f"{self.place}.{key}" if self.place else key

    def wrong(self, key: str, what: str) -> UnexpectedAnswerError:
        """The error that the value of `key` is not as expected."""
        return unexpected(self.place_of(key), what)

    def text(self, key: str) -> str | None:
        """Text without blanks at its ends and without what no database keeps (NUL, lone surrogates)."""
        value = self._data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(key, "is not text")
        return clean_text(value) or None

    def required_text(self, key: str) -> str:
        """Text that must be there, though it may be blank."""
        if not isinstance(self._data.get(key), str):
            raise self.wrong(key, self._absence(key, "text"))
        return self.text(key) or ""

    def whole(self, key: str) -> int | None:
        """A whole number, also where it is written as text."""
        value = self._data.get(key)
        if type(value) is int and abs(value) <= _LARGEST:
            return value
        number = self.number(key)
        if number is None:
            return None
        if number != number.to_integral_value() or abs(number) > _LARGEST:
            raise self.wrong(key, "is not a whole number")
        return int(number)

    def required_whole(self, key: str) -> int:
        """A whole number that must be there, 0 or more."""
        value = self.whole(key)
        if value is None or value < 0:
            raise self.wrong(key, self._absence(key, "a whole number from 0 on"))
        return value

    def identifier(self, key: str) -> int | None:
        """An id; 0 is how Discogs writes "none"."""
        value = self.whole(key)
        if value is not None and value < 0:
            raise self.wrong(key, "is not an id")
        return value or None

    def required_identifier(self, key: str) -> int:
        """An id that must be there, 1 or more."""
        value = self.identifier(key)
        if value is None:
            raise self.wrong(key, self._absence(key, "an id"))
        return value

    def number(self, key: str) -> Decimal | None:
        """A finite number exactly as written, also where it is written as text, such as "99.8"."""
        value = self._data.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
            raise self.wrong(key, "is not a number")
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            raise self.wrong(key, "is not a number") from None
        if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
            raise self.wrong(key, "is not a number in a sensible range")
        return number

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value = self._data.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "is neither true nor false")
        return value

    def moment(self, key: str) -> datetime | None:
        """A moment with its zone, in UTC; one without a zone counts as UTC."""
        value = self.text(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(key, "is not a moment") from None

    def link(self, key: str) -> str | None:
        """A web address; Discogs' blank picture counts as none."""
        value = self.text(key)
        usable = value and value.startswith(("https://", "http://")) and not value.endswith("/spacer.gif")
        return value if usable else None

    def part(self, key: str) -> Fields | None:
        """The object under `key`; an empty one counts as absent."""
        value = self._data.get(key)
        return Fields(value, self.place_of(key)) if value is not None and value != {} else None

    def required_part(self, key: str) -> Fields:
        """The object under `key`, which must be there."""
        if not isinstance(self._data.get(key), dict):
            raise self.wrong(key, self._absence(key, "an object"))
        return Fields(self._data[key], self.place_of(key))

    def entries(self, key: str) -> list[object]:
        """The list under `key` as it is; absent means empty."""
        value = self._data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "is not a list")
        return value

    def parts(self, key: str) -> Iterator[Fields]:
        """The objects of the list under `key`."""
        for place, value in enumerate(self.entries(key)):
            yield Fields(value, f"{self.place_of(key)}[{place}]")

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of the list under `key`, blank ones left out."""
        values = self.entries(key)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, "holds something else than text")
        return tuple(text for value in values if (text := clean_text(str(value))))

    def _absence(self, key: str, expected: str) -> str:
        return f"is not {expected}" if self._data.get(key) is not None else "is missing"


def clean_text(text: str) -> str:
    """`text` without blanks at its ends, NUL characters and halves of surrogate pairs."""
    return _UNKEPT.sub("", text).strip()
