"""The options of the run kinds that have few: a sync, a refresh of the market, a check of a cart, plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option
from discogs_assistant.pipelines.runtime.options.types import (
    RUN,
    SELLERS,
    TEXT,
    YES_NO,
    OptionType,
    Reading,
)


class SyncOptions(OptionsModel):
    """How much of a profile is read."""

    full: Annotated[bool, YES_NO] = option(
        False, "Read everything again", "Even the lists whose counts have not changed."
    )


class MarketOptions(OptionsModel):
    """Whose inventories are read."""

    sellers: Annotated[frozenset[str], SELLERS] = option(
        ...,
        "Sellers",
        "Their names, as in the addresses of their pages on Discogs.",
        aliases=("seller",),
        missing="Name at least one seller, as in the address of their page.",
    )


class CheckOptions(OptionsModel):
    """Which cart is read again."""

    carts: Annotated[RunId, RUN] = option(
        ..., "Run", "The run that built the cart.", missing="Say which run built the cart."
    )
    cart: Annotated[str, TEXT] = option(
        ...,
        "Cart",
        "Its rank, or the name of its answer.",
        missing="Say which cart it is: its rank, or the name of its answer.",
    )


def _changes(value: object, reading: Reading) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise BadInputError(f"{reading.what} must name options.", 'Write {"budget": "120.00"}, for example.')
    return dict(sorted(value.items()))


_CHANGES = OptionType(_changes, dict, {"type": "object"})


class PlansOptions(OptionsModel):
    """Which carts' wants are bought together."""

    carts: Annotated[RunId, RUN] = option(
        ..., "Run", "The run that built the carts.", missing="Say which run built the carts."
    )
    changes: Annotated[Mapping[str, object] | None, _CHANGES] = option(
        None, "Changes", "Options of that run that take the place of its own."
    )
