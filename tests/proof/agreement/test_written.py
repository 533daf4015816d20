"""Whole written files: stored values are right, and stay what two engines recalculate."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkz_xlsx.scoring.tables import Inputs
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.engines import IronCalcBook
from tests.proof.agreement.files import StoredBook, spoiled
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import compare, plan_of, random_inputs

QUICK, HEAVY = 4, 152
"""Files per language: 8 in `make test`, 304 in `make proof`."""


def _write(folder: Path, lang: Lang, seeds: range) -> list[tuple[Path, Path, Inputs]]:
    """For each seed a file as written and one whose stored values are all spoiled."""
    found = []
    for seed in seeds:
        inputs = random_inputs(plan_of(lang), seed)
        data = write_workbook(plan_of(lang), inputs)
        good, bad = folder / f"good-{lang}-{seed}.xlsx", folder / f"bad-{lang}-{seed}.xlsx"
        good.write_bytes(data)
        bad.write_bytes(spoiled(data))
        found.append((good, bad, inputs))
    return found


def _check(folder: Path, lang: Lang, seeds: range) -> None:
    plan = plan_of(lang)
    written = _write(folder, lang, seeds)
    converted = convert([bad for _, bad, _ in written], folder)
    for (good, bad, inputs), again in zip(written, converted, strict=True):
        for path in (good, again):
            count, wrong = compare(plan, inputs, StoredBook(path).get)
            assert not wrong, f"{path.name}: {len(wrong)} of {count}, such as {wrong[:5]}"
            assert count > 5_000
        _, wrong = compare(plan, inputs, StoredBook(bad).get)
        assert len(wrong) > 5_000, "the spoiled file should be wrong before it is recalculated"


class TestFiles:
    """Files as a respondent would get them, opened and saved by another program."""

    pytestmark = needs_office

    @pytest.mark.parametrize("lang", LANGS)
    def test_stored_and_recalculated_values_agree(self, lang: Lang, tmp_path: Path) -> None:
        """Stored values equal ours; spoiled ones are corrected by LibreOffice to ours."""
        _check(tmp_path, lang, range(500, 500 + QUICK))

    @pytest.mark.proof
    @pytest.mark.parametrize("lang", LANGS)
    def test_on_hundreds_of_files(self, lang: Lang, tmp_path: Path) -> None:
        """The same, for hundreds of files."""
        for first in range(20_000, 20_000 + HEAVY, 38):
            folder = tmp_path / str(first)
            folder.mkdir()
            _check(folder, lang, range(first, first + 38))


@pytest.mark.parametrize("lang", LANGS)
def test_second_engine_recalculates_written_files(lang: Lang, tmp_path: Path) -> None:
    """IronCalc corrects spoiled files to our values as well."""
    plan = plan_of(lang)
    for seed in range(500, 500 + QUICK):
        inputs = random_inputs(plan, seed)
        path = tmp_path / f"{seed}.xlsx"
        path.write_bytes(spoiled(write_workbook(plan, inputs)))
        book = IronCalcBook(plan, path)
        book.answer(inputs)
        count, wrong = compare(plan, inputs, book.get)
        assert not wrong, f"seed {seed}: {len(wrong)} of {count}, such as {wrong[:5]}"
