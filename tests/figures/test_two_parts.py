"""A field with the norm of a sector and that of all organisations, as most of them are: twelve
organisations, so that of an anonymous report much is hidden."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.content import field_document
from hkz_xlsx.figures.field_sections import reading_order
from hkz_xlsx.figures.findings import findings
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.figures.pictures import drawings_of, pictures
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.columns import PAPER_MM, column_widths
from hkz_xlsx.render.document import Grid, Paragraph
from hkz_xlsx.render.drawing import text_width
from hkz_xlsx.render.numbers import NumberCell
from hkz_xlsx.render.plots import Spread
from hkz_xlsx.text import LANGS, Lang, say

QUESTIONS = ("weakest", "strongest", "core", "common_gaps", "questions", "evidence")


@pytest.fixture(name="field", scope="module")
def _field(two: str) -> Figures:
    return figures_of(two, Choices())


@pytest.fixture(name="hidden", scope="module", params=LANGS)
def _hidden(two: str, request: pytest.FixtureRequest) -> Figures:
    lang: Lang = request.param
    return figures_of(two, Choices(lang, anonymous=True))


def test_the_first_page_tells_of_both_parts(field: Figures) -> None:
    """Rubrieken, core requirements and gaps stand under the norm parts, not under their set."""
    [(_, sentences)] = findings(field)
    assert {"rubrieken", "core", "gaps"} <= {one.key.partition("_")[0] for one in sentences}


def test_a_part_that_two_sets_have_is_told_with_neither(field: Figures) -> None:
    """Its figures are of the organisations of both."""
    response = field.section("response")
    both = str(response.rows[0][response.index("edition")])
    sector, everybody = both.split(" + ")
    other = tuple(f"HKZ 139 (2015) + {everybody}" if c == both else c for c in response.rows[0])
    more = replace(response, rows=(*response.rows, other))
    known = replace(field, sections=(more, *(s for s in field.sections if s.key != "response")))
    told = {edition: {one.key: one.text for one in found} for edition, found in findings(known)}
    names = {
        edition: {str(row["requirement"]) for row in field.rows("common_gaps", edition=edition)}
        for edition in (sector, everybody)
    }
    assert any(name in told[both]["gaps"] for name in names[sector])
    assert not any(name in told[both]["gaps"] for name in names[everybody])


def test_order_of_editions() -> None:
    """Everything before its parts, the sector first; never as the numbers happen to sort."""
    found = reading_order(["123@2015/r2 138@2015/r2", "125@2009/r2"])
    assert found == ["123@2015/r2 138@2015/r2", "138@2015/r2", "123@2015/r2", "125@2009/r2"]


@pytest.mark.parametrize("anonymous", [False, True])
def test_every_table_and_drawing_is_in_that_order(two: str, *, anonymous: bool) -> None:
    figures = figures_of(two, Choices(anonymous=anonymous))
    for section in figures.sections:
        if section.key in ("response", "unusual"):
            continue
        place = section.index("edition")
        found = list(dict.fromkeys(str(row[place]) for row in section.rows))
        parts = [one for one in found if " + " not in one]
        assert parts == sorted(parts, reverse=True), section.key
    drawn = [about for about, _ in pictures(figures.section("distribution"), figures.choices)]
    assert drawn == ["total", "rubriek", "rubriek", "theme"]
    titles = [p.title for _, p in pictures(figures.section("distribution"), figures.choices)]
    assert titles[0].endswith("· alles")
    assert "138" in titles[1]
    assert "123" in titles[2]


def test_the_first_page_has_one_drawing_of_both_parts(field: Figures) -> None:
    """With every rubriek in order, and the dots of each as in the drawings of the parts."""
    first = field_document(field, NEUTRAL).sections[0]
    [drawn] = [block for block in first.blocks if isinstance(block, Spread)]
    parts = [p for about, p in pictures(field.section("distribution"), field.choices)
             if about == "rubriek" and isinstance(p, Spread)]  # fmt: skip
    assert len(parts) == 2
    assert drawn.fields == (*parts[0].fields, *parts[1].fields)
    assert drawn.title == "Verdeling van scores – rubriek"
    assert drawn.title in drawn.alt


def test_a_norm_is_named_once_in_a_title(field: Figures) -> None:
    for section in field.sections:
        for _, picture in pictures(section, field.choices):
            norms = re.findall(r"HKZ \d+", picture.title)
            assert len(norms) == len(set(norms)), picture.title
    document = field_document(field, NEUTRAL)
    for shown in document.sections:
        for block in shown.blocks:
            if isinstance(block, Paragraph) and block.look == "strong":
                norms = re.findall(r"HKZ \d+", block.text)
                assert len(norms) == len(set(norms)), block.text


def test_nothing_is_drawn_of_what_is_hidden(hidden: Figures) -> None:
    """Every row of a drawing shows a figure; what is left out is named, with the reason."""
    lang, left_out = hidden.lang, 0
    document = {section.key: section for section in field_document(hidden, NEUTRAL).sections}
    for section in hidden.sections:
        drawn, undrawn = drawings_of(section, hidden.choices)
        for _, picture in drawn:
            _, rows = picture.table()  # type: ignore[union-attr]  # a field has no timeline
            assert rows
            for row in rows:
                numbers = [c for c in row if isinstance(c, NumberCell)]
                assert any(c.value is not None for c in numbers), (picture.title, row)
        told = [b.text for b in document[section.key].blocks if isinstance(b, Paragraph)]
        why = say(lang, "portfolio.undrawn.why", k=hidden.choices.k)
        assert sum(why in text for text in told) == (1 if undrawn.titles or undrawn.rows else 0)
        for title in undrawn.titles:
            assert any(title in text for text in told)
        left_out += len(undrawn.titles)
    assert left_out > 1


def test_a_report_that_hides_nothing_says_nothing(field: Figures) -> None:
    for section in field.sections:
        assert drawings_of(section, field.choices)[1].sentence(field.choices) == ""


def test_tables_of_questions_leave_room_for_words(field: Figures) -> None:
    """One per edition, so that its name does not take the room: on paper no word of a rubriek is
    broken, and a question is wider than any other column."""
    seen = 0
    for section in field_document(field, NEUTRAL).sections:
        for block in section.blocks:
            if not isinstance(block, Grid) or section.key not in QUESTIONS:
                continue
            seen += 1
            rooms = column_widths(block.columns, PAPER_MM[True] * 72 / 25.4, 7.0, 6.0)
            heads = [column.header for column in block.columns]
            assert "Norm en editie" not in heads
            rubriek = heads.index("Rubriek")
            words = {word for row in block.rows for word in str(row[rubriek]).split()}
            widest = max(text_width(word, 7.5) for word in words)
            assert widest + 6 <= rooms[rubriek], section.key
            assert max(rooms) == rooms[heads.index("Naam")]
    assert seen > len(QUESTIONS)


def test_an_earlier_measurement_is_of_both_parts(two: str, field: Figures) -> None:
    """Its editions are those of everything, and its rubrieken stand in their order."""
    before = [page.earlier for page in benchmarks(two, Choices()) if page.earlier]
    assert len(before) == 4
    (both,) = {row["edition"] for row in field.rows("response")}
    rubrieken = [str(row["name"]) for row in field.rows("distribution", level="rubriek")]
    for one in before:
        assert one.edition == both
        names = [line.name for line in one.lines if line.level == "rubriek"]
        assert names == [name for name in rubrieken if name in names]
    assert max(len(one.lines) for one in before) > 5
