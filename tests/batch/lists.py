"""Client lists for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from hkz_xlsx.batch.clients import ClientList, Defaults, read_clients
from hkz_xlsx.batch.style_templates import find_look
from tests.support import library


def write_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(";".join(row) + "\r\n" for row in rows).encode(encoding))
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd-mm-yyyy"})
    sheet = book.add_worksheet("Klanten")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    book.close()
    return path


def read(path: Path, defaults: Defaults | None = None) -> ClientList:
    def check(name: str) -> None:
        find_look(name)

    return read_clients(path, library(), defaults or Defaults(("143",)), check)


def named(path: Path, *names: str) -> ClientList:
    """A list of names only, small workbooks."""
    return read(write_csv(path, [["Naam"], *([name] for name in names)]))


def codes(listed: ClientList) -> list[str]:
    return [p.code for p in listed.problems]
