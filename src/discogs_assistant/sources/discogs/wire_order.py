"""A person's own order from Discogs' JSON: what its parcel cost, and how many records it held."""

from __future__ import annotations

from datetime import datetime

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.shipping import Order, OrderNumber
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_money import read_money


def read_order(fields: Fields, number: OrderNumber, reported_at: datetime) -> Order:
    """The order of that number; `UnexpectedAnswerError` where it is another, or something is missing.

    Neither the buyer and the address nor the records' prices are read.
    """
    if fields.required_text("id") != number:
        raise fields.wrong("id", "is the number of another order")
    shipping, ordered_at = read_money(fields, "shipping"), fields.moment("created")
    seller = fields.required_part("seller").required_text("username")
    records = list(fields.parts("items"))
    items = len(records)
    for key, value in (("shipping", shipping), ("created", ordered_at), ("seller", seller), ("items", items)):
        if not value:
            raise fields.wrong(key, "is missing")
    assert shipping is not None and ordered_at is not None
    releases = (part.identifier("id") for record in records if (part := record.part("release")))
    known = tuple(ReleaseId(id) for id in releases if id)
    return Order(number, seller, items, shipping, ordered_at, reported_at, known)
