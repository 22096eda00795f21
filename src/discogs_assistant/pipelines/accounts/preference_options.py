"""What a person sets for themselves, from the form of the settings."""

from __future__ import annotations

from typing import Annotated

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import UserName, parse_user_name
from discogs_assistant.model.money import Currency
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.pipelines.runtime.options.listings import ListingOptions
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option, same_named, worded_as
from discogs_assistant.pipelines.runtime.options.types import (
    COUNTRY,
    CURRENCY,
    MEDIA_CONDITION,
    SLEEVE_CONDITION,
    YES_NO,
    OptionType,
    text,
)

_USER = OptionType(lambda value, reading: parse_user_name(text(value, reading.what)))


class PreferenceOptions(OptionsModel):
    """The settings of a person; what is empty is not set."""

    user: Annotated[UserName | None, _USER] = option(None, "Discogs user name")
    currency: Annotated[Currency, CURRENCY] = worded_as(ListingOptions, "currency", Currency.USD)
    country: Annotated[str | None, COUNTRY] = option(
        None, "Country", "Where parcels go; decides about shipping, VAT and duty."
    )
    min_media: Annotated[Grade | None, MEDIA_CONDITION] = worded_as(ListingOptions, "min_media", None)
    min_sleeve: Annotated[SleeveGrade | None, SLEEVE_CONDITION] = worded_as(
        ListingOptions, "min_sleeve", None
    )
    import_charges: Annotated[bool, YES_NO] = option(
        False,
        "Show import charges",
        "An estimate of VAT, duty and handling fees on parcels from abroad, beside each total.",
    )

    @property
    def preferences(self) -> Preferences:
        """The same as they are stored."""
        return same_named(Preferences, self)
