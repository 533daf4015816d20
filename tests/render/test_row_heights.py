"""Heights of rows that are told to the typesetter are those that it finds itself."""

from __future__ import annotations

import json
from functools import cache

import pytest

from hkz_xlsx.render.row_heights import INSET, LEADING, lines, row_height, stays_whole
from hkz_xlsx.render.typeset import FONTS, typeset_pdf
from hkz_xlsx.report.compare_content import pairs
from hkz_xlsx.report.report_tables import score_columns, unanswered
from hkz_xlsx.text import Lang, messages
from tests.report.cases import PART, report_of
from tests.support import plan_of

_PAGE = b"""#let d = json(bytes(sys.inputs.data))
#set document(title: "x")
#set text(font: d.fonts, size: d.size * 1pt, hyphenate: false, kerning: false, ligatures: false)
#set par(leading: d.leading * 1em)
#let height(text-of) = measure(block(width: d.room * 1pt, inset: d.inset * 1pt, text-of)).height
#context {
  let more = 0
  for c in d.cells {
    let found = height(if d.bold { text(weight: "bold", c.text) } else { c.text })
    if found > c.height * 1pt + 0.001pt { panic(c.text, found, c.height) }
    if found < c.height * 1pt - 0.1pt { more += 1 }
  }
  assert(more <= d.cells.len() / 20, message: str(more) + " of " + str(d.cells.len()))
}
"""


@cache
def _texts() -> tuple[str, ...]:
    rows = plan_of("nl", PART).model.selection.rows
    told = [row.requirement.question.get(lang) for row in rows for lang in ("nl", "en")]
    tips = [row.requirement.tip.get("nl") for row in rows]
    odd = [
        "",
        "één\ntwee",
        "a  b",
        "AVATAR To. Type, 'V.'",
        "12-11-2026",
        "kind-/ouder–team; 3,5 %",
    ]
    return (*told, *tips, *odd)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("room", [60.0, 97.3, 214.0])
def test_rows_are_as_high_as_the_typesetter_finds(room: float, bold: bool) -> None:
    """Never lower, which would cut a text; higher in one of twenty at most."""
    cells = []
    for text in _texts():
        texts, rooms = ([text], [room]) if bold else (["", text], [30.0, room])
        height = row_height(texts, rooms, 8.0)
        if height is not None:
            cells.append({"text": text, "height": height})
    assert len(cells) > (20 if room < 90 else 80)
    data = {"cells": cells, "room": room, "bold": bold, "size": 8.0, "leading": LEADING}
    typeset_pdf(_PAGE, {"data": json.dumps(data | {"inset": INSET, "fonts": list(FONTS)})})


@pytest.mark.parametrize("text", ["✓ goed", "سلام", "x" * 50, "co\u00adoperatie", "a\u200bb"])
def test_what_is_not_known_is_left_to_the_typesetter(text: str) -> None:
    """Letters of other fonts, and words that do not fit."""
    assert lines(text, 10) is None
    assert row_height(["AO-101", text], [60, 80], 8) is None


def test_a_very_high_row_may_be_divided() -> None:
    assert row_height(["woord " * 20], [90], 8) is not None
    assert row_height(["woord " * 400], [90], 8) is None


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_columns_of_scores_fit_their_words(lang: Lang) -> None:
    """No word of a header is broken, and no score in words takes more than two lines."""
    columns = score_columns(lang, "Onderdeel")
    total, open_ = sum(c.width for c in columns), messages(lang)("score.undetermined")
    for column in columns:
        room = (174 * 72 / 25.4 * column.width / total - 2 * INSET) / 8
        assert lines(column.header, room, bold=True), column.header
        if column.kind == "percent":
            assert (lines(open_, room) or 9) <= 2, column.header


def test_headers_of_then_and_now_break_between_words() -> None:
    found = report_of("nearly").comparison
    assert found is not None
    columns = pairs(found).columns
    total = sum(c.width for c in columns)
    for column in columns:
        room = (174 * 72 / 25.4 * column.width / total - 2 * INSET) / 8
        assert lines(column.header, room, bold=True), column.header


def test_a_row_that_is_not_very_high_stays_whole() -> None:
    """Also with letters that the table of widths does not know."""
    rooms = [60.0, 90.0]
    assert stays_whole(
        ["AO-101", "Is er een regeling, en wat staat erin over wie wat doet?"], rooms, 8
    )
    assert stays_whole(["✓", "سلام " * 20], rooms, 8)
    assert not stays_whole(["AO-101", "woord " * 400], rooms, 8)
    assert not stays_whole(["AO-101", "\n" * 40], rooms, 8)


def test_headers_of_open_questions_break_between_words() -> None:
    columns = unanswered(report_of("empty", "en"), ()).columns
    total = sum(c.width for c in columns)
    for column in columns:
        room = (174 * 72 / 25.4 * column.width / total - 2 * INSET) / 8
        assert lines(column.header, room, bold=True), column.header
