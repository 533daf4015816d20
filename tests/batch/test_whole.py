"""Whole runs: killed at any moment, and looked at by others."""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from openxml_audit import OpenXmlValidator

from hkz_xlsx.batch.manifest import read_manifest
from hkz_xlsx.batch.run import Options, run
from tests.batch.lists import read, write_csv
from tests.proof.office.libreoffice import convert, needs_office
from tests.support import library


def _list(path: Path, count: int) -> Path:
    """Clients of two distinct workbooks in turn, some names odd."""
    head = ["Naam", "KvK", "Contactpersoon", "Fte", "Financiering", "Norm", "Regio"]
    odd = ("& <Zn>", "😀", "  x", "é" * 60, "")
    same = ["A. Jansen", "8,5", "wmo"]
    rows = [
        [f"Klant {n} {odd[n % 5]}", f"{n:08}", *same, "143" if n % 3 else "zw", "N"]
        for n in range(count)
    ]
    return write_csv(path, [head, *rows])


def _sums(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def _start(path: Path, folder: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hkz_xlsx", "batch", str(path), "-o", str(folder)]
    command += ["--date", "2026-11-02", *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _killed_runs(tmp_path: Path, count: int, kills: int, *more: str, seed: int = 7) -> None:
    path = _list(tmp_path / "k.csv", count)
    whole, folder = tmp_path / "heel", tmp_path / "uit"
    process = _start(path, whole)
    assert process.wait(600) == 0
    expected = _sums(whole)
    shutil.rmtree(whole)
    chance = random.Random(seed)
    stopped = 0
    for number in range(kills):
        # Without files a run starts anew; with --resume it goes on where the last one was killed.
        if number % 4 == 0:
            shutil.rmtree(folder, ignore_errors=True)
        process = _start(path, folder, "--resume", *more)
        until = chance.randrange(count)
        pause = chance.random() * 0.003
        while process.poll() is None:
            done = sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
            if done >= until:
                time.sleep(pause)
                break
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        stopped += process.wait(60) != 0
        if more:
            time.sleep(0.3)  # workers see that their parent is gone
        for name, value in _sums(folder).items() if folder.is_dir() else ():
            assert name.startswith(".hkz-") or value == expected[name], (number, name)
    assert stopped > kills // 2, "too few runs were killed while at work"
    process = _start(path, folder, "--resume", *more)
    assert process.wait(600) == 0
    assert _sums(folder) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL to end a program with")
def test_killed_a_few_times(tmp_path: Path) -> None:
    """No half file, and the run that is resumed ends with the same bytes."""
    _killed_runs(tmp_path, 120, 4)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL to end a program with")
def test_killed_with_processes(tmp_path: Path) -> None:
    """The same with workers: they end with their parent."""
    _killed_runs(tmp_path, 120, 2, "--jobs", "2")


@pytest.mark.proof
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL to end a program with")
@pytest.mark.parametrize("seed", range(4))
def test_killed_two_hundred_times(tmp_path: Path, seed: int) -> None:
    """2,000 files, 200 random moments in all."""
    _killed_runs(tmp_path, 2_000, 50, seed=seed)


def _looked_at(folder: Path, files: list[Path], tmp_path: Path) -> None:
    validator = OpenXmlValidator()
    names = {e.file: e.values["client"] for e in read_manifest(folder / "manifest.json")}
    for path in files:
        result = validator.validate(path)
        assert [str(e) for e in result.errors] == [], path.name
        book = openpyxl.load_workbook(path)
        texts = {c.value for row in book.worksheets[0].iter_rows() for c in row}
        assert names[path.name] in texts
        calamine = python_calamine.CalamineWorkbook.from_path(str(path))
        assert calamine.sheet_names == book.sheetnames
        for title in calamine.sheet_names:
            calamine.get_sheet_by_name(title).to_python()
    copies = tmp_path / "kopie"
    copies.mkdir()
    plain = [Path(shutil.copy(p, copies / f"{n}.xlsx")) for n, p in enumerate(files)]
    for path, saved in zip(files, convert(plain, tmp_path / "lo"), strict=True):
        again = openpyxl.load_workbook(saved, data_only=True)
        texts = {c.value for row in again.worksheets[0].iter_rows() for c in row}
        assert names[path.name] in texts
        second = {c.value for c in next(again.worksheets[1].iter_rows(min_row=2, max_row=2))}
        assert names[path.name] in second


@pytest.mark.office
@pytest.mark.skipif(*needs_office[1].args, **needs_office[1].kwargs)
def test_stamped_files_in_other_programs(tmp_path: Path) -> None:
    """The OOXML validator, openpyxl, calamine and LibreOffice take them."""
    folder = tmp_path / "uit"
    run(read(_list(tmp_path / "k.csv", 5)), Options(folder), library())
    _looked_at(folder, sorted(folder.glob("*.xlsx")), tmp_path)


@pytest.mark.proof
@pytest.mark.office
@pytest.mark.skipif(*needs_office[1].args, **needs_office[1].kwargs)
def test_every_five_hundredth_file(tmp_path: Path) -> None:
    """Of a run of 10,000."""
    folder = tmp_path / "uit"
    outcome = run(read(_list(tmp_path / "k.csv", 10_000)), Options(folder), library())
    assert outcome.made == 10_000
    entries = read_manifest(folder / "manifest.json")
    _looked_at(folder, [folder / e.file for e in entries[::500]], tmp_path)


def test_the_validator_notices_damage(tmp_path: Path) -> None:
    """Otherwise its silence means nothing."""
    folder = tmp_path / "uit"
    run(read(_list(tmp_path / "k.csv", 1)), Options(folder), library())
    (path,) = folder.glob("*.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b't="inlineStr"' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b't="inlineStr"', b't="inlined"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert OpenXmlValidator().validate(path).errors
