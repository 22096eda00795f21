"""The installed table of import charges, a file with its day and its sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import ImportRules, ImportTable

_FILE = "import_charges.toml"
_AMOUNTS = ("tax_free", "duty", "duty_up_to", "handling", "handling_above")


@cache
def installed_import_charges() -> ImportTable:
    """The table that comes with the program."""
    return read_import_charges(files(__package__).joinpath(_FILE).read_text("utf-8"))


def read_import_charges(text: str) -> ImportTable:
    """The table of a file; `KeyError` or `ValueError` where it is not of the form of the installed one."""
    table = tomllib.loads(text)
    rules = {code: _rules(entry) for code, entry in table["countries"].items()}
    return ImportTable(table["day"], rules | dict(_of_the_union(table["eu"])))


def _of_the_union(entry: Mapping[str, Any]) -> Iterator[tuple[str, ImportRules]]:
    """The duty and the source hold for each member, VAT and handling are its own."""
    for code, vat in entry["vat"].items():
        shared = {name: entry[name] for name in ("duty", "duty_up_to", "source")}
        handling = {"handling": entry["handling"][code]} if code in entry["handling"] else {}
        yield code, _rules({"vat": vat, **shared, **handling})


def _rules(entry: Mapping[str, str]) -> ImportRules:
    amounts = {name: _money(entry[name]) for name in _AMOUNTS if name in entry}
    return ImportRules(Fraction(entry["vat"]) / 100, entry["source"], **amounts)


def _money(text: str) -> Money:
    amount, currency = text.split()
    return Money.of(Decimal(amount), Currency(currency))
