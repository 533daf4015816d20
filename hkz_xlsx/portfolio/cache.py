"""What was read before: one SQLite file, by content and by time stamp.

A result is kept under the hash of the file's content, of the norms and of the version of this
program, so that it is used again exactly as long as reading would give the same. Every write is
a transaction: a run that is stopped, or killed, loses at most the last files it read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from hkz_xlsx import __version__
from hkz_xlsx.machine.shares import database_uri, on_share
from hkz_xlsx.norm.load import Library
from hkz_xlsx.portfolio.schema import VERSION

NAME = "cache.sqlite"
_COMMIT_EVERY = 50
_PATIENCE = 60.0
"""Seconds to wait for whoever has the file: without a write-ahead log one writes or others read."""

_CODE = (
    "assessment", "catalogues", "layout", "norm", "plan_build", "portfolio", "returned",
    "scoring", "sheets", "spreadsheet",
)  # fmt: skip
"""Rooms whose code decides what is read from a file."""

_TABLES = """
create table if not exists bodies (key text primary key, head blob, body blob, again integer);
create index if not exists passing on bodies (key) where again = 1;
create table if not exists places (path text primary key, size integer, time integer, listing text);
create table if not exists parts (name text primary key, fingerprint text);
"""


def reader_version(library: Library) -> str:
    """Changes when reading the same bytes could give something else."""
    editions = sorted(f"{p.edition}#{p.edition.fingerprint}" for p in library.parts)
    text = "\n".join((__version__, str(VERSION), _code(), *editions))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _code() -> str:
    """The program itself: during development the version alone does not say it."""
    folder = Path(__file__).parents[1]
    found = hashlib.sha256()
    for name in _CODE:
        for path in sorted((folder / name).glob("*")):
            if path.suffix in (".py", ".yaml"):
                found.update(path.read_bytes())
    return found.hexdigest()


def opened_to_read(path: Path) -> sqlite3.Connection:
    """A connection that only reads, beside the one that writes."""
    return sqlite3.connect(database_uri(path.resolve()), _PATIENCE, uri=True)


class Cache:
    """Results by content, files by place, finished parts by name. Readable by its owner only.

    The index finds the few results to be read again without walking through all bodies.
    """

    def __init__(self, path: Path, version: str) -> None:
        self._version = version
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, _PATIENCE, isolation_level=None)
        # A write-ahead log is shared through memory: on a share two machines would not see it.
        self._db.execute(f"pragma journal_mode={'truncate' if on_share(path) else 'wal'}")
        self._db.execute("pragma synchronous=normal")
        self._db.execute("pragma secure_delete=on")  # what is dropped is overwritten too
        self._db.execute("pragma temp_store=memory")
        self._db.executescript(_TABLES)
        self._db.execute("delete from bodies where again = 1")
        self._waiting = 0
        self._places: set[str] = set()

    def key(self, sha256: str) -> str:
        """The name under which the result of a content is kept."""
        return f"{sha256}.{self._version}"

    def knows(self, sha256: str) -> bool:
        """Whether this content was read."""
        row = self._db.execute("select 1 from bodies where key = ?", (self.key(sha256),))
        return row.fetchone() is not None

    def keep(self, sha256: str, head: bytes, body: bytes, *, again: bool = False) -> None:
        """Keep a result.

        Args:
            sha256: checksum of the content of the file.
            head: packed; what the run needs of every file.
            body: packed; what the large tables need.
            again: for this run only: next time the file is read again.
        """
        if not self._waiting:
            self._db.execute("begin")
        values = (self.key(sha256), head, body, int(again))
        self._db.execute("insert or replace into bodies values (?, ?, ?, ?)", values)
        self._waiting += 1
        if self._waiting >= _COMMIT_EVERY:
            self.commit()

    def passing(self) -> dict[str, str]:
        """What was kept for this run only: by key, something that tells two results apart."""
        rows = self._db.execute("select key, head, body from bodies where again = 1").fetchall()
        return {key: hashlib.sha256(head + body).hexdigest() for key, head, body in rows}

    def commit(self) -> None:
        """Make what was kept lasting."""
        if self._waiting:
            self._db.execute("commit")
            self._waiting = 0

    def head(self, sha256: str) -> bytes:
        """What is known of a file as a whole, packed; KeyError when it was not read."""
        row = self._db.execute("select head from bodies where key = ?", (self.key(sha256),))
        found = row.fetchone()
        if found is None:
            raise KeyError(sha256)
        return bytes(found[0])

    def listing(self, path: Path, size: int, time: int) -> list[list[object]] | None:
        """What a file held when it had this size and time stamp.

        Args:
            path: the file.
            size: in bytes.
            time: when it was changed, in nanoseconds.

        Returns:
            as `place` was told; None when that is not known.
        """
        self._places.add(_key(path))
        found = self._db.execute(
            "select listing from places where path = ? and size = ? and time = ?",
            (_key(path), size, time),
        ).fetchone()
        return None if found is None else list(json.loads(found[0]))

    def place(self, path: Path, size: int, time: int, listing: list[list[object]]) -> None:
        """Remember what a file holds.

        Args:
            path: the file.
            size: in bytes, when it was read.
            time: when it was changed, in nanoseconds.
            listing: an entry for every workbook in it; plain data.
        """
        if not self._waiting:
            self._db.execute("begin")
        self._places.add(_key(path))
        values = (_key(path), size, time, json.dumps(listing))
        self._db.execute("insert or replace into places values (?, ?, ?, ?)", values)
        self._waiting += 1

    def fingerprint(self, part: str) -> str:
        """From what a part of the tables was made; empty when it was not."""
        row = self._db.execute("select fingerprint from parts where name = ?", (part,)).fetchone()
        return str(row[0]) if row else ""

    def made(self, part: str, fingerprint: str) -> None:
        """Remember from what a part was made."""
        self.commit()
        self._db.execute("insert or replace into parts values (?, ?)", (part, fingerprint))

    def forget_others(self, kept: Iterable[str], gone: Iterable[str] = ()) -> None:
        """Drop what is no longer handed in, and who was taken out: what is deleted is gone.

        Args:
            kept: contents that stay.
            gone: contents whose places, with the names of their files, are dropped too.
        """
        self.commit()
        self._db.execute("begin")
        self._db.execute("create temp table kept (key text primary key)")
        self._db.executemany(
            "insert or ignore into kept values (?)", ((self.key(k),) for k in kept)
        )
        self._db.execute("delete from bodies where key not in (select key from kept)")
        self._db.execute("drop table kept")
        self._db.execute("create temp table seen (path text primary key)")
        self._db.executemany("insert or ignore into seen values (?)", ((p,) for p in self._places))
        self._db.execute("delete from places where path not in (select path from seen)")
        self._db.execute("drop table seen")
        sql = "delete from places where instr(listing, ?)"
        self._db.executemany(sql, ((sha,) for sha in gone))
        self._db.execute("commit")

    def close(self) -> None:
        """Close the file; what was kept lasts."""
        with contextlib.suppress(sqlite3.Error):
            self.commit()
        self._db.close()

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def _key(path: Path) -> str:
    """A path as a text; two names of odd bytes stay two."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
