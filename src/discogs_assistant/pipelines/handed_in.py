"""Market files that a person hands in: read, kept for that person alone, and thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discogs_assistant.errors import AssistantError, BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.ids import OwnerId, parse_user_name
from discogs_assistant.model.listing import MarketBatch
from discogs_assistant.model.money import Currency
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.quotas import count_upload
from discogs_assistant.sources.handed_in import read_market_file
from discogs_assistant.sources.listing_rows import Shop
from discogs_assistant.store import market

_TOLD = 100


def add_market_files(
    ctx: Context,
    owner: OwnerId,
    files: Sequence[tuple[str, bytes]],
    *,
    seller: str | None = None,
    currency: str | None = None,
    ships_from: str | None = None,
) -> dict[str, Any]:
    """Read saved pages, CSV, JSON or zips of them, and count what they told.

    `seller`, `currency` and `ships_from` say whose an exported inventory is. A file that cannot be used is a
    sentence of `partial` beside others that can; where none can, its error is raised and nothing is kept.
    """
    if not files:
        raise BadInputError("Choose at least one file.", field="files")
    count_upload(ctx, owner)
    shop = _shop(seller, currency, ships_from)
    batches, refused = _read(ctx, files, shop)
    if not batches:
        raise refused[0]
    for batch in batches:
        market.save_listings(ctx.db, owner, batch.listings, batch.sellers)
    problems = [str(error) for error in refused] + [p for batch in batches for p in batch.problems]
    return _counts(batches) | {"partial": _told(problems)}


def _shop(seller: str | None, currency: str | None, ships_from: str | None) -> Shop | None:
    country = country_code(ships_from, field="ships_from") if ships_from else None
    money = Currency.parse(currency, field="currency") if currency else None
    if not seller:
        return None
    if money is None:
        raise BadInputError(
            "An exported inventory does not name its currency.", "Say which it is.", field="currency"
        )
    return Shop(parse_user_name(seller, field="seller"), money, country)


def _read(
    ctx: Context, files: Sequence[tuple[str, bytes]], shop: Shop | None
) -> tuple[list[MarketBatch], list[AssistantError]]:
    batches: list[MarketBatch] = []
    refused: list[AssistantError] = []
    now, limit = ctx.clock.now(), ctx.settings.upload_limit
    for name, data in files:
        try:
            batches.append(read_market_file(name, data, as_of=now, limit=limit, shop=shop))
        except BadInputError as error:
            refused.append(error)
    return batches, refused


def _counts(batches: Sequence[MarketBatch]) -> dict[str, int]:
    listings = {one.id: one for batch in batches for one in batch.listings}.values()
    return {
        "listings": len(listings),
        "sellers": len({one.seller for one in listings}),
        "releases": len({one.release_id for one in listings}),
    }


def _told(problems: Sequence[str]) -> list[str]:
    if len(problems) <= _TOLD:
        return list(problems)
    return [*problems[:_TOLD], f"{len(problems) - _TOLD:,} more of the kind are not shown."]
