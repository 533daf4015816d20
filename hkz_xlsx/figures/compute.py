"""A portfolio to figures: what is asked of the tables, in the order people read it."""

from __future__ import annotations

from pathlib import Path

from hkz_xlsx.figures import field_sections as of_field
from hkz_xlsx.figures import group_sections as of_groups
from hkz_xlsx.figures.model import Choices, Figures, protected
from hkz_xlsx.figures.privacy import rounded_count
from hkz_xlsx.figures.words import day as shown_day
from hkz_xlsx.machine.limits import OWN
from hkz_xlsx.machine.supervise import Worker
from hkz_xlsx.portfolio.build import read_counts
from hkz_xlsx.portfolio.database import open_tables, rows_of
from hkz_xlsx.text import messages, say


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
        of_field.prepare(db, choices.lang)
        questions, weakest, strongest = of_field.questions(db)
        sections = (
            of_field.response(db),
            of_field.distribution(db, choices),
            of_field.verdicts(db, choices),
            weakest,
            strongest,
            of_field.core(db, choices),
            *of_field.gaps(db, choices),
            of_groups.groups(db, choices),
            of_groups.movement(db, choices),
            of_groups.movers(db),
            of_groups.unusual(db, choices),
            of_field.unusable(db, choices.lang),
            of_groups.superseded(db),
            of_groups.doubtful(db, choices),
            of_field.evidence(db, choices),
            *((of_field.words(db),) if choices.texts else ()),
            questions,
        )
        newest = rows_of(
            db, "select min(reference_date)::varchar, max(reference_date)::varchar from field"
        )[0]
    shown = [protected(section, choices) for section in sections]
    kept = tuple(section for section in shown if section is not None and section.rows)
    text = messages(choices.lang)

    def number(count: int) -> str:
        if not choices.anonymous:
            return str(count)
        if count < choices.k:
            return f"< {choices.k}"
        return str(rounded_count(count, choices.k))

    facts = [
        (text("portfolio.fact.organisations"), number(counts.organisations), ""),
        (
            text("portfolio.fact.read"), number(counts.read),
            say(choices.lang, "portfolio.fact.found", found=number(counts.found)),
        ),
        (text("portfolio.fact.refused"), number(counts.refused), ""),
    ]  # fmt: skip
    if not choices.anonymous:
        days = " – ".join(dict.fromkeys(shown_day(day) for day in newest if day))
        facts.append((text("portfolio.fact.dates"), days or "–", ""))
        facts.append((text("portfolio.fact.doubtful"), str(counts.doubtful), ""))
    return Figures(choices, tuple(facts), kept)
