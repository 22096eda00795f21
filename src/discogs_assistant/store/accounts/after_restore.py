"""After a restore: end all sessions and consents, since the copy may contain ones that ended later."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, update

from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import account, api_token, session, sign_in


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions, attempts to sign in, programs' tokens and consents there were."""

    sessions: int
    sign_ins: int
    tokens: int
    consents: int


def end_everything(db: Database) -> Ended:
    """End all sessions and attempts, withdraw all tokens and consents; everyone who signs in is asked again.

    One transaction.
    """
    agreed = update(account).where(account.c.consent)
    with db.write() as connection:
        ended = Ended(
            sessions=connection.execute(delete(session)).rowcount,
            sign_ins=connection.execute(delete(sign_in)).rowcount,
            tokens=connection.execute(delete(api_token)).rowcount,
            consents=connection.execute(agreed.values(consent=False)).rowcount,
        )
        connection.execute(update(account).values(ask_again=True))
    return ended
