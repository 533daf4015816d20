"""Copies to give away: what is licensed or says who goes, what is counted stays."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.client import WORKBOOK_ID
from hkz_xlsx.returned.licensed import licensed
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

TEXT = "Zin uit de norm van NEN"
SECRETS = ("De Brug", "01234567", "Jansen", "Teamleider", TEXT, "steekproef", "wb-1")


def completed(folder: Path) -> Path:
    plan = plan_of("nl", "143")
    inputs = {
        **sample_inputs(plan),
        Address(T.requirements, "KO-101", "paragraph"): TEXT,
        Address(T.requirements, "KO-102", "note"): "Jansen vond dit in de steekproef",
        WORKBOOK_ID: "wb-1",
    }
    path = folder / "De Brug.xlsx"
    path.write_bytes(write_workbook(plan, inputs))
    return path


def test_without_what_is_licensed(tmp_path: Path) -> None:
    """The rest is as it was, and what went is named by its column."""
    path = completed(tmp_path)
    before = path.read_bytes()
    result = CliRunner().invoke(cli, ["share", str(path), "-o", str(tmp_path / "deel.xlsx")])
    assert result.exit_code == 0, result.output
    assert TEXT not in result.stdout
    old, new = (read_workbook(p, library()) for p in (path, tmp_path / "deel.xlsx"))
    gone = set(old.as_understood.items()) - set(new.as_understood.items())
    assert gone == {(Address(T.requirements, "KO-101", "paragraph"), TEXT)}
    assert (len(licensed(old)), licensed(new)) == (1, ())
    assert path.read_bytes() == before


def test_blind(tmp_path: Path) -> None:
    """Nothing says who it is about, in any cell nor in the name; scores are the same."""
    path = completed(tmp_path)
    result = CliRunner().invoke(cli, ["share", str(path), "--blind"])
    assert "Nummer van het werkboek" in result.stdout
    assert "_hkz" not in result.stdout
    assert result.exit_code == 0, result.output
    (made,) = [one for one in tmp_path.iterdir() if one != path]
    assert "Brug" not in made.name
    old, new = (read_workbook(p, library(), complete=True) for p in (path, made))
    texts = " ".join(str(v) for v in new.as_understood.values())
    assert not [word for word in SECRETS if word.casefold() in texts.casefold()]
    told = result.stdout.casefold()
    assert not [word for word in ("jansen", "01234567", TEXT.casefold()) if word in told]
    totals = [one.assessment.total for one in (old, new)]
    assert totals[0] == totals[1]
    answers = [
        {a: v for a, v in one.as_understood.items() if a.column in ("answer", "maturity")}
        for one in (old, new)
    ]
    assert answers[0] == answers[1]
    again = tmp_path / "nog.xlsx"
    CliRunner().invoke(cli, ["share", str(path), "--blind", "-o", str(again)])
    assert again.read_bytes() == made.read_bytes()
