"""The sentences that say where a shipping cost comes from."""

from __future__ import annotations

from datetime import datetime

from discogs_assistant.engine.shipping.estimates import Region
from discogs_assistant.model.country import country_name, customs_area
from discogs_assistant.model.shipping import ANYWHERE, Order, ShippingPolicy, ShippingSource

UNKNOWN = "Shipping is not known and comes on top: enter it, or read the seller's terms."
_AREAS = {"EU": "the EU", "UK": "the United Kingdom"}


def policy(found: ShippingPolicy) -> str:
    """For a policy that the person entered, or that Discogs has of the seller."""
    if found.source is ShippingSource.ENTERED:
        return typed(found)
    if found.blocked:
        return f"By the policy at Discogs, the seller does not send to {country_name(found.ships_to)}."
    return "By the seller's policy at Discogs."


def not_sent(destination: str | None) -> str:
    """For a seller whose copies are not sent to the person."""
    where = "you" if destination is None else country_name(destination)
    return f"Discogs says that the seller does not send to {where}."


def ordered(order: Order) -> str:
    """For a parcel of as many records as an own order."""
    return f"You paid this for {_records(order.items)} from this seller on {_day(order.ordered_at)}."


def from_order(order: Order) -> str:
    """For a parcel of another number of records than that of any own order."""
    paid = f"{order.shipping} for {_records(order.items)} on {_day(order.ordered_at)}"
    return f"Estimated from your order: {paid}."


def typed(policy: ShippingPolicy) -> str:
    """For a policy that the person entered."""
    moment = "" if policy.reported_at is None else f" on {_day(policy.reported_at)}"
    return f"Typed in by you{moment}{' for all countries' if policy.ships_to == ANYWHERE else ''}."


def read(copies: int, *, alike: bool) -> str:
    """For shipping that the seller's copies state."""
    if copies == 1:
        return "Read from one of the seller's copies."
    if alike:
        return f"Read from {copies} of the seller's copies."
    return f"Read from {copies} of the seller's copies, which differ: the highest counts."


def further(sellers: int, where: str) -> str:
    """For further records, where only the shipping of the first was read."""
    if sellers == 0:
        return "Shipping of further records is not known: each is counted like the first."
    return f"Shipping of further records is estimated from {_count(sellers)} {where}."


def guessed(of_first: int, of_further: int, where: str) -> str:
    """For a guess from other sellers."""
    sentence = f"Estimated from {_count(of_first)} {where}."
    if of_further == 0:
        return f"{sentence} {further(0, where)}"
    return sentence if of_further == of_first else f"{sentence} {further(of_further, where)}"


def sellers_of(place: Region, destination: str) -> str:
    """The sellers that a guess is based on."""
    country = country_name(destination)
    if place is Region.HOME:
        return f"in {country}"
    area = _AREAS.get(customs_area(destination))
    if place is Region.AREA:
        return f"elsewhere in {area or country} who send to {country}"
    return f"outside {area or country} who send to {country}"


def open_order(records: int) -> str:
    """For shipping of records that join an open order; begins with a blank."""
    return f" Only what is added to your open order of {_records(records)} is counted."


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _records(count: int) -> str:
    return "one record" if count == 1 else f"{count} records"


def _count(sellers: int) -> str:
    return "one seller" if sellers == 1 else f"{sellers} sellers"
