"""The difference between two question sets, and the skeleton that a person has to finish."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.migrations import check_migrations
from tests.norms.revisions import copied, revised, rewritten
from tests.norms.test_migrations import HEAD, JUDGED, NAME, WHY

SETS = ("143@2021/r1", "143@2021/r2")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One question changed in weight, one in its tip only; one went and one came."""
    found = copied(tmp_path_factory.mktemp("normen") / "norms")
    new = revised(found, "143/2021")
    rewritten(new, "KO-101", 'weight: "1"', 'weight: "2"')
    rewritten(new, "KO-107", r"tip:\s+nl: \"[^\"]*\"", 'tip:\n          nl: "Andere tip."')
    rewritten(new, "KO-108", "KO-108", "KO-188")
    return found


def diff(root: Path, *more: object) -> Result:
    arguments = ("norms", "diff", *SETS, "--norms", root, *more)
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def problems(root: Path) -> list[tuple[str, int | None]]:
    found = check_migrations(Library(root, strict=False), root)
    return [(p.code, p.where.line) for p in found]


def test_rows_by_what_became_of_them(root: Path) -> None:
    found = json.loads(diff(root, "--format", "json").stdout)
    assert [one["id"] for one in found["changed"]] == ["KO-101"]
    assert found["changed"][0]["fields"] == [{"field": "weight", "old": "1", "new": "2"}]
    assert [one["id"] for one in found["explained"]] == ["KO-107"]
    assert found["explained"][0]["fields"][0]["new"] == "Andere tip."
    assert ([r["id"] for r in found["gone"]], [r["id"] for r in found["added"]]) == (
        ["KO-108"], ["KO-188"],
    )  # fmt: skip
    part = Library(root).part("143", "2021", "r1")
    assert part is not None
    assert found["kept"] == sum(1 for _ in part.requirements()) - 3


@pytest.mark.parametrize(("lang", "word"), [("nl", "Gewicht"), ("en", "Weight")])
def test_the_same_for_people(root: Path, lang: str, word: str) -> None:
    text = diff(root, "--lang", lang).stdout
    page = diff(root, "--lang", lang, "--format", "html").stdout
    for shown in (text, page):
        for expected in ("KO-101", "KO-107", "KO-108", "KO-188", word, "Andere tip."):
            assert (expected in shown) == (expected != "Andere tip." or lang == "nl"), expected
    assert f"{word}: 1 → 2" in text
    assert "<html" in page


def test_a_skeleton_is_refused_until_it_is_judged(root: Path) -> None:
    """Every step that needs a person is told with its own line; an existing file stays."""
    path = root / NAME
    path.parent.mkdir(parents=True)
    assert diff(root, "--migration", path).exit_code == 0
    assert {code for code, _ in problems(root)} == {"NORM_VALUE_WRONG"}  # a day is missing
    path.unlink()
    assert diff(root, "--migration", path, "--on", "2026-12-01").exit_code == 0
    text = path.read_text("utf-8")
    assert {code for code, _ in problems(root)} == {"MIGRATION_UNJUDGED", "NORM_KEY_MISSING"}
    (line,) = [line for code, line in problems(root) if code == "MIGRATION_UNJUDGED"]
    assert "unjudged" in text.splitlines()[(line or 0) - 1]
    again = diff(root, "--migration", path)
    assert (again.exit_code, "TARGET_EXISTS" in again.stderr) == (1, True)
    assert path.read_text("utf-8") == text
    judged = re.sub(r'why: \{nl: "", en: ""\}', f"why: {WHY}", text)
    path.write_text(judged.replace("relation: unjudged", "relation: intersects"), "utf-8")
    assert problems(root) == []
    shown = diff(root).stdout
    assert "Oud en nieuw overlappen (intersects). De vraag is nu anders." in shown
    path.unlink()


def test_bad_crosswalks_tell_every_mistake_at_once(root: Path) -> None:
    """Another kind than its ends say, a scale without a rule, an unknown table; each its line."""
    head = HEAD.replace("kind: revision", "kind: norm").replace(", maturity: same", "")
    head = head.replace("steps: same", "stappen: same")
    steps = JUDGED + f"  - {{id: m2, from: [KO-108], to: [KO-188], relation: ongeveer, why: {WHY}}}"
    path = root / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + steps + "\n", "utf-8")
    lines = (head + steps).splitlines()
    expected = {
        "MIGRATION_KIND": "kind:", "MIGRATION_SCALE": "scales:",
        "NORM_REFERENCE_UNKNOWN": "tables:", "MIGRATION_RELATION": "ongeveer",
    }  # fmt: skip
    found = problems(root)
    assert {code for code, _ in found} == set(expected)
    for code, line in found:
        assert expected[code] in lines[(line or 0) - 1], code
    path.unlink()


def test_a_way_back_is_a_cycle(root: Path) -> None:
    path, back = root / NAME, root / NAME.replace("2021-r1--2021-r2", "2021-r2--2021-r1")
    path.parent.mkdir(parents=True, exist_ok=True)
    went = f"  - {{id: m2, from: [KO-108], to: [KO-188], relation: equal, why: {WHY}}}\n"
    path.write_text(HEAD + JUDGED + went, "utf-8")
    assert problems(root) == []
    other = HEAD.replace("revision: r1", "revision: r0").replace("revision: r2", "revision: r1")
    came = went.replace("from: [KO-108], to: [KO-188]", "from: [KO-188], to: [KO-108]")
    back.write_text(other.replace("revision: r0", "revision: r2") + JUDGED + came, "utf-8")
    assert [code for code, _ in problems(root)] == ["MIGRATION_CYCLE"] * 2
    back.unlink()
    path.unlink()
