"""Drawings as data: every value at its place, every name in full, no word on another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render import charts
from hkz_xlsx.render.canvas import NARROW, WIDE, Box, Canvas, Dot, Stroke, Words, on
from hkz_xlsx.render.document import Number
from hkz_xlsx.render.plots import (
    Bar,
    Chart,
    Field,
    Heat,
    Picture,
    Slope,
    Spread,
    Square,
    Stack,
    Tone,
    Warm,
)
from hkz_xlsx.render.typeset import settable

LONG = (
    "Weet iedereen die voor u werkt bij welke vertrouwenspersoon ongewenst gedrag te bespreken is, "
    "en staat dat ook in het handboek van Aansprakelijkheidsverzekeringsmaatschappijmedewerkers?"
)
COUNT = "\N{NO-BREAK SPACE}(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}17)"
NAMES = ("1. Beleid" + COUNT, LONG + COUNT, "Zorg", "x" * 200, "🙂 عربى")


def pct(value: float | None, words: str = "–") -> Number:
    return Number(value, "percent", words)


def bars(*values: tuple[float | None, ...]) -> tuple[Bar, ...]:
    names = [NAMES[i % len(NAMES)] for i in range(len(values))]
    return tuple(
        Bar(name, tuple(pct(v, "< 5") for v in row))
        for name, row in zip(names, values, strict=True)
    )


def field(name: str, *, own: float | None = None) -> Field:
    return Field(
        name, pct(45.0), (pct(30.0), pct(60.0)), (pct(0.0), pct(100.0)),
        tuple(float(v) for v in (0, 30, 30, 30, 45, 60, 60, 100)), None if own is None else pct(own),
    )  # fmt: skip


ANSWERS = (
    "Voldoet",
    "Voldoet deels",
    "Voldoet niet",
    "Weet niet",
    "N.v.t.",
    "Leeg",
    "Niet begrepen",
)
TONES: tuple[Tone, ...] = ("good", "half", "bad", "doubt", "aside", "blank", "odd")
PICTURES: dict[str, Picture] = {
    "bars": Chart("a", "t", "alt", ("Mediaan", "Onderbouwd"), bars((50, 25), (100, 0), (0, None), (None, 1))),
    "counts": Chart("a", "t", "alt", ("Aantal",), bars((3,), (7,)), 7),
    "stack": Stack("b", "t", "alt", ANSWERS, TONES, bars((40, 20, 20, 5, 5, 5, 5), (100, 0, 0, 0, 0, 0, 0))),
    "hidden": Stack("b", "t", "alt", ANSWERS[:3], TONES[:3], bars((55, 50, None), (None, None, None))),
    "spread": Spread("c", "t", "alt", ("mediaan", "kwartiel", "uiterste", "organisatie", "u"),
                     tuple(field(n, own=80.0) for n in NAMES)),
    "boxes": Spread("c", "t", "alt", ("mediaan", "kwartiel", "uiterste", "organisatie", "u"),
                    (Field("zonder", pct(None)), replace(field("met"), dots=()))),
    "heat": Heat("d", "t", "alt", tuple(f"groep {LONG[i * 7 : i * 7 + 20]}" for i in range(13)),
                 tuple(Warm(n, tuple(Square(pct(8.0 * i if i else None, "< 5"), "n = 12") for i in range(13)))
                       for n in NAMES)),
    "slope": Slope("e", "t", "alt", ("2025", "2026"), ((0.0, 100.0), (50.0, 40.0)), (pct(25.0), pct(70.0)),
                   ("een organisatie", "mediaan")),
}  # fmt: skip


def drawings() -> Iterator[tuple[str, float]]:
    for key in PICTURES:
        yield key, WIDE
        yield key, NARROW


def drawn(key: str, width: float = WIDE) -> Canvas:
    return charts.drawn(PICTURES[key], Palette(), "nl", settable, width)


def words(canvas: Canvas) -> list[Words]:
    return [mark for mark in canvas.marks if isinstance(mark, Words)]


def test_every_kind_is_here() -> None:
    assert {type(one) for one in PICTURES.values()} == {Chart, Stack, Spread, Heat, Slope}


@pytest.mark.parametrize(("key", "width"), list(drawings()))
def test_no_word_lies_on_another_or_outside(key: str, width: float) -> None:
    """Measured with the widths of the letters; letters are a quarter below their line at most."""
    canvas = drawn(key, width)
    found = words(canvas)
    assert found
    for one in found:
        assert one.left >= -0.5, one
        assert one.left + one.width <= width + 0.5, one
        assert one.size * 0.7 <= one.y <= canvas.y + 0.5, one
    for one, other in combinations(found, 2):
        beside = (
            one.left + one.width <= other.left + 0.5 or other.left + other.width <= one.left + 0.5
        )
        assert beside or abs(one.y - other.y) >= 13, (one, other)


@pytest.mark.parametrize(("key", "width"), list(drawings()))
def test_every_shape_is_inside(key: str, width: float) -> None:
    canvas = drawn(key, width)
    for mark in canvas.marks:
        match mark:
            case Box():
                assert mark.x >= 0
                assert mark.x + mark.width <= width + 0.1
                assert mark.y + mark.height <= canvas.y + 0.1
            case Dot():
                assert 0 <= mark.x - mark.radius <= mark.x + mark.radius <= width
            case Stroke():
                assert 0 <= min(mark.x1, mark.x2) <= max(mark.x1, mark.x2) <= width
            case Words():
                pass


@pytest.mark.parametrize("key", ["bars", "stack", "spread", "heat"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_names_stand_there_in_full(key: str, width: float) -> None:
    """In lines as long as there is room; no letter of a name is lost."""
    told = "".join(one.text for one in words(drawn(key, width)))
    for name in NAMES[: len(PICTURES[key].table()[1])]:
        wanted = "".join(settable(name).split(" "))
        assert wanted in told.replace(" ", ""), name


def test_bars_are_as_long_as_their_values() -> None:
    canvas = drawn("bars")
    boxes = [
        b for b in canvas.marks if isinstance(b, Box) and b.x == canvas.names and b.height == 13
    ]
    fifty, quarter, whole, none, zero, hidden, hidden_too, one = (b.width for b in boxes)
    assert whole == 2 * fifty == 4 * quarter == pytest.approx(100 * one)
    assert none == zero == hidden == hidden_too == 0
    told = [w.text for w in words(canvas)]
    assert told.count("< 5") == 2
    assert {"50,0 %", "25,0 %", "100,0 %", "1,0 %"} <= set(told)


def test_parts_of_a_stack_follow_each_other() -> None:
    """In the order of the series, as long as their share, each with its number where it fits."""
    canvas = drawn("stack")
    parts = [b for b in canvas.marks if isinstance(b, Box) and b.height == 18]
    first = parts[1:8]
    whole = parts[0].width
    assert [round(100 * b.width / whole) for b in first] == [40, 20, 20, 5, 5, 5, 5]
    for one, other in pairwise(first):
        assert one.x + one.width == pytest.approx(other.x)
    colors = [charts.tone_color(tone, Palette()) for tone in TONES]
    assert [b.fill for b in first] == colors
    assert len(set(colors)) == len(colors)
    assert "40,0" in {w.text for w in words(canvas)}


def test_rounded_shares_do_not_stick_out() -> None:
    """Shares that were rounded can be more than a whole together; what is hidden leaves room."""
    canvas = drawn("hidden")
    parts = [b for b in canvas.marks if isinstance(b, Box) and b.height == 18]
    whole, one, two, empty = parts
    assert one.width + two.width == pytest.approx(whole.width)
    assert one.width / two.width == pytest.approx(55 / 50)
    assert empty.width == whole.width
    assert "niet getoond" in {w.text for w in words(canvas)}


def test_a_dot_per_organisation_at_its_score() -> None:
    canvas = drawn("spread")
    dots = [d for d in canvas.marks if isinstance(d, Dot) and d.radius < 4][
        1:
    ]  # the first is the legend's
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
    own = [d for d in canvas.marks if isinstance(d, Dot) and d.radius == 6][1:]
    assert {round(100 * (d.x - left) / (right - left)) for d in own} == {80}
    boxes = [b for b in canvas.marks if isinstance(b, Box)][1:]
    assert boxes[0].width == pytest.approx(0.3 * (right - left))


def test_a_heat_map_shows_every_cell_with_its_number() -> None:
    canvas = drawn("heat")
    told = [w.text for w in words(canvas)]
    assert told.count("n = 12") == 13 * len(NAMES)
    assert told.count("< 5") == len(NAMES)
    assert told.count("96,0 %") == len(NAMES)
    for mark in canvas.marks:
        if isinstance(mark, Box):
            assert on(mark.fill) in ("#1a1a1a", "#ffffff")


def test_lines_begin_and_end_at_their_scores() -> None:
    canvas = drawn("slope")
    steep = [s for s in canvas.marks if isinstance(s, Stroke) and s.x1 != s.x2 and s.y1 != s.y2]
    low, high = steep[0].y1, steep[0].y2  # 0 and 100
    places = [tuple(round(100 * (low - y) / (low - high)) for y in (s.y1, s.y2)) for s in steep]
    assert places == [(0, 100), (50, 40), (25, 70)]


@pytest.mark.parametrize("wide", [False, True])
def test_a_long_drawing_is_divided_over_pages(wide: bool) -> None:
    names = tuple(f"{i}. {LONG}" for i in range(60))
    chart = Chart(
        "a", "t", "alt", ("s",), tuple(Bar(n, (pct(float(i)),)) for i, n in enumerate(names))
    )
    parts = charts.on_pages(chart, Palette(), "nl", settable, wide=wide)
    assert len(parts) > 1
    assert all(part.y <= charts.PAGE[wide] for part in parts)
    told = "".join(w.text for part in parts for w in words(part)).replace(" ", "")
    assert all(settable(name).replace(" ", "") in told for name in names)


@pytest.mark.parametrize(
    "color",
    ["#1F3A5F", "#2F6DA8", "#C9671A", "#A9C7E8", "#4D5866", "#B8C4D2", "#FFFFFF", "#FBE3CF"],
)
def test_ink_can_be_read(color: str) -> None:
    """At least 4.5 to 1, or the better of the two inks."""

    def light(value: str) -> float:
        parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        high, low = sorted((light(one), light(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    found = contrast(on(color), color)
    assert found >= contrast("#1a1a1a", color) - 0.01
    assert found >= contrast("#ffffff", color) - 0.01
    assert found >= 4.4


def test_the_table_has_what_is_drawn() -> None:
    headers, rows = PICTURES["spread"].table()
    assert headers[:7] == (
        "",
        "mediaan",
        "kwartiel 1",
        "kwartiel 2",
        "uiterste 1",
        "uiterste 2",
        "u",
    )
    assert [c.value for c in rows[0][1:] if isinstance(c, Number)] == [
        45,
        30,
        60,
        0,
        100,
        80,
        0,
        30,
        30,
        30,
        45,
        60,
        60,
        100,
    ]
    headers, rows = PICTURES["slope"].table()
    assert [r[0] for r in rows] == ["mediaan", "een organisatie 1", "een organisatie 2"]
    for picture in PICTURES.values():
        headers, rows = picture.table()
        assert all(len(row) == len(headers) for row in rows)
