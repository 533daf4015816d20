"""A fourth engine, of web applications: HyperFormula, over files that SheetJS opened.

`make proof` installs them; by hand: install_node.sh FOLDER, then NODE_PATH=FOLDER/node_modules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.scoring.cell_values import CellError, CellValue, a1
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.files import spoiled
from tests.support import Spot, compare, library, random_inputs

SCRIPT = Path(__file__).with_name("calculate_with_hyperformula.cjs")
LEAP_DAY = 46_812.0
"""29 February 2028. EDATE of this engine gives the day before instead of it, so that a bar may end
and a month begin a day early: its own fault, the other three agree with us."""

SEEDS = range(700, 720)


def _present() -> bool:
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    there = (all((Path(f) / m).is_dir() for m in ("xlsx", "hyperformula")) for f in folders)
    return shutil.which("node") is not None and any(there)


@pytest.mark.proof
@pytest.mark.skipif(not _present(), reason="xlsx and hyperformula are not in NODE_PATH")
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["143", "138"])
def test_every_formula_agrees(part: str, lang: Lang, tmp_path: Path) -> None:
    """With room for an earlier measurement; the stored values are spoiled, so none can help."""
    plan = plan_workbook(select(library(), (part,)), lang, (part,), previous=True)
    answers = [{}, *(random_inputs(plan, seed) for seed in SEEDS)]
    paths = []
    for number, inputs in enumerate(answers):
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(spoiled(write_workbook(plan, inputs)))
    target = tmp_path / "values.json"
    subprocess.run(["node", SCRIPT, target, *paths], check=True, timeout=900)
    for inputs, values in zip(answers, json.loads(target.read_text("utf-8")), strict=True):

        def get(spot: Spot, values: dict[str, dict[str, object]] = values) -> CellValue:
            value = values[spot.sheet].get(a1(spot.row, spot.column), "no formula")
            if isinstance(value, dict):
                return CellError(value["error"])
            if isinstance(value, str | bool):
                return value
            number = float(value)  # type: ignore[arg-type]  # JSON
            its_own = spot.value in (LEAP_DAY, LEAP_DAY - 1) and number == spot.value - 1
            return spot.value if its_own else number

        count, wrong = compare(plan, inputs, get)
        assert not wrong, f"{len(wrong)} of {count}, such as {wrong[:5]}"
        assert count > 5_000
