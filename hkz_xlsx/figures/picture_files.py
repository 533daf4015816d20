"""Every figure of a report by itself: the drawing as SVG, and what it shows as csv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from hkz_xlsx.figures.content import field_document
from hkz_xlsx.figures.model import Figures
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.machine.atomic import make_folder, write_file
from hkz_xlsx.machine.csv_text import guarded
from hkz_xlsx.render.charts import svg
from hkz_xlsx.render.document import Document, Picture, Timeline
from hkz_xlsx.render.numbers import Cell
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import Lang

_FONTS = "Calibri, Carlito, Arial, sans-serif"


def drawings(document: Document) -> Iterator[Picture]:
    """Every drawing of a document, once, in its order."""
    seen = set()
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Picture) and block.key not in seen:
                seen.add(block.key)
                yield block


def _cell(value: Cell, lang: Lang) -> str:
    """A cell of csv: numbers as they are, with the decimal sign of the language."""
    if isinstance(value, str):
        return guarded(clean(value))
    if value.value is None:
        return guarded(value.words)
    plain = f"{value.value:.{value.digits}f}"
    return plain.replace(".", ",") if lang == "nl" else plain


def data_of(picture: Picture, lang: Lang) -> bytes:
    """What a drawing shows, as csv with a semicolon and a UTF-8 mark.

    Raises:
        TypeError: a timeline: its table stands in the report.
    """
    if isinstance(picture, Timeline):
        raise TypeError("a timeline has its table in the report")
    headers, rows = picture.table()
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(header) for header in headers])
    writer.writerows([_cell(cell, lang) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8", "replace")


def write_pictures(figures: Figures, folder: Path, look: Look, *, force: bool) -> int:
    """A file with the drawing and one with its data for every figure.

    Args:
        figures: what is drawn.
        folder: for the files; it is made.
        look: its colours; logo and adviser stand on no drawing.
        force: what exists already may be written over.

    Returns:
        how many figures.

    Raises:
        HkzError: a file exists (without ``force``), or cannot be written.
    """
    make_folder(folder)
    count = 0
    for picture in drawings(field_document(figures, look)):
        drawn = str(svg(picture, look.palette, figures.lang, _FONTS))
        write_file(folder / f"{picture.key}.svg", drawn.encode("utf-8", "replace"), force=force)
        write_file(folder / f"{picture.key}.csv", data_of(picture, figures.lang), force=force)
        count += 1
    return count
