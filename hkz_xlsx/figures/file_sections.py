"""Sections about files: those that stand out, that could not be used, and that do not count."""

from __future__ import annotations

import duckdb

from hkz_xlsx.figures.field_sections import EDITION, edition_label
from hkz_xlsx.figures.model import Choices, FigureColumn, FigureTable, section_of
from hkz_xlsx.portfolio.database import rows_of
from hkz_xlsx.portfolio.told import said
from hkz_xlsx.text import Lang, messages

Connection = duckdb.DuckDBPyConnection

FAR_ABOVE = 30.0
"""Claimed above substantiated by this many points is told, when few others do the same."""


def unusual(db: Connection, choices: Choices) -> FigureTable:
    """Files that stand out: look at them before using their figures."""
    rows = rows_of(
        db,
        """with limits as (select edition_set, quantile_cont(score - substantiated, 0.75)
        + 1.5 * (quantile_cont(score - substantiated, 0.75) - quantile_cont(score - substantiated, 0.25)) as far
        from field group by edition_set)
        select f.file, coalesce(o.name, ''), f.edition_set, f.score, f.substantiated, f.answered_percentage,
        f.same_answer, f.score_changed,
        f.score - f.substantiated >= ? and f.score - f.substantiated >= l.far, f.stored_score, f.counted_score
        from files f join organisations o using (organisation_id) join limits l using (edition_set)
        where f.counts order by f.file""",
        [FAR_ABOVE],
    )
    text = messages(choices.lang)
    found = []
    for file, name, edition, score, substantiated, answered, *flags, stored, counted in rows:
        reasons = [
            text(f"portfolio.unusual.{key}")
            for key, flag in zip(("same_answer", "score_changed", "far_above"), flags, strict=True)
            if flag
        ]
        if reasons:
            found.append(
                (
                    file,
                    name,
                    edition_label(edition),
                    "; ".join(reasons),
                    score,
                    substantiated,
                    answered,
                    stored,
                    counted,
                )
            )
    headings = (
        FigureColumn("file", "text", 40), FigureColumn("organisation", "text", 30), EDITION, FigureColumn("reasons", "text", 50),
        FigureColumn("score", "percent"), FigureColumn("substantiated", "percent", 14), FigureColumn("answered", "percent"),
        FigureColumn("stored_score", "percent", 14), FigureColumn("counted_score", "percent", 14),
    )  # fmt: skip
    return section_of("unusual", headings, found, private=True)


def unusable(db: Connection, lang: Lang) -> FigureTable:
    """Files that could not be used, and why."""
    rows = rows_of(
        db,
        """select file, code, message, slots from problems join files using (file_id, file)
        where state = 'refused' order by file""",
    )
    found = [(file, code, *said(code, message, slots, lang)) for file, code, message, slots in rows]
    headings = (
        FigureColumn("file", "text", 40), FigureColumn("code", "text", 24), FigureColumn("message", "text", 60),
        FigureColumn("hint", "text", 60),
    )  # fmt: skip
    return section_of("unusable", headings, found, private=True)


def doubtful(db: Connection, choices: Choices) -> FigureTable:
    """Files that may belong together, or that contradict each other: somebody has to look."""
    text = messages(choices.lang)
    rows = rows_of(
        db,
        """select a.file, b.file, m.reason from matches m join files a on a.file_id = m.file_id
        join files b on b.file_id = m.other_file_id where m.reason != 'sites'
        order by a.file, b.file, m.reason""",
    )
    found = [(a, b, text(f"portfolio.doubt.{reason}")) for a, b, reason in rows]
    headings = (
        FigureColumn("file", "text", 40),
        FigureColumn("other_file", "text", 40),
        FigureColumn("reasons", "text", 60),
    )
    return section_of("doubtful", headings, found, private=True)


def superseded(db: Connection) -> FigureTable:
    """Returns that do not count, because a newer one of the same organisation does."""
    rows = rows_of(
        db,
        """select f.file, n.file, f.reference_date::varchar, n.reference_date::varchar from files f
        join files n on n.file_id = f.superseded_by order by f.file""",
    )
    headings = (
        FigureColumn("file", "text", 40), FigureColumn("counting_file", "text", 40), FigureColumn("date_from", "date"),
        FigureColumn("date_to", "date"),
    )  # fmt: skip
    return section_of("superseded", headings, rows, private=True)
