"""The tables of runs and results, and of what the processes of the instance share."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from discogs_assistant.store.schema.column_types import (
    Document,
    Exact,
    Moment,
    Number,
    Words,
    metadata,
    owner_column,
)


def _run_id(*, key: bool = False) -> Column[str]:
    reference = ForeignKey("run.id", ondelete="CASCADE")
    return Column("run_id", Words, reference, primary_key=key, nullable=False)


# Requests of people; at most one run of an owner, kind and key is under way.
run = Table(
    "run",
    metadata,
    Column("id", Words, primary_key=True),
    owner_column(),
    Column("kind", Words, nullable=False),
    Column("user_name", Words, nullable=False),
    Column("criteria", Document, nullable=False),
    Column("key", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("stage_names", Document, nullable=False),
    Column("done", Number, nullable=False),
    Column("total", Number, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("stage_at", Moment),
    Column("heartbeat_at", Moment),
    Column("finished_at", Moment),
    Column("waiting_for", Words),
    Column("partial", Document, nullable=False),
    Column("error", Words),
    Column("error_code", Words),
    Column("error_next", Words),
    Column("result_id", Number),
    Column("revision", Integer, nullable=False),
    Index(None, "owner", "created_at"),
    Index(None, "owner", "id"),
    Index(
        "uq_run_under_way",
        "owner",
        "kind",
        "key",
        unique=True,
        sqlite_where=text("state IN ('queued', 'running')"),
        postgresql_where=text("state IN ('queued', 'running')"),
    ),
    Index(
        "ix_run_under_way",
        "created_at",
        sqlite_where=text("state IN ('queued', 'running')"),
        postgresql_where=text("state IN ('queued', 'running')"),
    ),
)
# Lines for the curious about a run.
run_log = Table(
    "run_log",
    metadata,
    Column("id", Number, primary_key=True),
    _run_id(),
    owner_column(),
    Column("at", Moment, nullable=False),
    Column("line", Words, nullable=False),
    Index(None, "run_id"),
    Index(None, "owner", "id"),
)
# What a run's steps hand to its next ones; cleared when it ends.
run_work = Table(
    "run_work",
    metadata,
    _run_id(key=True),
    Column("name", Words, primary_key=True),
    owner_column(),
    Column("document", Document, nullable=False),
    Index(None, "owner", "run_id", "name"),
)
# Finished answers, one a run, never changed.
result = Table(
    "result",
    metadata,
    Column("id", Number, primary_key=True),
    _run_id(),
    owner_column(),
    Column("user_name", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("document", Document, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("run_id"),
    Index(None, "owner", "user_name", "kind", "made_at"),
    Index(None, "owner", "id"),
)
# What a search for carts chose from: records and their scores, for looking at it again by other wishes.
run_interest = Table(
    "run_interest",
    metadata,
    _run_id(key=True),
    owner_column(),
    Column("document", Document, nullable=False),
    Index(None, "owner", "run_id"),
)
# When Discogs may next be asked, by source address and signed in or not (epoch seconds).
rate_budget = Table(
    "rate_budget",
    metadata,
    Column("source", Words, primary_key=True),
    Column("signed_in", Boolean, primary_key=True),
    Column("arrival", Double, nullable=False),
    Column("spacing", Double, nullable=False),
    Column("burst", Integer, nullable=False),
    Column("busy_since", Double),
)
# When the slot comes or came that a person was last given (epoch seconds); `person` is an account's number.
rate_share = Table(
    "rate_share",
    metadata,
    Column("source", Words, primary_key=True),
    Column("signed_in", Boolean, primary_key=True),
    Column("person", Words, primary_key=True),
    Column("next", Double, nullable=False),
    Index(None, "next"),
)
# How many units of each currency one euro bought on a day.
exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("day", Date, primary_key=True),
    Column("currency", Words, primary_key=True),
    Column("source", Words, nullable=False),
    Column("per_euro", Exact, nullable=False),
)
# Heartbeats of the worker processes; `claimed` once another worker takes over the work. The rest reports
# where a worker is and what it does: `workflow_version` is its program's, `at_work` counts runs.
lease = Table(
    "lease",
    metadata,
    Column("executor_id", Words, primary_key=True),
    Column("renewed_at", Moment, nullable=False),
    Column("claimed", Boolean, nullable=False),
    Column("role", Words),
    Column("host", Words),
    Column("pid", Integer),
    Column("started_at", Moment),
    Column("workflow_version", Words),
    Column("at_work", Integer, nullable=False, server_default=text("0")),
)
# How often Discogs answered with a status (0: not at all) in a minute since 1970, to all processes together.
api_answer = Table(
    "api_answer",
    metadata,
    Column("minute", Number, primary_key=True, autoincrement=False),
    Column("source", Words, primary_key=True),
    Column("signed_in", Boolean, primary_key=True),
    Column("status", Integer, primary_key=True, autoincrement=False),
    Column("count", Number, nullable=False),
)
