"""Names of rubrieken, themes and schemes as the sheets and reports show them."""

from __future__ import annotations

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.select import Selection
from hkz_xlsx.scoring.model import rubriek_key
from hkz_xlsx.text import Lang


def rubriek_names(selection: Selection, lang: Lang) -> tuple[str, ...]:
    """Names of the rubrieken as shown, in row order."""
    names: dict[str, str] = {}
    several = len(selection.parts) > 1
    for row in selection.rows:
        part = f" ({row.part.number})" if several else ""
        key = rubriek_key(row.part.id, row.rubriek.number)
        names[key] = f"{row.rubriek.number}. {row.rubriek.title.get(lang)}{part}"
    return tuple(names.values())


def scheme_names(selection: Selection) -> tuple[str, ...]:
    """What is certified together, as public numbers."""
    numbers = {p.id: p.number for p in selection.parts}
    return tuple(" + ".join(numbers[part] for part in s.parts) for s in selection.schemes)


def theme_names(selection: Selection, lang: Lang) -> tuple[str, ...]:
    """Names of the themes, in row order."""
    return tuple(t.name.get(lang) for t in selection.themes())


TOPIC_SINCE = 2
"""The layout since which a question stands under its topic."""


def question_texts(selection: Selection, lang: Lang, layout: int) -> tuple[str, ...]:
    """Every question as it stands on Beoordeling and wherever formulas show it.

    Args:
        selection: the questions, in the order of the rows.
        lang: language of the workbook.
        layout: from `TOPIC_SINCE` on the topic stands on a line above the question.
    """
    rows = selection.rows
    if layout < TOPIC_SINCE:
        return tuple(row.requirement.question.get(lang) for row in rows)
    return tuple(f"{r.topic.title.get(lang)}\n{r.requirement.question.get(lang)}" for r in rows)


def editions_line(plan: WorkbookPlan) -> str:
    """The norms of a workbook, as every page names them."""
    return " · ".join(f"{p.number} ({p.edition.edition})" for p in plan.model.selection.parts)
