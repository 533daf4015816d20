"""Every mistake in a norm file is reported with file and line, all of them in one run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import load_library, read_library
from hkz_xlsx.norm.lock import check_lock, lock_text
from hkz_xlsx.norm.yaml_nodes import read_yaml
from hkz_xlsx.problems import HkzError, Problem
from tests.norms.revisions import copied

RUBRIEK = "138/2015/r1/rubrieken/rubriek-1.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path / "norms")


def _change(root: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence; returns the 1-based line it is on."""
    path = root / name
    text = path.read_text("utf-8")
    assert old in text, old
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    return line


def _found(root: Path) -> list[tuple[str, str, int | None]]:
    return [(p.code, p.where.file, p.where.line) for p in read_library(root)[1]]


CASES: list[tuple[str, str, str, str]] = [
    ("NORM_KEY_UNKNOWN", RUBRIEK, "        weight:", "        gewicht: x\n        weight:"),
    ("NORM_KEY_TWICE", RUBRIEK, "        weight:", '        core: "no"\n        weight:'),
    ("NORM_VALUE_WRONG", RUBRIEK, 'weight: "2"', 'weight: "7"'),
    ("NORM_VALUE_WRONG", RUBRIEK, "evidence_rule: required", "evidence_rule: misschien"),
    ("NORM_VALUE_WRONG", RUBRIEK, "confidence: inferred", "confidence: zeker"),
    ("NORM_YAML_BROKEN", RUBRIEK, "    requirements:", "    requirements: ]"),
    ("NORM_YAML_FORBIDDEN", RUBRIEK, 'weight: "2"', 'weight: &anker "2"'),
    ("NORM_YAML_FORBIDDEN", RUBRIEK, 'weight: "2"', 'weight: !!int "2"'),
    ("NORM_ID_TWICE", RUBRIEK, "id: MHD-102", "id: MHD-101"),
    ("NORM_ID_FORM", RUBRIEK, "id: MHD-102", "id: 1.2.3"),
    ("NORM_REFERENCE_UNKNOWN", RUBRIEK, "laws: []", "laws: [GRONDWET]"),
    ("NORM_REFERENCE_UNKNOWN", RUBRIEK, "sources: [seed_wmd", "sources: [nergens"),
    ("NORM_VALUE_WRONG", "138/2015/r1/norm.yaml", "structure: sector", "structure: boom"),
    ("NORM_REFERENCE_UNKNOWN", "138/2015/r1/norm.yaml", 'shared: "r1"', 'shared: "r9"'),
]


@pytest.mark.parametrize(("code", "name", "old", "new"), CASES)
def test_mistake_has_code_file_and_line(
    root: Path, code: str, name: str, old: str, new: str
) -> None:
    """The code, the file and (near) the line of each mistake."""
    line = _change(root, name, old, new)
    match = [f for f in _found(root) if f[0] == code and f[1] == name]
    assert match, _found(root)
    assert match[0][2] is not None
    assert abs(match[0][2] - line) <= 25


def test_all_mistakes_at_once(root: Path) -> None:
    """Three mistakes in two files: three problems in one run."""
    _change(root, RUBRIEK, 'weight: "2"', 'weight: "7"')
    _change(root, RUBRIEK, "evidence_rule: required", "evidence_rule: misschien")
    _change(root, "123/2015-a1-2019/r1/norm.yaml", "structure: organisation", "structure: boom")
    codes = [f[0] for f in _found(root)]
    assert codes.count("NORM_VALUE_WRONG") == 3


def test_missing_key_and_language(root: Path) -> None:
    """A missing translation is named with its path."""
    path = root / RUBRIEK
    lines = path.read_text("utf-8").splitlines(keepends=True)
    gone = next(i for i, line in enumerate(lines) if line.strip().startswith("en:"))
    path.write_text("".join(lines[:gone] + lines[gone + 1 :]), "utf-8")
    problems = [p for p in read_library(root)[1] if p.code == "NORM_KEY_MISSING"]
    assert [p.slots["path"] for p in problems] == ["topics.0.requirements.0.question.en"]


def test_core_row_that_allows_na(root: Path) -> None:
    """A kerneis without a condition cannot be n.v.t."""
    path = root / RUBRIEK
    text = path.read_text("utf-8")
    at = text.index('core: "yes"')
    changed = text[:at] + text[at:].replace('na_allowed: "no"', 'na_allowed: "yes"', 1)
    path.write_text(changed, "utf-8")
    assert "NORM_CORE_NA" in [f[0] for f in _found(root)]


def test_load_raises_with_everything(root: Path) -> None:
    """`load_library` refuses a library with mistakes and carries them all."""
    _change(root, RUBRIEK, 'weight: "2"', 'weight: "7"')
    with pytest.raises(HkzError) as caught:
        load_library(root)
    assert [p.code for p in caught.value.problems] == ["NORM_VALUE_WRONG"]


def test_lock_notices_a_changed_released_revision(root: Path) -> None:
    """One changed word in a released revision is an error; a draft may change."""
    _change(root, RUBRIEK, "MHD-101", "MHD-199")
    changed, _ = read_library(root)
    assert [p.code for p in check_lock(changed, root)] == ["NORM_LOCK_CHANGED"]
    _change(root, "138/2015/r1/norm.yaml", "status: released", "status: draft")
    (root / "lock.yaml").write_text(lock_text(read_library(root)[0]), "utf-8")
    _change(root, RUBRIEK, "MHD-199", "MHD-198")
    assert tuple(check_lock(read_library(root)[0], root)) == ()


def test_lock_notices_an_unlocked_release(root: Path) -> None:
    """A released revision that stands in no lock file is told."""
    (root / "lock.yaml").write_text('frozen:\n  "x": "y"\n', "utf-8")
    codes = {p.code for p in check_lock(read_library(root)[0], root)}
    assert codes == {"NORM_LOCK_MISSING", "NORM_LOCK_CHANGED"}


def test_line_ends_do_not_change_a_fingerprint(root: Path) -> None:
    """A checkout with CR LF is the same norm."""
    path = root / RUBRIEK
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert tuple(check_lock(read_library(root)[0], root)) == ()


def _text(check: Callable[[str], object], path: Path, text: str) -> list[Problem]:
    path.write_text(text, "utf-8")
    problems: list[Problem] = []
    document = read_yaml(path, path.name, problems)
    if document is not None:
        check(document.value)
    return problems


def test_scalars_stay_text(tmp_path: Path) -> None:
    """What YAML 1.1 would turn into numbers, truth values or dates stays as written."""
    text = "a: 4.10\nb: 6:10\nc: No\nd: 012\ne: 2026-02-01\nf: ~\ng: [on, 1_000]\n"
    expected = {
        "a": "4.10", "b": "6:10", "c": "No", "d": "012", "e": "2026-02-01", "f": "~",
        "g": ["on", "1_000"],
    }  # fmt: skip
    seen: list[object] = []
    assert _text(seen.append, tmp_path / "x.yaml", text) == []
    assert seen == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "a: {<<: {b: 1}}\n",
        "a: !!python/object:os.system 1\n",
        "[" * 40 + "]" * 40,
    ],
)
def test_dangerous_yaml_is_refused(tmp_path: Path, text: str) -> None:
    """Anchors, merge keys, tags and deep nesting."""
    found = _text(lambda _: None, tmp_path / "x.yaml", text)
    assert [p.code for p in found] == ["NORM_YAML_FORBIDDEN"]


def test_an_id_belongs_to_one_part(root: Path) -> None:
    """Two parts can stand in one workbook, so their ids must differ."""
    _change(root, RUBRIEK, "id: MHD-101", "id: AO-401")
    assert "NORM_ID_TWICE" in [f[0] for f in _found(root)]


def test_two_files_for_one_rubriek(root: Path) -> None:
    """The second would silently replace the first: refused."""
    shutil.copy(root / RUBRIEK, root / "138/2015/r1/rubrieken/rubriek-1b.yaml")
    found = [f for f in _found(root) if f[0] == "NORM_ID_TWICE"]
    assert found[0][1].endswith("rubriek-1b.yaml")


def test_folder_must_match(root: Path) -> None:
    """A copied revision whose file still says r1 is told."""
    shutil.copytree(root / "138/2015/r1", root / "138/2015/r2")
    found = [f for f in _found(root) if f[0] == "NORM_FOLDER"]
    assert [f[1] for f in found] == ["138/2015/r2/norm.yaml"]


def test_revision_ten_is_newer_than_nine(root: Path) -> None:
    """Numbers in revisions count as numbers."""
    for name in ("r9", "r10"):
        shutil.copytree(root / "138/2015/r1", root / f"138/2015/{name}")
        _change(root, f"138/2015/{name}/norm.yaml", 'revision: "r1"', f'revision: "{name}"')
    library, problems = read_library(root)
    assert problems == ()
    newest = library.part("138")
    assert newest is not None
    assert newest.edition.revision == "r10"
    older = library.part("138", "2015", "r9")
    assert older is not None
    assert older.edition.revision == "r9"


def test_an_amendment_is_newer_than_its_edition(root: Path) -> None:
    """2015+A1:2030 comes after 2015, whatever the letters of their folders."""
    shutil.copytree(root / "138/2015", root / "138/2015-a1-2030")
    _change(root, "138/2015-a1-2030/r1/norm.yaml", 'edition: "2015"', 'edition: "2015+A1:2030"')
    library, problems = read_library(root)
    assert problems == ()
    newest = library.part("138")
    assert newest is not None
    assert newest.edition.edition == "2015+A1:2030"


def test_norm_that_names_itself(root: Path) -> None:
    """It would be counted twice."""
    _change(root, "138/2015/r1/norm.yaml", 'together_with: ["123"]', 'together_with: ["138"]')
    assert "NORM_ID_TWICE" in [f[0] for f in _found(root)]


def test_empty_folder(tmp_path: Path) -> None:
    """No norm at all is a mistake, not an empty success."""
    assert [p.code for p in read_library(tmp_path)[1]] == ["NORM_FILE_MISSING"]


def test_drafts_only_can_be_locked(tmp_path: Path) -> None:
    """A lock that freezes nothing is in order when it is read back."""
    runner, own = CliRunner(), str(tmp_path / "eigen")
    assert runner.invoke(cli, ["norms", "new", "proef", "-d", own]).exit_code == 0
    for _ in range(2):
        locked = runner.invoke(cli, ["norms", "check", own, "--lock"])
        assert locked.exit_code == 0, locked.output


def test_locking_again_refuses_a_changed_release(root: Path) -> None:
    """`--lock` records what is new; what was released stays as it is without `--force`."""
    _change(root, RUBRIEK, "MHD-101", "MHD-199")
    runner = CliRunner()
    refused = runner.invoke(cli, ["norms", "check", str(root), "--lock"])
    assert (refused.exit_code, "NORM_LOCK_CHANGED" in refused.stderr) == (1, True)
    assert runner.invoke(cli, ["norms", "check", str(root), "--lock", "--force"]).exit_code == 0
    assert runner.invoke(cli, ["norms", "check", str(root)]).exit_code == 0
