"""`hkz norms laws` and what `norms show` says of the public pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.files import Loader, norms_folder
from hkz_xlsx.norm.laws import law_ages, state_text
from hkz_xlsx.text import messages
from tests.norms.revisions import copied, replaced, revised

PUBLIC = """\
public:
  version: {nl: "Versie 2015", en: "Version 2015"}
  covers:
    - {id: school, text: {nl: "schoolwerk", en: "school work"}, rows: [KO-101], activities: []}
  excludes:
    - {text: {nl: "steunpunten", en: "support centres"}, note: "1"}
  notes: [{nl: "Let op.", en: "Mind this."}]
  accreditation: {nl: "onder accreditatie", en: "accredited"}
  sources: [seed_wmd]
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def states(day: date) -> dict[str, list[str]]:
    shared = Loader(norms_folder()).shared("r2")
    assert shared is not None
    ages = law_ages(shared.laws.values(), day)
    return {one.law.id: [change.state for change in one.changes] for one in ages}


def test_what_is_open_depends_on_the_day() -> None:
    """The day itself counts as passed; a change without a day stays open."""
    before, after = states(date(2026, 12, 31)), states(date(2027, 1, 1))
    assert before["WTTA"] == ["coming", "coming"]
    assert after["WTTA"] == ["passed", "coming"]
    assert before["CBW"] == after["CBW"] == ["undated"]


def test_longest_ago_first_then_what_has_passed(tmp_path: Path) -> None:
    root = copied(tmp_path / "norms", later=True)
    path = root / "shared/r2/laws.yaml"
    text = path.read_text("utf-8")
    at = text.index("- id: WOR\n")
    old = text[at:].replace('checked_on: "2026-11-28"', 'checked_on: "2024-02-01"', 1)
    path.write_text(text[:at] + old, "utf-8")
    told = run("norms", "laws", "--norms", str(root), "--on", "2026-12-01", "--json")
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    assert [law["id"] for law in data["laws"]][:2] == ["WOR", "WKO"]
    assert (data["shared"], data["on"]) == ("r2", "2026-12-01")
    assert data["laws"][0]["days"] == 1034
    assert data["laws"][1]["changes"][0]["state"] == "passed"
    assert data["laws"][1]["changes"][0]["certain"] is False
    assert data["laws"][1]["changes"][2]["on"] is None


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "nl",
            ["CBW", "Cyberbeveiligingswet", "datum onbekend", "Niet zeker: Of en"],
        ),
        ("en", ["CBW", "Cybersecurity Act", "Announced, no day known", "Not certain: Whether and"]),
    ],
)
def test_as_text(lang: str, words: list[str]) -> None:
    told = run("norms", "laws", "--on", "29-11-2026", "--lang", lang)
    assert told.exit_code == 0, told.output
    for word in (*words, "29-11-2026"):
        assert word in told.stdout


def test_one_revision(tmp_path: Path) -> None:
    first = json.loads(
        run("norms", "laws", "--on", "2026-12-01", "--shared", "r1", "--json").stdout
    )
    assert first["shared"] == "r1"
    assert all(law["changes"] == [] for law in first["laws"])
    unknown = run("norms", "laws", "--on", "2026-12-01", "--shared", "r77")
    assert (unknown.exit_code, "EDITION_UNKNOWN" in unknown.stderr) == (1, True)
    assert "r1, r2" in unknown.stderr
    root = copied(tmp_path / "norms", later=True)
    replaced(root / "shared/r2/laws.yaml", "kind: law", "kind: wet")
    broken = run("norms", "laws", "--on", "2026-12-01", "--norms", str(root))
    assert (broken.exit_code, "shared/r2/laws.yaml" in broken.stderr) == (1, True)


def test_the_workbook_says_what_is_not_certain(tmp_path: Path) -> None:
    """Beside the state of the text, on the sheet with explanations."""
    root = copied(tmp_path / "norms", later=True)
    new = revised(root, "143/2021", revision="r3")
    replaced(new / "norm.yaml", 'shared: "r1"', 'shared: "r2"')
    for path in (new / "rubrieken").glob("*.yaml"):
        text = path.read_text("utf-8")
        for clause in (
            '"5.1"',
            '"6.1"',
            '"6.2"',
            '"7.5"',
            '"8.2"',
            '"8.4"',
            '"9.2"',
            '"9.3"',
            '"10.2"',
            '"8.5"',
            '"5.2"',
            '"4.4"',
            '"8.3"',
            '"7.1"',
            '"9.1"',
            '"8.7"',
        ):
            text = text.replace(clause, '"8.1"')  # fmt: skip
        path.write_text(text, "utf-8")
    book = tmp_path / "w.xlsx"
    made = run("generate", "143@2021/r3", "-o", str(book), "--norms", str(root))
    assert made.exit_code == 0, made.output
    sheet = openpyxl.load_workbook(book)["Toelichting"]
    texts = [str(c.value) for line in sheet.iter_rows() for c in line if c.value]
    assert any("Niet zeker: De bewaartermijn van 20 jaar" in text for text in texts)


def test_released_sets_say_what_they_said() -> None:
    """A law without changes is the state of its text, to the letter."""
    shared = Loader(norms_folder()).shared("r1")
    assert shared is not None
    for law in shared.laws.values():
        assert state_text(law, "nl", messages("nl")) == law.text_state.nl


def test_show_tells_what_is_public(tmp_path: Path) -> None:
    """One line a fact; nothing of what the pages do not say, and nothing at all without a block."""
    root = copied(tmp_path / "norms", later=True)
    new = revised(root, "143/2021", revision="r3")
    replaced(new / "norm.yaml", "sources:", PUBLIC + "sources:")
    told = run("norms", "show", "143@2021/r3", "--norms", str(root), "--lang", "en")
    assert told.exit_code == 0, told.output
    for words in (
        "Version: Version 2015", "Accreditation: accredited", "school work  [KO-101]",
        "[1] support centres", "Note: Mind this.",
    ):  # fmt: skip
        assert words in told.stdout
    assert "Ordering" not in told.stdout
    assert "Publicly known" not in run("norms", "show", "143@2021/r1", "--lang", "en").stdout
