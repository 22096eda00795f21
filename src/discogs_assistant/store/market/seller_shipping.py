"""What Discogs reported of sellers' shipping: the same for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, func, or_, select

from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    ANYWHERE,
    ShippingPolicy,
    ShippingProblem,
    ShippingReport,
    ShippingSource,
)
from discogs_assistant.store.database import Database
from discogs_assistant.store.market.shipping_policies import method_of, method_row
from discogs_assistant.store.schema import seller_shipping as table
from discogs_assistant.store.statements import among, upsert


def save_report(db: Database, report: ShippingReport) -> None:
    """Store what was reported of a seller, unless something newer is stored; one statement."""
    row = {
        "seller": report.seller,
        "number": report.number,
        "problem": report.problem,
        "detail": report.detail,
        "currency": report.policies[0].currency if report.policies else None,
        "terms": _terms_rows(report.policies),
        "reported_at": report.reported_at,
    }
    with db.write() as connection:
        connection.execute(upsert(connection, table, not_older="reported_at"), row)


def stale_sellers(
    db: Database, names: Sequence[str], *, known_since: datetime, unknown_since: datetime
) -> list[str]:
    """Those of `names`, in their order, of whom nothing was reported since then.

    Policies count from `known_since` on, answers without any from `unknown_since` on. One statement.
    """
    with db.read() as connection:
        fresh = or_(
            table.c.reported_at >= known_since,
            table.c.problem.is_not(None) & (table.c.reported_at >= unknown_since),
        )
        query = select(table.c.seller).where(among(connection, table.c.seller, names), fresh)
        known = set(connection.scalars(query))
    return [name for name in names if name not in known]


def policies_to(db: Database, destination: str, since: datetime) -> dict[str, ShippingPolicy]:
    """The policy of each seller for a country (ISO code), reported since then; one statement.

    One without methods says that nothing is sent there; sellers of whom that is not known are left out.
    """
    query = select(table).where(table.c.problem.is_(None), table.c.reported_at >= since)
    with db.read() as connection:
        rows = list(connection.execute(query.order_by(table.c.seller)).mappings())
    found = {row["seller"]: _policy_to(row, destination) for row in rows}
    return {name: policy for name, policy in found.items() if policy is not None}


def version(db: Database, since: datetime) -> tuple[datetime | None, datetime | None]:
    """When the oldest and the newest policies were reported of those reported since then; one statement."""
    known = (table.c.problem.is_(None), table.c.reported_at >= since)
    with db.read() as connection:
        oldest, newest = connection.execute(
            select(func.min(table.c.reported_at), func.max(table.c.reported_at)).where(*known)
        ).one()
    return oldest, newest


def problems(
    db: Database, names: Iterable[str], since: datetime
) -> Counter[tuple[ShippingProblem, str | None]]:
    """How many of the sellers have no policies, by the answer that was reported since then; one statement."""
    with db.read() as connection:
        query = (
            select(table.c.problem, table.c.detail, func.count())
            .where(among(connection, table.c.seller, names), table.c.reported_at >= since)
            .where(table.c.problem.is_not(None))
            .group_by(table.c.problem, table.c.detail)
        )
        return Counter(
            {
                (ShippingProblem(problem), detail): count
                for problem, detail, count in connection.execute(query)
            }
        )


def report(db: Database, seller: str) -> ShippingReport | None:
    """What was last reported of a seller, at whatever time; one statement."""
    with db.read() as connection:
        row = connection.execute(select(table).where(table.c.seller == seller)).mappings().first()
    return None if row is None else _report_of(row)


def _report_of(row: RowMapping) -> ShippingReport:
    problem = None if row["problem"] is None else ShippingProblem(row["problem"])
    policies = tuple(
        _policy(row, terms, ships_to) for terms in row["terms"] for ships_to in terms["ships_to"]
    )
    ordered = tuple(sorted(policies, key=lambda policy: (policy.ships_to == ANYWHERE, policy.ships_to)))
    return ShippingReport(row["seller"], row["number"], row["reported_at"], ordered, problem, row["detail"])


def _terms_rows(policies: Iterable[ShippingPolicy]) -> list[dict[str, Any]]:
    """One row for all destinations with the same terms, since a policy mostly names dozens of countries."""
    by_terms: dict[tuple[Any, ...], list[str]] = {}
    for policy in policies:
        by_terms.setdefault((policy.methods, policy.free_from), []).append(policy.ships_to)
    return [
        {
            "ships_to": ships_to,
            "methods": [method_row(method) for method in methods],
            "free_from": None if free_from is None else str(free_from),
        }
        for (methods, free_from), ships_to in by_terms.items()
    ]


def _policy_to(row: RowMapping, destination: str) -> ShippingPolicy | None:
    """A policy for the country, else that for all others."""
    for wanted in (destination, ANYWHERE):
        for terms in row["terms"]:
            if wanted in terms["ships_to"]:
                return _policy(row, terms, destination)
    return None


def _policy(row: RowMapping, terms: Mapping[str, Any], ships_to: str) -> ShippingPolicy:
    return ShippingPolicy(
        seller=row["seller"],
        ships_to=ships_to,
        methods=tuple(method_of(method) for method in terms["methods"]),
        currency=Currency(row["currency"]),
        source=ShippingSource.POLICY,
        free_from=None if terms["free_from"] is None else Decimal(terms["free_from"]),
        reported_at=row["reported_at"],
    )
