"""A workbook for several hands: every cell in a part, and all of them back in the whole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hkz_xlsx.batch.output_folder import OneRun
from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.subset import CORE, narrowed, numbered
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.portfolio.file_rows import body_of
from hkz_xlsx.problems import HkzError, Where
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.rework.merge import merged
from hkz_xlsx.rework.merge_plan import merge_plan
from hkz_xlsx.rework.newest import codecs
from hkz_xlsx.rework.split import BY, split
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address, Inputs
from hkz_xlsx.sheets.loose_sheets import Extra
from hkz_xlsx.writing.workbook import write_workbook
from tests.rework.test_journey import COLUMNS, ROWS, cell, plan, submission
from tests.support import library

NAME, KVK = (Address("organisation", key, "value") for key in ("name", "kvk"))
DAY = Address(T.settings, "reference_date", "value")
BESIDE: dict[Address, CellValue] = {
    NAME: "De Brug", KVK: "68750110", DAY: 46_328.0, WORKBOOK_ID: "wb-1",
    Address("steps_first", "S01", "owner"): "Anna",
    Address("agenda", "D01", "decision"): "Doorgaan",
    Address("audit_findings", "B01", "finding"): "Open punt",
    Address("audit_findings", "B01", "due"): 46_400.0,
    Address(T.sign_off, "name", "value"): "J. Jansen",
    Address(T.history, "1", "score"): 61.5,
}  # fmt: skip


def answers() -> dict[Address, CellValue]:
    """Two owners, written in two ways, and questions of nobody; everything that people type."""
    found = dict(BESIDE)
    for index, row in enumerate(ROWS):
        found[cell(row, "answer")] = ("Voldoet", "misschien", "Voldoet niet")[index % 3]
        found[cell(row, "evidence")] = f"Map {index}"
        found[cell(row, "advisor_answer")] = "Voldoet deels"
        found[cell(row, "valid_until")] = 46_128.0
        if index < 4:
            found[cell(row, "owner")] = ("Anna", "Bas", "ANNA", "Bas")[index]
    found[cell("KO-101", "previous_answer")] = "Voldoet niet"
    return found


def file(folder: Path, name: str = "werkboek.xlsx", more: Inputs | None = None) -> Path:
    path = folder / name
    path.write_bytes(write_workbook(plan(), {**answers(), **(more or {})}))
    return path


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook and its parts by owner, made once."""
    folder = tmp_path_factory.mktemp("gemaakt")
    path = file(folder)
    hkz("split", path, "--by", "eigenaar", "-o", folder / "delen")
    return folder


@pytest.fixture(name="delen")
def _delen(made: Path, tmp_path: Path) -> Path:
    """Those parts, to work in."""
    return Path(shutil.copytree(made / "delen", tmp_path / "delen"))


def hkz(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def codes(result: Result) -> list[str]:
    words = (line.split() for line in result.stderr.splitlines())
    return [w[1] for w in words if len(w) > 1 and w[0] in ("fout", "let", "info")]


def everything(path: Path) -> tuple[dict[Address, CellValue], list[Extra]]:
    read = read_workbook(path, library(), complete=True)
    return dict(read.as_understood), [*read.carried, *read.extra]


def test_there_and_back(made: Path, tmp_path: Path) -> None:
    """Every cell, by its address, whatever sheet it stands on; the file stays as it is."""
    path, by = made / "werkboek.xlsx", "rubriek"
    before = path.read_bytes()
    result = hkz("split", path, "--by", by, "-o", tmp_path / "delen")
    assert result.exit_code == 1, "an answer that nobody understands is told"
    parts = sorted((tmp_path / "delen").iterdir())
    counted = [int(line.rsplit("  ", 1)[0].split()[-1]) for line in result.stdout.splitlines()[1:]]
    assert sum(counted) == sum(a.table == T.requirements for a in answers())
    back = hkz("merge", tmp_path / "delen", "-o", tmp_path / "samen.xlsx")
    assert "Fouten: 0" in back.stderr or "misschien" in back.stderr
    typed, listed = everything(tmp_path / "samen.xlsx")
    assert typed == everything(path)[0] == answers()
    assert {one.value for one in listed if one.reason == "wrong"} == {"misschien"}
    rows = [
        r for p in parts for r in read_workbook(p, library()).plan.model.table(T.requirements).rows
    ]
    assert sorted(rows) == sorted(plan().model.table(T.requirements).rows)
    assert path.read_bytes() == before


def test_by_owner(made: Path) -> None:
    """One spelling or another is one person; what has no owner comes last; no verdict in a part."""
    folder = made / "delen"
    assert [one.name for one in sorted(folder.iterdir())] == [
        "werkboek - 1 van 3 - Anna.xlsx", "werkboek - 2 van 3 - Bas.xlsx",
        "werkboek - 3 van 3 - zonder eigenaar.xlsx",
    ]  # fmt: skip
    anna = read_workbook(folder / "werkboek - 1 van 3 - Anna.xlsx", library())
    assert numbered(anna.identity.subset) == (1, 3)
    assert anna.plan.model.table(T.requirements).rows == ("KO-101", "KO-103")
    assert {v.code for v in anna.assessment.verdicts} == {"subset"}
    assert anna.as_understood[cell("KO-103", "advisor_answer")] == "Voldoet deels"
    bas = read_workbook(folder / "werkboek - 2 van 3 - Bas.xlsx", library())
    assert (bas.text("organisation", "kvk"), bas.text("client", "workbook_id")) == (
        "68750110", "wb-1",
    )  # fmt: skip
    assert not [a for a in bas.as_understood if a.table in ("agenda", "audit_findings", "history")]


def test_no_file_is_replaced_and_a_stopped_run_goes_on(made: Path, delen: Path) -> None:
    """A run that goes on makes the same bytes."""
    path, folder = made / "werkboek.xlsx", delen
    whole = {one.name: one.read_bytes() for one in folder.iterdir()}
    assert codes(hkz("split", path, "--by", "eigenaar", "-o", folder))[-3:] == ["TARGET_KEPT"] * 3
    first = min(folder.iterdir())
    first.unlink()
    assert hkz("split", path, "--by", "eigenaar", "-o", folder, "--resume").exit_code == 1
    first.write_bytes(b"iets anders")
    result = hkz("split", path, "--by", "eigenaar", "-o", folder, "--resume")
    assert (result.exit_code, codes(result)[-1]) == (1, "RESUME_KEPT")
    assert first.read_bytes() == b"iets anders"
    first.write_bytes(whole[first.name])
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == whole


def test_two_runs_at_once(made: Path, tmp_path: Path) -> None:
    """One at a time in a folder; the second says so and makes nothing."""
    out = tmp_path / "uit"
    with OneRun(out):
        result = hkz("split", made / "werkboek.xlsx", "--by", "eigenaar", "-o", out)
        assert (result.exit_code, codes(result)[-1]) == (1, "BATCH_RUNNING")
        assert not list(out.glob("*.xlsx"))


def filled_in(folder: Path, part: int, more: Inputs) -> None:
    """Somebody works in a part."""
    path = next(p for p in folder.iterdir() if f"- {part} van" in p.name)
    read = read_workbook(path, library())
    path.write_bytes(write_workbook(read.plan, {**read.as_understood, **more}))


def test_what_people_fill_in_comes_together(delen: Path, tmp_path: Path) -> None:
    """Also on other sheets, in a part that did not hold them."""
    folder = delen
    new: dict[Address, CellValue] = {
        cell("KO-102", "answer"): "Voldoet deels", cell("KO-102", "action_due"): 46_400.0,
        Address("agenda", "D02", "decision"): "Stoppen",
    }  # fmt: skip
    filled_in(folder, 2, new)
    result = hkz("merge", folder, "-o", tmp_path / "samen.xlsx")
    assert everything(tmp_path / "samen.xlsx")[0] == {**answers(), **new}, result.output


def test_parts_that_contradict_are_refused_without_a_rule(delen: Path, tmp_path: Path) -> None:
    folder, out = delen, tmp_path / "samen.xlsx"
    filled_in(folder, 2, {DAY: 46_128.0})
    result = hkz("merge", folder, "-o", out)
    assert (result.exit_code, out.exists()) == (1, False)
    assert "MERGE_PARTS_DIFFER" in codes(result)
    assert "‘16-04-2026’" in result.stderr, "a day, not its number"
    assert "46128" not in result.stderr
    assert hkz("merge", folder, "-o", out, "--rule", "latest").exit_code in (0, 1)
    assert everything(out)[0] == answers()


def test_a_part_that_is_missing_is_named(made: Path, delen: Path, tmp_path: Path) -> None:
    path, folder = made / "werkboek.xlsx", delen
    one, two, _ = sorted(folder.iterdir())
    result = hkz("merge", one, two, "-o", tmp_path / "samen.xlsx")
    assert codes(result) == ["MERGE_PART_MISSING"]
    assert "ontbreekt deel 3" in result.stderr
    # The whole workbook knows the rest; it still says what it said.
    filled_in(folder, 1, {cell("KO-101", "note"): "nieuw"})
    whole = hkz("merge", path, one, two, "-o", tmp_path / "samen.xlsx")
    assert "MERGE_PARTS_DIFFER" not in whole.stderr
    assert everything(tmp_path / "samen.xlsx")[0][cell("KO-101", "note")] == "nieuw"


def test_questions_that_are_missing_are_named() -> None:
    """Of parts of two ways to split."""
    two = split(submission(answers()), "eigenaar").parts[1]
    other = split(submission(answers()), "rubriek").parts[0]
    read = [submission(one.fresh.inputs, one.fresh.plan) for one in (two, other)]
    with pytest.raises(HkzError) as caught:
        merge_plan(read, library())
    assert [p.code for p in caught.value.problems] == ["MERGE_ROWS_MISSING"]


def test_a_part_of_another_client_is_refused(delen: Path, tmp_path: Path) -> None:
    folder = delen
    filled_in(folder, 2, {KVK: "90004760", NAME: "Het Plein"})
    result = hkz("merge", folder, "-o", tmp_path / "samen.xlsx", "--rule", "latest")
    assert (result.exit_code, codes(result)) == (1, ["OWNER_KVK_DIFFERS"])


def test_a_workbook_of_the_first_layout() -> None:
    """Parts have the layout that knows them."""
    typed = {a: v for a, v in answers().items() if a.table not in (T.history, T.sign_off)}
    typed.pop(cell("KO-101", "previous_answer"))
    found = split(_understood(typed, plan(layout=1)), "rubriek").parts
    parts = [_understood(part.fresh.inputs, part.fresh.plan) for part in found]
    assert dict(merged(parts, merge_plan(parts, library()), None).fresh.inputs) == typed


def test_own_text_stays_with_whoever_bought_the_norm() -> None:
    """Neither in a part nor in what is merged of a workbook that has it."""
    typed: dict[Address, CellValue] = {**answers(), cell("KO-101", "own_text"): "Geheime zin"}
    found = split(submission(typed), "eigenaar")
    assert found.licensed == 1
    parts = [submission(part.fresh.inputs, part.fresh.plan) for part in found.parts]
    files = [submission(typed), *parts]
    whole = merged(files, merge_plan(files, library()), None)
    for fresh in (whole.fresh, *(part.fresh for part in found.parts)):
        assert "Geheime zin" not in map(str, fresh.inputs.values())
        assert "Geheime zin" not in {one.value for one in fresh.extra}


def test_what_cannot_be_split() -> None:
    def code(read: Submission, by: str = "eigenaar") -> str:
        with pytest.raises(HkzError) as caught:
            split(read, next(one for one in BY if one == by))
        (found,) = caught.value.problems
        return found.code

    assert code(submission({})) == "SPLIT_ONE"
    rows = plan().model.table(T.requirements).rows
    many: dict[Address, CellValue] = {
        cell(row, "owner"): f"Iemand {n}" for n, row in enumerate(rows)
    }
    assert len(rows) < 99, "else SPLIT_MANY can be tried here"
    part = split(submission(answers()), "eigenaar").parts[0]
    assert code(submission(part.fresh.inputs, part.fresh.plan)) == "SPLIT_OF_PART"
    core = plan_workbook(narrowed(plan().model.selection, CORE), "nl", ["143"], 2)
    assert code(submission({}, core)) == "SPLIT_OF_CORE"
    assert len(split(submission(many), "eigenaar").parts) == len(rows)


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hkz_xlsx.rework.split.MOST", 2)
    with pytest.raises(HkzError) as caught:
        split(submission(answers()), "eigenaar")
    assert [p.code for p in caught.value.problems] == ["SPLIT_MANY"]


def test_a_cell_that_would_be_in_no_part_stops_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hkz_xlsx.rework.split._EVERYWHERE", ())
    real = split.__globals__["_dealt"]
    monkeypatch.setitem(split.__globals__, "_dealt", lambda i, p: [{}, *real(i, p)[1:]])
    with pytest.raises(HkzError) as caught:
        split(submission(answers()), "eigenaar")
    assert [p.code for p in caught.value.problems] == ["CARRY_UNACCOUNTED"]


OWNERS = ("Anna", "Bas", "bas", "Ç & <b>", "...")
WORDS: dict[str, tuple[CellValue, ...]] = {**COLUMNS, "owner": OWNERS}


@st.composite
def workbooks(draw: st.DrawFn) -> dict[Address, CellValue]:
    """Any cells of Beoordeling and of the other sheets."""
    found: dict[Address, CellValue] = {
        a: v for a, v in BESIDE.items() if a == WORKBOOK_ID or draw(st.booleans())
    }
    for row in draw(st.lists(st.sampled_from(ROWS), min_size=1, unique=True)):
        for column, values in WORDS.items():
            if draw(st.booleans()):
                text = f"{row} {column}"
                found[cell(row, column)] = draw(st.sampled_from(values)) if values else text
    found[cell(ROWS[0], "owner")] = "Anna"
    return found


def _understood(inputs: Inputs, of: WorkbookPlan) -> Submission:
    """As the reader understands cells, without a file in between."""
    found, kinds = submission(inputs, of), codecs(of)
    readings = {
        a: codec.from_cell(value, of.lang)
        for a, value in inputs.items()
        if (codec := kinds[a]) is not None
    }
    return replace(found, readings={**found.readings, **readings})


@settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
@given(workbooks(), st.sampled_from(BY), st.randoms(use_true_random=False))
def test_split_and_merge_is_the_identity(
    typed: dict[Address, CellValue], by: str, order: object
) -> None:
    """In whatever order the parts are named; every cell stands in one part, or in all."""
    chosen = next(one for one in BY if one == by)
    found = split(submission(typed), chosen)
    inside = [part.fresh.inputs for part in found.parts]
    for address, value in typed.items():
        held = [inputs for inputs in inside if inputs.get(address) == value]
        everywhere = address.table in ("organisation", "client", T.settings)
        assert len(held) == (len(inside) if everywhere else 1), address
    assert sum(len(i) for i in inside) == len(typed) + (len(inside) - 1) * sum(
        a.table in ("organisation", "client", T.settings) for a in typed
    )
    parts = [_understood(part.fresh.inputs, part.fresh.plan) for part in found.parts]
    order.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis says no more of it
    whole = merge_plan(parts, library())
    again = merged(parts, whole, None)
    assert dict(again.fresh.inputs) == typed
    assert (whole.identity.subset, whole.identity.plan) == ("", plan().identity.plan)
    assert again.differences == ()


def test_where_a_part_differs_is_said_with_its_file() -> None:
    one, two, *rest = (
        submission(part.fresh.inputs, part.fresh.plan)
        for part in split(submission(answers()), "eigenaar").parts
    )
    other = submission({**two.as_understood, DAY: 46_128.0}, two.plan)
    with pytest.raises(HkzError) as caught:
        merged([one, other, *rest], merge_plan([one, other, *rest], library()), None)
    (found,) = caught.value.problems
    assert found.code == "MERGE_PARTS_DIFFER"
    assert found.where == Where("oud.xlsx", None, "Blad", "A1", "reference_date")


def test_that_own_text_stays_is_told(tmp_path: Path) -> None:
    path = file(tmp_path, more={cell("KO-101", "own_text"): "Geheime zin"})
    result = hkz("split", path, "--by", "eigenaar", "-o", tmp_path / "delen")
    assert "OWN_TEXT_STAYS" in result.stderr
    assert "Geheime zin" not in result.output


def test_a_portfolio_leaves_parts_out_and_says_so(made: Path, tmp_path: Path) -> None:
    """Their scores are not those of an organisation; the whole workbook counts."""
    parts = sorted((made / "delen").iterdir())[:2]
    whole = made / "werkboek.xlsx"
    result = hkz("aggregate", whole, *parts, "-j", 1, "-o", tmp_path / "portfolio")
    assert "gelezen: 1, onbruikbaar: 2" in result.stderr
    assert "Organisaties: 1" in result.stderr
    told = body_of(parts[0].read_bytes(), library())["problems"]
    assert "PART_NOT_COUNTED" in str(told)
