"""A norm part is read when it is asked for, and a mistake in it is told with all others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hkz_xlsx.layout.describe import describe
from hkz_xlsx.norm import files, load
from hkz_xlsx.norm.load import Library, load_library, read_library
from hkz_xlsx.norm.lock import lock_text
from hkz_xlsx.norm.select import select
from hkz_xlsx.norm.yaml_nodes import read_yaml
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.problems import HkzError, Problem
from tests.norms.revisions import copied


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The norm files that are read, by their path."""
    found: list[str] = []

    def noted(path: Path, shown_as: str, problems: list[Problem]) -> object:
        found.append(shown_as)
        return read_yaml(path, shown_as, problems)

    monkeypatch.setattr(files, "read_yaml", noted)
    load._shipped.cache_clear()  # what an earlier test has read
    return found


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped norms that stands in for them."""
    root = copied(tmp_path / "norms")
    monkeypatch.setattr(load, "norms_folder", lambda: root)
    return root


def _folders(opened: list[str]) -> set[str]:
    return {name.split("/", 1)[0] for name in opened}


def test_only_what_a_workbook_needs(opened: list[str]) -> None:
    """The part, what it is inseparable from, what they share, and the step plan."""
    library = load_library()
    assert opened == []
    select(library, ["138"])
    assert _folders(opened) == {"138", "123", "shared", "steps"}
    before = len(opened)
    select(library, ["138"])
    assert len(opened) == before, "read twice"


def test_the_same_plan_as_from_everything() -> None:
    """Fingerprints, editions and every text."""
    whole, problems = read_library()
    assert problems == ()
    for asked in (["138"], ["144"], ["zw"], ["138", "139"]):
        one, other = (select(source, asked) for source in (load_library(), whole))
        assert one == other
        assert describe(plan_workbook(one, "nl", asked)) == describe(
            plan_workbook(other, "nl", asked)
        )


def test_everything_is_there_when_asked_for() -> None:
    """Parts, newest, guides, fingerprints and the lock as of a library read whole."""
    lazy, whole = load_library(), read_library()[0]
    assert lazy.part("125", "2009", "r1") == whole.part("125", "2009", "r1")
    assert lazy.part("125", "2010") is None
    assert lazy.part("125", revision="r99") is None
    assert lazy.part("shared") is None
    assert lazy.part("../norms/138") is None
    assert [p.id for p in lazy.newest()] == [p.id for p in whole.newest()]
    assert lazy.parts == whole.parts
    assert lazy.guides == whole.guides
    assert lazy.guide() == whole.guide()
    assert lazy.fingerprints == whole.fingerprints
    assert lock_text(load_library()) == lock_text(whole)


def test_unknown_part_names_what_there_is() -> None:
    """Every id, also of parts that were not read."""
    with pytest.raises(HkzError) as caught:
        select(load_library(), ["999"])
    (found,) = caught.value.problems
    assert found.code == "NORM_UNKNOWN"
    assert all(name in str(found.slots["choices"]) for name in ("123", "144", "zw"))


def test_a_mistake_in_what_is_read_tells_all_mistakes(shipped: Path) -> None:
    """Of every file, as always; a workbook that needs none of those files is made."""
    for name in ("138/2015/r1/norm.yaml", "zw/2018/r1/norm.yaml"):
        path = shipped / name
        path.write_text(path.read_text("utf-8") + "\nvreemd: x\n", "utf-8")
    library = load_library()
    select(library, ["144"])
    with pytest.raises(HkzError) as caught:
        select(library, ["138"])
    assert {p.where.file for p in caught.value.problems} == {
        "138/2015/r1/norm.yaml", "zw/2018/r1/norm.yaml",
    }  # fmt: skip
    with pytest.raises(HkzError):
        library.newest()


def test_ids_of_two_parts_that_are_read(shipped: Path) -> None:
    """Two parts with one id cannot stand in a workbook together."""
    path = shipped / "138/2015/r1/rubrieken/rubriek-1.yaml"
    path.write_text(path.read_text("utf-8").replace("id: MHD-101", "id: AO-401"), "utf-8")
    with pytest.raises(HkzError) as caught:
        select(load_library(), ["138"])
    assert "NORM_ID_TWICE" in {p.code for p in caught.value.problems}


def test_a_folder_that_holds_another_part(shipped: Path) -> None:
    """What the folder promises must be in the file."""
    shutil.copytree(shipped / "138/2015/r1", shipped / "138/2015/r2")
    with pytest.raises(HkzError) as caught:
        load_library().part("138")
    assert [p.code for p in caught.value.problems] == ["NORM_FOLDER"]


def test_an_own_folder_is_checked_whole(shipped: Path) -> None:
    """Its author may just have changed any file of it."""
    path = shipped / "zw/2018/r1/norm.yaml"
    path.write_text(path.read_text("utf-8") + "\nvreemd: x\n", "utf-8")
    with pytest.raises(HkzError):
        load_library(shipped)


def test_an_empty_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told at once, not at the first norm that is asked for."""
    monkeypatch.setattr(load, "norms_folder", lambda: tmp_path)
    with pytest.raises(HkzError) as caught:
        load_library()
    assert [p.code for p in caught.value.problems] == ["NORM_FILE_MISSING"]


def test_not_strict_leaves_out(shipped: Path) -> None:
    """What `hkz norms check` works with."""
    (shipped / "zw/2018/r1/norm.yaml").write_text("", "utf-8")
    library = Library(shipped, strict=False)
    assert library.part("zw") is None
    assert library.part("138") is not None
    assert [p.code for p in library.problems()] == ["NORM_YAML_BROKEN"]
