"""No word of ours is broken: every column is as wide as the longest word that stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.heights import pixels
from hkz_xlsx.layout.plan import Block, Field, WorkbookPlan
from hkz_xlsx.layout.styles import Palette, styles
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.tables import Address, Given, Input, Inputs
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.text import LANGS, Lang
from tests.layout.test_measures import PARTS, letters_wide, plan_of

PADDING, INDENT = 3, 9
"""Pixels of a cell that its text does not get, and of every step of its indent."""

ENDS = re.compile(r"\s+|(?<=[-/])")
"""Where a line may end: behind a hyphen or a slash too."""


def _texts(
    plan: WorkbookPlan, block: Block, field: Field, known: tuple[Inputs, tuple[Evaluation, ...]]
) -> Iterator[tuple[str, str]]:
    """Style and text of every cell of a column: what is ours, and what an example fills in."""
    content, (inputs, values) = block.table.column(field.key), known
    yield field.header_style or "header", field.header
    for index, row in enumerate(block.table.rows):
        style = field.style_of(index)
        if isinstance(content, Given):
            yield style, str(content.values[index])
        elif isinstance(content, Input):
            yield style, str(inputs.get(Address(block.table.key, row, field.key)) or "")
        else:
            shown = (one.value(block.table.key, row, field.key) for one in values)
            yield from ((style, text) for text in shown if isinstance(text, str))
    for codec in field.codecs:
        if isinstance(codec, Choice):
            yield from (("input", codec.label(code, plan.lang)) for code in codec.codes)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", PARTS)
def test_no_word_is_broken(part: str, lang: Lang) -> None:
    """Headers, fixed texts, choices, what formulas say, and names of functions as an example has
    them: "Kwaliteitsmede/werker" is read by nobody. Numbers and days have no words."""
    plan, looks, count = plan_of(part, lang, False), styles(Palette()), 0
    inputs = sample_inputs(plan)
    known = (inputs, (evaluation(plan, {}), evaluation(plan, inputs)))
    wrong = set()
    for sheet, block in plan.blocks():
        for field, column in zip(block.fields, block.columns, strict=True):
            if sheet.visibility != "visible" or column in sheet.hidden_columns:
                continue
            for style, text in set(_texts(plan, block, field, known)):
                look, width = looks[style], sheet.widths[column]
                room = pixels(width) - PADDING - INDENT * look.indent
                for word in ENDS.split(text):
                    count += 1
                    wide = letters_wide(word, look.size, look.bold)
                    if look.wrap and wide > room and "://" not in text:
                        wrong.add((sheet.key, block.table.key, field.key, width, word))
    assert count > 3000
    assert wrong == set()
