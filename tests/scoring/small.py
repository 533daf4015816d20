"""A norm of a few rows, made in the test, with answers given as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.assessment.model import Assessment, Basis
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.norm.guide import Guide, ReviewFile
from hkz_xlsx.norm.model import (
    Edition,
    Examples,
    NormPart,
    Profile,
    Requirement,
    Rubriek,
    Shared,
    Topic,
)
from hkz_xlsx.norm.select import Scheme, Scope, SelectedRow, Selection
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.model import ScoreModel, score_model
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import Lang, Text

TEXT = Text("tekst", "text")
GUIDE = Guide("r1", (), ReviewFile((), (), ()))


@dataclass(frozen=True)
class Row:
    """A requirement with its answer; ``evidence`` fills the evidence cell."""

    answer: str = ""
    weight: int = 1
    evidence: bool = False
    core: bool = False
    required: bool = True
    na_allowed: bool = True
    maturity: int | None = None
    valid_until: CellValue = None
    note: str = ""
    advisor: str = ""
    raw: CellValue = None


def _requirement(index: int, row: Row) -> Requirement:
    return Requirement(
        id=f"TST-{index:03}", question=TEXT, tip=TEXT, evidence=Examples(("a",), ("a",)),
        weight=row.weight, core=row.core,
        evidence_rule="required" if row.required else "optional", na_allowed=row.na_allowed,
        themes=(), laws=(), iso9001=(), confidence="general", sources=(), when=None,
    )  # fmt: skip


def selection(rows: Sequence[Row], profile: Profile | None = None) -> Selection:
    """One stand-alone norm part with one rubriek."""
    requirements = tuple(_requirement(i, row) for i, row in enumerate(rows, 1))
    topic = Topic("t", "x", TEXT, requirements)
    rubriek = Rubriek("1", TEXT, (topic,))
    profile = profile or Profile()
    part = NormPart(
        id="900", number="HKZ 900", name=TEXT, short_name=TEXT,
        edition=Edition("900", "2026", "r1", "0"), status="draft", structure="standalone",
        scope=TEXT, together_with=(), notice=TEXT, questions_note=TEXT, iso9001_relation=TEXT,
        profile=profile, sources=(), rubrieken=(rubriek,),
    )  # fmt: skip
    selected = tuple(
        SelectedRow(part, rubriek, topic, r, row.na_allowed, i)
        for i, (r, row) in enumerate(zip(requirements, rows, strict=True), 1)
    )
    scheme = Scheme("900", ("900",), part, profile)
    return Selection((part,), selected, (), (scheme,), Shared("r1", {}, {}, {}), Scope(), GUIDE)


def model(rows: Sequence[Row], lang: Lang = "nl", profile: Profile | None = None) -> ScoreModel:
    """The scoring model of these rows."""
    return score_model(selection(rows, profile), lang)


def inputs(rows: Sequence[Row], lang: Lang = "nl") -> dict[Address, CellValue]:
    """The rows' answers as cells."""
    found: dict[Address, CellValue] = {}
    for index, row in enumerate(rows, 1):
        cells: dict[str, CellValue] = {
            "answer": Choice("status").label(row.answer, lang) if row.answer else row.raw,
            "evidence": "Verslag" if row.evidence else None,
            "valid_until": row.valid_until,
            "note": row.note or None,
            "advisor_answer": Choice("status").label(row.advisor, lang) if row.advisor else None,
        }
        if row.maturity is not None:
            cells["maturity"] = Choice("maturity").label(str(row.maturity), lang)
        for column, value in cells.items():
            if value is not None:
                found[Address(T.requirements, f"TST-{index:03}", column)] = value
    return found


def assessed(
    rows: Sequence[Row],
    *,
    date: CellValue = None,
    basis: Basis | None = None,
    profile: Profile | None = None,
    lang: Lang = "nl",
) -> Assessment:
    """Scores of these rows."""
    cells = inputs(rows, lang)
    if date is not None:
        cells[Address(T.settings, "reference_date", "value")] = date
    return assess(model(rows, lang, profile), cells, basis)


__all__ = ["Row", "assessed", "inputs", "model", "selection"]
