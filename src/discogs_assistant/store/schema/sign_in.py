"""The tables of signing in: sessions, attempts, and their counts.

Secret ids are stored as SHA-256 hashes, in bytes: exports never contain bytes.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, LargeBinary, Table, UniqueConstraint, false

from discogs_assistant.store.schema.column_types import Moment, Words, metadata, owner_column

# Who is signed in: one row a browser. `used_at` moves on every few minutes.
session = Table(
    "session",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    owner_column(),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "owner", "id"),
    Index(None, "expires_at"),
)
# Who was sent to Discogs and has not come back: `state` and `browser` are hashes of what the address and the
# cookie of that browser hold; `sealed` is the request token's secret. Nobody's yet, so without an owner. The
# first request that comes back sets `claimed_at`; once it has signed the person in, `session` is what that
# opened and `asks` whether the person is asked for consent.
sign_in = Table(
    "sign_in",
    metadata,
    Column("state", LargeBinary, primary_key=True),
    Column("browser", LargeBinary, nullable=False),
    Column("request_token", Words, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("next_page", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("session", LargeBinary),
    Column("asks", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("request_token"),
    Index(None, "created_at"),
)
# Tokens by which a person's programs ask the API, or readers the feed (`opens`); `id` is a hash.
api_token = Table(
    "api_token",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    owner_column(),
    Column("name", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("opens", Words, nullable=False, server_default="api"),
    UniqueConstraint("owner", "name"),
    Index(None, "owner", "id"),
)
# How often somebody did something of a kind: the theoretical arrival time (epoch seconds) of the generic cell
# rate algorithm, see allowances. `subject` is an address, an account's number, or empty for all together.
allowance = Table(
    "allowance",
    metadata,
    Column("subject", Words, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("arrival", Double, nullable=False),
    Index(None, "arrival"),
)
