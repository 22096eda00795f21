"""A number that says whether the copies that somebody sees have changed, without a look at them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.schema import SHARED_OWNER
from discogs_assistant.store.schema import market_revision as table
from discogs_assistant.store.statements import insert_into


def revision(connection: Connection, owner: OwnerId) -> int:
    """A number that rises whenever copies that `owner` sees are saved or removed; one statement."""
    seen = table.c.owner.in_((SHARED_OWNER, owner))
    return int(connection.scalar(select(func.coalesce(func.sum(table.c.revision), 0)).where(seen)) or 0)


def raise_revision(connection: Connection, owner: int) -> None:
    """Note a change, at the end of the caller's transaction, since others wait for its row."""
    insert = insert_into(connection, table).values(owner=owner, revision=1)
    raised = {"revision": table.c.revision + 1}
    connection.execute(insert.on_conflict_do_update(index_elements=["owner"], set_=raised))
