"""Indexes by which an owner's rows are read in the order of their keys, a block at a time."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_NEW = {
    "event": ("owner", "id"),
    "run": ("owner", "id"),
    "run_log": ("owner", "id"),
    "run_work": ("owner", "run_id", "name"),
    "result": ("owner", "id"),
    "run_interest": ("owner", "run_id"),
    "session": ("owner", "id"),
    "api_token": ("owner", "id"),
}
_OLD = ("run_log", "run_work", "run_interest", "session")


def upgrade() -> None:
    """Add them; those by the owner alone are not needed beside them."""
    for table, columns in _NEW.items():
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    for table in _OLD:
        op.drop_index(f"ix_{table}_owner", table)
