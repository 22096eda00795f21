"""Tables of runs and results, and of what processes share."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TEXT = Text()
MOMENT = DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "exchange_rate",
        Column("day", Date(), nullable=False),
        Column("currency", TEXT, nullable=False),
        Column("source", TEXT, nullable=False),
        Column("per_euro", TEXT, nullable=False),
        PrimaryKeyConstraint("day", "currency", name="pk_exchange_rate"),
    )
    op.create_table(
        "lease",
        Column("executor_id", TEXT, nullable=False),
        Column("renewed_at", MOMENT, nullable=False),
        Column("claimed", Boolean(), nullable=False),
        PrimaryKeyConstraint("executor_id", name="pk_lease"),
    )
    op.create_table(
        "rate_budget",
        Column("source", TEXT, nullable=False),
        Column("signed_in", Boolean(), nullable=False),
        Column("arrival", Double(), nullable=False),
        Column("spacing", Double(), nullable=False),
        Column("burst", Integer(), nullable=False),
        PrimaryKeyConstraint("source", "signed_in", name="pk_rate_budget"),
    )
    op.create_table(
        "run",
        Column("id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("criteria", TEXT, nullable=False),
        Column("key", TEXT, nullable=False),
        Column("state", TEXT, nullable=False),
        Column("stage", Integer(), nullable=False),
        Column("done", NUMBER, nullable=False),
        Column("total", NUMBER, nullable=False),
        Column("created_at", MOMENT, nullable=False),
        Column("started_at", MOMENT),
        Column("stage_at", MOMENT),
        Column("heartbeat_at", MOMENT),
        Column("finished_at", MOMENT),
        Column("waiting_for", TEXT),
        Column("partial", TEXT, nullable=False),
        Column("error", TEXT),
        Column("error_code", TEXT),
        Column("error_next", TEXT),
        Column("result_id", NUMBER),
        Column("revision", Integer(), nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_owner_created_at", "run", ["owner", "created_at"], unique=False)
    op.create_index(
        "uq_run_under_way",
        "run",
        ["owner", "kind", "key"],
        unique=True,
        sqlite_where=text("state IN ('queued', 'running')"),
        postgresql_where=text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "result",
        Column("id", NUMBER, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("document", TEXT, nullable=False),
        Column("made_at", MOMENT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_result_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_result_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_result"),
        UniqueConstraint("run_id", name="uq_result_run_id"),
    )
    op.create_index(
        "ix_result_owner_user_name_kind_made_at",
        "result",
        ["owner", "user_name", "kind", "made_at"],
        unique=False,
    )
    op.create_table(
        "run_log",
        Column("id", NUMBER, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("at", MOMENT, nullable=False),
        Column("line", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_log_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_log_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_run_log"),
    )
    op.create_index("ix_run_log_run_id", "run_log", ["run_id"], unique=False)
    op.create_table(
        "run_work",
        Column("run_id", TEXT, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("document", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_work_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_work_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("run_id", "name", name="pk_run_work"),
    )
