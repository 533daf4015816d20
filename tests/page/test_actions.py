"""The actions of the page, called as the page calls them: JSON in, JSON out, files in a folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.page import warm
from hkz_xlsx.page.actions import ACTIONS
from hkz_xlsx.page.call import Told, call
from hkz_xlsx.returned.read import read_workbook

RETURNED = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks" / "125-nl.xlsx"


def ask(folder: Path, action: str, **asked: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(action, json.dumps(asked), str(folder)))
    return found


def test_a_first_look(tmp_path: Path) -> None:
    """What there is to choose, which norm fits, and what decides its questions."""
    start = ask(tmp_path / "a", "start", lang="nl")
    assert {"143", "138"} <= {norm["id"] for norm in start["norms"]}
    work = start["work"][0]
    fits = ask(tmp_path / "a", "choose", lang="nl", fte=8, work=[work], purposes=["certificaat"])
    assert fits["advice"][0]["reasons"]
    assert ask(tmp_path / "a", "scope", lang="nl", parts=["138"])["funding"]
    assert len(ACTIONS) > 10


def test_what_the_command_line_makes(tmp_path: Path) -> None:
    """The same bytes, of a workbook and of a report."""
    made = ask(tmp_path / "a", "make", parts=["125"], name="w.xlsx", lang="nl")
    assert (made["fine"], made["files"]) == (True, ["w.xlsx"])
    other = tmp_path / "cli.xlsx"
    assert CliRunner().invoke(cli, ["generate", "125", "-o", str(other)]).exit_code == 0
    assert (tmp_path / "a" / "w.xlsx").read_bytes() == other.read_bytes()
    formats = [".html", ".json", ".md"]
    told = ask(tmp_path / "b", "report", path=str(RETURNED), name="r", formats=formats)
    assert told["files"] == ["r.html", "r.json", "r.md"]
    for kind in formats:
        out = tmp_path / f"cli{kind}"
        CliRunner().invoke(cli, ["analyze", str(RETURNED), "-o", str(out)])
        assert (tmp_path / "b" / f"r{kind}").read_bytes() == out.read_bytes()


def test_looking_over_and_the_next_year(tmp_path: Path) -> None:
    checked = ask(tmp_path / "a", "check", paths=[str(RETURNED)], name="lijst.xlsx", lang="nl")
    assert checked["checked"]["files"][0]["usable"]
    again = ask(tmp_path / "b", "next", path=str(RETURNED), name="nieuw.xlsx", lang="nl")
    assert again["files"] == ["nieuw.xlsx"]
    new = read_workbook(tmp_path / "b" / "nieuw.xlsx", load_library())
    assert any(address.column == "answer" for address in new.as_understood)


@pytest.mark.parametrize("data", [b"", b"geen werkboek", b"PK\x03\x04kapot"])
def test_what_is_no_workbook(data: bytes, tmp_path: Path) -> None:
    """A sentence and what to do, and no file."""
    wrong = tmp_path / "x.xlsx"
    wrong.write_bytes(data)
    found = ask(tmp_path / "a", "report", path=str(wrong), name="r", formats=[".html"], lang="nl")
    assert found["files"] == []
    assert found["problems"][0]["code"].startswith(("FILE_", "NOT_OUR"))
    assert found["problems"][0]["hint"]


def test_the_page_is_told_of_each_file(tmp_path: Path) -> None:
    """Before and after; a file on which the worker was lost is not tried again."""
    begun: list[str] = []
    watch = Told({}, lambda call, _: begun.append(call), lambda *_: None)
    asked = json.dumps({"paths": [str(RETURNED)], "name": "l.xlsx"})
    call("check", asked, str(tmp_path / "a"), watch)
    assert len(begun) == 1
    watch = Told({begun[0]: "FILE_TIME"}, lambda *_: None, lambda *_: None)
    found = json.loads(call("check", asked, str(tmp_path / "b"), watch))
    codes = [one["code"] for one in found["checked"]["files"][0]["problems"]]
    assert codes == ["FILE_TIME"]


def test_everything_is_used_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the build sees all that is needed: a module that is not there stops it."""
    found: dict[str, set[str]] = {}

    def noted(action: str, asked: str, folder: str) -> str:
        answer = call(action, asked, folder)
        found[action] = set(json.loads(answer))
        return answer

    monkeypatch.setattr(warm, "call", noted)
    warm.up(str(tmp_path / "warm"))
    assert found.keys() == ACTIONS.keys()
    assert [action for action, keys in found.items() if "refused" in keys] == []


@pytest.mark.parametrize("name", warm.AHEAD)
def test_what_is_fetched_ahead_is_there(name: str) -> None:
    warm.ahead(name)


def test_who_is_back(tmp_path: Path) -> None:
    """The table and the workbook of `hkz collect`, and a file of nobody."""
    rows = "Naam;Normen;Peildatum\nA;125;31-12-2026\nB;125;31-12-2026\n"
    (tmp_path / "lijst.csv").write_text(rows)
    sent, back = tmp_path / "uit", tmp_path / "terug"
    CliRunner().invoke(cli, ["batch", str(tmp_path / "lijst.csv"), "-o", str(sent)])
    back.mkdir()
    shutil.copy2(next(sent.glob("A*.xlsx")), back)
    shutil.copy2(RETURNED, back)
    manifest = str(sent / "manifest.json")
    asked = {"path": str(back), "manifest": manifest, "name": "stand.xlsx", "lang": "nl"}
    found = ask(tmp_path / "a", "collect", **asked)
    assert found["note"] == "1 van 2 terug; 0 volledig."
    assert [row[:2] for row in found["rows"]] == [
        ["Klant", "Stand"],
        ["A", "leeg"],
        ["B", "niet terug"],
    ]
    assert [file for file, _ in found["unknown"]] == [RETURNED.name]
    out = tmp_path / "typed.xlsx"
    CliRunner().invoke(cli, ["collect", str(back), "--manifest", manifest, "-o", str(out)])
    assert (tmp_path / "a" / "stand.xlsx").read_bytes() == out.read_bytes()
