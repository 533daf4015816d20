"""Folders and zips: a report per workbook, an index, and what could not be used."""

from __future__ import annotations

import os
import signal
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.machine.limits import OWN
from hkz_xlsx.machine.supervise import Worker
from hkz_xlsx.report import batch
from hkz_xlsx.report.batch import ClientReports, Wish, make
from hkz_xlsx.report.index import Index, IndexedWorkbook
from hkz_xlsx.report.render_text import terminal_index
from hkz_xlsx.returned.many import Task
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet import sources
from hkz_xlsx.spreadsheet.sources import is_archive_file
from hkz_xlsx.writing.workbook import write_workbook
from tests.cli.test_commands import run
from tests.report.cases import PART, inputs_of
from tests.report.extract import page
from tests.support import library, plan_of


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    plan = plan_of("nl", PART)
    inputs = inputs_of("nearly")
    other = inputs | {Address("organisation", "name", "value"): "../../<b>Con</b>"}
    return {
        "a/werkboek.xlsx": write_workbook(plan, inputs),
        "b/werkboek.xlsx": write_workbook(plan, inputs),
        "c.xlsx": write_workbook(plan, other),
        "leeg.xlsx": write_workbook(plan),
        "kapot.xlsx": b"PK\x03\x04 kapot",
        "~$c.xlsx": b"slot",
        "lees mij.txt": b"tekst",
    }


def _put(folder: Path, books: dict[str, bytes]) -> Path:
    for name, data in books.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_folder(tmp_path: Path, books: dict[str, bytes]) -> None:
    """A report per workbook in each format, safe names, nothing lost, exit 1 for the broken one."""
    source, target = _put(tmp_path / "in", books), tmp_path / "uit"
    result = run("analyze", str(source), "-o", str(target), "--format", "html,json")
    assert result.exit_code == 1, result.output
    assert "FILE_CUT_OFF" in result.stdout
    names = sorted(p.name for p in target.iterdir())
    stems = ["Zorggroep De Linde", "Zorggroep De Linde (2)", "b-Con--b-", "leeg"]
    assert names == sorted([f"{s}{x}" for s in stems for x in (".html", ".json")]
                           + ["index.html", "index.xlsx"])  # fmt: skip
    index = page((target / "index.html").read_text("utf-8"))
    assert "b" in index.tags
    assert "<b>Con</b>" in index.text
    assert "kapot.xlsx" in index.text
    links = [v for k, v in index.attributes if k == "href"]
    assert len(links) == 8
    assert "Zorggroep%20De%20Linde%20%282%29.html" in links
    book = openpyxl.load_workbook(target / "index.xlsx")
    assert book.worksheets[0].max_row == 4 + 4
    assert book.worksheets[1].cell(5, 2).value == "FILE_CUT_OFF"
    before = {p: p.read_bytes() for p in target.iterdir()}
    again = run("analyze", str(source), "-o", str(target), "--format", "html,json")
    assert again.exit_code == 1
    assert again.stdout.count("TARGET_EXISTS") == 1
    assert "niet bruikbare bestanden: 1. Rapporten die er al stonden en zo bleven: 8." in (
        again.stdout
    )
    index = page((target / "index.html").read_text("utf-8"))
    assert [v for k, v in index.attributes if k == "href"] == links
    assert "Rapporten die er al stonden en zo bleven: 8." in index.text
    book = openpyxl.load_workbook(target / "index.xlsx")
    assert book.worksheets[1].max_row == 5  # only the file that cannot be read
    for path in target.glob("*.json"):
        assert path.read_bytes() == before[path]
    forced = run("analyze", str(source), "-o", str(target), "--format", "html,json", "--force")
    assert "TARGET_EXISTS" not in forced.stdout
    assert {p: p.read_bytes() for p in target.iterdir()} == before


@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.proof), 3])
def test_processes_change_nothing(tmp_path: Path, books: dict[str, bytes], jobs: int) -> None:
    """The same files and the same words, in the order of the files."""
    source, one, more = _put(tmp_path / "in", books), tmp_path / "een", tmp_path / "meer"
    formats = ("--format", "html,docx,pdf,xlsx,md,json")
    found = []
    for target, number in ((one, 2), (more, jobs)):
        result = run("analyze", str(source), "-o", str(target), *formats, "--jobs", str(number))
        found.append(result.stdout.replace(str(target), ""))
    assert found[0] == found[1]
    files = [{p.name: p.read_bytes() for p in t.iterdir()} for t in (one, more)]
    assert len(files[0]) == 4 * 6 + 2
    assert files[0] == files[1]


def killed(task: Task, wish: Wish) -> ClientReports:
    """Instead of `make`: some files kill whoever makes a report on them."""
    if task[1].startswith("a/"):
        os.kill(os.getpid(), signal.SIGKILL)
    return make(task, wish)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal to stop a program with")
def test_a_report_that_kills_costs_itself_only(
    tmp_path: Path, books: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "make", killed)
    monkeypatch.setattr(batch, "_worker", lambda _: Worker(OWN, __name__))
    source, target = _put(tmp_path / "in", books), tmp_path / "uit"
    index = batch.run([source], library(), Wish(target, (".md",)), lambda _: None, jobs=2)
    assert [client.file for client in index.clients] == ["b/werkboek.xlsx", "c.xlsx", "leeg.xlsx"]
    unused = {one.file: [p.code for p in one.problems] for one in index.unused}
    assert unused == {"a/werkboek.xlsx": ["FILE_DIED"], "kapot.xlsx": ["FILE_CUT_OFF"]}


def test_zip_is_read_like_a_folder_and_its_paths_are_not_used(
    tmp_path: Path, books: dict[str, bytes]
) -> None:
    """A path that climbs out of the archive writes nothing there."""
    archive = tmp_path / "retour.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("../../buiten.xlsx", books["c.xlsx"])
        target.writestr("map/binnen.xlsx", books["leeg.xlsx"])
        target.writestr("__MACOSX/._binnen.xlsx", b"")
    assert is_archive_file(archive)
    out = tmp_path / "uit"
    result = run("analyze", str(archive), "-o", str(out))
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in out.glob("*.html")) == [
        "b-Con--b-.html",
        "binnen.html",
        "index.html",
    ]
    assert not list(tmp_path.parent.glob("buiten*"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["retour.zip", "uit"]


def test_two_locations_can_be_told_apart() -> None:
    """On the terminal a line says whose it is, not only which organisation."""
    score = Score("undetermined", None, None, 46, 0, 0, 0, 0, None, 0, 9, 0, 0, 9, 0)
    clients = tuple(
        IndexedWorkbook("De Brug", place, (), "", (), score, f"{place}.xlsx", 0, False, ())
        for place in ("Noord", "")
    )
    north, whole = terminal_index(Index("nl", clients, ())).splitlines()[1:3]
    assert north.startswith("  De Brug · Noord  ")
    assert whole.startswith("  De Brug  ")


def test_several_files_and_no_output(tmp_path: Path, books: dict[str, bytes]) -> None:
    """A line each on stdout, nothing written."""
    folder = _put(tmp_path, books)
    result = run("analyze", str(folder / "a/werkboek.xlsx"), str(folder / "leeg.xlsx"))
    assert result.exit_code == 0, result.output
    assert result.stdout.count("Zorggroep De Linde") == 1
    assert not list(folder.glob("*.html"))


def test_wrong_use(tmp_path: Path, books: dict[str, bytes]) -> None:
    """A file name for a folder, an unknown format, an empty folder, a previous for many."""
    folder = _put(tmp_path / "in", books)
    one = run("analyze", str(folder), "-o", str(tmp_path / "r.html"))
    assert (one.exit_code, "TARGET_FOLDER" in one.stderr) == (1, True)
    two = run("analyze", str(folder), "-o", str(tmp_path / "r"), "--format", "html,rtf,odt")
    assert two.stderr.count("FORMAT_UNKNOWN") == 2
    empty = tmp_path / "leeg"
    empty.mkdir()
    assert "ARCHIVE_NOTHING" in run("analyze", str(empty)).stderr
    three = run("analyze", str(folder), "--previous", str(folder / "c.xlsx"))
    assert three.exit_code == 2
    assert not (tmp_path / "r").exists()


def test_archives_that_cannot_be_read(
    tmp_path: Path, books: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged part costs itself only, more than we unpack is refused; both are in the index."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("een.xlsx", b"x" * 100)
        target.writestr("leeg.xlsx", books["leeg.xlsx"])
    path.write_bytes(path.read_bytes().replace(b"x" * 100, b"y" * 100))
    out = tmp_path / "uit"
    result = run("analyze", str(path), "-o", str(out))
    assert (result.exit_code, "x.zip/een.xlsx: FILE_BROKEN" in result.stdout) == (1, True)
    assert sorted(p.name for p in out.glob("*.html")) == ["index.html", "leeg.html"]
    monkeypatch.setattr(sources, "MAX_UNPACKED", 50)
    result = run("analyze", str(path), "-o", str(out))
    assert (result.exit_code, "x.zip: ARCHIVE_LIMIT" in result.stdout) == (1, True)
    assert "ARCHIVE_LIMIT" in (out / "index.html").read_text("utf-8")


def test_reports_in_the_folder_that_is_read(tmp_path: Path, books: dict[str, bytes]) -> None:
    """A second run does not take the first one's reports for returned files."""
    (tmp_path / "leeg.xlsx").write_bytes(books["leeg.xlsx"])
    out = tmp_path / "rapporten"
    for _ in range(2):
        result = run("analyze", str(tmp_path), "-o", str(out), "--format", "xlsx", "--force")
        assert result.exit_code == 0, result.output
    assert sorted(p.name for p in out.iterdir()) == ["index.html", "index.xlsx", "leeg.xlsx"]


def test_previous_and_compare(tmp_path: Path) -> None:
    """Both commands write every format, with the same comparison in it."""
    plan = plan_of("nl", PART)
    then, now = tmp_path / "toen.xlsx", tmp_path / "nu.xlsx"
    then.write_bytes(write_workbook(plan, inputs_of("half")))
    now.write_bytes(write_workbook(plan, inputs_of("nearly")))
    outputs = [tmp_path / f"r{x}" for x in (".html", ".docx", ".pdf", ".xlsx", ".md", ".json")]
    given = [a for path in outputs for a in ("-o", str(path))]
    result = run("analyze", str(now), "--previous", str(then), "--same-client", "--full", *given)
    assert result.exit_code == 0, result.output
    assert "Toen en nu" in result.stdout
    assert "Toen en nu" in outputs[0].read_text("utf-8")
    alone = run("compare", str(then), str(now), *given, "--force", "--same-client")
    assert alone.exit_code == 0, alone.output
    assert "hkz_xlsx/comparison/1" in outputs[-1].read_text("utf-8")
    assert run("compare", str(then), str(now), "-o", str(then)).exit_code == 1


def test_template_and_a_folder_for_one_workbook(tmp_path: Path, books: dict[str, bytes]) -> None:
    """The look of a template is in the report and in the index; an existing folder is a folder."""
    book, out = tmp_path / "w.xlsx", tmp_path / "uit"
    book.write_bytes(books["leeg.xlsx"])
    out.mkdir()
    result = run("analyze", str(book), "-o", str(out), "--template", "voorbeeld-adviesbureau")
    assert result.exit_code == 0, result.output
    look = load_template("voorbeeld-adviesbureau")
    for name in ("w.html", "index.html"):
        html = (out / name).read_text("utf-8")
        assert look.palette.dark in html
        assert look.adviser in html
    wrong = run("analyze", str(book), "--template", "bestaat-niet")
    assert "TEMPLATE_UNKNOWN" in wrong.stderr


def test_what_a_name_does_not_say(tmp_path: Path, books: dict[str, bytes]) -> None:
    """A workbook without a suffix and a zip in a folder are read, a zip in a zip is told."""
    whole = next(iter(books.values()))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "werkboek").write_bytes(whole)
    (folder / "LEESMIJ").write_text("geen werkboek")
    with zipfile.ZipFile(folder / "mail.zip", "w") as inner:
        inner.writestr("een.xlsx", whole)
    outer = tmp_path / "retour.zip"
    with zipfile.ZipFile(outer, "w") as target:
        for path in sorted(folder.iterdir()):
            target.write(path, path.name)
    inside = run("analyze", str(folder))
    assert inside.exit_code == 0, inside.output
    assert "LEESMIJ" not in inside.output
    deeper = run("analyze", str(outer))
    assert deeper.exit_code == 1
    assert "retour.zip/mail.zip: ARCHIVE_NESTED" in deeper.output
