"""Overrides of a what-if: read from an address, and written into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.carts.options import ShopOptions
from discogs_assistant.pipelines.carts.what_if import OVERRIDABLE, with_overrides
from discogs_assistant.web.forms import Form
from discogs_assistant.web.market import search_form

LISTS = tuple(name for name in OVERRIDABLE if ShopOptions.definitions()[name].type.several)


@dataclass(frozen=True, slots=True)
class Overrides:
    """The criteria of a finished search, `own`, and the overridden ones, `now`, both as canonical JSON.

    `form` holds what stands in the fields, with a sentence for each that is wrong and was not applied.
    """

    own: Mapping[str, Any]
    now: Mapping[str, Any]
    form: Form

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the options that differ from the search."""
        return tuple(name for name in OVERRIDABLE if self.own[name] != self.now[name])

    @property
    def options(self) -> dict[str, object]:
        """The overrides, as options of `shop`."""
        return {name: self.now[name] for name in self.changed}

    @property
    def query(self) -> str:
        """The overrides as an address carries them; empty if there are none."""
        return query_of(self.options)

    def text(self, name: str) -> str:
        """One option as an address carries it."""
        return _text(name, self.now[name])

    def without(self, name: str, member: object = None) -> str:
        """As `query`, with one option as the search had it, or with one member of a list as it was there."""
        options = self.options
        if member is None:
            del options[name]
        elif member in self.now[name]:
            options[name] = [item for item in self.now[name] if item != member]
        else:
            options[name] = [*self.now[name], member]
        kept = {key: value for key, value in options.items() if _as_set(value) != _as_set(self.own[key])}
        return query_of(kept)


def read_overrides(run: Run, query: Form, before: Form | None = None) -> Overrides:
    """The overrides in an address; every invalid one has a sentence.

    An invalid one keeps its value from `before`, the previous address, or else from the search.
    """
    asked = {name: value for name, value in asked_overrides(query).items() if name in OVERRIDABLE}
    earlier = asked_overrides(before) if before else {}
    errors: dict[str, str] = {}
    while True:
        try:
            now = with_overrides(run, asked).canonical()
            break
        except InvalidFieldsError as error:
            wrong = error.fields.keys() & asked.keys()
            if not wrong:
                raise
            errors |= {name: error.fields[name] for name in wrong}
            asked = {name: value for name, value in asked.items() if name not in wrong}
            asked |= {name: earlier.pop(name) for name in wrong if name in earlier}
    typed = {name: query.values[name] for name in errors}
    form = Form({**search_form.of_criteria(now).values, **typed}, errors)
    return Overrides(with_overrides(run, {}).canonical(), now, form)


def asked_overrides(query: Form) -> dict[str, object]:
    """Everything an address asks for, valid or not; an empty value asks for no limit."""
    return {name: _asked(query, name) for name in query.values}


def _asked(query: Form, name: str) -> object:
    values = [value for value in query.values[name] if value.strip()]
    if name in LISTS:
        return values
    return values[-1] if values else ""


def query_of(options: Mapping[str, object]) -> str:
    """Overrides as an address carries them; empty if there are none."""
    return urlencode([(name, _text(name, value)) for name, value in options.items()], safe=",")


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if name == "ships_from":
        value = search_form.areas(value)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _as_set(value: Any) -> object:
    return set(value) if isinstance(value, list) else value
