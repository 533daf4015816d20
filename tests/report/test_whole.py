"""The whole text of a report, to be read by a person; and all of it in every format."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import (
    Block,
    Cards,
    Chart,
    Document,
    Facts,
    Fold,
    Grid,
    Heading,
    Items,
    Pair,
    Paragraph,
    Timeline,
    shown,
)
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.plots import Heat, Slope, Spread, Stack
from hkz_xlsx.render.words import shortened
from hkz_xlsx.report.content import document
from hkz_xlsx.report.render_json import as_data
from hkz_xlsx.report.write import RENDERERS
from hkz_xlsx.scoring.cell_values import from_serial
from tests.report.cases import CASES, report_of
from tests.report.extract import text_of

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
_LONG = 300


def _lines(block: Block, lang: str) -> Iterator[str]:  # noqa: C901 - one branch for each block
    match block:
        case Paragraph():
            yield f"[{block.look}] {block.text}"
        case Heading():
            yield f"== {block.text}"
        case Facts():
            for fact in block.facts:
                yield f"{fact.label}: {fact.sign} {fact.value} ({fact.note}) <{fact.tone}>"
        case Items():
            for item in block.items:
                yield f"- {item.lead} [{item.badge}] {item.text} – {item.tail}"
        case Pair():
            yield f"{block.left} | {block.right}"
        case Grid():
            yield f"tabel {block.key}: {block.title}"
            yield " | ".join(c.header for c in block.columns)
            for row in block.rows:
                yield " | ".join(shown(cell, lang) for cell in row)  # type: ignore[arg-type]  # a language
        case Chart():
            yield f"grafiek {block.key} ({block.kind}): {block.title}; {', '.join(block.series)}"
            if block.target is not None:
                yield f"{block.target_name}: {block.target}"
            for bar in block.bars:
                yield f"{bar.name} | {' | '.join(n.shown(lang) for n in bar.values)}"  # type: ignore[arg-type]  # a language
        case Stack() | Spread() | Heat() | Slope():
            yield f"{block.key}: {block.table()}"
        case Timeline():
            yield f"tijdlijn {block.key}: {block.title}; {block.today_name}"
            for lane in block.lanes:
                days = (f"{from_serial(m.day):%d-%m-%Y} {m.role}" for m in lane.marks)
                yield f"{lane.name} | {' | '.join(days)}"
        case Cards():
            for card in block.cards:
                yield f"* {card.lead} {card.core} {card.text}"
                yield f"  {' · '.join(card.tags)} · {card.context}"
                yield from (f"  {label}: {value}" for label, value in card.fields)
        case Fold():
            yield f"-- {block.title} ({'open' if block.open else 'dicht'})"
            for inner in block.blocks:
                yield from _lines(inner, lang)


def _whole(source: Document) -> str:
    lines = [source.title, *source.subtitle]
    for section in source.sections:
        lines += ["", f"# {section.title}{' (lang)' if section.long else ''}"]
        for block in section.blocks:
            lines += _lines(block, source.lang)
    lines += ["", *source.notices]
    flat = (shortened(line, _LONG) if len(line) > _LONG else line for line in lines)
    cleaned = (re.sub(r"[\u202e\n]", " ", line).replace("\u00a0", " ").rstrip() for line in flat)
    return "\n".join(cleaned) + "\n"


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    """Everything that a report says, as a person reads it; texts over 300 characters shortened.

    ``HKZ_GOLDEN=1`` writes them anew; read the difference.
    """
    path, found = GOLDEN / f"{case}.txt", _whole(document(report_of(case)))
    if os.environ.get("HKZ_GOLDEN"):
        path.write_text(found, "utf-8", newline="\n")
    assert path.read_text("utf-8") == found


def _flat(text: str) -> str:
    return " ".join(text.replace("\u202e", "").split())


def _texts(block: Block, lang: str) -> Iterator[str]:
    """Texts that must stand together in every format that a person reads."""
    match block:
        case Paragraph() | Heading():
            yield block.text
        case Facts():
            yield from (f"{fact.sign} {fact.value}" for fact in block.facts)
            yield from (fact.note for fact in block.facts)
        case Items():
            for item in block.items:
                yield from (item.lead, item.badge, item.text, item.tail)
        case Grid():
            for row in block.rows:
                yield from (shown(cell, lang) for cell in row)  # type: ignore[arg-type]  # a language
        case Cards():
            for card in block.cards:
                yield from (card.lead, card.core, card.text, card.context)
                yield from (*card.tags, *(value for _, value in card.fields))
        case Fold():
            for inner in block.blocks:
                yield from _texts(inner, lang)
        case _:
            return


@pytest.mark.parametrize("suffix", [s for s, form in FORMATS.items() if not form.chat])
@pytest.mark.parametrize("case", ["empty", "half", "nearly", "ready"])
def test_everything_stands_in_every_format(case: str, suffix: str) -> None:
    """Every sentence, every number, every cell; a typesetter may break words, and a page may end
    within a cell."""
    source = document(report_of(case))
    text = _flat(text_of(suffix, RENDERERS[suffix](report_of(case), NEUTRAL)))
    squeezed = re.sub(r"[\s-]", "", text)
    for section in source.sections:
        for block in section.blocks:
            for one in _texts(block, source.lang):
                expected = re.sub(r"[\s-]", "", _flat(one))
                ends = range(len(expected) + 1) if suffix == ".pdf" else (0,)
                assert any(
                    expected[:end] in squeezed and expected[end:] in squeezed for end in ends
                ), (section.key, one)


@pytest.mark.parametrize("case", ["empty", "half", "nearly", "ready"])
def test_gains_in_excel_and_json_are_the_models(case: str) -> None:
    """As numbers, in the order of the gaps."""
    report = report_of(case)
    expected = [g.gain.points if g.gain else None for g in report.gaps]
    assert [g["gain"] for g in as_data(report)["gaps"]] == expected
    if not report.gaps:
        return
    sheet = openpyxl.load_workbook(BytesIO(RENDERERS[".xlsx"](report, NEUTRAL)))["Tekorten"]
    head = [cell.value for cell in sheet[4]]
    column = head.index("Levert op")
    cells = [row[column] for row in sheet.iter_rows(min_row=5, values_only=True)]
    on_score = [g.gain.points if g.gain and g.gain.side == "score" else None for g in report.gaps]
    assert [cell or None for cell in cells] == on_score


@pytest.mark.parametrize("case", CASES)
def test_nothing_stands_twice_on_the_first_page(case: str) -> None:
    """No sentence, note or question is there twice."""
    blocks = document(report_of(case)).sections[0].blocks
    told = [b.text for b in blocks if isinstance(b, Paragraph | Heading)]
    told += [f.note for b in blocks if isinstance(b, Facts) for f in b.facts if len(f.note) > 9]
    told += [item.text for b in blocks if isinstance(b, Items) for item in b.items]
    assert len(told) == len(set(told))
