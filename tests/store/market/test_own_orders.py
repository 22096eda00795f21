"""A person's own orders: seen and removed by their owner alone."""

from __future__ import annotations

from dataclasses import replace

from tests.store.fakes import HOUR, NOW, ORDER

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.shipping import OrderNumber
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import own_orders

OTHER = replace(ORDER, number=OrderNumber("9-1"), seller="seller-2", ordered_at=NOW + HOUR)


def test_orders_come_back_with_the_newest_first(db: Database, owner: OwnerId) -> None:
    for order in (ORDER, OTHER, replace(ORDER, number=OrderNumber("8-1"), ordered_at=NOW - 2 * HOUR)):
        own_orders.save_order(db, owner, order)
    assert own_orders.orders(db, owner, NOW - HOUR) == [OTHER, ORDER]


def test_an_order_that_is_read_again_replaces_the_one_before(db: Database, owner: OwnerId) -> None:
    corrected = replace(ORDER, items=7, reported_at=NOW + HOUR)
    for order in (ORDER, corrected):
        own_orders.save_order(db, owner, order)
    assert own_orders.orders(db, owner, NOW) == [corrected]


def test_orders_are_seen_and_removed_by_their_owner_alone(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    for person in (owner, stranger):
        own_orders.save_order(db, person, ORDER)
    own_orders.save_order(db, owner, OTHER)
    assert own_orders.forget_orders(db, owner, "seller-1") == 1
    assert own_orders.orders(db, owner, NOW) == [OTHER]
    assert own_orders.orders(db, stranger, NOW) == [ORDER]
