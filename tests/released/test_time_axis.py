"""A maintainer adds a column, a sheet, a text and a formula, and releases: no old file breaks.

It is done in a copy of the product, by the steps of CONTRIBUTING, and looked at from there.
"""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hkz_xlsx import __version__
from hkz_xlsx.releases import KNOWN_LAYOUTS, LAYOUT_VERSION, Release, releases
from hkz_xlsx.returned.check import check_grid
from hkz_xlsx.spreadsheet.open import read_grid
from tests.support import library

ROOT = Path(__file__).parents[2]
RELEASES = releases()
NEXT = max(KNOWN_LAYOUTS) + 1
Found = dict[str, Any]

SHEET = '''"""A sheet with the risks, drawn from Beoordeling."""

from __future__ import annotations

from hkz_xlsx.layout.plan import Field, Sheet
from hkz_xlsx.scoring.expr import At, Column, Here, If, Is, Txt
from hkz_xlsx.scoring.model import ScoreModel
from hkz_xlsx.scoring.tables import Computed, Given, Table
from hkz_xlsx.sheets.sheet_builder import Draft


def build(model: ScoreModel) -> Sheet:
    """The sheet."""
    keys = model.table("requirements").rows
    risk = At(Column("requirements", "risk"), Here("number"))
    table = Table(
        "risks", keys,
        (
            Given("id", keys),
            Given("number", tuple(float(k) for k in range(1, len(keys) + 1))),
            Computed("risk", If(Is("text", risk), risk, Txt(""))),
        ),
    )
    draft = Draft(model.text, (12.0, 20.0))
    fields = [Field("id", model.text("column.risks.id"), "id"),
              Field("risk", model.text("column.risks.risk"), "text")]
    draft.block(table, fields, 4, object_name=model.text("object.risks"))
    return Sheet("risks", model.text("sheet.risks.tab"), draft.widths,
                 hidden_columns=draft.hidden_columns(4), blocks=tuple(draft.blocks))
'''
WORDS = {
    "nl": ("Risico", "Hoog", "Midden", "Laag"),
    "en": ("Risk", "High", "Middle", "Low"),
}


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, (path.name, old)
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def add_column(package: Path) -> None:
    """The record, its list, its words: four files."""
    edit(package / "scoring/columns.py", (
        ')\n"""The visible columns of Beoordeling',
        f'    _one("risk", "choice", 12, choices="risk", since={NEXT}, report=True, '
        'portfolio=True),\n)\n"""The visible columns of Beoordeling',
    ))  # fmt: skip
    edit(
        package / "scoring/choices.py",
        (
            '        "seen": SEEN,\n',
            '        "seen": SEEN,\n        "risk": ("high", "middle", "low"),\n',
        ),
        ('{"origin": 2,', f'{{"risk": {NEXT}, "origin": 2,'),
    )
    for lang, (risk, *labels) in WORDS.items():
        high, middle, low = labels
        edit(
            package / f"catalogues/{lang}.yaml",
            ("\nchoice:\n", f'\nchoice:\n  risk: {{high: "{high}", middle: "{middle}", '
             f'low: "{low}"}}\n'),
            ("  requirements:\n    ", "  requirements:\n    "
             f'risk: {{header: "{risk}", title: "{risk}", '
             f'prompt: "{risk}?", error: "{risk}!"}}\n    '),
            ("\nlists:\n", f'\nlists:\n  list_risk: "{risk} (lijst)"\n'),
        )  # fmt: skip


def add_sheet(package: Path) -> None:
    """The builder, its record, its words."""
    (package / "sheets/risk_sheet.py").write_text(SHEET, "utf-8")
    edit(
        package / "plan_build/sheet_records.py",
        ("    review_sheet,\n", "    review_sheet,\n    risk_sheet,\n"),
        ('    SheetRecord("help",',
         f'    SheetRecord("risks", _of(risk_sheet.build), since={NEXT}),\n'
         '    SheetRecord("help",'),
    )  # fmt: skip
    for lang, (risk, *_) in WORDS.items():
        edit(
            package / f"catalogues/{lang}.yaml",
            ("\nsheet:\n", f'\nsheet:\n  risks: {{tab: "{risk}s", title: "{risk}s"}}\n'),
            ("\nobject:\n", f'\nobject:\n  risks: "{risk}_table"\n'),
            ("\ncolumn:\n", f'\ncolumn:\n  risks: {{id: "Nr", risk: "{risk}"}}\n'),
        )


def change_text_and_formula(package: Path) -> None:
    """A typo mended, a word to choose from replaced, and a formula written in another way."""
    for lang, old, new in (
        ("nl", "Voldoet deels", "Deels in orde"),
        ("en", "Partly meets", "Partly in order"),
    ):
        path = package / f"catalogues/{lang}.yaml"
        edit(path, ('\nstart:\n  no_date: "', '\nstart:\n  no_date: "* '))
        edit(path, (f'partly: "{old}"', f'partly: "{new}"'))
    edit(
        package / "scoring/rows.py",
        ('Computed("level_counted", If(equals(Here("rated"), 1), Here("level"), Num(0)))',
         'Computed("level_counted", If(equals(Here("rated"), 1), Here("level"), Num(0)) '
         f'if layout < {NEXT} else Calc("*", (Here("rated"), Here("level"))))'),
    )  # fmt: skip


def release_number(package: Path) -> None:
    """The next layout and version."""
    edit(
        package / "releases.py",
        (f"LAYOUT_VERSION = {LAYOUT_VERSION}\n", f"LAYOUT_VERSION = {NEXT}\n"),
        (f"KNOWN_LAYOUTS = {KNOWN_LAYOUTS}\n", f"KNOWN_LAYOUTS = {(*KNOWN_LAYOUTS, NEXT)}\n"),
    )
    edit(package / "__init__.py", (f'__version__ = "{__version__}"', '__version__ = "9.9.0"'))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product with one more release."""
    root = tmp_path_factory.mktemp("later") / "hkz"
    for name in ("hkz_xlsx", "norms", "templates", "release", "tests/released"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests/support.py", root / "tests/support.py")
    (root / "released").mkdir()
    for one in RELEASES:
        (root / "released" / one.version).symlink_to(ROOT / "released" / one.version)
    package = root / "hkz_xlsx"
    add_column(package)
    add_sheet(package)
    change_text_and_formula(package)
    release_number(package)
    return root


def run(copy: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def found(copy: Path) -> Found:
    """What the later product says; see `tests.released.later`."""
    said: Found = json.loads(run(copy, "-m", "tests.released.later").splitlines()[-1])
    return said


@pytest.mark.parametrize("old", RELEASES, ids=lambda one: one.version)
def test_old_files_read_as_what_they_are(found: Found, old: Release) -> None:
    """In their own layout and words, with the scores of then, and with nothing said that is not
    said now."""
    folder = ROOT / "released" / old.version
    known = json.loads((folder / "release.json").read_text("utf-8"))["workbooks"]
    quick = {w["file"].removeprefix("workbooks/"): w["quick"] for w in known}
    assert found["layout"] == NEXT
    assert len(found["old"][old.version]) > 5
    for name, one in found["old"][old.version].items():
        data = (folder / "workbooks" / name).read_bytes()
        grid = read_grid(name, data, complete=True)
        assert one["codes"] == [p.code for p in check_grid(grid, library()).problems], name
        assert not set(one["codes"]) & {"LAYOUT_CHANGED", "WORDING_UNKNOWN", "PLAN_CHANGED"}, name
        assert (one["layout"], one["wording"]) == (old.layout, old.version)
        assert one["quick"] or not quick[name], name
        path = Path(name)
        tail = "" if path.suffix == ".xlsx" else path.suffix
        report = folder / f"reports/{path.stem}{tail}.json.xz"
        assert one["total"] == json.loads(lzma.decompress(report.read_bytes()))["total"]


@pytest.mark.parametrize("old", RELEASES, ids=lambda one: one.version)
def test_what_was_altered_in_old_files_is_found(found: Found, old: Release) -> None:
    """One text and one formula, and nothing else."""
    altered = found["altered"][old.version]
    assert altered.count("TEXT_CHANGED") == 1
    assert altered.count("FORMULA_CHANGED") == 1


def test_new_files_carry_the_new_shape(found: Found) -> None:
    """The column comes back, the sheet stands in its place, a portfolio reads it by place."""
    new = found["new"]
    assert new["layout"] == NEXT
    assert len(new["shape"]) == 16
    assert new["back"]
    assert new["quick"]
    assert new["sheets"][-4:] == ["risks", "help", "lists", "_hkz"]
    assert not set(new["codes"]) & {"LAYOUT_CHANGED", "WORDING_UNKNOWN", "EXTRA_TEXT"}


def test_report_and_portfolio_know_the_column(found: Found) -> None:
    """With its code and with its word; empty for files that were made before it."""
    (answer,) = found["new"]["answers"]
    assert (answer["column"], answer["code"], answer["text"]) == ("risk", "high", "High")
    assert "risk" in found["new"]["schema"]["enum"]
    assert [row[1:] for row in found["new"]["shown"]] == [["Risk", "High"]]
    rows = found["portfolio"]["rows"]
    assert {row[1] for row in rows if "143-nl" in row[0]} == {None}
    assert {row[1]: row[2] for row in rows if "nieuw" in row[0]}["high"] == 1
    assert found["portfolio"]["codebook"]


@pytest.mark.parametrize("old", RELEASES, ids=lambda one: one.version)
def test_what_is_written_again_is_of_the_newest_layout(found: Found, old: Release) -> None:
    """Repaired and merged, with the words of today and every answer that words do not name."""
    rework = found["rework"][old.version]
    assert rework["layouts"] == [NEXT, NEXT]
    assert rework["wordings"] == ["", ""]
    assert not set(rework["codes"]) & {"LAYOUT_CHANGED", "ANSWER_UNKNOWN"}
    # Only the replaced word differs.
    assert {one.split("column=")[1].strip("')") for one in rework["lost"]} <= {
        "answer", "advisor_answer",
    }  # fmt: skip


def test_a_release_is_never_written_over(found: Found) -> None:
    assert "9.9.0 exists" in found["refusal"]


def test_the_new_release_holds_for_the_tests_of_releases(copy: Path, found: Found) -> None:
    """Its record is in the package and in the tests, and its files pass those, as the old do."""
    assert found["layout"] == NEXT
    names = "test_blank_workbook or every_release or question_sets or (filled and 9.9.0)"
    (copy / "pyproject.toml").write_text("", "utf-8")
    plain = ("-q", "-n0", "-p", "no:cacheprovider", "--import-mode=importlib")
    said = run(copy, "-m", "pytest", *plain, "tests/released/test_released_files.py", "-k", names)
    assert "passed" in said
