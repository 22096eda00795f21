"""The installed table of import charges."""

from __future__ import annotations

from datetime import date

import pytest

from discogs_assistant.model.country import EU, country_name
from discogs_assistant.model.shipping import ImportTable
from discogs_assistant.sources.import_charges import installed_import_charges


@pytest.fixture(scope="module")
def table() -> ImportTable:
    return installed_import_charges()


def test_every_member_of_the_union_has_rules(table: ImportTable) -> None:
    assert table.rules.keys() >= EU


def test_every_destination_is_a_country(table: ImportTable) -> None:
    codes = table.rules.keys()
    assert len(codes) > 30
    assert [code for code in codes if country_name(code) == code] == []


def test_every_rule_names_its_source(table: ImportTable) -> None:
    rules = list(table.rules.values())
    assert len(rules) > 30
    assert min(len(rule.source) for rule in rules) >= 20


def test_the_table_says_from_which_day_it_is(table: ImportTable) -> None:
    assert table.day > date(2026, 1, 1)


def test_shares_of_vat_are_possible(table: ImportTable) -> None:
    shares = [rules.vat for rules in table.rules.values()]
    assert min(shares) >= 0
    assert max(shares) < 1


@pytest.mark.parametrize(
    ("ships_from", "destination"),
    [("DE", "FR"), ("GB", "JE"), ("US", "US"), (None, "DE"), ("US", None), ("US", "BR")],
)
def test_no_rules_hold_inside_a_customs_area_or_for_what_is_not_known(
    table: ImportTable, ships_from: str | None, destination: str | None
) -> None:
    assert table.for_parcel(ships_from, destination) is None


def test_a_parcel_across_the_border_of_the_union_has_rules(table: ImportTable) -> None:
    rules = table.for_parcel("JP", "DE")
    assert rules is table.rules["DE"]
