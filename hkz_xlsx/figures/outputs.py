"""Files made of a portfolio: by the end of their name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hkz_xlsx.figures import render_data, render_xlsx
from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.benchmark_content import benchmark_document
from hkz_xlsx.figures.content import field_document
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.machine.atomic import make_folder, write_file
from hkz_xlsx.machine.faults import check_targets as checked
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.render.formats import FORMATS

SUFFIXES = (*FORMATS, ".xlsx", ".csv", ".parquet")


def check_targets(targets: Sequence[Path], *, force: bool) -> None:
    """Refuse reports that cannot be written, before hours of reading.

    Raises:
        HkzError: an unknown format, or a place where nothing can be written; all of them are named.
    """
    found = []
    for path in targets:
        where = Where(str(path))
        if path.suffix.lower() not in SUFFIXES:
            found.append(
                problem(
                    "TARGET_FORMAT", where, suffix=path.suffix or "–", choices=", ".join(SUFFIXES)
                )
            )
    if found:
        raise HkzError(*found)
    checked(targets, force=force)


def render(figures: Figures, suffix: str, look: Look = NEUTRAL) -> bytes:
    """The bytes of a report.

    Args:
        figures: what is in it.
        suffix: of the file, with its dot, in any case.
        look: colours, logo and adviser; data files have none of them.

    Raises:
        KeyError: for an unknown suffix.
    """
    match suffix.lower():
        case ".xlsx":
            return render_xlsx.render(figures, look)
        case ".csv":
            return render_data.render_csv(figures)
        case ".parquet":
            return render_data.render_parquet(figures)
        case _:
            pass
    return FORMATS[suffix.lower()](field_document(figures, look), look)


@dataclass(frozen=True, slots=True)
class Pages:
    """Which pages of organisations are made: of one only, in which formats, over old ones."""

    organisation: str = ""
    suffixes: tuple[str, ...] = (".html",)
    force: bool = False


def write_benchmarks(folder: Path, target: Path, choices: Choices, look: Look, pages: Pages) -> int:
    """A page per organisation in a folder, in every format asked for.

    Args:
        folder: the portfolio.
        target: the folder for the pages; it is made.
        choices: language and what may be published.
        look: colours, logo and adviser.
        pages: of whom, in which formats, over old ones or not.

    Returns:
        how many organisations there is a page of.

    Raises:
        HkzError: a page exists (without ``force``), or no organisation has that name.
    """
    make_folder(target)
    count = 0
    for one in benchmarks(str(folder), choices, pages.organisation):
        document = benchmark_document(one, choices, look)
        name = f"{_slug(one.about.name)}-{one.about.file_id[:8]}"
        for suffix in pages.suffixes:
            page = FORMATS[suffix](document, look)
            write_file(target / f"{name}{suffix}", page, force=pages.force)
        count += 1
    if not count:
        raise HkzError(problem("PORTFOLIO_ORGANISATION", None, name=pages.organisation))
    return count


def _slug(name: str) -> str:
    """A file name from what somebody typed: letters, digits and hyphens only."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:48] or "organisatie"
