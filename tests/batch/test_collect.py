"""What came back, beside the manifest: every state, from folders and zips, whatever the names."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.batch.clients import ClientList, Defaults
from hkz_xlsx.batch.collect import Collected, collect, look_at
from hkz_xlsx.batch.manifest import ManifestEntry, read_manifest
from hkz_xlsx.batch.reminders import reminders
from hkz_xlsx.batch.run import Options, run
from hkz_xlsx.batch.show import remark, state_text
from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.rework.split import split
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.writing.workbook import write_workbook
from tests.batch.lists import named, read, write_csv
from tests.support import library, plan_of

NAMES = ("Niet", "Leeg", "Deels", "Klaar", "Kapot", "Twee")


def _answered(listed: ClientList, index: int, share: float, wrong: bool = False) -> bytes:
    """The workbook of a client with the first part of the questions answered."""
    plan = plan_of("nl", "143")
    client = listed.clients[index]
    typed = dict(client_inputs(plan, client.known, client.date))
    rows = plan.model.table(T.requirements).rows
    for row in rows[: round(share * len(rows))]:
        typed[Address(T.requirements, row, "answer")] = Choice("status").label("yes", "nl")
    if wrong:
        typed[Address(T.requirements, rows[-1], "answer")] = "misschien"
    return write_workbook(plan, typed)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ClientList]:
    folder = tmp_path_factory.mktemp("sent")
    listed = named(folder / "k.csv", *NAMES)
    run(listed, Options(folder / "uit"), library())
    return folder / "uit", listed


@pytest.fixture(scope="module")
def back(sent: tuple[Path, ClientList], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as it comes back: renamed, in folders, twice, damaged, with things of others."""
    out, listed = sent
    folder = tmp_path_factory.mktemp("terug")
    shutil.copy(out / listed.clients[1].file, folder / "zomaar een naam.xlsx")
    (folder / "mail").mkdir()
    (folder / "mail" / "Deels 143 (1).xlsx").write_bytes(_answered(listed, 2, 0.5, wrong=True))
    (folder / "af.xlsx").write_bytes(_answered(listed, 3, 1.0))
    (folder / listed.clients[4].file.upper()).write_bytes(b"PK kapot")
    for name, share, when in (("a", 1.0, "2026-01-01"), ("b", 0.25, "2026-03-01")):
        path = folder / f"twee-{name}.xlsx"
        path.write_bytes(_answered(listed, 5, share))
        _saved_on(path, when)
    (folder / "vreemd.xlsx").write_bytes(write_workbook(plan_of("nl", "zw")))
    (folder / "brief.pdf").write_bytes(b"%PDF")
    (folder / "~$af.xlsx").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    return folder


def _saved_on(path: Path, when: str) -> None:
    """As a spreadsheet program notes it in the file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"].replace(b"2026-01-01", when.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, "docProps/core.xml": core}.items():
            archive.writestr(name, data)


def _check(found: Collected) -> None:
    states = {c.entry.values["client"]: c for c in found.clients}
    assert {name: one.state for name, one in states.items()} == {
        "Niet": "missing", "Leeg": "empty", "Deels": "partly", "Klaar": "complete",
        "Kapot": "faulty", "Twee": "partly",
    }  # fmt: skip
    assert states["Deels"].returned[0].errors > 0
    assert "fouten" in remark(states["Deels"], "nl")
    assert state_text(states["Twee"], "nl").startswith("deels (2")
    assert [r.file for r in states["Twee"].returned] == ["twee-b.xlsx", "twee-a.xlsx"]
    assert "twee-a.xlsx" in remark(states["Twee"], "nl")
    assert "tekstbestand" in remark(states["Kapot"], "nl")
    assert [one.file for one in found.unknown] == ["brief.pdf", "vreemd.xlsx"]


def _entries(
    sent: tuple[Path, ClientList], name: str = "manifest.csv"
) -> tuple[ManifestEntry, ...]:
    return read_manifest(sent[0] / name)


def test_every_state_from_a_folder(sent: tuple[Path, ClientList], back: Path) -> None:
    """By workbook id first, then by file name; the newest by what the file says."""
    _check(collect(back, _entries(sent)))


def test_every_state_from_a_zip(sent: tuple[Path, ClientList], back: Path, tmp_path: Path) -> None:
    """The same; the names in the zip are shown and never used as paths."""
    path = tmp_path / "terug.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(back.rglob("*")):
            archive.write(file, file.relative_to(back).as_posix())
    _check(collect(path, _entries(sent, "manifest.json")))


def test_a_zip_among_the_files(sent: tuple[Path, ClientList], back: Path, tmp_path: Path) -> None:
    """A mail program saves attachments as one zip: what is in it came back too."""
    folder = tmp_path / "terug"
    folder.mkdir()
    shutil.make_archive(str(folder / "bijlagen"), "zip", back)
    shutil.copy(back / "af.xlsx", folder / "nog eens.xlsx")
    (folder / "Niet 143.pdf").write_bytes(b"%PDF")
    (folder / "Niet 143 (1).pdf").write_bytes(b"%PDF")
    found = collect(folder, _entries(sent), jobs=2)
    states = {c.entry.values["client"]: c for c in found.clients}
    assert [states[name].state for name in NAMES] == [
        "faulty", "empty", "partly", "complete", "faulty", "partly",
    ]  # fmt: skip
    for one in states["Niet"].returned:
        assert one.fault is not None
        assert (one.fault.code, one.fault.where.file) == ("FILE_NOT_SPREADSHEET", one.file)
    assert {r.file for r in states["Klaar"].returned} == {"bijlagen.zip/af.xlsx", "nog eens.xlsx"}
    assert [one.file for one in found.unknown] == [
        "bijlagen.zip/brief.pdf", "bijlagen.zip/vreemd.xlsx",
    ]  # fmt: skip


def test_the_same_damaged_file_twice(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """Not taken for one that came back untouched; each is told by its own name."""
    for name in ("Kapot 143.xlsx", "Kapot 143 (1).xlsx"):
        (tmp_path / name).write_bytes(b"PK kapot")
    client = collect(tmp_path, _entries(sent)).clients[4]
    assert client.state == "faulty"
    assert {r.fault.where.file for r in client.returned if r.fault} == {
        "Kapot 143.xlsx", "Kapot 143 (1).xlsx",
    }  # fmt: skip


def test_a_text_under_names_of_workbooks(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """What it is, is told of both, whatever is said of the same text under its own name."""
    for name in ("a.txt", "b.xlsx", "c.xlsx"):
        (tmp_path / name).write_text("a;b;c\n1;2;3\n")
    unknown = collect(tmp_path, _entries(sent)).unknown
    codes = {one.file: one.fault.code for one in unknown if one.fault}
    assert codes == {
        "a.txt": "FILE_NOT_SPREADSHEET", "b.xlsx": "FILE_IS_TEXT", "c.xlsx": "FILE_IS_TEXT",
    }  # fmt: skip


def test_copies_that_a_program_hid(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """Programs that synchronise folders keep copies; the file itself is what came back."""
    data = _answered(sent[1], 2, 0.5)
    for name in (".stversions/Deels 143.xlsx", "terug.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = collect(tmp_path, _entries(sent))
    assert found.clients[2].state == "partly"
    assert [r.file for r in found.clients[2].returned] == ["terug.xlsx"]
    assert (found.ignored, found.unknown) == (1, ())


def test_a_file_behind_a_link(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    folder = tmp_path / "terug"
    folder.mkdir()
    (tmp_path / "elders.xlsx").write_bytes(_answered(sent[1], 3, 1.0))
    (folder / "link.xlsx").symlink_to(tmp_path / "elders.xlsx")
    assert collect(folder, _entries(sent)).clients[3].state == "complete"


def test_a_zip_that_bears_the_name(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """What is in it can be read by nobody, but it is known whose it is."""
    with zipfile.ZipFile(tmp_path / "Klaar 143 (2).zip", "w") as archive:
        archive.writestr("werkboek.xlsx", b"PK kapot")
    assert collect(tmp_path, _entries(sent)).clients[3].state == "faulty"


def test_letters_of_strangers(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """The same one twice is a duplicate, and belongs to nobody, whatever the manifest lacks."""
    for name in ("brief.pdf", "brief nog eens.pdf"):
        (tmp_path / name).write_bytes(b"%PDF brief")
    first, *rest = _entries(sent)
    entries = (replace(first, values={**first.values, "sha256": ""}), *rest)
    found = collect(tmp_path, entries)
    assert {c.state for c in found.clients} == {"missing"}
    assert (found.tally.refused, found.tally.duplicate) == (1, 1)


def test_one_workbook_is_a_source_too(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    path = tmp_path / "af.xlsx"
    path.write_bytes(_answered(sent[1], 3, 1.0))
    assert collect(path, _entries(sent)).clients[3].state == "complete"


def test_a_date_that_cannot_be_read_refuses_nothing(tmp_path: Path) -> None:
    """Whether the file can be used is for its reader to say, by its own code."""
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("docProps/core.xml", b"<dcterms:modified>" * 1_000)
    data = bytearray(path.read_bytes())
    at = data.index(b"core.xml") + len(b"core.xml")
    data[at + 12 : at + 40] = b"\xff" * 28
    fault = look_at(("", "x.xlsx", bytes(data))).fault
    assert fault is not None
    assert fault.code != "FILE_INTERNAL"


def test_several_processes_see_the_same(sent: tuple[Path, ClientList], back: Path) -> None:
    """Whatever the number of processes."""
    entries = _entries(sent)
    assert collect(back, entries, jobs=2) == collect(back, entries)


def test_only_wrong_words_is_not_empty(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """Somebody was at work: 0 %, and the errors are told."""
    (tmp_path / "x.xlsx").write_bytes(_answered(sent[1], 2, 0, wrong=True))
    one = collect(tmp_path, _entries(sent)).clients[2]
    assert state_text(one, "nl") == "deels (0 %)"
    assert remark(one, "nl").startswith("fouten in het bestand: 1")


def test_a_zip_that_climbs_out(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """Nothing is written outside a folder of our own."""
    path = tmp_path / "x" / "terug.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../buiten.xlsx", b"PK")
        archive.writestr("/x.xlsx", b"PK")
    found = collect(path, _entries(sent))
    assert [one.fault.code for one in found.unknown if one.fault] == ["FILE_BROKEN"] * 2 or all(
        one.fault for one in found.unknown
    )
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["terug.zip", "x"]


def test_without_the_identity_sheet(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """The id is in a document property too."""
    out, listed = sent
    folder = tmp_path / "terug"
    folder.mkdir()
    book = openpyxl.load_workbook(out / listed.clients[3].file)
    del book["_hkz"]
    book.save(folder / "iets.xlsx")
    states = {c.entry.values["client"]: c.state for c in collect(folder, _entries(sent)).clients}
    assert states["Klaar"] == "empty"


def test_the_command(sent: tuple[Path, ClientList], back: Path, tmp_path: Path) -> None:
    """Table on stdout, totals on stderr, files on request, exit 1 because something is wrong."""
    outputs = [tmp_path / "stand.xlsx", tmp_path / "stand.json"]
    result = _command(back, sent, *(part for p in outputs for part in ("-o", str(p))))
    assert result.exit_code == 1, result.output
    assert "niet terug" in result.stdout
    assert "vreemd.xlsx" in result.stdout
    assert "5 van 6 terug; 1 volledig." in result.stderr
    data = json.loads(outputs[1].read_text("utf-8"))
    assert [c["state"] for c in data["clients"]] == [
        "missing", "empty", "partly", "complete", "faulty", "partly",
    ]  # fmt: skip
    assert [u["file"] for u in data["unknown"]] == ["brief.pdf", "vreemd.xlsx"]
    sheet = openpyxl.load_workbook(outputs[0]).worksheets[0]
    shown = [row[3] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert shown[:4] == ["niet terug", "leeg", "deels (50 %)", "volledig"]
    assert _command(back, sent, "-o", str(outputs[0])).exit_code == 1
    assert "TARGET_FORMAT" in _command(back, sent, "-o", "x.pdf").stderr
    (tmp_path / "leeg").mkdir()
    assert _command(tmp_path / "leeg", sent).exit_code == 0


def _command(source: Path, sent: tuple[Path, ClientList], *more: str) -> Result:
    manifest = str(sent[0] / "manifest.csv")
    return CliRunner().invoke(cli, ["collect", str(source), "--manifest", manifest, *more])


@pytest.mark.parametrize("content", ["", "a;b\r\n1;2\r\n", "{}", '{"product": "x"}', "\x00"])
def test_broken_manifests(tmp_path: Path, content: str) -> None:
    """Told, never a traceback."""
    path = tmp_path / "manifest.csv"
    path.write_text(content)
    with pytest.raises(HkzError) as caught:
        read_manifest(path)
    assert [p.code for p in caught.value.problems] == ["MANIFEST_BROKEN"]


def test_sources_that_are_none(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """Missing, or not a zip."""
    (tmp_path / "x.zip").write_bytes(b"PK")
    for name, code in (("weg", "FILE_MISSING"), ("x.zip", "FILE_BROKEN")):
        with pytest.raises(HkzError) as caught:
            collect(tmp_path / name, _entries(sent))
        assert [p.code for p in caught.value.problems] == [code]


def test_a_manifest_saved_again(sent: tuple[Path, ClientList], tmp_path: Path) -> None:
    """With commas, as other programs write it."""
    lines = (sent[0] / "manifest.csv").read_text("utf-8-sig")
    path = tmp_path / "m.csv"
    path.write_text(lines.replace(";", ","), "utf-8")
    assert read_manifest(path) == _entries(sent)
    path.write_text(lines, "cp1252", newline="")
    assert read_manifest(path) == _entries(sent)


def test_parts_of_a_workbook_count_together(tmp_path: Path) -> None:
    """Parts that came back stand under their client; not until all are back is it complete."""
    lines = write_csv(tmp_path / "k.csv", [["Naam", "Peildatum"], ["Delen", "1-3-2026"]])
    listed = read(lines, Defaults(("125",)))
    run(listed, Options(tmp_path / "uit"), library())
    (entry,) = entries = read_manifest(tmp_path / "uit" / "manifest.json")
    back = tmp_path / "terug"
    back.mkdir()
    whole = read_workbook(tmp_path / "uit" / entry.file, library(), complete=True)
    yes = Choice("status").label("yes", "nl")
    parts = split(whole, "rubriek").parts
    for part in parts:
        answers = {Address(T.requirements, row, "answer"): yes for row in part.rows}
        data = write_workbook(part.fresh.plan, {**part.fresh.inputs, **answers})
        (back / f"deel {part.number}.xlsx").write_bytes(data)
    (back / "deel 2.xlsx").rename(tmp_path / "later.xlsx")
    some = collect(back, entries)
    (one,) = some.clients
    assert (one.state, one.absent, one.percentage) == ("partly", (2,), 75)
    assert "3 van 4 delen terug; nog niet terug: deel 2" in remark(one, "nl")
    assert "3 van 4 delen" in reminders(some, None)[0].values["text"]
    (tmp_path / "later.xlsx").rename(back / "deel 2.xlsx")
    shutil.copy(back / "deel 2.xlsx", back / "nog eens deel 2.xlsx")
    (one,) = collect(back, entries).clients
    assert (one.state, one.answered, one.count) == ("complete", one.count, 46)
    assert "Alle 4 delen zijn terug" in remark(one, "nl")
