"""Drawings of many as data: every value at its place, every name in full, no word on another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render import charts
from hkz_xlsx.render.charts_of_many import heat_color
from hkz_xlsx.render.charts_on_pages import PAGE, on_pages
from hkz_xlsx.render.document import NumberCell, Picture, Role
from hkz_xlsx.render.drawing import Box, Dot, Drawing, Stroke, Words, readable_on
from hkz_xlsx.render.plots import Divided, Field, Heat, Slope, Spread, Square, Stack, Warm
from tests.render.lines import struck

LONG = (
    "Weet iedereen die voor u werkt bij welke vertrouwenspersoon ongewenst gedrag te bespreken is, "
    "en staat dat ook in het handboek van Aansprakelijkheidsverzekeringsmaatschappijmedewerkers?"
)
COUNT = "\N{NO-BREAK SPACE}(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}17)"
NAMES = ("1. Beleid" + COUNT, LONG + COUNT, "Zorg", "x" * 200)
WORDS = ("mediaan", "kwartiel", "uiterste", "organisatie", "u")
ANSWERS = (
    "Voldoet",
    "Deels",
    "Niet",
    "Weet niet",
    "N.v.t.",
    "Leeg",
    "Niet begrepen",
    "N.v.t. waar dat niet kan",
)
ROLES: tuple[Role, ...] = ("yes", "partly", "no", "unknown", "na", "empty", "check", "misplaced")
_HIGH = 18.0


def pct(value: float | None, words: str = "–") -> NumberCell:
    return NumberCell(value, "percent", words)


def rows(*values: tuple[float | None, ...]) -> tuple[Divided, ...]:
    names = [NAMES[i % len(NAMES)] for i in range(len(values))]
    return tuple(
        Divided(name, tuple(pct(v, "< 5") for v in row))
        for name, row in zip(names, values, strict=True)
    )


def field(name: str, *, own: float | None = None) -> Field:
    return Field(
        name, pct(45.0), (pct(30.0), pct(60.0)), (pct(0.0), pct(100.0)),
        tuple(float(v) for v in (0, 30, 30, 30, 45, 60, 60, 100)), None if own is None else pct(own),
    )  # fmt: skip


PICTURES: dict[str, Picture] = {
    "stack": Stack("b", "t", "alt", ANSWERS, ROLES,
                   rows((40, 20, 20, 5, 5, 5, 3, 2), (100, *[0] * 7), (0, *[0] * 7), (12, *[12.5] * 6, 13))),
    "hidden": Stack("b", "t", "alt", ANSWERS[:3], ROLES[:3], rows((55, 50, None), (None, None, None))),
    "counts": Stack("b", "t", "alt", ANSWERS[:3], ROLES[:3],
                    (Divided("alles", (NumberCell(5, "whole"), NumberCell(6, "whole"), NumberCell(9, "whole")), 20),)),
    "spread": Spread("c", "t", "alt", WORDS, tuple(field(n, own=80.0) for n in NAMES)),
    "boxes": Spread("c", "t", "alt", WORDS, (Field("zonder", pct(None)), replace(field("met"), dots=()))),
    "heat": Heat("d", "t", "alt", tuple(f"groep {LONG[i * 7 : i * 7 + 20]}" for i in range(13)),
                 tuple(Warm(n, tuple(Square(pct(8.0 * i if i else None, "< 5"), "n = 12") for i in range(13)))
                       for n in NAMES)),
    "slope": Slope("e", "t", "alt", ("2025", "2026"), ((0.0, 100.0), (50.0, 40.0)), (pct(25.0), pct(70.0)),
                   ("een organisatie", "mediaan")),
}  # fmt: skip
SHEETS = [charts.NARROW, charts.WIDTH, charts.LARGE]
BOTH = pytest.mark.parametrize("sheet", SHEETS)
EVERY = pytest.mark.parametrize("key", list(PICTURES))


def drawn(key: str, *, sheet: float = charts.WIDTH) -> Drawing:
    return charts.drawn(PICTURES[key], Palette(), "nl", sheet)


def boxes(drawing: Drawing, high: float = _HIGH) -> list[Box]:
    return [b for b in drawing.shapes if isinstance(b, Box) and b.height == high]


@EVERY
@BOTH
def test_no_word_lies_on_another_or_outside(key: str, sheet: float) -> None:
    """Measured with the widths of the letters."""
    drawing = drawn(key, sheet=sheet)
    assert drawing.words()
    for one in drawing.words():
        left, top, right, bottom = one.box
        assert left >= -0.5, one
        assert right <= drawing.width + 0.5, one
        assert top >= -0.5, one
        assert bottom <= drawing.height + 0.5, one
    for one, other in combinations(drawing.words(), 2):
        a, b = one.box, other.box
        apart = a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5
        assert apart, (one, other)


@EVERY
@BOTH
def test_no_line_goes_through_words(key: str, sheet: float) -> None:
    assert list(struck(drawn(key, sheet=sheet))) == []


@EVERY
@BOTH
def test_every_shape_is_inside(key: str, sheet: float) -> None:
    drawing = drawn(key, sheet=sheet)
    for shape in drawing.shapes:
        match shape:
            case Box():
                assert shape.x >= 0
                assert shape.x + shape.width <= drawing.width + 0.1
                assert shape.y + shape.height <= drawing.height + 0.1
            case Dot():
                assert 0 <= shape.x - shape.radius <= shape.x + shape.radius <= drawing.width
            case Stroke():
                assert all(
                    0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in shape.points
                )
            case Words():
                pass


@pytest.mark.parametrize("key", ["stack", "spread", "heat"])
@BOTH
def test_names_stand_there_in_full(key: str, sheet: float) -> None:
    """In lines as long as there is room; no letter of a name is lost, and its number is not torn."""
    told = [one.text for one in drawn(key, sheet=sheet).words()]
    whole = "".join(told).replace(" ", "")
    for name in NAMES:
        assert name.replace(" ", "") in whole
    assert any(text.endswith(COUNT.strip()) for text in told)


def test_parts_of_a_stack_follow_each_other() -> None:
    """In the order of the series, as long as their share, each with its number where it fits."""
    parts = boxes(drawn("stack"))
    whole, first = parts[0].width, parts[1:9]
    assert [round(100 * b.width / whole) for b in first] == [40, 20, 20, 5, 5, 5, 3, 2]
    for one, other in pairwise(first):
        assert one.x + one.width == pytest.approx(other.x)
    found = charts.colors(Palette())
    assert [b.color for b in first] == [found[role] for role in ROLES]
    assert len({found[role] for role in ROLES}) == len(ROLES)
    assert "40,0" in {w.text for w in drawn("stack").words()}


def test_counts_are_parts_of_their_own_whole() -> None:
    whole, *parts = boxes(drawn("counts"))
    assert [round(20 * b.width / whole.width) for b in parts] == [5, 6, 9]
    assert {"5", "6", "9"} <= {w.text for w in drawn("counts").words()}


def test_rounded_shares_do_not_stick_out() -> None:
    """Shares that were rounded can be more than a whole together; what is hidden leaves room."""
    whole, one, two, empty = boxes(drawn("hidden"))
    assert one.width + two.width == pytest.approx(whole.width)
    assert one.width / two.width == pytest.approx(55 / 50)
    assert empty.width == whole.width
    assert "niet getoond" in {w.text for w in drawn("hidden").words()}
    assert "niet getoond" not in {w.text for w in drawn("stack").words()}


def test_a_dot_per_organisation_at_its_score() -> None:
    drawing = drawn("spread")
    dots = [d for d in drawing.shapes if isinstance(d, Dot) and d.radius < 4][
        1:
    ]  # after the legend
    one = dots[:8]
    left, right = one[0].x, one[-1].x
    assert [round(100 * (d.x - left) / (right - left)) for d in one] == [
        0,
        30,
        30,
        30,
        45,
        60,
        60,
        100,
    ]
    assert len({(d.x, d.y) for d in one}) == 8, "none lies on another"
    own = [d for d in drawing.shapes if isinstance(d, Dot) and d.radius == 6][1:]
    assert [round(100 * (d.x - left) / (right - left)) for d in own] == [80] * len(NAMES)
    bands = boxes(drawing, 26.0)
    assert bands[0].width == pytest.approx(0.3 * (right - left))


def test_a_box_where_dots_are_too_many() -> None:
    drawing = drawn("boxes")
    assert not [d for d in drawing.shapes if isinstance(d, Dot)]
    [band] = boxes(drawing, 14.0)
    ends = [s for s in drawing.shapes if isinstance(s, Stroke) and s.width == 1.2][1]
    assert band.width / (ends.points[1][0] - ends.points[0][0]) == pytest.approx(0.3)
    assert "–" in {w.text for w in drawing.words()}


def test_a_heat_map_shows_every_cell_with_its_number() -> None:
    told = [w.text for w in drawn("heat").words()]
    assert told.count("n = 12") == 13 * len(NAMES)
    assert told.count("< 5") == len(NAMES)
    assert told.count("96,0 %") == len(NAMES)


def test_lines_begin_and_end_at_their_scores() -> None:
    lines = [s for s in drawn("slope").shapes if isinstance(s, Stroke) and s.points[0][1] != s.points[1][1]
             and s.points[0][0] != s.points[1][0]]  # fmt: skip
    low, high = lines[0].points[0][1], lines[0].points[1][1]  # 0 and 100
    places = [tuple(round(100 * (low - y) / (low - high)) for _, y in s.points) for s in lines]
    assert places == [(0, 100), (50, 40), (25, 70)]


@pytest.mark.parametrize("wide", [False, True])
def test_a_long_drawing_is_divided_over_pages(wide: bool) -> None:
    names = tuple(f"{i}. {LONG}" for i in range(60))
    chart = Stack(
        "a",
        "t",
        "alt",
        ("s",),
        ("yes",),
        tuple(Divided(n, (pct(float(i)),)) for i, n in enumerate(names)),
    )
    parts = on_pages(chart, Palette(), "nl", wide=wide)
    assert len(parts) > 1
    assert all(part.height <= PAGE[wide] for part in parts)
    told = "".join(w.text for part in parts for w in part.words()).replace(" ", "")
    assert all(name.replace(" ", "") in told for name in names)


@pytest.mark.parametrize("value", range(0, 101, 5))
def test_ink_on_a_heat_map_can_be_read(value: int) -> None:
    """At least 4.5 to 1 on every colour of the scale."""

    def light(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    fill = heat_color(value, Palette())
    high, low = sorted((light(fill), light(readable_on(fill))), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_table_has_what_is_drawn() -> None:
    spread = PICTURES["spread"]
    assert isinstance(spread, Spread)
    headers, found = spread.table()
    assert headers[:7] == (
        "",
        "mediaan",
        "kwartiel 1",
        "kwartiel 2",
        "uiterste 1",
        "uiterste 2",
        "u",
    )
    values = [c.value for c in found[0][1:] if isinstance(c, NumberCell)]
    assert values == [45, 30, 60, 0, 100, 80, 0, 30, 30, 30, 45, 60, 60, 100]
    slope = PICTURES["slope"]
    assert isinstance(slope, Slope)
    assert [r[0] for r in slope.table()[1]] == ["mediaan", "een organisatie 1", "een organisatie 2"]
    for picture in PICTURES.values():
        assert isinstance(picture, Stack | Spread | Heat | Slope)
        headers, found = picture.table()
        assert all(len(row) == len(headers) for row in found)
