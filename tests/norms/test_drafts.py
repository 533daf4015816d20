"""A draft is used only when its revision is named; parts of one workbook move together."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm import load
from hkz_xlsx.norm.load import Library, load_library, read_library
from hkz_xlsx.norm.lock import check_lock, lock_text
from hkz_xlsx.norm.model import When
from hkz_xlsx.norm.same import COUNTED, question_mark
from hkz_xlsx.norm.select import Selection, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import read_bytes
from hkz_xlsx.returned.recognise import from_cells
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Text
from hkz_xlsx.writing.workbook import write_workbook
from tests.norms.revisions import copied, replaced, revised, rewritten
from tests.support import library

GENERAL = "123/2015-a1-2019"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path / "norms")


def draft_of_everything(root: Path) -> Path:
    """Second revisions of a sector part, the general part, what they share, and the step plan."""
    shutil.copytree(root / "shared/r1", root / "shared/r2")
    shutil.copytree(root / "steps/r1", root / "steps/r2")
    steps = root / "steps/r2/steps.yaml"
    steps.write_text("status: draft\n" + steps.read_text("utf-8"), "utf-8")
    replaced(steps, "Oriënteren en reikwijdte kiezen", "Beginnen")
    for edition in ("138/2015", GENERAL):
        new = revised(root, edition)
        replaced(new / "norm.yaml", 'shared: "r1"', 'shared: "r2"')
    rewritten(root / "138/2015/r2", "MHD-101", r'nl: "[^"]*"', 'nl: "Is dit een nieuwe vraag?"')
    return root


def names(selection: Selection) -> list[str]:
    return [str(edition) for edition in selection.editions]


def codes(selection: Selection) -> list[str]:
    return [p.code for p in selection.remarks]


def refused(library: Library, *asked: str) -> list[tuple[str, str]]:
    with pytest.raises(HkzError) as caught:
        select(library, asked)
    return [(p.code, p.slots.get("choices", "")) for p in caught.value.problems]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def test_drafts_beside_released_ones_change_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every plan, also that of a file that lost its identity, is the one without the drafts."""
    without = load_library(root)
    draft_of_everything(root)
    monkeypatch.setattr(load, "norms_folder", lambda: root)
    for source in (load_library(), load_library(root)):
        for asked in (["138"], ["138@2015"], ["138", "139"], ["143"]):
            ids = [text.partition("@")[0] for text in asked]
            assert select(source, asked) == select(without, ids)
        assert [p.edition for p in source.newest()] == [p.edition for p in without.newest()]
        plan = plan_workbook(select(source, ["138"]), "nl", ["138"])
        plain = plan_workbook(select(without, ["138"]), "nl", ["138"])
        assert plan.identity == plain.identity
        data = write_workbook(plain)
        lost = replace(read_grid("w.xlsx", data), properties={})
        lost = replace(lost, sheets=lost.sheets[:-1])
        found = from_cells(lost, source)
        assert found is not None
        assert found.identity == plan.identity


def test_a_draft_that_is_named_brings_the_drafts_of_its_revision(root: Path) -> None:
    """The general part, what they share and the step plan; and all that is said."""
    chosen = select(load_library(draft_of_everything(root)), ["138@2015/r2"])
    assert names(chosen) == ["138@2015/r2", "123@2015+A1:2019/r2"]
    assert (chosen.shared.revision, chosen.guide.revision) == ("r2", "r2")
    assert chosen.guide.steps[0].title.nl == "Beginnen"
    assert codes(chosen) == ["NORM_DRAFT_USED"]
    assert chosen.remarks[0].slots["drafts"] == "138@2015/r2, 123@2015+A1:2019/r2"
    plan = plan_workbook(chosen, "nl", ["138@2015/r2"])
    assert plan.identity.asked == ("138",)


def test_what_has_no_draft_stays_and_that_is_said(root: Path) -> None:
    """Also a part that was asked for without a revision."""
    revised(root, "138/2015")
    chosen = select(load_library(root), ["138@2015/r2", "139"])
    assert names(chosen) == ["138@2015/r2", "139@2015/r1", "123@2015+A1:2019/r1"]
    assert codes(chosen) == ["NORM_DRAFT_USED", "NORM_PART_STAYS", "NORM_PART_STAYS"]
    assert [p.slots["other"] for p in chosen.remarks[1:]] == [
        "123@2015+A1:2019/r1", "139@2015/r1",
    ]  # fmt: skip
    both = select(load_library(root), ["139", "138@2015/r2"])
    assert names(both) == names(chosen)


def test_a_released_revision_by_name_brings_released_ones_only(root: Path) -> None:
    """The older general part with the older question set; a draft of the same name never."""
    revised(root, "138/2015", "released")
    revised(root, GENERAL)
    source = load_library(root)
    assert names(select(source, ["138"])) == ["138@2015/r2", "123@2015+A1:2019/r1"]
    assert codes(select(source, ["138"])) == ["NORM_PART_STAYS"]
    assert names(select(source, ["138@2015/r2"])) == ["138@2015/r2", "123@2015+A1:2019/r1"]
    general = root / GENERAL / "r2/norm.yaml"
    replaced(general, "status: draft", "status: released")
    source = load_library(root)
    assert names(select(source, ["138@2015/r1"])) == ["138@2015/r1", "123@2015+A1:2019/r1"]
    assert codes(select(source, ["138@2015/r1"])) == []
    assert names(select(source, ["138"])) == ["138@2015/r2", "123@2015+A1:2019/r2"]


def test_what_is_not_there_is_told_with_the_words_to_type(root: Path) -> None:
    revised(root, "138/2015")
    for edition in ("143/2021", GENERAL):
        replaced(root / edition / "r1/norm.yaml", "status: released", "status: draft")
    source = load_library(root)
    assert refused(source, "143") == [("NORM_ONLY_DRAFT", "143@2021/r1")]
    assert refused(source, "143@2021") == [("NORM_ONLY_DRAFT", "143@2021/r1")]
    assert refused(source, "138") == [("NORM_ONLY_DRAFT", "123@2015+A1:2019/r1")]
    assert names(select(source, ["138", "123@2015+a1:2019/r1"]))[1] == "123@2015+A1:2019/r1"
    assert names(select(source, ["143@2021/R1"])) == ["143@2021/r1"]
    known = "138@2015/r2, 138@2015/r1"
    assert refused(source, "138@2015/r3") == [("EDITION_UNKNOWN", known)]
    assert refused(source, "138@2020") == [("EDITION_UNKNOWN", known)]
    for wrong in ("138/r2", "138@", "@2015/r2", "138@2015/r2/x", "999@2015/r1"):
        assert [code for code, _ in refused(source, wrong)] == ["NORM_UNKNOWN"], wrong
    assert refused(source, "zw", "zw@2018/r1")[0][0] == "NORM_ASKED_TWICE"


def test_mistakes_in_a_draft_are_of_those_who_ask_for_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who uses the shipped norms does not notice; who names the draft gets every mistake."""
    draft_of_everything(root)
    monkeypatch.setattr(load, "norms_folder", lambda: root)
    rewritten(root / "138/2015/r2", "MHD-101", 'weight: "2"', 'weight: "7"')
    replaced(root / "steps/r2/steps.yaml", "round: first", "round: never")
    assert names(select(load_library(), ["138"]))[0] == "138@2015/r1"
    assert "NORM_VALUE_WRONG" in [code for code, _ in refused(load_library(), "138@2015/r2")]


def test_only_released_ones_are_locked(root: Path) -> None:
    """Drafts of question sets, of what they share and of steps are not, until they are released."""
    before = (root / "lock.yaml").read_text("utf-8")
    draft_of_everything(root)
    assert read_library(root)[1] == ()
    assert tuple(check_lock(read_library(root)[0], root)) == ()
    assert run("norms", "check", root, "--lock").exit_code == 0
    assert (root / "lock.yaml").read_text("utf-8") == before
    replaced(root / "138/2015/r2/norm.yaml", "status: draft", "status: released")
    replaced(root / "steps/r2/steps.yaml", "status: draft", "status: released")
    told = run("norms", "check", root)
    assert (told.exit_code, told.stderr.count("NORM_LOCK_MISSING")) == (1, 3)
    assert run("norms", "check", root, "--lock").exit_code == 0
    fresh = set(lock_text(read_library(root)[0]).splitlines()) - set(before.splitlines())
    assert sorted(line.split('"')[1] for line in fresh) == ["138/2015/r2", "shared/r2", "steps/r2"]


def test_drafts_are_checked_among_the_others(root: Path) -> None:
    """Its texts too, with the draft named; and with NORM nothing else."""
    draft_of_everything(root)
    rewritten(root / "138/2015/r2", "MHD-103", r'nl: "[^"]*"', 'nl: "Geen vraag"')
    rewritten(root / GENERAL / "r2", "AO-401", r'nl: "[^"]*"', 'nl: "Is dit een nieuwe vraag?"')
    told = run("norms", "check", root)
    assert told.exit_code == 1
    found = [line for line in told.stderr.splitlines() if line.endswith(")")]
    assert "138/2015/r2  (MHD-103)" in found
    assert {line.split()[0] for line in found} == {"138/2015/r2", "123/2015-a1-2019/r2"}
    assert "NORM_QUESTION_SAME" in told.stderr
    one = run("norms", "check", root, "123@2015+A1:2019/r2")
    assert (one.exit_code, "MHD-103" in one.stderr) == (1, False)
    fine = run("norms", "check", root, "138@2015/r1")
    assert (fine.exit_code, fine.stdout) == (0, "1 normdeel, 54 vragen: in orde.\n")
    assert "EDITION_UNKNOWN" in run("norms", "check", root, "138@2015/r7").stderr
    assert run("norms", "check", root, "138@2015/r1", "--lock").exit_code == 2


def test_a_draft_of_steps_serves_the_topics_of_its_own_revision(root: Path) -> None:
    """A topic that only an older question set has is a mistake in the new step plan."""
    draft_of_everything(root)
    for path in (root / "138/2015/r2/rubrieken").glob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("id: vindbaar-aanbod", "id: aanbod"), "utf-8")
    served = "vindbaar-aanbod" in (root / "steps/r2/steps.yaml").read_text("utf-8")
    assert served
    found = {(p.code, p.where.file, p.slots["value"]) for p in read_library(root)[1]}
    assert found == {("NORM_REFERENCE_UNKNOWN", "steps/r2/steps.yaml", "vindbaar-aanbod")}


def test_a_file_of_a_draft_is_read_with_it(root: Path) -> None:
    """It names its revision; an edited draft is told."""
    draft_of_everything(root)
    source = load_library(root)
    plan = plan_workbook(select(source, ["138@2015/r2"]), "nl", ["138@2015/r2"])
    data = write_workbook(plan)
    again = read_bytes("w.xlsx", data, load_library(root))
    assert again.identity == plan.identity
    assert again.problems == ()
    rewritten(root / "138/2015/r2", "MHD-103", r'weight: "\d"', 'weight: "2"')
    edited = read_bytes("w.xlsx", data, load_library(root))
    assert [p.code for p in edited.problems if p.code == "PLAN_CHANGED"] == ["PLAN_CHANGED"]
    assert str(edited.identity.editions[0]) == "138@2015/r2"


def test_lists_and_facts_name_the_revision(root: Path, tmp_path: Path) -> None:
    """As it is asked for, in every command for authors."""
    draft_of_everything(root)
    listed = run("norms", "list", "--norms", root)
    asked = [line.split()[0] for line in listed.stdout.splitlines()[1:]]
    assert {"138@2015/r1", "138@2015/r2", "143@2021/r1"} <= set(asked)
    some = run("norms", "list", "138", "--norms", root)
    assert [line.split()[0] for line in some.stdout.splitlines()[1:]] == [
        "138@2015/r2", "138@2015/r1",
    ]  # fmt: skip
    assert "NORM_UNKNOWN" in run("norms", "list", "138", "777").stderr
    assert "138@2015/r1" in run("norms", "show", "138", "--norms", root).stdout
    assert "(concept)" in run("norms", "show", "138@2015/r2", "--norms", root).stdout
    sheet = tmp_path / "v.xlsx"
    made = run("norms", "to-xlsx", "138@2015/r2", "-o", sheet, "--norms", root)
    assert made.exit_code == 0
    into = tmp_path / "r"
    assert run("norms", "from-xlsx", sheet, "-d", into).exit_code == 0
    assert "Is dit een nieuwe vraag?" in (into / "rubriek-1.yaml").read_text("utf-8")


def test_what_makes_another_question() -> None:
    """Each counted key by itself does; what explains a question and white space do not."""
    row = next(r for _, _, r in library().newest()[0].requirements())
    other = {
        "question": Text(row.question.nl, "Is this another question?"),
        "weight": row.weight % 3 + 1,
        "core": not row.core,
        "evidence_rule": "optional" if row.evidence_rule == "required" else "required",
        "na_allowed": not row.na_allowed,
        "when": When(funding=("wmo",)),
    }
    assert tuple(other) == COUNTED
    marks = {
        question_mark(replace(row, **{key: value}))  # type: ignore[arg-type]  # of that key
        for key, value in other.items()
    }
    assert len(marks | {question_mark(row)}) == len(COUNTED) + 1
    spaced = Text(f" {row.question.nl.replace(' ', '  ')}\n", row.question.en)
    same = replace(
        row, question=spaced, tip=Text("a", "b"), themes=(), laws=(), iso9001=(), sources=(),
        confidence="general", evidence=replace(row.evidence, nl=("a",), en=("b",)),
    )  # fmt: skip
    assert question_mark(same) == question_mark(row)
