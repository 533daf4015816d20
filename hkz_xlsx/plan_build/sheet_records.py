"""Every sheet that workbooks ever had, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hkz_xlsx.layout.identity import Identity
from hkz_xlsx.layout.plan import Sheet
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.sheets import (
    assessment_sheet,
    help_sheet,
    lists_and_identity,
    overview_sheet,
    plan_and_evidence,
    quick_start_sheet,
    result_dashboard,
    result_sheet,
    review_sheet,
    start_sheet,
    steps_sheet,
)

Builder = Callable[[ScoreModel, Identity], Sheet]


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A sheet: how it is built from a model, which knows its layout, and an identity.

    ``since`` and ``until`` are layouts, as in `hkz_xlsx.scoring.columns`.
    """

    key: str
    build: Builder
    since: int = 1
    until: int | None = None

    def stands_in(self, layout: int) -> bool:
        """Whether a layout has it."""
        return self.since <= layout and (self.until is None or layout < self.until)


def _of(build: Callable[[ScoreModel], Sheet]) -> Builder:
    return lambda model, _: build(model)


def _result(model: ScoreModel, identity: Identity) -> Sheet:
    if model.layout < DASHBOARD_SINCE:
        return result_sheet.build(model, previous=identity.previous)
    return result_dashboard.build(model, previous=identity.previous)


DASHBOARD_SINCE = 2
"""The layout since which Resultaat is a dashboard."""

SHEETS = (
    SheetRecord("start", _of(start_sheet.build)),
    SheetRecord("quick", _of(quick_start_sheet.build), since=2),
    SheetRecord("overview", _of(overview_sheet.build)),
    SheetRecord("assessment", _of(assessment_sheet.build)),
    SheetRecord("plan", _of(plan_and_evidence.build_plan)),
    SheetRecord("result", _result),
    SheetRecord("steps", _of(steps_sheet.build)),
    SheetRecord("review", _of(review_sheet.build)),
    SheetRecord("evidence", _of(plan_and_evidence.build_evidence)),
    SheetRecord("help", _of(help_sheet.build)),
    SheetRecord("lists", _of(lists_and_identity.build_lists)),
    SheetRecord("_hkz", lists_and_identity.build_identity),
)
"""The identity stands last: a hidden first sheet came back visible from other programs."""


def sheets_of(model: ScoreModel, identity: Identity) -> tuple[Sheet, ...]:
    """The sheets of a workbook of the model's layout, in their order."""
    return tuple(
        record.build(model, identity) for record in SHEETS if record.stands_in(model.layout)
    )
