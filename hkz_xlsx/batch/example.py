"""A client list to start from, with what every column means."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from hkz_xlsx.batch.columns import KEYS, header
from hkz_xlsx.batch.table import COMMENT
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.text import Lang, messages, say
from hkz_xlsx.writing.tables import TableColumn, TableSheet, write_tables

FORMS = (".csv", ".xlsx")


def _rows(lang: Lang) -> list[list[str]]:
    return [row.split(";") for row in say(lang, "batch.example.rows").split("|")]


def example_list(path: Path, lang: Lang) -> bytes:
    """The bytes of an example, in the form that the name asks for.

    Raises:
        HkzError: the name asks for a form that no list has.
    """
    forms = {".csv": _csv, ".xlsx": _xlsx}
    if path.suffix.lower() not in forms:
        slots = {"suffix": path.suffix or "–", "choices": ", ".join(FORMS)}
        raise HkzError(problem("TARGET_FORMAT", Where(str(path)), **slots))
    return forms[path.suffix.lower()](lang)


def _headers(lang: Lang) -> list[str]:
    return [*(header(key, lang) for key in KEYS), say(lang, "batch.example.free")]


def _csv(lang: Lang) -> bytes:
    target = StringIO(newline="")
    lines = csv.writer(target, delimiter=";", lineterminator="\r\n")
    text = messages(lang)
    for line in ("heading", "note", "comment"):
        lines.writerow([f"{COMMENT} {text(f'batch.example.{line}')}"])
    for key in KEYS:
        help_text = say(lang, f"batch.column.{key}.help")
        lines.writerow([f"{COMMENT} {header(key, lang)}: {help_text}"])
    lines.writerow(_headers(lang))
    lines.writerows(_rows(lang))
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _xlsx(lang: Lang) -> bytes:
    text = messages(lang)
    columns = tuple(TableColumn(name, max(18.0, len(name) + 4.0)) for name in _headers(lang))
    helps = [f"{COMMENT} {say(lang, 'batch.column.name.help')}"]
    helps += [say(lang, f"batch.column.{key}.help") for key in KEYS[1:]]
    sheet = TableSheet(
        text("batch.example.sheet"),
        f"{COMMENT} {text('batch.example.heading')}",
        f"{COMMENT} {text('batch.example.note')}",
        text("batch.example.table"),
        columns,
        [[*helps, ""], *_rows(lang)],
    )
    return write_tables([sheet], text("batch.example.heading"))
