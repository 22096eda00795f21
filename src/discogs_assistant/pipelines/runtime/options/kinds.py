"""The options of the run kinds that have few: a sync, a refresh of the market, a check of a cart."""

from __future__ import annotations

from typing import Annotated

from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option
from discogs_assistant.pipelines.runtime.options.types import RUN, SELLERS, TEXT, YES_NO


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
