"""Deleting an account: shut at once, then emptied in blocks, so that other writers hardly wait."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Table, delete, select, tuple_, update

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.run import RunState
from discogs_assistant.store.accounts.personal_data import LARGE, personal_tables
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.runs import UNDER_WAY
from discogs_assistant.store.schema import (
    account,
    allowance,
    api_token,
    rate_share,
    run,
    session,
    token,
)

BLOCK, LARGE_BLOCK = 4_000, 20
"""Rows that one transaction removes, and those of tables of which one row may hold megabytes."""
_DELETED = "deleted:"


def shut_account(db: Database, owner: OwnerId) -> None:
    """Sign the account out, revoke its tokens, and remove its name, its consent and its turns.

    From then on no one can sign in to this account, and its runs end by themselves. `empty_account` removes
    the rest; `shut_accounts` lists the account until that is done. One transaction.
    """
    nameless = {"name": f"{_DELETED}{owner}", "discogs_user": None, "consent": False}
    with db.write() as connection:
        for table in (session, api_token, token):
            connection.execute(delete(table).where(table.c.owner == owner))
        connection.execute(delete(allowance).where(allowance.c.subject == str(owner)))
        connection.execute(delete(rate_share).where(rate_share.c.person == str(owner)))
        theirs = (run.c.owner == owner) & run.c.state.in_(UNDER_WAY)
        connection.execute(update(run).where(theirs).values(state=RunState.CANCELLED.value))
        connection.execute(update(account).where(account.c.owner == owner).values(nameless))


def shut_accounts(db: Database) -> list[OwnerId]:
    """Those that were shut and still have rows, by number; one statement."""
    with db.read() as connection:
        query = select(account.c.owner).where(account.c.name.like(f"{_DELETED}%"))
        return [OwnerId(owner) for owner in connection.scalars(query.order_by(account.c.owner))]


def empty_account(db: Database, owner: OwnerId, pause: Callable[[], None]) -> None:
    """Remove every personal row and at last the account itself; may be done again after it was cut off.

    A transaction a block, with a `pause` between two in which others write.
    """
    for table in reversed(personal_tables()):
        if table is not account:
            _remove(db, table, table.c.owner == owner, pause)
    with db.write() as connection:
        # A run may have written what was not there yet.
        for table in reversed(personal_tables()):
            connection.execute(delete(table).where(table.c.owner == owner))


def _remove(db: Database, table: Table, which: ColumnElement[bool], pause: Callable[[], None]) -> None:
    """Delete these rows a block at a time. A read finds them first, so that it blocks no writer."""
    key = list(table.primary_key)
    size = LARGE_BLOCK if table.name in LARGE else BLOCK
    while True:
        with db.read() as connection:
            found = [tuple(row) for row in connection.execute(select(*key).where(which).limit(size))]
        if found:
            with db.write() as connection:
                connection.execute(delete(table).where(which, tuple_(*key).in_(found)))
        if len(found) < size:
            return
        pause()
