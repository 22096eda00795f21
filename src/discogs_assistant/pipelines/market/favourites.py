"""Favourite sellers: whose stock is read first."""

from __future__ import annotations

from collections.abc import Iterable

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import OwnerId, parse_user_name
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import sellers

MOST = 500


def add(db: Database, owner: OwnerId, seller: str) -> None:
    """Remember a seller; `BadInputError` for what is no user name, or one too many."""
    add_many(db, owner, [seller])


def add_many(db: Database, owner: OwnerId, names: Iterable[str]) -> None:
    """Remember several sellers, or none of them where a name is wrong."""
    wanted = [parse_user_name(name, field="seller") for name in names]
    known = set(sellers.favourites(db, owner))
    if len(known | set(wanted)) > MOST:
        raise BadInputError(
            f"There is room for {MOST} favourite sellers.", "Remove one first.", field="seller"
        )
    for name in wanted:
        sellers.add_favourite(db, owner, name)


def remove(db: Database, owner: OwnerId, seller: str) -> None:
    """Remove a favourite seller; does nothing for other sellers."""
    sellers.remove_favourite(db, owner, seller.strip())
