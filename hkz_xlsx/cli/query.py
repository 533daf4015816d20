"""``hkz query``: questions in SQL over the tables of a portfolio."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hkz_xlsx.cli.options import Whole, lang_option
from hkz_xlsx.cli.output import show_json, show_problems
from hkz_xlsx.text import Lang, seen


@click.command()
@click.argument("sql")
@click.option(
    "--portfolio", "-p", "folder", type=click.Path(path_type=Path, file_okay=False),
    default=Path("portfolio"), show_default=True, help="Folder made by hkz aggregate.",
)  # fmt: skip
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print.",
)
@click.option("--most", type=Whole(min=1), help="Print at most this many rows.")
@lang_option
def query(sql: str, folder: Path, form: str, most: int | None, lang: Lang) -> None:
    """Ask a question in SQL (DuckDB) over the tables of a portfolio; they can only be read.

    The tables and their columns are described in codebook.md in the portfolio.

    \b
    Example:
      hkz query "select answer, count(*) as n from answers group by answer order by n desc"
      hkz query "select file, reason from files where state = 'refused'" --format csv
    """
    from hkz_xlsx.machine.extras import need

    need("duckdb", "pyarrow")
    from hkz_xlsx.cli.today import today
    from hkz_xlsx.portfolio.forgotten import too_long
    from hkz_xlsx.portfolio.query import ask

    answer = ask(folder, sql, most)
    rows = tuple(tuple(_settled(value) for value in row) for row in answer.rows)
    show_problems(too_long(folder, today()), lang)
    if form == "json":
        import json

        named = [dict(zip(answer.columns, row, strict=True)) for row in rows]
        show_json(json.dumps(named, ensure_ascii=False, indent=1, default=str) + "\n")
    elif form == "csv":
        click.echo(_csv(answer.columns, rows), nl=False)
    else:
        click.echo(_table(answer.columns, rows))


_DIGITS = 12
"""Of a number that was computed: what comes after them is no more than how a processor rounds."""

_DECIMALS = 4
"""Of a number in a table for the eye."""


def _settled(value: Any) -> Any:  # noqa: ANN401  # whatever a question gives
    """A value as it is told: 29.55 where computing gave 29.549999999999997."""
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _csv(columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> str:
    import csv
    from io import StringIO

    from hkz_xlsx.machine.csv_text import guarded

    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(v) if isinstance(v, str) else v for v in row])
    return target.getvalue()


def _table(columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> str:
    """Columns as wide as their longest text; what cannot be printed is shown as its code."""
    texts = [[_shown(value) for value in row] for row in (columns, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(columns))]
    texts.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    )


def _shown(value: object) -> str:
    text = "" if value is None else _number(value) if isinstance(value, float) else str(value)
    return seen(text)


def _number(value: float) -> str:
    """With as many decimals as it has, four at most; never as a power of ten, unless it is nearly
    nothing."""
    plain = f"{value:.{_DECIMALS}f}"
    if value and not float(plain):
        return f"{value:.{_DECIMALS}g}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
