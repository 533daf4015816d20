"""Layout 2: one shape, in both languages, written and read back."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO

import openpyxl
import pytest

from hkz_xlsx.assessment.assess import assess
from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.describe import describe_shape
from hkz_xlsx.layout.identity import ROWS
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.values import evaluation
from hkz_xlsx.norm.select import select
from hkz_xlsx.norm.subset import CORE, narrowed, numbered, part_of_several
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Where
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.rework.carry import carry
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import records_at
from hkz_xlsx.scoring.rows import ODD_BLANKS
from hkz_xlsx.scoring.tables import Address, Given
from hkz_xlsx.sheets.loose_sheets import Extra, with_loose
from hkz_xlsx.sheets.norm_facts import FACTS
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.base import Stamper
from hkz_xlsx.writing.workbook import write_workbook
from tests.layout.test_plan import FUNCTIONS
from tests.support import library


@cache
def plan_at(
    layout: int, lang: Lang = "nl", part: str = "143", *, previous: bool = False
) -> WorkbookPlan:
    return plan_workbook(select(library(), (part,)), lang, (part,), layout, previous=previous)


def second(lang: Lang = "nl", part: str = "143", *, previous: bool = False) -> WorkbookPlan:
    return plan_at(2, lang, part, previous=previous)


def first(lang: Lang = "nl", part: str = "143") -> WorkbookPlan:
    return plan_at(1, lang, part)


def carried(plan: WorkbookPlan) -> dict[Address, CellValue]:
    """Values that nobody types: of an earlier measurement, of its history, of its source."""
    row = plan.model.table(T.requirements).rows[0]
    return {
        Address(T.requirements, row, "previous_answer"): plan.text("choice.status.partly"),
        Address(T.requirements, row, "origin"): plan.text("choice.origin.revised"),
        Address(T.requirements, row, "own_text"): "Tekst uit het eigen exemplaar",
        Address(T.requirements, row, "seen"): plan.text("choice.seen.yes"),
        Address(T.settings, "hours_a_week", "value"): 3.0,
        Address(T.sign_off, "name", "value"): "S. de Vries",
        Address(T.sign_off, "date", "value"): 46_350.0,
        Address(T.sign_off, "shared_with", "value"): plan.text("choice.shared_with.both"),
        Address(T.history, "1", "score"): 72.5,
        Address(T.history, "1", "editions"): "143@2021/r1",
        Address(T.history_sets, plan.model.table(T.rubrieken).rows[0], "score_1"): 70.0,
        Address(T.provenance, "sha256", "value"): "00ff",
    }


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["143", "138"])
def test_round_trip(lang: Lang, part: str) -> None:
    """Everything typed and carried comes back, by keys and by place, without a word."""
    plan = second(lang, part)
    inputs = {**sample_inputs(plan), **carried(plan)}
    data = write_workbook(plan, inputs)
    submission = understand(read_grid("a.xlsx", data, complete=True), library()).submission
    assert submission.problems == ()
    assert submission.identity == plan.identity
    assert {a: v for a, v in submission.as_understood.items() if v is not None} == inputs
    found = quick(read_grid("a.xlsx", data), library())
    assert found
    assert found.readings == submission.readings


def test_a_repaired_one_stays_what_it_is() -> None:
    """Never back to an older layout; what was not carried stands before the explanation."""
    plan = second()
    inputs = {**sample_inputs(plan), **carried(plan)}
    extra = [
        Extra("not_carried", Where("oud.xlsx"), "Voldoet", "ZVT-901", "Oordeel"),
        Extra("completed", Where("oud.xlsx"), "Protocol herzien", "ZVT-101", "Actie"),
    ]
    data = write_workbook(with_loose(plan, extra), inputs)
    submission = understand(read_grid("a.xlsx", data, complete=True), library()).submission
    assert submission.problems == ()
    fresh = repaired(submission, 2)
    assert fresh.plan.identity == plan.identity
    assert fresh.inputs == inputs
    keys, loose = [sheet.key for sheet in fresh.plan.sheets], ["not_carried", "completed"]
    assert keys[keys.index("help") - 2 : keys.index("help")] == loose
    assert [key for key in keys if key not in loose] == [sheet.key for sheet in plan.sheets]
    assert [one.value for one in fresh.extra] == ["Voldoet", "Protocol herzien"]


def test_one_shape_in_every_language() -> None:
    """Whatever is carried and in whatever language; each layout has its own."""
    shapes = {second(lang).identity.shape for lang in LANGS}
    assert len(shapes) == 1
    assert shapes.isdisjoint({second("nl", "138").identity.shape})
    assert describe_shape(second()) != describe_shape(first())


def test_identity_says_shape_wording_and_subset() -> None:
    """Since layout 2; in layout 1 no row was added."""
    assert list(first().identity.rows()) == [key for key, since in ROWS.items() if since == 1]
    rows = second().identity.rows()
    assert list(rows) == list(ROWS)
    assert re.fullmatch("[0-9a-f]{16}", rows["shape"])
    assert re.fullmatch("[0-9a-f]{16}", rows["wording"])
    assert rows["subset"] == ""


def test_the_order_of_its_columns() -> None:
    """Rule 16."""
    shown = [r.key for r in records_at(T.requirements, 2) if not r.quiet]
    assert shown[:6] == ["id", "question", "tip", "answer", "sign", "evidence"]
    assert shown[-4:] == ["advisor_answer", "advisor_note", "points", "check"]
    every = [r.key for r in records_at(T.requirements, 2)]
    at = every.index("sign")
    assert every[at + 1 : at + 4] == ["previous_answer", "origin", "seen"]
    assert every[every.index("question") + 1] == "own_text"


def _hidden(data: bytes) -> dict[str, bool]:
    """Hidden or not, by header, of the columns of Beoordeling."""
    sheet = openpyxl.load_workbook(BytesIO(data))["Beoordeling"]
    header = next(
        int(row[0].row or 0) for row in sheet.iter_rows() if "Oordeel" in {c.value for c in row}
    )
    found = {}
    for letter, dimension in sheet.column_dimensions.items():
        for column in range(int(dimension.min or 0), int(dimension.max or 0) + 1):
            found[str(sheet.cell(header, column).value)] = dimension.hidden
        assert letter
    return found


def test_quiet_columns_are_shown_when_something_stands_in_them() -> None:
    """Hidden in a first workbook; and that changes neither plan nor shape."""
    plan = second()
    quiet = ("Vorig oordeel", "Herkomst", "Bekeken", "Tekst van de norm (eigen exemplaar)")
    blank = _hidden(write_workbook(plan))
    assert all(blank[name] for name in quiet)
    assert not blank["Oordeel"]
    shown = _hidden(write_workbook(plan, carried(plan)))
    assert not any(shown[name] for name in quiet)


def test_only_shared_functions_and_typed_texts() -> None:
    """SUBSTITUTE is new; every formula whose value is an empty text says that it is a text."""
    data = write_workbook(second(), sample_inputs(second()))
    used, empty = set(), 0
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            part = archive.read(name).decode()
            for text in re.findall(r"<f[^>]*>([^<]*)</f>", part):
                bare = re.sub(r"&quot;|\"[^\"]*\"", "", text)
                used |= set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare))
            assert not re.search(r'<c r="[A-Z]+\d+"( s="\d+")?><f[^>]*(/>|>[^<]*</f>)<v></v>', part)
            empty += len(re.findall(r't="str"><f[^>]*(?:/>|>[^<]*</f>)<v></v>', part))
    assert used <= FUNCTIONS
    assert "SUBSTITUTE" in used
    assert empty > 100


def test_evidence_of_odd_blanks_is_none() -> None:
    """Each blank that a program's TRIM leaves alone; a text with one in it is evidence."""
    for plan, counts in ((second(), 0.0), (first(), 1.0)):
        rows = plan.model.table(T.requirements).rows
        blanks = [*ODD_BLANKS, f" {ODD_BLANKS} "]
        inputs: dict[Address, CellValue] = {
            Address(T.requirements, row, "evidence"): blank
            for row, blank in zip(rows, blanks, strict=False)
        }
        inputs[Address(T.requirements, rows[len(blanks)], "evidence")] = "Verslag\u00a03"
        found = evaluation(plan, inputs).column(T.requirements, "has_evidence")
        assert found[: len(blanks)] == [counts] * len(blanks)
        assert found[len(blanks)] == 1.0


def test_sign_beside_the_answer() -> None:
    """One or two words for each state of a row."""
    plan = second()
    rows = plan.model.selection.rows
    text = plan.text
    free = next(r.requirement.id for r in rows if r.na_allowed)
    bound = next(r.requirement.id for r in rows if not r.na_allowed)
    plain = [r.requirement.id for r in rows if r.requirement.evidence_rule == "required"]
    plain = [one for one in plain if one not in (free, bound)][:5]
    na, yes = text("choice.status.na"), text("choice.status.yes")
    states = {
        free: ("reason", {"answer": na}),
        bound: ("na_not_allowed", {"answer": na}),
        plain[0]: ("evidence", {"answer": yes}),
        plain[1]: ("fine", {"answer": yes, "location": "Map 3"}),
        plain[2]: ("not_on_list", {"answer": "misschien"}),
        plain[3]: ("revised", {"previous_answer": yes}),
        plain[4]: ("open", {}),
    }
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, row, column): value
        for row, (_, cells) in states.items()
        for column, value in cells.items()
    }
    values = evaluation(plan, inputs)
    found = {row: values.value(T.requirements, row, "sign") for row in states}
    assert found == {row: text(f"choice.sign.{code}") for row, (code, _) in states.items()}


def test_quick_start_follows_the_answers() -> None:
    """Core requirements with their answers; rubrieken in weeks from a start day and hours."""
    plan = second("nl", "138")
    core = [r.requirement.id for r in plan.model.selection.rows if r.requirement.core]
    inputs: dict[Address, CellValue] = {
        Address(T.requirements, core[0], "answer"): plan.text("choice.status.yes"),
        Address(T.requirements, core[1], "answer"): plan.text("choice.status.no"),
        Address(T.settings, "start_date", "value"): 46_328.0,
        Address(T.settings, "hours_a_week", "value"): 2.0,
    }
    values = evaluation(plan, inputs)
    assert values.column(T.quick_core, "answer")[:3] == ["Voldoet", "Voldoet niet", ""]
    assert values.value(T.quick_score, "all", "fine") == 1.0
    assert values.value(T.quick_score, "all", "core") == float(len(core))
    minutes = values.column(T.portions, "minutes")
    weeks = values.column(T.portions, "week")
    assert sum(map(float, minutes)) == 4.0 * len(plan.model.selection.rows)  # type: ignore[arg-type]  # numbers
    assert weeks[0] == 46_328.0
    assert list(weeks) == sorted(weeks)  # type: ignore[type-var]  # numbers
    before = (sum(map(float, minutes)) - float(minutes[-1])) / 120  # type: ignore[arg-type]  # numbers
    assert weeks[-1] == 46_328.0 + 7 * int(before)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_stamped_workbook_is_a_written_one() -> None:
    """What batch fills in per client is what the writer writes, types of empty texts too."""
    plan = second()
    stamper = Stamper(plan)
    for known in ({"name": "De Brug"}, {}, {"name": "#N/A", "kvk": "12345678"}):
        inputs = client_inputs(plan, known)
        assert _parts(stamper.make(inputs)) == _parts(write_workbook(plan, inputs))


def test_with_an_earlier_measurement() -> None:
    """The room for one is there in layout 2 too."""
    plan = second("en", "143", previous=True)
    data = write_workbook(plan, sample_inputs(plan))
    submission = understand(read_grid("a.xlsx", data, complete=True), library()).submission
    assert submission.problems == ()
    assert submission.identity.previous


def test_a_workbook_of_only_the_core_requirements() -> None:
    """It reads back as what it is, has no verdict in any way, and goes into the whole one."""
    whole = select(library(), ("138",))
    plan = plan_workbook(narrowed(whole, CORE), "nl", ("138",), 2)
    rows = plan.model.table(T.requirements).rows
    assert rows == tuple(r.requirement.id for r in whole.rows if r.requirement.core)
    inputs = {
        Address(T.requirements, row, column): plan.text("choice.status.yes") if column == "answer"
        else "Map 3"
        for row in rows for column in ("answer", "evidence")
    }  # fmt: skip
    data = write_workbook(plan, inputs)
    submission = understand(read_grid("kern.xlsx", data, complete=True), library()).submission
    assert submission.problems == ()
    assert submission.identity == plan.identity
    assert submission.identity.subset == "core"
    (verdict,) = assess(plan.model, submission.as_understood).verdicts
    assert (verdict.code, verdict.score.score) == ("subset", 100.0)
    shown = evaluation(plan, inputs)
    assert shown.value("result_verdict", verdict.scheme.id, "verdict") == "Deel van het werkboek"
    taken = carry(submission, second("nl", "138"))
    assert taken.problems == ()
    assert taken.inputs == inputs
    assert repaired(submission, 2).plan.identity == plan.identity


def test_parts_of_several_people() -> None:
    """Each with its own rows; what has no rows left has no norm part and no verdict group."""
    whole = select(library(), ("138",))
    ids = [r.requirement.id for r in whole.rows if r.part.id == "123"][:3]
    subset = part_of_several(2, 3, ids)
    plan = plan_workbook(narrowed(whole, subset), "nl", ("138",), 2)
    assert plan.model.table(T.requirements).rows == tuple(ids)
    assert plan.model.table(T.parts).rows == ("123",)
    assert numbered(plan.identity.subset) == (2, 3)
    data = write_workbook(plan, sample_inputs(plan))
    submission = understand(read_grid("deel.xlsx", data, complete=True), library()).submission
    assert submission.problems == ()
    assert submission.identity == plan.identity


def test_no_core_requirements() -> None:
    """A norm without them has no small workbook; a subset that nobody can read is refused."""
    whole = select(library(), ("138",))
    plain = replace(
        whole, rows=tuple(row for row in whole.rows if not row.requirement.core)
    )  # fmt: skip
    for subset, code in ((CORE, "SUBSET_EMPTY"), ("half", "IDENTITY_BROKEN")):
        with pytest.raises(HkzError) as found:
            narrowed(plain, subset)
        assert [one.code for one in found.value.problems] == [code]


@pytest.mark.parametrize("asked", ["138@2015/r2", "zw@2018/r2"])
def test_what_is_publicly_known_stands_in_the_workbook(asked: str) -> None:
    """Every fact of the norm's data, with the questions about each phrase of its scope; a rubriek
    is explained with the chapters of these norms."""
    plan = plan_workbook(select(library(), (asked,)), "nl", (asked,), 2)
    tables = {block.table.key: block.table for _, block in plan.blocks()}
    said = tables["help_norm"].column("said")
    asking = tables["help_norm"].column("asked")
    assert isinstance(said, Given)
    assert isinstance(asking, Given)
    for part in plan.model.selection.parts:
        public = part.public
        assert public is not None
        facts = [getattr(public, key) for key in FACTS]
        texts = [part.scope, *(one.text for one in public.covers), *public.notes, *facts]
        texts += [one.text for one in public.excludes]
        assert {one.nl for one in texts if one is not None} <= set(said.values)
        for one in public.covers:
            at = said.values.index(one.text.nl)
            assert set(one.rows) <= set(str(asking.values[at]).split(", "))
    meaning = tables["help_terms"].column("meaning")
    assert isinstance(meaning, Given)
    first = plan.model.selection.rows[0]
    assert f"{first.part.number} rubriek {first.rubriek.number}" in str(meaning.values[-1])


def test_earlier_measurements_are_drawn() -> None:
    """Oldest first, though the table has the newest first; lines without a measurement show no
    number. A workbook to which none came has nothing to draw."""
    keys = [chart.key for sheet in second().sheets for chart in sheet.charts]
    assert T.history not in keys
    with zipfile.ZipFile(BytesIO(write_workbook(second(previous=True)))) as archive:
        drawings = [archive.read(n).decode() for n in archive.namelist() if "/charts/chart" in n]
    assert len(drawings) == len(keys) + 1
    (drawn,) = [one for one in drawings if "eerdere metingen" in one]
    axis = drawn.partition("<c:catAx>")[2].partition("</c:catAx>")[0]
    assert '<c:orientation val="maxMin"/>' in axis
    assert 'formatCode="dd-mm-yyyy"' in axis
    assert drawn.count('<c:numFmt formatCode="0;;"') == 2
