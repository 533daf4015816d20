"""A portfolio to figures: what is asked of the tables, in the order people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hkz_xlsx.figures import field_sections as of_field
from hkz_xlsx.figures import file_sections as of_files
from hkz_xlsx.figures import group_sections as of_groups
from hkz_xlsx.figures import movement_sections as of_movement
from hkz_xlsx.figures.cells import figure_text
from hkz_xlsx.figures.model import Choices, Figures, FigureTable, protected
from hkz_xlsx.figures.privacy import rounded_count
from hkz_xlsx.figures.words import day as shown_day
from hkz_xlsx.machine.limits import OWN
from hkz_xlsx.machine.supervise import Worker
from hkz_xlsx.portfolio.build import read_counts
from hkz_xlsx.portfolio.database import open_tables, rows_of
from hkz_xlsx.text import messages, say

if TYPE_CHECKING:
    import duckdb

    from hkz_xlsx.portfolio.assemble import Counts


def figures(folder: Path, choices: Choices) -> Figures:
    """Everything about the field, computed in a process of its own.

    Raises:
        HkzError: it is no portfolio.
    """
    with Worker(OWN) as worker:
        return worker.run(folder.name, figures_of, str(folder), choices)


def figures_of(folder: str, choices: Choices) -> Figures:
    """As `figures`, in this process."""
    counts = read_counts(Path(folder))
    with open_tables(Path(folder)) as db:
        sections = _sections(db, choices)
        days = rows_of(
            db, "select min(reference_date)::varchar, max(reference_date)::varchar from field"
        )[0]
    shown = [protected(section, choices) for section in sections]
    kept = tuple(section for section in shown if section is not None and section.rows)
    found = Figures(choices, (), kept, _files(counts, choices))
    return replace(found, facts=_facts(found, counts, days))


def _sections(db: duckdb.DuckDBPyConnection, choices: Choices) -> tuple[FigureTable, ...]:
    """Everything that is asked, in the order in which people read it."""
    of_field.prepare(db, choices.lang)
    questions, weakest, strongest = of_field.questions(db)
    known = of_groups.grouped(db, choices)
    return (
        of_field.response(db),
        of_field.distribution(db, choices),
        of_field.verdicts(db, choices),
        weakest,
        strongest,
        of_field.core(db, choices),
        *of_field.gaps(db, choices),
        of_groups.groups(db, choices, known),
        of_groups.group_rubrieken(db, choices, known),
        of_movement.movement(db, choices),
        of_movement.movers(db),
        of_files.unusual(db, choices),
        of_files.unusable(db, choices.lang),
        of_files.superseded(db),
        of_files.doubtful(db, choices),
        of_field.evidence(db, choices),
        *((of_field.words(db),) if choices.texts else ()),
        questions,
    )


def _number(count: int, choices: Choices) -> str:
    """A count as it may be said."""
    if not choices.anonymous:
        return str(count)
    if count < choices.k:
        return f"< {choices.k}"
    return str(rounded_count(count, choices.k))


Facts = tuple[tuple[str, str, str], ...]


def _facts(figures: Figures, counts: Counts, days: Sequence[str | None]) -> Facts:
    """Who took part and when; of one set of editions also the score and the movement."""
    text, choices = messages(figures.lang), figures.choices
    organisations = _number(counts.organisations, choices)
    found = [(text("portfolio.fact.organisations"), organisations, "")]
    if not choices.anonymous:
        told = " – ".join(dict.fromkeys(shown_day(day) for day in days if day))
        found.append((text("portfolio.fact.dates"), told or "–", ""))
    editions = {row["edition"] for row in figures.rows("response")}
    for section, column, label in (
        ("distribution", "median", "portfolio.fact.median"),
        ("movement", "change", "portfolio.fact.change"),
    ):
        rows = figures.rows(section, level=text("portfolio.level.total"))
        if len(rows) == len(editions) == 1 and rows[0][column] is not None:
            shown = figure_text(figures, section, rows[0], column)
            found.append((text(label), shown, f"n = {rows[0]['n']}"))
    return tuple(found)


def _files(counts: Counts, choices: Choices) -> Facts:
    """What became of the files."""
    text = messages(choices.lang)
    total = say(choices.lang, "portfolio.fact.found", found=_number(counts.found, choices))
    found = [
        (text("portfolio.fact.read"), _number(counts.read, choices), total),
        (text("portfolio.fact.refused"), _number(counts.refused, choices), ""),
    ]
    if not choices.anonymous:
        found.append((text("portfolio.fact.doubtful"), str(counts.doubtful), ""))
    return tuple(found)
