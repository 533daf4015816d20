"""The screens of advisers in real browsers: many files, a zip of 200, merging, who is back."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from tests.page.driving import BROWSERS, Browser, Name, browser, built, parts, typed

pytestmark = pytest.mark.proof
WORKBOOKS = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks"
SOME = [WORKBOOKS / f"{name}.xlsx" for name in ("125-nl", "138-en", "143-nl")]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 workbooks as they were sent, with their manifest."""
    folder = tmp_path_factory.mktemp("batch")
    rows = [["Naam", "Normen", "Peildatum"]]
    rows += [[f"Stichting {i:03d}", "125", "31-12-2026"] for i in range(200)]
    with (folder / "klanten.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    out = folder / "uit"
    found = CliRunner().invoke(cli, ["batch", str(folder / "klanten.csv"), "-o", str(out)])
    assert found.exit_code == 0, found.output
    return out


def _reports(one: Browser) -> dict[str, bytes]:
    return parts(one.saved("Alle rapporten opslaan", "rapporten.zip"))


def _same_reports(made: dict[str, bytes], folder: Path) -> None:
    typed_ones = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert made.keys() == typed_ones.keys()
    for name, data in made.items():
        if name.endswith(".xlsx"):
            assert parts(data) == parts(typed_ones[name]), name
        else:
            assert data == typed_ones[name], name


@pytest.mark.parametrize("name", BROWSERS)
def test_many_files_merging_and_who_is_back(name: Name, tmp_path: Path, batch: Path) -> None:
    """The results are those of the command line."""
    page = built()
    wrong = tmp_path / "geen.xlsx"
    wrong.write_bytes(b"geen werkboek")
    with browser(name, tmp_path / "saved") as one:
        one.open(page)
        one.screen("veel")
        one.choose(0, *SOME, wrong)
        one.press("Rapporten maken")
        assert "niet bruikbare bestanden: 1" in one.done()
        assert one("axe") == []
        _on_a_telephone(one)
        words = ["analyze", *map(str, SOME), str(wrong), "--format", "html,xlsx"]
        CliRunner().invoke(cli, [*words, "-o", str(tmp_path / "typed")])
        _same_reports(_reports(one), tmp_path / "typed")

        one.screen("samenvoegen")
        second = _copy(SOME[0], tmp_path / "tweede.xlsx")
        one.choose(0, SOME[0], second)
        one.press("Samenvoegen")
        assert one.done() == "Het samengevoegde werkboek is klaar"
        made = one.saved("Werkboek opslaan", "samen.xlsx")
        words = ["merge", str(SOME[0]), str(second), "--rule", "lowest"]
        want = typed(*words, target=tmp_path / "samen-typed.xlsx")
        assert parts(made) == parts(want)
        assert one("axe") == []

        one.screen("stand")
        sent = sorted(batch.glob("*.xlsx"))[:3]
        one.choose(0, *sent)
        one.choose(1, batch / "manifest.json")
        one.press("Stand opmaken")
        assert one.done() == "3 van 200 terug; 0 volledig."
        assert one("axe") == []
        assert "Stichting 199" in one.text()
        one.quiet()


def _on_a_telephone(one: Browser) -> None:
    """A row is a card there, whole on the screen, and still a row for who hears it read."""
    one("size", width=390, height=844)
    assert one("axe") == []
    cells = "[...document.querySelectorAll('main tbody td:not(:empty)')]"
    right = f"return Math.max(...{cells}.map((one) => one.getBoundingClientRect().right))"
    assert 0 < one.run(right) <= 390
    heads = f"return {cells}.map((one) => getComputedStyle(one, '::before').content)"
    assert all(len(head) > 4 for head in one.run(heads))
    one("size", width=1366, height=900)


def _copy(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes())
    return target


def _zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.glob("*.xlsx")):
            archive.write(path, path.name)
    return target


@pytest.mark.parametrize("name", BROWSERS)
def test_a_zip_of_200(name: Name, tmp_path: Path, batch: Path) -> None:
    """Progress by file, a report of each, and the page goes on after it."""
    page = built()
    zipped = _zipped(batch, tmp_path / "retour.zip")
    with browser(name, tmp_path / "saved") as one:
        one.open(page)
        one.screen("veel")
        one.choose(0, zipped)
        one.press("Rapporten maken")
        number = "return /Bestand \\d+:/.test(document.getElementById('work-text').textContent)"
        one("wait", code=number)
        assert one.done(1200).startswith("Rapporten: 200; niet bruikbare bestanden: 0.")
        made = _reports(one)
        assert sum(name.endswith(".html") for name in made) == 201
        command = ["analyze", str(zipped), "--format", "html,xlsx", "-o", str(tmp_path / "typed")]
        CliRunner().invoke(cli, command)
        _same_reports(made, tmp_path / "typed")
        one.screen("nakijken")
        one.choose(0, SOME[0])
        one.press("Nakijken")
        assert one.done().startswith("Dit werkboek is bruikbaar")


def test_own_template(tmp_path: Path) -> None:
    """The colours and logo of an adviser, as on the command line."""
    page = built()
    looks = Path(__file__).parents[2] / "templates" / "voorbeeld-adviesbureau"
    folder = tmp_path / "in"
    folder.mkdir()
    _copy(SOME[0], folder / SOME[0].name)
    with browser("chrome", tmp_path / "saved") as one:
        one.open(page)
        one.screen("veel")
        one.choose(0, SOME[0])
        one.choose(1, *sorted(looks.iterdir()))
        one.press("Rapporten maken")
        assert one.done().startswith("Rapporten: 1;")
        out = tmp_path / "typed"
        words = ["analyze", str(folder), "--template", str(looks), "--format", "html,xlsx"]
        CliRunner().invoke(cli, [*words, "-o", str(out)])
        _same_reports(_reports(one), out)
