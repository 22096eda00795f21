"""The sources of listings and price floors: a new one is a class and a line here."""

from __future__ import annotations

from discogs_assistant.config import Settings
from discogs_assistant.model.ports import Clock, MarketSources, RateBudget
from discogs_assistant.sources.discogs.client import ClientOf
from discogs_assistant.sources.http import Http
from discogs_assistant.sources.market.inventory_files import ListingFiles
from discogs_assistant.sources.market.page_fetcher import PageFetcher
from discogs_assistant.sources.market.price_floors import PriceFloors
from discogs_assistant.sources.market.saved_pages import SavedPages
from discogs_assistant.sources.market.seller_inventory import SellerInventory


def market_sources(
    settings: Settings, http: Http, budget: RateBudget, clock: Clock, client_of: ClientOf
) -> MarketSources:
    """All of them, in the order in which they are asked.

    A seller and a file are read by the first source that covers them; `ListingFiles` takes what no other
    does. Releases that are still unknown go to each source in turn.
    """
    return (
        SellerInventory(client_of),
        PageFetcher(
            settings.discogs_site_url,
            http,
            budget,
            clock,
            user_agent=settings.user_agent,
            enabled=settings.page_fetching,
        ),
        PriceFloors(client_of),
        SavedPages(),
        ListingFiles(),
    )
