"""Accounts: who uses the instance, with their preferences and their consent to training."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, select, update

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.money import Currency
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.store.accounts.account_name import former_names, take_name
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import account, profile, session
from discogs_assistant.store.statements import insert_into

_LOCAL = ""
_SIGNED_IN = "discogs:"
_OF_DISCOGS = account.c.name.like(f"{_SIGNED_IN}%")


def local_account(db: Database, now: datetime) -> OwnerId:
    """The one account of local mode, made at first use; one transaction."""
    return _account(db, _LOCAL, None, now)


def local_person(db: Database) -> tuple[OwnerId, Preferences] | None:
    """The account of local mode with its preferences; None before its first use. One statement."""
    with db.read() as connection:
        row = connection.execute(select(account).where(account.c.name == _LOCAL)).mappings().first()
    return None if row is None else (OwnerId(row["owner"]), preferences_of(row))


def add_account(db: Database, name: str, now: datetime) -> OwnerId:
    """The account called `name`, made where it is missing with `name` as its own Discogs user."""
    return _account(db, name, name, now)


def sign_in(db: Database, discogs_id: int, user: UserName, now: datetime) -> tuple[OwnerId, bool]:
    """The account of who Discogs knows by this number, and whether it is new. One transaction.

    The number identifies the person: a name may change, and be given to somebody else. A person's data
    follows to their new name. Another account that had this name before has a different one by now: it is
    signed out and no longer owns the name.
    """
    name = f"{_SIGNED_IN}{int(discogs_id)}"
    find = select(account.c.owner).where(account.c.name == name)
    with db.write() as connection:
        known = connection.scalar(find.with_for_update())
        _take_from_others(connection, user, name)
        if known is not None:
            take_name(connection, OwnerId(known), user, former_names(connection, OwnerId(known)))
        insert = insert_into(connection, account).on_conflict_do_update(
            index_elements=["name"], set_={"discogs_user": user}
        )
        row = _new_account(name, user, now)
        owner = connection.scalar(insert.values(row).returning(account.c.owner))
    return OwnerId(cast(int, owner)), known is None


def discogs_number(name: str) -> int | None:
    """The Discogs id of the account with this name; None if it never signed in."""
    return int(name.removeprefix(_SIGNED_IN)) if name.startswith(_SIGNED_IN) else None


def count_people(db: Database, *, signed_in: bool) -> int:
    """How many accounts there are, or of those how many signed in with Discogs; one statement."""
    query = select(func.count()).select_from(account)
    if signed_in:
        query = query.where(_OF_DISCOGS)
    with db.read() as connection:
        return connection.execute(query).scalar_one()


def accounts_of(db: Database, user: UserName | None, *, signed_in: bool = False) -> list[OwnerId]:
    """The accounts of this Discogs user, in any case, or all accounts; by id. One statement.

    With `signed_in`, only accounts that signed in with Discogs.
    """
    query = select(account.c.owner).order_by(account.c.owner)
    query = query if user is None else query.where(_called(user))
    with db.read() as connection:
        return [
            OwnerId(owner) for owner in connection.scalars(query.where(_OF_DISCOGS) if signed_in else query)
        ]


def set_consent(db: Database, owner: OwnerId, consent: bool) -> None:
    """Say yes or no to training on this account's own profile; one statement."""
    with db.write() as connection:
        answer = update(account).where(account.c.owner == owner)
        connection.execute(answer.values(consent=consent, ask_again=False))


def consent(db: Database, owner: OwnerId) -> bool:
    """Whether the account agreed; False if it is gone. One statement."""
    with db.read() as connection:
        return bool(connection.scalar(select(account.c.consent).where(account.c.owner == owner)))


def set_shipping_consent(db: Database, owner: OwnerId, consent: bool) -> None:
    """Say yes or no to asking for sellers' shipping policies with this account's token; one statement."""
    with db.write() as connection:
        answer = update(account).where(account.c.owner == owner)
        connection.execute(answer.values(shipping_consent=consent))


def shipping_consent(db: Database, owner: OwnerId) -> bool | None:
    """Whether the account agreed to that; None where it was not asked. One statement."""
    with db.read() as connection:
        agreed: bool | None = connection.scalar(
            select(account.c.shipping_consent).where(account.c.owner == owner)
        )
    return agreed


def asks_again(db: Database, owner: OwnerId) -> bool:
    """Whether the account's answer about consent was lost when an older copy was restored.

    One statement.
    """
    with db.read() as connection:
        return bool(connection.scalar(select(account.c.ask_again).where(account.c.owner == owner)))


def own_profiles(db: Database, *, consenting: bool = False) -> list[tuple[OwnerId, UserName]]:
    """The own profile of each account, or of each that agreed, by owner; never another collector's.

    One statement.
    """
    own = (profile.c.owner == account.c.owner) & (profile.c.user_name == account.c.discogs_user)
    query = select(profile.c.owner, profile.c.user_name).join(account, own).order_by(profile.c.owner)
    with db.read() as connection:
        rows = connection.execute(query.where(account.c.consent) if consenting else query)
        return [(OwnerId(row.owner), UserName(row.user_name)) for row in rows]


def preferences(db: Database, owner: OwnerId) -> Preferences:
    """The account's preferences, or the defaults; one statement."""
    with db.read() as connection:
        row = connection.execute(select(account).where(account.c.owner == owner)).mappings().first()
    return Preferences() if row is None else preferences_of(row)


def set_preferences(db: Database, owner: OwnerId, chosen: Preferences) -> None:
    """Replace the account's preferences; its own records go by its own spelling. One transaction."""
    values = {
        "discogs_user": chosen.user,
        "currency": chosen.currency.value,
        "country": chosen.country,
        "min_media": chosen.min_media,
        "min_sleeve": chosen.min_sleeve,
        "import_charges": chosen.import_charges,
    }
    with db.write() as connection:
        if chosen.user is not None:
            take_name(connection, owner, chosen.user)
        connection.execute(update(account).where(account.c.owner == owner).values(values))


def _take_from_others(connection: Connection, user: UserName, name: str) -> None:
    others = select(account.c.owner).where(_called(user), account.c.name != name, _OF_DISCOGS)
    stale = connection.scalars(others).all()
    connection.execute(delete(session).where(session.c.owner.in_(stale)))
    connection.execute(update(account).where(account.c.owner.in_(stale)).values(discogs_user=None))


def _called(user: UserName) -> ColumnElement[bool]:
    return func.lower(account.c.discogs_user) == func.lower(user)


def _account(db: Database, name: str, user: str | None, now: datetime) -> OwnerId:
    find = select(account.c.owner).where(account.c.name == name)
    row = _new_account(name, user, now)
    with db.write() as connection:
        owner = connection.scalar(find)
        if owner is None:
            insert = insert_into(connection, account).on_conflict_do_nothing(index_elements=["name"])
            connection.execute(insert.values(row))
            owner = connection.execute(find).scalar_one()
    return OwnerId(owner)


def _new_account(name: str, user: str | None, now: datetime) -> dict[str, object]:
    return {
        "name": name,
        "created_at": now,
        "consent": False,
        "discogs_user": user,
        "currency": Preferences().currency.value,
    }


def preferences_of(row: RowMapping) -> Preferences:
    """The preferences in a row of the account's table."""
    return Preferences(
        user=None if row["discogs_user"] is None else UserName(row["discogs_user"]),
        currency=Currency(row["currency"]),
        country=row["country"],
        min_media=None if row["min_media"] is None else Grade(row["min_media"]),
        min_sleeve=None if row["min_sleeve"] is None else SleeveGrade(row["min_sleeve"]),
        import_charges=row["import_charges"],
    )
