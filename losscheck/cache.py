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

    A cache that cannot be read or written is as good as an empty one: no operation raises for it.
    """

    def __init__(self, path: str | Path | None) -> None:
        self._path = None if path is None else Path(path)

    def get(self, key: str) -> Any:
        """Return the value stored under ``key``, None when there is none."""
        found = None
        with self._open() as database:
            for text, checksum in database.execute("SELECT value, checksum FROM answers WHERE key = ?", (key,)):
                if checksum == _checksum(key, text):
                    found = json.loads(text)
            told = "UPDATE answers SET used = julianday('now')" if found is not None else "DELETE FROM answers"
            database.execute(f"{told} WHERE key = ?", (key,))
        return found

    def put(self, key: str, value: Any) -> None:
        """Store a JSON value."""
        text = json.dumps(value)
        with self._open() as database:
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

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in which each statement stands alone; without a usable file, one that holds nothing."""
        database = self._connect()
        try:
            yield database
        except sqlite3.OperationalError:
            pass  # locked for long, a full disk: the file is fine
        except DAMAGED:
            self._begin_anew()
        finally:
            database.close()

    def _connect(self) -> sqlite3.Connection:
        if self._path is not None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                return _connected(self._path)
            except (sqlite3.OperationalError, OSError):
                pass
            except DAMAGED:
                self._begin_anew()
        return _connected(":memory:")

    def _begin_anew(self) -> None:
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
