"""Figures in one long table, for programs: a row per figure, with n beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

from hkz_xlsx.figures.model import Figures
from hkz_xlsx.machine.csv_text import guarded

COLUMNS = ("section", "edition", "group", "name", "n", "measure", "kind", "value", "hidden")
"""``section`` and ``measure`` are keys and not translated; ``group`` says what the row is of.
``kind`` is whole, percent, share (percent of n), points or plain. ``hidden`` says what may be said
instead of a value that is too small to publish."""

Row = tuple[str, str, str, str, int | None, str, str, float | None, str]


def rows(figures: Figures) -> Iterator[Row]:
    """Every figure of every section that has an n."""
    for section in figures.sections:
        keys = [heading.key for heading in section.headings]
        if "n" not in keys:
            continue
        texts = [i for i, h in enumerate(section.headings) if h.kind in ("text", "date")]
        for row in section.rows:
            known = {keys[i]: str(row[i] or "") for i in texts}
            edition, name = known.pop("edition", ""), known.pop("name", "")
            group = " · ".join(value for value in known.values() if value)
            n = row[keys.index("n")]
            count = int(n) if isinstance(n, int | float) else None
            for heading, value in zip(section.headings, row, strict=True):
                if heading.key == "n" or value is None or heading.kind in ("text", "date"):
                    continue
                told = isinstance(value, str)
                number, hidden = (None, str(value)) if told else (float(value), "")
                about = (section.key, edition, group, name, count)
                yield (*about, heading.key, heading.kind, number, hidden)


def render_csv(figures: Figures) -> bytes:
    """As csv with a semicolon and a UTF-8 mark, as spreadsheet programs in the Netherlands expect.

    A text that a spreadsheet program would take for a formula gets an apostrophe before it.
    """
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(figures):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8", "replace")


def render_parquet(figures: Figures) -> bytes:
    """As Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = list(rows(figures))
    types = [pa.string()] * 4 + [pa.int64(), pa.string(), pa.string(), pa.float64(), pa.string()]
    arrays = [pa.array([row[i] for row in found], kind) for i, kind in enumerate(types)]
    table = pa.Table.from_arrays(arrays, names=list(COLUMNS))
    target = BytesIO()
    pq.write_table(
        table.replace_schema_metadata({"hkz_xlsx.table": "figures"}), target, compression="zstd"
    )
    return target.getvalue()
