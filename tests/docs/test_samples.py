"""The committed samples are what the sources make now."""

from __future__ import annotations

import zipfile
from io import BytesIO

from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.write import rendered
from hkz_xlsx.returned.read import read_workbook
from samples.build import FILLED, FOLDER, REPORT, workbooks
from tests.support import library


def _parts(data: bytes) -> dict[str, bytes]:
    """Unpacked: another zlib may pack the same content in other bytes."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_samples_are_fresh() -> None:
    """Every norm has a blank workbook; run ``make samples`` when this fails."""
    made = dict(workbooks(library()))
    committed = {p.relative_to(FOLDER).as_posix() for p in FOLDER.glob("*/*.xlsx")}
    assert committed == set(made)
    stale = [n for n, data in made.items() if _parts((FOLDER / n).read_bytes()) != _parts(data)]
    assert stale == []


def test_sample_reports_are_fresh() -> None:
    """The report beside each filled workbook is the report on it."""
    filled = sorted(FOLDER.glob("ingevuld/*.xlsx"))
    assert len(filled) == len(FILLED)
    for path in filled:
        report = path.with_suffix(REPORT)
        assert report.read_bytes() == rendered(gap_report(read_workbook(path, library())), report)
