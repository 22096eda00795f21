"""Turns at Discogs: each waiting person holds one slot at a time.

A person whose slot has not come yet learns when to ask again, so that all who ask take turns:
with n active people each waits for n spacings at most, however many requests another person has waiting.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, update

from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import rate_share
from discogs_assistant.store.schema.column_types import storable
from discogs_assistant.store.statements import insert_into


def next_slot(connection: Connection, source: str, signed_in: bool, person: str, now: float) -> float:
    """The time of the person's latest slot, in epoch seconds; locked until the transaction ends."""
    row = {"source": source, "signed_in": signed_in, "person": storable(person)}
    insert = insert_into(connection, rate_share).values(row | {"next": now})
    # An update that changes nothing: it keeps the row ours until the transaction ends.
    mine = insert.on_conflict_do_update(
        index_elements=["source", "signed_in", "person"], set_={"next": rate_share.c.next}
    )
    return float(connection.execute(mine.returning(rate_share.c.next)).scalar_one())


def note_slot(connection: Connection, source: str, signed_in: bool, person: str, moment: float) -> None:
    """Store the time of the person's slot."""
    which = (rate_share.c.source == source) & (rate_share.c.signed_in == signed_in)
    mine = which & (rate_share.c.person == storable(person))
    connection.execute(update(rate_share).where(mine).values(next=moment))


def forget(db: Database, before: float) -> None:
    """Remove the turns of people without requests since then; one statement."""
    with db.write() as connection:
        connection.execute(delete(rate_share).where(rate_share.c.next < before))
