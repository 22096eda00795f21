"""Country and currency that a person has not set are those of their page at Discogs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.pipelines.installation import Installation

from discogs_assistant.model.ids import UserName
from discogs_assistant.model.money import Currency
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.profile import DiscogsUser
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.store.accounts import accounts as stored_accounts


@pytest.mark.parametrize(
    ("location", "country", "currency"),
    [
        ("Germany", "DE", Currency.GBP),
        ("Berlin, Germany", "DE", Currency.GBP),
        ("the back of a van", None, Currency.USD),
        (None, None, Currency.USD),
        ("Great Britain", "GB", Currency.GBP),
    ],
)
def test_a_person_without_a_country_gets_that_of_their_page(
    installation: Installation, location: str | None, country: str | None, currency: Currency
) -> None:
    seen = DiscogsUser(installation.demo(), 1, 0, 0, currency=Currency.GBP, location=location)
    accounts.take_over_home(installation.ctx, installation.owner, seen)
    found = stored_accounts.preferences(installation.ctx.db, installation.owner)
    assert (found.country, found.currency) == (country, currency)


def test_a_country_that_was_set_and_the_page_of_somebody_else_change_nothing(
    installation: Installation,
) -> None:
    own = Preferences(user=installation.demo(), country="FR")
    for chosen in (own, replace(own, country=None, user=UserName("somebody"))):
        stored_accounts.set_preferences(installation.ctx.db, installation.owner, chosen)
        seen = DiscogsUser(installation.demo(), 1, 0, 0, location="Germany")
        accounts.take_over_home(installation.ctx, installation.owner, seen)
        assert stored_accounts.preferences(installation.ctx.db, installation.owner) == chosen
