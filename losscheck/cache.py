"""The on-disk cache: answers of earlier audits, one small SQLite file in the user's cache folder.

``LOSSCHECK_CACHE`` moves the folder, or is ``off``. Nothing here is trusted: an entry that does not match its checksum
is dropped, a file that is no database is begun anew, and a certificate that comes from here is verified again by
whoever asks for it. Everything stored is JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LARGEST = 256 << 20
"""Bytes of the file beyond which the entries not used for longest go."""

_NAME = "answers-1.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, value TEXT, checksum TEXT, used REAL)"
DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a file that is no database raises; the second where SQLite's own message quotes its bytes."""

_WAIT = 10.0
"""Seconds to wait for another process that is writing."""


def cache_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return where answers are kept, None when the cache is off.

    >>> cache_file({"LOSSCHECK_CACHE": "off"}) is None
    True
    >>> cache_file({"LOSSCHECK_CACHE": "kept"})
    PosixPath('kept/answers-1.sqlite')
    """
    told = environment.get("LOSSCHECK_CACHE", "")
    if told.lower() == "off":
        return None
    return (Path(told) if told else _usual(environment)) / _NAME


def _usual(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA")
        return Path(base) / "losscheck" / "Cache" if base else Path.home() / ".losscheck"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "losscheck"
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "losscheck"


def key_of(*parts: Any) -> str:
    """Return the key of what these JSON values name."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class Cache:
    """Answers by key; with ``path`` None it holds nothing.

    A cache that cannot be read or written is as good as an empty one: no operation raises for it. The file stays open
    between operations as long as nobody else writes it; each statement stands alone, so no other process waits.
    """

    def __init__(self, path: str | Path | None) -> None:
        self._path = None if path is None else Path(path)
        self._database: sqlite3.Connection | None = None
        self._file: tuple[int, ...] | None = None
        self._read: dict[str, None] = {}

    def get(self, key: str) -> Any:
        """Return the value stored under ``key``, None when there is none."""
        found = None
        if self._path is None:
            return None
        with self._open() as database:
            for text, checksum in database.execute("SELECT value, checksum FROM answers WHERE key = ?", (key,)):
                if checksum == _checksum(key, text):
                    found = json.loads(text)
                    self._read[key] = None
                else:
                    database.execute("DELETE FROM answers WHERE key = ?", (key,))
        return found

    def put(self, key: str, value: Any) -> None:
        """Store a JSON value."""
        if self._path is None:
            return
        text = json.dumps(value)
        with self._open() as database:
            self._note_read(database)
            entry = (key, text, _checksum(key, text))
            database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, julianday('now'))", entry)
            (pages,), (size,) = (*database.execute("PRAGMA page_count"), *database.execute("PRAGMA page_size"))
            if pages * size > LARGEST:
                middle = "SELECT used FROM answers ORDER BY used LIMIT 1 OFFSET (SELECT count(*) / 2 FROM answers)"
                database.execute(f"DELETE FROM answers WHERE used <= ({middle})")
                database.execute("VACUUM")

    def drop(self, key: str) -> None:
        """Forget one entry."""
        with self._open() as database:
            database.execute("DELETE FROM answers WHERE key = ?", (key,))

    def close(self) -> None:
        """Note what was read, and let go of the file; the next operation opens it again."""
        if self._read:
            with self._open() as database:
                self._note_read(database)
        self._let_go()

    def __del__(self) -> None:
        self._let_go()

    def _note_read(self, database: sqlite3.Connection) -> None:
        """Say of what was read that it is in use, all at once: what was not used for longest goes first."""
        keys, self._read = list(self._read), {}
        if keys:
            database.execute("BEGIN")
            database.executemany("UPDATE answers SET used = julianday('now') WHERE key = ?", [(key,) for key in keys])
            database.execute("COMMIT")

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in which each statement stands alone; without a usable file, one that holds nothing."""
        try:
            yield self._connect()
            self._file = self._identity()
        except sqlite3.OperationalError:
            self._let_go()  # locked for long, a full disk: the file is fine
        except DAMAGED:
            self._begin_anew()

    def _connect(self) -> sqlite3.Connection:
        """Return the open connection, or a new one where the file of that name is another one than before."""
        if self._database is not None and self._file == self._identity():
            return self._database
        self._let_go()
        if self._path is not None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._database = _connected(self._path)
            except (sqlite3.OperationalError, OSError):
                pass
            except DAMAGED:
                self._begin_anew()
        if self._database is None:
            return _connected(":memory:")
        return self._database

    def _identity(self) -> tuple[int, ...] | None:
        """Return what changes when the file is replaced, or written by someone else."""
        try:
            found = None if self._path is None else os.stat(self._path)
        except OSError:
            return None
        return None if found is None else (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def _let_go(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def _begin_anew(self) -> None:
        self._let_go()
        with contextlib.suppress(OSError):
            if self._path is not None:
                self._path.unlink()


def _connected(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        # An entry lost to a power cut is computed again, so nothing waits for the disk.
        database.execute("PRAGMA synchronous = OFF")
        database.execute(_TABLE)
    except BaseException:
        database.close()
        raise
    return database


def _checksum(key: str, text: Any) -> str:
    return hashlib.sha256(f"{key} {text}".encode()).hexdigest()
