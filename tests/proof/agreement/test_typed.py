"""Answers typed into open workbooks: two engines and our own computation agree on every cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.agreement.engines import IronCalcBook, LibreOfficeBook
from tests.proof.office.libreoffice import Office, needs_office
from tests.support import compare, plan_of, random_inputs

QUICK, HEAVY = 30, 2_600
"""Sets per language: 60 in `make test`, 5,200 in `make proof`."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    running = Office(tmp_path_factory.mktemp("office"))
    yield running
    running.stop()


def _agree(
    engine: LibreOfficeBook | IronCalcBook, lang: Lang, seeds: range, *, errors: bool
) -> int:
    plan, compared = plan_of(lang), 0
    for seed in seeds:
        inputs = random_inputs(plan, seed, errors=errors)
        engine.answer(inputs)
        count, wrong = compare(plan, inputs, engine.get)
        assert not wrong, f"seed {seed}: {len(wrong)} cells differ, such as {wrong[:5]}"
        compared += count
    return compared


def _libreoffice(office: Office, lang: Lang, folder: Path, seeds: range) -> None:
    path = folder / f"typed-{lang}.xlsx"
    path.write_bytes(write_workbook(plan_of(lang)))
    book = LibreOfficeBook(office, plan_of(lang), path)
    try:
        compared = _agree(book, lang, seeds, errors=True)
    finally:
        book.close()
    assert compared > 5_000 * len(seeds)


def _ironcalc(lang: Lang, folder: Path, seeds: range) -> None:
    path = folder / f"typed-{lang}.xlsx"
    path.write_bytes(write_workbook(plan_of(lang)))
    compared = _agree(IronCalcBook(plan_of(lang), path), lang, seeds, errors=True)
    assert compared > 5_000 * len(seeds)


@pytest.mark.parametrize("lang", LANGS)
class TestTyped:
    """The same sets for both engines."""

    pytestmark = needs_office

    def test_libreoffice_agrees(self, office: Office, lang: Lang, tmp_path: Path) -> None:
        """LibreOffice computes what we compute, set after set, in one open document."""
        _libreoffice(office, lang, tmp_path, range(QUICK))

    @pytest.mark.proof
    def test_libreoffice_agrees_on_thousands(
        self, office: Office, lang: Lang, tmp_path: Path
    ) -> None:
        """The same, for thousands of sets."""
        _libreoffice(office, lang, tmp_path, range(10_000, 10_000 + HEAVY))


@pytest.mark.parametrize("lang", LANGS)
def test_ironcalc_agrees(lang: Lang, tmp_path: Path) -> None:
    """A second engine computes what we compute for the same sets."""
    _ironcalc(lang, tmp_path, range(QUICK))


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
def test_ironcalc_agrees_on_thousands(lang: Lang, tmp_path: Path) -> None:
    """The same, for thousands of sets."""
    _ironcalc(lang, tmp_path, range(10_000, 10_000 + HEAVY))
