"""What somebody agreed to: afterwards every change is told, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.agreed import agreement, changed_since, sealed
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.rework.sign import signed
from hkz_xlsx.rework.split import split
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sealed_sheet import Sealed
from hkz_xlsx.writing.workbook import write_workbook
from tests.rework.test_journey import cell, plan, submission
from tests.rework.test_split import answers, hkz, workbooks
from tests.support import library

WHO: dict[str, CellValue] = {"name": "J. Jansen", "date": 46_354.0}


@pytest.fixture(scope="module", name="agreed")
def _agreed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of layout 1, and what `hkz sign` made of it."""
    folder = tmp_path_factory.mktemp("akkoord")
    typed = {a: v for a, v in answers().items() if a.table not in (T.history, T.sign_off)}
    typed.pop(cell("KO-101", "previous_answer"))
    (folder / "werkboek.xlsx").write_bytes(write_workbook(plan(layout=1), typed))
    words = ("--name", "J. Jansen", "--date", "2026-11-28", "--shared-with", "both")
    result = hkz("sign", folder / "werkboek.xlsx", *words)
    assert "geen elektronische handtekening" in result.stderr
    return folder


def told(path: Path) -> list[str]:
    found = read_workbook(path, library(), complete=True).problems
    return [p.message("nl") for p in found if p.code.startswith("AGREED_")]


def test_two_runs_at_once(agreed: Path, tmp_path: Path) -> None:
    """One of them makes the file, whole; the other says that it is there."""
    out = tmp_path / "akkoord.xlsx"
    words = ("--name", "J. Jansen", "--date", "2026-11-28", "--shared-with", "both")
    command = [
        sys.executable, "-m", "hkz_xlsx", "sign", str(agreed / "werkboek.xlsx"), *words,
        "-o", str(out),
    ]  # fmt: skip
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=120)[0] for one in both]
    assert sorted(one.returncode for one in both) == [0, 1], said
    refused = next(text for one, text in zip(both, said, strict=True) if one.returncode)
    assert "TARGET_EXISTS" in refused, refused
    assert told(out) == ["Akkoord van J. Jansen op 28-11-2026; daarna is geen antwoord veranderd."]
    assert list(tmp_path.iterdir()) == [out]


def test_a_fresh_file_that_remembers(agreed: Path, tmp_path: Path) -> None:
    path = agreed / "werkboek akkoord.xlsx"
    read = read_workbook(path, library(), complete=True)
    assert told(path) == ["Akkoord van J. Jansen op 28-11-2026; daarna is geen antwoord veranderd."]
    assert [p.code for p in read.problems if p.code.startswith(("EXTRA", "SHEET"))] == []
    assert read.extra == ()
    assert read.as_understood[Address(T.sign_off, "shared_with", "value")] == (
        "Directie en raad van toezicht"
    )
    again = tmp_path / "nog.xlsx"
    words = ("--name", "J. Jansen", "--date", "28-11-2026", "--shared-with", "both")
    hkz("sign", agreed / "werkboek.xlsx", *words, "-o", again)
    assert again.read_bytes() == path.read_bytes()
    assert hkz("sign", agreed / "werkboek.xlsx", *words, "-o", again).exit_code == 1
    with zipfile.ZipFile(path) as whole:
        hidden = [n for n in whole.namelist() if b"sealed.id" in whole.read(n)]
        assert len(hidden) == 1
        assert b"Map 1" not in whole.read(hidden[0]), "no answers, only digests"


def test_what_was_changed_is_named(agreed: Path, tmp_path: Path) -> None:
    """An answer, one that was emptied, one that came; also on other sheets and in the reports."""
    book = openpyxl.load_workbook(agreed / "werkboek akkoord.xlsx")
    path = tmp_path / "daarna.xlsx"
    book.save(path)
    assert "daarna is geen antwoord veranderd" in told(path)[0], "another program saved it"
    read = read_workbook(agreed / "werkboek akkoord.xlsx", library(), complete=True)

    def put(address: Address, value: str | None) -> str:
        where = read.places[address]
        book[where.sheet][where.cell] = value
        return f"{where.sheet}!{where.cell}"

    spots = [
        put(cell("KO-101", "answer"), "Voldoet niet"), put(cell("KO-102", "evidence"), None),
        put(cell("KO-110", "note"), "nieuw"), put(Address("agenda", "D01", "decision"), "Stoppen"),
    ]  # fmt: skip
    put(cell("KO-103", "evidence"), "  Map 2 ")
    put(cell("KO-104", "answer"), "VOLDOET")
    book.save(path)
    (message,) = told(path)
    assert "gewijzigd: 4 cellen" in message
    assert [spot in message for spot in spots] == [True] * 4
    assert "AGREED_CHANGED" in hkz("check", path).stdout
    report = tmp_path / "rapport.html"
    hkz("analyze", path, "-o", report)
    assert "Na het akkoord van J. Jansen" in report.read_text("utf-8")
    # A repair remembers it, and what was not changed since.
    hkz("repair", path, "-o", tmp_path / "heel.xlsx")
    assert "gewijzigd: 4 cellen" in told(tmp_path / "heel.xlsx")[0]


def test_rows_that_were_sorted_are_not_changed(agreed: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(agreed / "werkboek akkoord.xlsx")
    sheet = book["Beoordeling"]
    one, other = (next(c.row for c in sheet["A"] if c.value == row) for row in ("KO-101", "KO-105"))
    for a, b in zip(sheet[one], sheet[other], strict=True):
        a.value, b.value = b.value, a.value
    book.save(tmp_path / "gesorteerd.xlsx")
    assert "daarna is geen antwoord veranderd" in told(tmp_path / "gesorteerd.xlsx")[0]


@pytest.mark.parametrize("command", ["share", "merge", "split"])
def test_what_becomes_another_file_is_not_agreed(
    command: str, agreed: Path, tmp_path: Path
) -> None:
    path, out = agreed / "werkboek akkoord.xlsx", tmp_path / "uit.xlsx"
    more: dict[str, tuple[object, ...]] = {
        "share": ("-o", out), "merge": (agreed / "werkboek.xlsx", "-o", out),
        "split": ("--by", "rubriek", "-o", tmp_path / "delen"),
    }  # fmt: skip
    hkz(command, path, *more[command])
    made = min((tmp_path / "delen").iterdir()) if command == "split" else out
    assert told(made) == []


def test_migrating_to_the_same_questions_keeps_what_was_agreed(
    agreed: Path, tmp_path: Path
) -> None:
    """A file that is already so stays as it is; one that is mended on the way remembers."""
    (tmp_path / "heel.xlsx").write_bytes(
        write_workbook(plan(), {cell("KO-101", "answer"): "Voldoet"})
    )
    hkz("sign", tmp_path / "heel.xlsx", "--name", "J. Jansen", "--date", "2026-11-28")
    mended = agreed / "werkboek akkoord.xlsx"  # with answers that nobody understands
    for path in (tmp_path / "heel akkoord.xlsx", mended):
        editions = [f"--to={one}" for one in read_workbook(path, library()).identity.editions]
        hkz("migrate", path, *editions, "-o", tmp_path / "uit")
        assert "daarna is geen antwoord veranderd" in told(tmp_path / "uit" / path.name)[0]
        assert (path == mended) == (
            (tmp_path / "uit" / path.name).read_bytes() != path.read_bytes()
        )
    hkz("migrate", mended, "-o", tmp_path / "nieuw")
    assert told(tmp_path / "nieuw" / mended.name) == []


def test_who_and_when_are_needed() -> None:
    def codes(typed: dict[Address, CellValue], said: dict[str, CellValue]) -> list[str]:
        with pytest.raises(HkzError) as caught:
            signed(submission(typed), said, "0" * 64)
        return [p.code for p in caught.value.problems]

    assert codes({}, {}) == ["SIGN_MISSING", "SIGN_MISSING"]
    assert codes({Address(T.sign_off, "name", "value"): "J. Jansen"}, {}) == ["SIGN_MISSING"]
    part = split(submission(answers()), "eigenaar").parts[0].fresh
    with pytest.raises(HkzError) as caught:
        signed(submission(part.inputs, part.plan), WHO, "0" * 64)
    assert [p.code for p in caught.value.problems] == ["SIGN_PART"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
@given(workbooks(), workbooks())
def test_exactly_what_differs_is_told(
    one: dict[Address, CellValue], other: dict[Address, CellValue]
) -> None:
    """Of what people fill in: the workbook id and the history are ours."""
    agreed = Sealed.from_rows(sealed(plan(), one, "zout").rows())
    assert agreed is not None
    ours = (T.history, WORKBOOK_ID.table)
    same = changed_since(replace(submission(one), sealed=agreed))
    assert same == ()
    differs = {a for a in {*one, *other} if one.get(a) != other.get(a) and a.table not in ours}
    now = replace(submission(other), sealed=agreed)
    assert set(changed_since(now)) == differs
    codes = [p.code for p in agreement(now)]
    assert codes == ["AGREED_CHANGED" if differs else "AGREED_KEPT"]


def test_a_hidden_sheet_without_salt_says_nothing() -> None:
    assert Sealed.from_rows({"requirements/KO-101": "answer:0"}) is None
    assert list(agreement(submission(answers()))) == []
