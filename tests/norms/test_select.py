"""From what is asked for to rows: companions, editions, scope."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hkz_xlsx.norm.authoring import skeleton
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.problems import HkzError
from tests.support import library


def test_sector_part_brings_the_general_part() -> None:
    """138 comes with 123, sector part first, one verdict for both."""
    selection = select(library(), ["138"])
    assert [p.id for p in selection.parts] == ["138", "123"]
    assert [s.parts for s in selection.schemes] == [("138", "123")]
    assert len(selection.rows) == sum(1 for p in selection.parts for _ in p.requirements())


def test_order_of_asking_does_not_matter() -> None:
    """The same rows in the same order."""
    one, other = select(library(), ["138", "123"]), select(library(), ["123", "138"])
    assert [r.requirement.id for r in one.rows] == [r.requirement.id for r in other.rows]


def test_unknown_and_incomplete_choices() -> None:
    """Both unknown parts are told at once; the general part alone is refused."""
    with pytest.raises(HkzError) as caught:
        select(library(), ["999", "998"])
    assert [p.code for p in caught.value.problems] == ["NORM_UNKNOWN", "NORM_UNKNOWN"]
    with pytest.raises(HkzError) as caught:
        select(library(), ["123"])
    assert [p.code for p in caught.value.problems] == ["NORM_NEEDS_SECTOR"]


def test_scope_leaves_out_what_does_not_hold() -> None:
    """Known funding leaves rows out and closes n.v.t.; unknown scope opens it."""
    wide = select(library(), ["138"])
    known = Scope.parse(["funding=wmo", "activities=vrijwilligers"])
    narrow = select(library(), ["138"], known)
    assert narrow.left_out
    assert len(narrow.rows) + len(narrow.left_out) == len(wide.rows)
    for row in wide.rows:
        if row.requirement.when is not None:
            assert row.na_allowed
    kept = {r.requirement.id for r in narrow.rows}
    for left in narrow.left_out:
        assert left.id not in kept
        assert left.when is not None


def test_ordinals_do_not_depend_on_scope() -> None:
    """The written ordinal of a row is the same with and without other rows."""
    wide = {r.requirement.id: r.ordinal for r in select(library(), ["138"]).rows}
    narrow = select(library(), ["138"], Scope.parse(["funding=wmo"]))
    assert all(wide[r.requirement.id] == r.ordinal for r in narrow.rows)


def test_scope_words() -> None:
    """Unknown words are told with the choices; the text form reads back."""
    with pytest.raises(HkzError) as caught:
        Scope.parse(["funding=loterij", "kleur=rood"])
    assert [p.code for p in caught.value.problems] == ["SCOPE_UNKNOWN", "SCOPE_UNKNOWN"]
    scope = Scope.parse(["funding=wmo,zvw", "activities=schuldhulp"])
    assert Scope.parse([str(scope)]) == scope
    assert Scope.parse([""]) == Scope()


def test_scope_said_twice_means_both() -> None:
    """Nothing that was said is dropped; case and spaces do not matter."""
    scope = Scope.parse(["funding=wmo", "Funding = ZVW", "funding=wmo"])
    assert scope == Scope(funding=("wmo", "zvw"))
    with pytest.raises(HkzError):
        Scope.parse(["funding"])


def test_no_rows_left(tmp_path: Path) -> None:
    """A norm of which nothing holds is a problem, not an empty workbook."""
    root = tmp_path / "norms"
    for name, text in skeleton("eigen", "2026", "r2").items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted = "when: {funding: [wmo], activities: [schuldhulp]}"
        path.write_text(text.replace(f"# {wanted}", "when: {funding: [wmo]} #"), "utf-8")
    shutil.copytree(norms_folder() / "shared", root / "shared")
    own = load_library(root)
    assert select(own, ["eigen@2026/r1"]).rows
    with pytest.raises(HkzError) as caught:
        select(own, ["eigen@2026/r1"], Scope.parse(["funding=zvw"]))
    assert [p.code for p in caught.value.problems] == ["NORM_NO_ROWS"]
