"""How scores moved between two measurements of the same organisations.

The movement is the median of the differences: what half of the organisations gained at least. It is
not the difference of the medians, which stand beside it, and can have another sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb

from hkz_xlsx.figures.field_sections import EDITION, MOST_DOTS, NAME, N, edition_label
from hkz_xlsx.figures.model import Choices, FigureColumn, FigureTable, section_of
from hkz_xlsx.figures.privacy import CountedPart
from hkz_xlsx.portfolio.database import rows_of
from hkz_xlsx.text import messages

Connection = duckdb.DuckDBPyConnection


def movement(db: Connection, choices: Choices) -> FigureTable:
    """Per score: the movement, how many went up, stayed and went down, and both medians."""
    text = messages(choices.lang)
    rows = rows_of(
        db,
        f"select m.edition, m.edition_from, m.level, coalesce(any_value(n.name_{choices.lang}), m.key), "
        """m.round_from || ' → ' || m.round_to,
        count(*), median(score_to - score_from), median(substantiated_to - substantiated_from),
        median(score_from), median(score_to),
        count(*) filter (score_to > score_from), count(*) filter (score_to < score_from),
        list([score_from, score_to] order by score_from, score_to)
        from movements m left join sets n on (m.edition, m.level, m.key) = (n.edition, n.level, n.key)
        group by m.edition, m.edition_from, m.level, m.key, m.round_from, m.round_to, n.ordinal
        order by ranked(m.edition), m.edition, m.edition_from, m.round_from, m.round_to,
        array_position(['total','scheme','part','rubriek','theme'], m.level), n.ordinal""",
    )
    found: list[Sequence[Any]] = []
    lines: dict[int, tuple[tuple[float, float], ...]] = {}
    for edition, old, level, name, rounds, n, moved, substantiated, *rest in rows:
        *medians, up, down, pairs = rest
        same = n - up - down
        parts = (
            CountedPart(up, n, (same, down)),
            CountedPart(same, n, (up, down)),
            CountedPart(down, n, (up, same)),
        )
        about = (editions(old, edition), text(f"portfolio.level.{level}"), name, rounds, n)
        if level == "total" and n <= MOST_DOTS:
            lines[len(found)] = tuple((before, after) for before, after in pairs)
        found.append((*about, moved, *parts, substantiated, *medians))
    headings = (
        EDITION, FigureColumn("level", "text", 12), NAME, FigureColumn("rounds", "text", 20), N,
        FigureColumn("change", "points", 14), FigureColumn("up", "whole", 10), FigureColumn("same", "whole", 10),
        FigureColumn("down", "whole", 10), FigureColumn("change_substantiated", "points", 16),
        FigureColumn("before", "percent"), FigureColumn("after", "percent"),
    )  # fmt: skip
    section = section_of("movement", headings, found)
    return replace(section, lines=lines)


def editions(before: str, edition: str) -> str:
    """Editions of a movement: both where a crosswalk lies between."""
    now = edition_label(edition)
    return now if before in ("", None, edition) else f"{edition_label(before)} → {now}"


def movers(db: Connection) -> FigureTable:
    """Every organisation with more than one measurement."""
    rows = rows_of(
        db,
        """select coalesce(o.name, ''), coalesce(o.location, ''), m.edition, m.edition_from, m.date_from::varchar, m.date_to::varchar,
        score_from, score_to, score_to - score_from, substantiated_to - substantiated_from
        from movements m join organisations o using (organisation_id) where m.level = 'total'
        order by score_to - score_from, m.organisation_id, m.date_to""",
    )
    headings = (
        FigureColumn("organisation", "text", 34), FigureColumn("location", "text", 24), EDITION,
        FigureColumn("date_from", "date"), FigureColumn("date_to", "date"), FigureColumn("before", "percent"),
        FigureColumn("after", "percent"), FigureColumn("difference", "points"),
        FigureColumn("difference_substantiated", "points", 16),
    )  # fmt: skip
    found = [(r[0], r[1], editions(r[3], r[2]), *r[4:]) for r in rows]
    return section_of("movers", headings, found, private=True)
