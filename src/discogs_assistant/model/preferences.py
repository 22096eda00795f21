"""What a person set once and for all: own user name, currency, country, least grades."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.money import Currency


@dataclass(frozen=True, slots=True)
class Preferences:
    """Defaults of forms and commands; `country` is the ISO code of where parcels go.

    `user` is the person's own Discogs name: consent to training covers that profile alone. With
    `import_charges` carts show an estimate of what customs ask.
    """

    user: UserName | None = None
    currency: Currency = Currency.USD
    country: str | None = None
    min_media: Grade | None = None
    min_sleeve: SleeveGrade | None = None
    import_charges: bool = False
