"""Charts as data: values, order, whole labels, nothing over anything else, on every width."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render import charts
from hkz_xlsx.render.charts_on_pages import on_pages
from hkz_xlsx.render.document import Bar, Chart, Lane, Mark, NumberCell, Picture, Timeline
from hkz_xlsx.render.drawing import Box, Dot, Drawing, Words, text_width, wrapped
from hkz_xlsx.scoring.cell_values import serial
from tests.render.lines import struck
from tests.report.cases import TODAY

FONT = Path(charts.__file__).parent / "fonts" / "Carlito-Bold.ttf"
LONG = (
    "Weet iedereen die voor u werkt bij welke vertrouwenspersoon ongewenst gedrag te bespreken is?"
)
DAY = float(serial(TODAY))


def _percent(value: float | None) -> NumberCell:
    return NumberCell(value, "percent", "nog niet te bepalen")


def _bars(*rows: tuple[str, float | None, float | None], kind: str = "bars") -> Chart:
    bars = tuple(Bar(name, (_percent(one), _percent(other))) for name, one, other in rows)
    return Chart(
        "c", "titel", "wat te zien is", ("Score", "Onderbouwd"), bars, kind=kind, target=90,  # type: ignore[arg-type]  # a word of Chart.kind
        target_name="doel 90 %", at=tuple(DAY + 180 * n for n in range(len(bars))),
    )  # fmt: skip


ROWS = (("1. Plan", 76.3, 54.0), (f"2. {LONG}", 0.0, 0.0), ("3. " + "x" * 90, None, None),
        ("4. Act", 100.0, 100.0))  # fmt: skip
COUNTS = Chart(
    "s", "titel", "wat te zien is", ("Voldoet", "Voldoet deels", "Voldoet niet", "Niet beantwoord"),
    (Bar("1. Plan", tuple(NumberCell(n, "whole") for n in (12, 3, 1, 0))),
     Bar(LONG, tuple(NumberCell(n, "whole") for n in (0, 0, 0, 7))),
     Bar("niets", tuple(NumberCell(0, "whole") for _ in range(4)))),
    kind="stacked", roles=("yes", "partly", "no", "empty"),
)  # fmt: skip
LANES = Timeline(
    "t", "titel", "wat te zien is",
    (Lane("Jan", tuple(Mark(DAY + n, "open") for n in (-40, 3, 4, 5, 400))),
     Lane(LONG, (Mark(DAY + 90, "late"),))),
    (("open", "Lopend"), ("late", "Over datum")), DAY, "Peildatum 02-11-2026",
)  # fmt: skip
GAINS = Chart(
    "g", "titel", "wat te zien is", ("Levert op",),
    (Bar("A-1 veel", (NumberCell(4.8, "points"),)), Bar("A-2 minder", (NumberCell(1.2, "points"),))),
    4.8, roles=("gain",),
)  # fmt: skip
PICTURES: dict[str, Picture] = {
    "bars": _bars(*ROWS),
    "bullet": _bars(*ROWS, kind="bullet"),
    "lines": _bars(("02-11-2024", 40.0, 39.0), ("02-05-2025", 41.0, 41.0), ("02-11-2025", 90.0, 10.0),
                   kind="lines"),
    "one moment": _bars(("02-11-2025", 90.0, None), kind="lines"),
    "stacked": COUNTS,
    "timeline": LANES,
    "one day": Timeline("t", "t", "a", (Lane("Jan", (Mark(DAY, "open"),)),), (("open", "Lopend"),), None, ""),
    "gains": GAINS,
}  # fmt: skip


SHEETS = [charts.NARROW, charts.WIDTH, charts.LARGE]


def _drawn(picture: Picture, *, sheet: float = charts.WIDTH) -> Drawing:
    return charts.drawn(picture, Palette(), "nl", sheet)


def _joined(drawing: Drawing) -> str:
    return "".join("".join(words.text.split()) for words in drawing.words())


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", PICTURES)
def test_no_words_over_words_and_all_on_the_sheet(name: str, *, sheet: float) -> None:
    """From the widths that texts have in the font of the files."""
    drawing = _drawn(PICTURES[name], sheet=sheet)
    boxes = [(words.text, words.box) for words in drawing.words()]
    for text, (left, top, right, bottom) in boxes:
        assert left >= -0.5, text
        assert top >= -0.5, text
        assert right <= drawing.width + 0.5, text
        assert bottom <= drawing.height + 0.5, text
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 0.01 or b[3] <= a[1] + 0.01
        assert apart, (one, other)


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", PICTURES)
def test_no_line_goes_through_words(name: str, *, sheet: float) -> None:
    assert list(struck(_drawn(PICTURES[name], sheet=sheet))) == []


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", PICTURES)
def test_names_are_whole(name: str, *, sheet: float) -> None:
    """Nothing is cut: every name of a row stands there in full, on as many lines as it takes."""
    picture = PICTURES[name]
    found = _joined(_drawn(picture, sheet=sheet))
    assert isinstance(picture, Chart | Timeline)
    rows = picture.lanes if isinstance(picture, Timeline) else picture.bars
    for row in rows:
        assert "".join(row.name.split()) in found
    if isinstance(picture, Chart) and len(picture.series) > 1:
        assert all("".join(series.split()) in found for series in picture.series)
    assert "…" not in found


@pytest.mark.parametrize(("sheet", "across"), [(charts.WIDTH, 174), (charts.LARGE, 261)])
def test_letters_are_large_enough_on_paper(sheet: float, across: float) -> None:
    """7 points at least where a chart is as wide as the text: so many mm for all units across."""
    for picture in PICTURES.values():
        smallest = min(words.size for words in _drawn(picture, sheet=sheet).words())
        assert smallest * across / sheet * 72 / 25.4 >= 7


@pytest.mark.parametrize(("wide", "sheet"), [(False, charts.WIDTH), (True, charts.LARGE)])
def test_a_drawing_is_as_wide_as_its_page(*, wide: bool, sheet: float) -> None:
    """On a page on its side a third would stay empty, and more pages would be needed."""
    for picture in PICTURES.values():
        found = on_pages(picture, Palette(), "nl", wide=wide, across=True)
        assert {one.width for one in found} == {sheet}


@pytest.mark.parametrize("sheet", SHEETS)
def test_widths_of_bars_are_their_values(*, sheet: float) -> None:
    """In order, each as long as its share of a full bar; what is no number has no length."""
    fills = charts.colors(Palette())
    drawing = _drawn(_bars(*ROWS, kind="bullet"), sheet=sheet)
    boxes = [s for s in drawing.shapes if isinstance(s, Box) and s.height > 12]
    full = [b for b in boxes if b.color == Palette().soft]
    outer = [b for b in boxes if b.color == fills["score"]][-4:]
    assert [round(b.width / full[0].width * 100, 1) for b in outer] == [76.3, 0.0, 0.0, 100.0]
    inner = [s for s in drawing.shapes if isinstance(s, Box) and s.height == 6]
    assert [round(b.width / full[0].width * 100, 1) for b in inner] == [54.0, 0.0, 0.0, 100.0]
    tops = [b.y for b in outer]
    assert tops == sorted(tops)


def test_what_it_was_is_a_mark_at_its_value() -> None:
    """A third series; nothing where there was no score."""
    bars = tuple(
        Bar(name, (_percent(80.0), _percent(40.0), _percent(then)))
        for name, then in (("1", 20.0), ("2", None))
    )
    series, roles = ("Score", "Onderbouwd", "Toen"), ("score", "substantiated", "before")
    chart = Chart("c", "t", "a", series, bars, kind="bullet", roles=roles)  # type: ignore[arg-type]  # words of Role
    drawing = _drawn(chart)
    boxes = [s for s in drawing.shapes if isinstance(s, Box)]
    full = next(b for b in boxes if b.color == Palette().soft)
    (mark,) = [b for b in boxes if b.color == "#FFFFFF" and b.width == 4]
    assert round((mark.x + 2 - full.x) / full.width * 100, 1) == 20.0
    assert "Toen" in {w.text for w in drawing.words()}


def test_parts_of_a_stack_are_shares_of_its_row() -> None:
    boxes = [s for s in _drawn(COUNTS).shapes if isinstance(s, Box) and s.height == 18]
    first = boxes[:3]
    whole = sum(box.width for box in first)
    assert [round(16 * box.width / whole, 6) for box in first] == [12, 3, 1]
    assert boxes[3].width == pytest.approx(whole)
    assert len(boxes) == 4
    fills = charts.colors(Palette())
    assert [box.color for box in boxes] == [fills[r] for r in ("yes", "partly", "no", "empty")]


def test_points_of_lines_stand_at_their_day_and_value() -> None:
    dots = [s for s in _drawn(PICTURES["lines"]).shapes if isinstance(s, Dot)]
    assert len(dots) == 6
    score, shown = dots[:3], dots[3:]
    assert [round(d.x - score[0].x, 3) for d in score] == [
        round(d.x - shown[0].x, 3) for d in shown
    ]
    assert score[1].x - score[0].x == pytest.approx(score[2].x - score[1].x)
    per_point = (score[0].y - score[2].y) / 50
    assert shown[2].y - score[2].y == pytest.approx(80 * per_point)


def test_marks_that_touch_are_one_with_their_number() -> None:
    drawing = _drawn(LANES)
    dots = [s for s in drawing.shapes if isinstance(s, Dot)]
    assert len(dots) == 4
    assert [w.text for w in drawing.words() if re.fullmatch(r"\d", w.text)] == ["3"]


def test_widths_are_never_less_than_in_the_font() -> None:
    """So that what does not overlap here does not on paper; of bold letters, the widest."""
    font = TTFont(FONT)
    names, widths = font.getBestCmap(), font["hmtx"]
    em = font["head"].unitsPerEm
    for text in (
        LONG,
        "Voldoet deels (n = 17) 54,0 % · +1,4 punt",
        "ÄÖÜ ßçñ €±µ",
        "WWWMMM@%",
        "iiiljt.,:;",
    ):
        real = sum(widths[names[ord(c)]][0] for c in text) / em * 10
        assert text_width(text, 10) >= real, text


def test_a_word_without_end_is_broken_and_kept() -> None:
    lines = wrapped("x" * 300 + " einde", 12, 100)
    assert "".join(lines).replace(" ", "") == "x" * 300 + "einde"
    assert all(text_width(line, 12) <= 100 for line in lines)


def test_the_same_picture_is_one_image_for_a_screen_reader() -> None:
    drawn = str(charts.svg(COUNTS, Palette(), "nl"))
    assert drawn.count('role="img"') == drawn.count("aria-label=") == 1
    assert isinstance(_drawn(COUNTS).words()[0], Words)
