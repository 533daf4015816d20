"""Crosswalks are total: every old row once, every new one reached or new, every change judged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.weights import report
from docs.crosswalks import fill
from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import Library, read_library
from hkz_xlsx.norm.migrations import check_migrations, read_crosswalks
from tests.norms.revisions import copied, replaced, revised, rewritten

NAME = "migrations/143/2021-r1--2021-r2.yaml"
HEAD = """\
migration: "1"
kind: revision
from: {part: "143", edition: "2021", revision: r1, fingerprint: ""}
to: {part: "143", edition: "2021", revision: r2, fingerprint: ""}
made: {reviewed: "yes", on: "2026-11-28", method: review, sources: [seed_wmd]}
status: draft
scales: {answer: same, maturity: same}
tables: {steps: same, review: clear, findings: keep-open}
steps:
"""
WHY = '{nl: "De vraag is nu anders.", en: "The question differs now."}'
JUDGED = f"  - {{id: m1, from: [KO-101], to: [KO-101], relation: intersects, why: {WHY}}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A second revision of 143 in which one question changed."""
    found = copied(tmp_path / "norms")
    new = revised(found, "143/2021")
    rewritten(new, "KO-101", 'weight: "1"', 'weight: "2"')
    return found


def found_in(root: Path, steps: str, head: str = HEAD, name: str = NAME) -> list[tuple[str, str]]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + steps, "utf-8")
    found = tuple(check_migrations(Library(root, strict=False), root))
    assert all(p.where.line for p in found)
    return [(p.code, str(p.slots.get("id", p.slots.get("value", "")))) for p in found]


def test_a_judged_change(root: Path) -> None:
    assert found_in(root, JUDGED) == []


def test_a_change_that_nobody_judged(root: Path) -> None:
    step = f"  - {{id: m1, from: [KO-102], to: [KO-102], relation: equal, why: {WHY}}}\n"
    assert found_in(root, step) == [("MIGRATION_UNJUDGED", "KO-101")]


def test_a_row_that_went_and_one_that_came(root: Path) -> None:
    """Both must be named; named, they are in order."""
    rewritten(root / "143/2021/r2", "KO-102", "KO-102", "KO-199")
    missing = [("MIGRATION_MISSING", "KO-102"), ("MIGRATION_MISSING", "KO-199")]
    assert found_in(root, JUDGED) == missing
    steps = f"  - {{id: m2, from: [KO-102], to: [], why: {WHY}}}\n"
    assert found_in(root, JUDGED + steps) == missing[1:]
    steps += f"  - {{id: m3, from: [], to: [KO-199], why: {WHY}}}\n"
    assert found_in(root, JUDGED + steps) == []


def test_a_row_that_stays_but_is_said_to_go(root: Path) -> None:
    steps = f"  - {{id: m2, from: [KO-102], to: [], why: {WHY}}}\n"
    assert found_in(root, JUDGED + steps) == [("MIGRATION_MISSING", "KO-102")]


def test_named_twice(root: Path) -> None:
    again = JUDGED.replace("m1", "m2")
    twice = ("MIGRATION_TWICE", "KO-101")
    assert found_in(root, JUDGED + again) == [twice, twice]
    told = check_migrations(Library(root, strict=False), root)
    assert {p.where.line for p in told} == {len(f"{HEAD}{JUDGED}{again}".splitlines())}
    kept = f"  - {{id: m2, from: [], to: [KO-102], why: {WHY}}}\n"
    assert found_in(root, JUDGED + kept) == [("MIGRATION_TWICE", "KO-102")]


def test_a_split_and_a_merge_are_one_step(root: Path) -> None:
    step = JUDGED.replace("from: [KO-101]", "from: [KO-101, KO-102]").replace(
        "to: [KO-101]", "to: [KO-101, KO-102]"
    )
    assert found_in(root, step) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("relation: intersects", "relation: ongeveer"),
        ("relation: intersects, ", ""),
        ("from: [KO-101], to: [KO-101]", "from: [], to: [KO-101]"),
    ],
)
def test_words_of_relation(root: Path, old: str, new: str) -> None:
    """Only those four, and only where there are old and new rows."""
    found = found_in(root, JUDGED.replace(old, new))
    assert ("MIGRATION_RELATION", "m1") in found


def test_rows_that_are_not_there(root: Path) -> None:
    step = JUDGED.replace("from: [KO-101]", "from: [KO-101, KO-998]")
    assert found_in(root, step) == [("NORM_REFERENCE_UNKNOWN", "KO-998")]


def test_made_for_another_version(root: Path) -> None:
    """A fingerprint may be open in a draft; a filled one must be that of the set."""
    part = read_library(root)[0].part("143", "2021", "r2")
    assert part is not None
    mark = f'fingerprint: "{part.edition.fingerprint}"'
    right = HEAD.replace("revision: r2, " + 'fingerprint: ""', f"revision: r2, {mark}")
    assert found_in(root, JUDGED, right) == []
    rewritten(root / "143/2021/r2", "KO-103", "tip:", "tip: ")
    replaced(root / "143/2021/r2/norm.yaml", "status: draft", "status:  draft")
    assert found_in(root, JUDGED, right) == []
    rewritten(root / "143/2021/r2", "KO-103", r'weight: "\d"', 'weight: "3"')
    assert ("MIGRATION_STALE", "") in found_in(root, JUDGED, right)
    released = HEAD.replace("status: draft", "status: released")
    assert ("MIGRATION_STALE", "") in found_in(root, JUDGED, released)


def test_the_file_stands_where_its_ends_say(root: Path) -> None:
    other = NAME.replace("143/2021-r1", "143/2021-r0")
    assert ("NORM_FOLDER", "") in found_in(root, JUDGED, name=other)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("revision: r2", "revision: r7", "NORM_REFERENCE_UNKNOWN"),
        ("sources: [seed_wmd]", "sources: [nergens]", "NORM_REFERENCE_UNKNOWN"),
        ("method: review", "method: gok", "NORM_VALUE_WRONG"),
        ("kind: revision", "soort: revision", "NORM_KEY_UNKNOWN"),
        ("answer: same", "answer: other", "NORM_VALUE_WRONG"),
        ("status: draft", "status: [", "NORM_YAML_BROKEN"),
    ],
)
def test_mistakes_in_the_head(root: Path, old: str, new: str, code: str) -> None:
    assert code in [found for found, _ in found_in(root, JUDGED, HEAD.replace(old, new))]


def test_the_check_tells_them(root: Path) -> None:
    assert found_in(root, "  []\n", HEAD) == [("MIGRATION_UNJUDGED", "KO-101")]
    result = CliRunner().invoke(cli, ["norms", "check", str(root)])
    assert result.exit_code == 1
    assert "MIGRATION_UNJUDGED" in result.stderr
    assert NAME in result.stderr


def test_crosswalks_do_not_make_another_norm(root: Path) -> None:
    """They are not read with question sets: a mistake in one keeps nobody from a workbook."""
    before = read_library(root)[0].fingerprints
    found_in(root, "  - [\n")
    library, problems = read_library(root)
    assert problems == ()
    assert library.fingerprints == before


def test_shipped_crosswalks() -> None:
    """Complete and reviewed, and made for the sets that stand beside them."""
    root = norms_folder()
    assert tuple(check_migrations(Library(root, strict=False), root)) == ()
    for crosswalk, document in read_crosswalks(root)[0]:
        assert crosswalk.made.reviewed, document.file
        assert crosswalk.source.fingerprint, document.file
        assert crosswalk.target.fingerprint, document.file


def test_fingerprints_are_filled_in(root: Path) -> None:
    """Nothing else changes; a set that changes afterwards is told, and filled in again."""
    assert found_in(root, JUDGED, HEAD + "# a remark\n") == []
    before = (root / NAME).read_text("utf-8")
    assert (fill(root), fill(root)) == (1, 0)
    after = (root / NAME).read_text("utf-8")
    part = Library(root).part("143", "2021", "r2")
    assert part is not None
    assert f'revision: r2, fingerprint: "{part.edition.fingerprint}"' in after
    assert re.sub(r'fingerprint: "\w+"', 'fingerprint: ""', after) == before
    rewritten(root / "143/2021/r2", "KO-103", r'weight: "\d"', 'weight: "3"')
    codes = {p.code for p in check_migrations(Library(root, strict=False), root)}
    assert codes == {"MIGRATION_STALE", "MIGRATION_UNJUDGED"}
    assert fill(root) == 1
    codes = {p.code for p in check_migrations(Library(root, strict=False), root)}
    assert codes == {"MIGRATION_UNJUDGED"}


def test_effect_of_weights(root: Path) -> None:
    """The same field with both sets: an equal set moves nobody, a heavier core row moves some."""
    library = Library(root)
    same = "\n".join(report(library, ["143@2021/r1", "143@2021/r1"], 4))
    assert "Moved: nobody." in same
    for row in ("KO-105", "KO-106", "KO-108", "KO-109", "KO-110"):
        rewritten(root / "143/2021/r2", row, r'core: "no"', 'core: "yes"')
        rewritten(
            root / "143/2021/r2", row, r'na_allowed: "yes"|na_allowed: "no"', 'na_allowed: "no"'
        )
    other = "\n".join(report(Library(root), ["143@2021/r1", "143@2021/r2"], 24))
    assert "13 core" in other
    assert "Moved: nobody." not in other
