"""The vault that seals tokens with a key kept outside the database."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, Table, select, update

from discogs_assistant.errors import StorageError
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import metadata

KEY_FILE = "secret.key"


@dataclass(frozen=True)
class Vault:
    """Seals and unseals text by Fernet (AES-128-CBC with HMAC-SHA256); the first key seals, all unseal."""

    _fernet: MultiFernet = field(repr=False)
    _newest: Fernet = field(repr=False)

    @classmethod
    def open(cls, data_dir: Path, secret_key: str, previous: Sequence[str] = ()) -> Vault:
        """A vault with `secret_key`, or the key file of `data_dir`, made with mode 0600 where missing.

        What was sealed with one of the `previous` keys is read too, until it is sealed again.
        """
        newest = Fernet(_fernet_key(secret_key or _key_of(data_dir)))
        return cls(MultiFernet([newest, *(Fernet(_fernet_key(key)) for key in previous if key)]), newest)

    def seal(self, secret: str) -> bytes:
        """`secret`, readable only with the key."""
        return self._newest.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> str:
        """What was sealed; `StorageError` where it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise _another_key() from error

    def reseal(self, sealed: bytes) -> bytes | None:
        """The same, sealed with the newest key; None if it already is. `StorageError` as in `unseal`."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return self.seal(self.unseal(sealed))
        return None


def _another_key() -> StorageError:
    return StorageError(
        "The stored token was sealed with another key.",
        "Restore the key file or the setting SECRET_KEY, name the old key in PREVIOUS_SECRET_KEYS, or enter "
        "the token again.",
    )


def _fernet_key(secret: str) -> bytes:
    # Any text may be a key: its SHA-256 has the 32 bytes that Fernet asks for.
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())


def _key_of(data_dir: Path) -> str:
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"The key file {path} cannot be read or made.", "Check who owns it.") from error
    if not key:
        raise StorageError(
            f"The key file {path} is empty.", "Restore it, or delete it and enter the tokens again."
        )
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written whole under another name (mkstemp gives mode 0600), then linked: of two processes that
    # start at once one wins, and neither ever sees half a key.
    handle, name = mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(Fernet.generate_key().decode())
            file.flush()
            os.fsync(file.fileno())
        Path(path).hardlink_to(name)
    except FileExistsError:
        return
    finally:
        Path(name).unlink()


def sealed_tables() -> list[Table]:
    """The tables that hold sealed values, all in a column called `sealed`."""
    return [table for table in metadata.sorted_tables if "sealed" in table.c]


def reseal(db: Database, vault: Vault) -> int:
    """Seal every value with the vault's newest key; how many were not yet. A transaction for each.

    It may be done again at any time, and beside running processes that know both keys: a value that was
    replaced meanwhile is left as it is. `StorageError` for one that no key opens.
    """
    return sum(_seal_table(db, vault, table) for table in sealed_tables())


def _seal_table(db: Database, vault: Vault, table: Table) -> int:
    keys: list[Column[object]] = list(table.primary_key.columns)
    with db.read() as connection:
        rows = connection.execute(select(*keys, table.c.sealed)).all()
    changed = 0
    for *key, sealed in rows:
        resealed = vault.reseal(sealed)
        if resealed is not None:
            same = [column == value for column, value in zip(keys, key, strict=True)]
            change = update(table).where(*same, table.c.sealed == sealed).values(sealed=resealed)
            with db.write() as connection:
                changed += connection.execute(change).rowcount
    return changed
