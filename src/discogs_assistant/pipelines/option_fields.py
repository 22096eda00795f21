"""Gathers a sentence for each wrong option of a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from discogs_assistant.errors import BadInputError, InvalidFieldsError
from discogs_assistant.model.ids import printable

T = TypeVar("T")
Reader = Callable[[object, str], T]
"""Turns a raw value into a typed one; its second argument names the field for the sentence."""


class Fields:
    """The options of one request; `read` each, then `finish`.

    An option that is missing, null, blank or an empty list was not given.
    """

    def __init__(
        self, raw: Mapping[str, object], labels: Mapping[str, str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self._labels = labels
        self._errors: dict[str, str] = {}
        self._values = {(aliases or {}).get(str(name), str(name)): value for name, value in raw.items()}
        for name in sorted(self._values.keys() - labels.keys())[:20]:
            self._errors[printable(name)] = _unknown(name, labels)

    def read(self, name: str, reader: Reader[T], default: T) -> T:
        """The option's value; `default` where it was not given or is wrong."""
        value = self._values.get(name)
        if value is None or value in ("", []) or (isinstance(value, str) and not value.strip()):
            return default
        try:
            return reader(value, self._labels[name])
        except BadInputError as error:
            self.refuse(name, str(error))
            return default

    def has(self, name: str) -> bool:
        """True where the option was given."""
        return self._values.get(name) not in (None, "", [])

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with an option; the first sentence stays."""
        self._errors.setdefault(name, sentence)

    def finish(self) -> None:
        """Raise `InvalidFieldsError` where anything was wrong."""
        if self._errors:
            raise InvalidFieldsError(self._errors)


def _unknown(name: str, labels: Mapping[str, str]) -> str:
    close = get_close_matches(name[:100], labels, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(sorted(labels))}."
    return f"There is no option “{printable(name)}”. {hint}"
