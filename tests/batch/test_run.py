"""Runs: every file whole or not at all, resumed, one at a time, and a manifest of it all."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from hkz_xlsx.batch import output_folder
from hkz_xlsx.batch.clients import ClientList
from hkz_xlsx.batch.manifest import read_manifest
from hkz_xlsx.batch.output_folder import Folder
from hkz_xlsx.batch.run import Options, run, tasks
from hkz_xlsx.cli.main import cli
from hkz_xlsx.machine import faults
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.batch.lists import named, write_csv
from tests.support import library, plan_of


def command(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


DATED = ("--date", "2026-11-02")


@pytest.fixture
def three(tmp_path: Path) -> ClientList:
    return named(tmp_path / "k.csv", "Een", "Twee & Zn", "Drie")


def test_the_same_as_generate(tmp_path: Path) -> None:
    """One path: a workbook of a list is the workbook that `hkz generate` makes."""
    rows = [["Naam", "Locatie", "KvK", "Peildatum", "Normen", "Taal", "Weglaten", "Bestandsnaam",
             "Alleen kern"],
            ["De Brug", "Oost", "01234567", "2-11-2026", "143", "en", "", "a", ""],
            ["Zorg", "", "", "2-11-2026", "144", "nl", "financiering=wmo", "b", "nee"],
            ["Zorg", "", "", "2-11-2026", "144", "nl", "financiering=wmo", "c", "Ja"]]  # fmt: skip
    lines = write_csv(tmp_path / "k.csv", rows)
    assert command("batch", lines, "-o", tmp_path / "uit").exit_code == 0
    one, other = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    command("generate", "143", "-o", one, "--organisation", "De Brug", "--location", "Oost",
            "--kvk", "01234567", "--date", "2026-11-02", "--lang", "en")  # fmt: skip
    command("generate", "144", "-o", other, "--organisation", "Zorg", "--scope", "funding=wmo",
            "--date", "2026-11-02")  # fmt: skip
    assert (tmp_path / "uit" / "a.xlsx").read_bytes() == one.read_bytes()
    assert (tmp_path / "uit" / "b.xlsx").read_bytes() == other.read_bytes()
    command("generate", "144", "-o", core := tmp_path / "3.xlsx", "--organisation", "Zorg",
            "--scope", "funding=wmo", "--date", "2026-11-02", "--core")  # fmt: skip
    assert (tmp_path / "uit" / "c.xlsx").read_bytes() == core.read_bytes()
    sent = read_manifest(tmp_path / "uit" / "manifest.csv")
    assert [entry.values["core"] for entry in sent] == ["", "", "core"]


def test_core_is_yes_or_no(tmp_path: Path) -> None:
    lines = write_csv(tmp_path / "k.csv", [["Naam", "Norm", "Kernvragen"], ["A", "125", "soms"]])
    result = command("batch", lines, "-o", tmp_path / "uit", *DATED)
    assert result.exit_code == 1
    assert "LIST_VALUE_WRONG" in result.output
    assert "Ja, Nee" in result.output


def test_manifest(tmp_path: Path) -> None:
    """Every client with its file, id, checksum and free columns, twice, in list order."""
    rows = [["Naam", "Normen", "Regio", "plan"], ["B;", "143", 'No"ord', "x"], ["A", "zw", "", ""]]
    path = tmp_path / "k.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    folder = tmp_path / "uit"
    assert command("batch", path, "-o", folder, *DATED).exit_code == 0
    entries = read_manifest(folder / "manifest.csv")
    again = read_manifest(folder / "manifest.json")
    assert [e.values for e in entries] == [e.values for e in again]
    assert [e.values["client"] for e in entries] == ["B;", "A"]
    assert entries[0].free == {"Regio": 'No"ord', "plan_": "x"}
    assert again[0].free == {"Regio": 'No"ord', "plan": "x"}
    for entry in entries:
        data = (folder / entry.file).read_bytes()
        assert entry.values["sha256"] == hashlib.sha256(data).hexdigest()
        submission = read_workbook(folder / entry.file, library())
        assert submission.text("client", "workbook_id") == entry.values["workbook_id"]
        assert submission.identity.plan == entry.values["plan"]
    own = {"manifest.csv", "manifest.json"}
    assert {p.name for p in folder.iterdir()} == own | {e.file for e in entries}


def test_dry_run_makes_nothing(tmp_path: Path, three: ClientList) -> None:
    """Shows what would be made, on stdout."""
    folder = tmp_path / "uit"
    result = command(
        "batch", tmp_path / "k.csv", "-o", folder, "--norm", "143", "--dry-run", *DATED
    )
    assert result.exit_code == 0
    shown = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert shown == [c.file for c in three.clients]
    assert not folder.exists()


def test_a_mistake_in_the_list_makes_nothing(tmp_path: Path) -> None:
    """Not even the workbooks of the rows that are right."""
    path = write_csv(tmp_path / "k.csv", [["Naam", "Norm"], ["A", "143"], ["B", "999"]])
    result = command("batch", path, "-o", tmp_path / "uit", *DATED)
    assert result.exit_code == 1
    assert "NORM_UNKNOWN" in result.stderr
    assert "B3" in result.stderr
    assert not (tmp_path / "uit").exists()
    trial = command("batch", path, "-o", tmp_path / "uit", "--dry-run", *DATED)
    assert (trial.exit_code, trial.stdout) == (1, ""), "nothing would be made"


def test_wrong_usage() -> None:
    """Exit 2, as click does."""
    assert command("batch").exit_code == 2
    assert command("batch", "x.csv").exit_code == 2


def test_resume_and_force(tmp_path: Path, three: ClientList) -> None:
    """A second run is refused; resumed it fills the gaps; forced it replaces."""
    folder = tmp_path / "uit"
    assert run(three, Options(folder), library()).made == 3
    before = files(folder)
    with pytest.raises(HkzError) as caught:
        run(three, Options(folder), library())
    assert [p.code for p in caught.value.problems] == ["BATCH_FOLDER_USED"]
    (folder / three.clients[1].file).unlink()
    outcome = run(three, Options(folder, "resume"), library())
    assert (outcome.made, outcome.same, outcome.problems) == (1, 2, ())
    assert files(folder) == before
    first = folder / three.clients[0].file
    first.write_bytes(b"ingevuld")
    outcome = run(three, Options(folder, "resume"), library())
    assert [p.code for p in outcome.problems] == ["RESUME_DIFFERS"]
    assert first.read_bytes() == b"ingevuld"
    assert run(three, Options(folder, "replace"), library()).made == 3
    assert files(folder) == before


def test_a_longer_list_later(tmp_path: Path, three: ClientList) -> None:
    """What went out with an earlier list stays in the manifest while its file stands there."""
    folder = tmp_path / "uit"
    run(three, Options(folder), library())
    run(named(tmp_path / "k2.csv", "Vier"), Options(folder, "resume"), library())
    clients = [e.values["client"] for e in read_manifest(folder / "manifest.csv")]
    assert clients == ["Een", "Twee & Zn", "Drie", "Vier"]


def test_several_processes_give_the_same(tmp_path: Path) -> None:
    """Same files, same manifest, whatever the number of processes."""
    rows = [
        ["Naam", "Norm", "Taal"],
        *([f"K{n}", "143", "nl" if n % 2 else "en"] for n in range(6)),
    ]
    path = write_csv(tmp_path / "k.csv", rows)
    one, two = tmp_path / "1", tmp_path / "2"
    assert command("batch", path, "-o", one, "--jobs", 1, *DATED).exit_code == 0
    assert command("batch", path, "-o", two, "--jobs", 2, *DATED).exit_code == 0
    assert files(one) == files(two)


def test_one_base_per_distinct_workbook(tmp_path: Path) -> None:
    """Clients that differ in plan only once are made together, in order of appearance."""
    rows = [["Naam", "Norm"], ["A", "143"], ["B", "zw"], ["C", "143"], ["D", "zw"]]
    path = write_csv(tmp_path / "k.csv", rows)
    from tests.batch.lists import read

    assert tasks(read(path).clients) == [[0, 2], [1, 3]]


class TestTrouble:
    """Everything that can go wrong while writing: a clear message, nothing half-written."""

    def test_two_runs_at_once(self, tmp_path: Path, three: ClientList) -> None:
        """The second one is refused and makes nothing."""
        folder = tmp_path / "uit"
        folder.mkdir()
        with FileLock(folder / output_folder.LOCK), pytest.raises(HkzError) as caught:
            run(three, Options(folder), library())
        assert [p.code for p in caught.value.problems] == ["BATCH_RUNNING"]
        assert not list(folder.glob("*.xlsx"))

    def test_disk_full(
        self, tmp_path: Path, three: ClientList, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Stops with what is done and how to go on; no half file; resumed it is complete."""
        whole, folder = tmp_path / "heel", tmp_path / "uit"
        run(three, Options(whole), library())
        real, calls = os.writev, 0

        def full(handle: int, pieces: list[bytes]) -> int:
            nonlocal calls
            calls += 1
            if calls < 2:
                return real(handle, pieces)
            if calls == 2:
                return real(handle, [pieces[0][:1000]])
            raise OSError(errno.ENOSPC, "No space left on device")

        def no_more(*_: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "writev", full)
        monkeypatch.setattr(os, "write", no_more)
        outcome = run(three, Options(folder), library())
        monkeypatch.undo()
        cause, found = outcome.problems
        assert (cause.code, cause.where.file) == (
            "TARGET_DISK_FULL",
            str(folder / three.clients[1].file),
        )
        assert found.code == "BATCH_STOPPED"
        assert found.slots["done"] == "1"
        assert [p.name for p in folder.iterdir()] == [three.clients[0].file]
        run(three, Options(folder, "resume"), library())
        assert files(folder) == files(whole)

    def test_without_writev(
        self, tmp_path: Path, three: ClientList, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As on Windows: the same bytes."""
        run(three, Options(tmp_path / "a"), library())
        monkeypatch.delattr(os, "writev")
        run(three, Options(tmp_path / "b"), library())
        assert files(tmp_path / "a") == files(tmp_path / "b")

    def test_fsync_gives_the_same(self, tmp_path: Path, three: ClientList) -> None:
        """Only slower."""
        run(three, Options(tmp_path / "a"), library())
        run(three, Options(tmp_path / "b", fsync=True), library())
        assert files(tmp_path / "a") == files(tmp_path / "b")

    def test_file_open_in_another_program(
        self, tmp_path: Path, three: ClientList, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A sharing violation on Windows: told for that file, the others are made."""
        folder = tmp_path / "uit"
        run(three, Options(folder), library())
        before = files(folder)
        real = os.replace

        def shared(source: str, target: str | Path) -> None:
            if str(target).endswith(three.clients[1].file):
                raise PermissionError(13, "in use")
            real(source, target)

        monkeypatch.setattr(os, "replace", shared)
        monkeypatch.setattr(faults, "PAUSES", ())
        outcome = run(three, Options(folder, "replace"), library())
        assert [(p.code, p.where.file) for p in outcome.problems] == [
            ("TARGET_IN_USE", str(folder / three.clients[1].file))
        ]
        assert outcome.made == 2
        after = files(folder)
        manifest = json.loads(after.pop("manifest.json"))
        assert [w["client"] for w in manifest["workbooks"]] == ["Een", "Drie"]
        assert {n: d for n, d in before.items() if n in after and n.endswith("xlsx")} == {
            n: d for n, d in after.items() if n.endswith("xlsx")
        }

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
    def test_read_only_folder(self, tmp_path: Path, three: ClientList) -> None:
        """Told before anything is made."""
        folder = tmp_path / "uit"
        folder.mkdir()
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        with pytest.raises(HkzError) as caught:
            run(three, Options(folder), library())
        assert [p.code for p in caught.value.problems] == ["TARGET_DENIED"]

    def test_folder_that_refuses_a_lock(
        self, tmp_path: Path, three: ClientList, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As a folder that is read-only does."""

        def refused(*_: object, **__: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr(FileLock, "acquire", refused)
        with pytest.raises(HkzError) as caught:
            run(three, Options(tmp_path / "uit"), library())
        assert [p.code for p in caught.value.problems] == ["TARGET_READ_ONLY"]

    def test_the_folder_is_a_file(self, tmp_path: Path, three: ClientList) -> None:
        """Told."""
        (tmp_path / "uit").write_text("x")
        with pytest.raises(HkzError) as caught:
            run(three, Options(tmp_path / "uit"), library())
        assert [p.code for p in caught.value.problems] == ["TARGET_NO_FOLDER"]

    def test_leftovers_of_a_killed_run(self, tmp_path: Path, three: ClientList) -> None:
        """Unfinished files go, and so does a lock that nobody holds."""
        folder = tmp_path / "uit"
        folder.mkdir()
        (folder / ".hkz-4711.tmp").write_bytes(b"half")
        (folder / output_folder.LOCK).touch()
        assert run(three, Options(folder, "resume"), library()).made == 3
        assert not list(folder.glob(".*"))


class TestPrevious:
    """Answers of an earlier workbook go along."""

    def _list(self, folder: Path, *cells: str) -> Path:
        head = ["Naam", "Norm", "Taal", "Peildatum", "Vorig werkboek", "Weglaten"]
        return write_csv(folder / "k.csv", [head, list(cells)])

    def test_answers_go_along(self, tmp_path: Path) -> None:
        """Also into the other language; client data of the list wins; the date is a new one."""
        plan = plan_of("nl", "143")
        typed = sample_inputs(plan)
        old = tmp_path / "oud.xlsx"
        old.write_bytes(write_workbook(plan, typed))
        head = ["Naam", "KvK", "Norm", "Taal", "Vorig werkboek"]
        row = ["Nieuwe naam", "01234567", "143", "en", "oud.xlsx"]
        path = write_csv(tmp_path / "k.csv", [head, row])
        result = command("batch", path, "-o", tmp_path / "uit", "--date", "2026-11-03")
        assert result.exit_code == 0, result.output
        (entry,) = read_manifest(tmp_path / "uit" / "manifest.csv")
        assert entry.values["previous"] == "oud.xlsx"
        new = read_workbook(tmp_path / "uit" / entry.file, library())
        before = read_workbook(old, library())
        assert new.text("organisation", "name") == "Nieuwe naam"
        assert new.text("organisation", "location") == before.text("organisation", "location")
        day = Address(T.settings, "reference_date", "value")
        assert new.as_understood[day] == serial(date(2026, 11, 3))
        assert before.as_understood[day] != new.as_understood[day]
        assert "OWNER_OTHER_NAME" in result.stderr
        answers = {a for a in before.raw if a.table == T.requirements}
        carried = {a for a in new.raw if a.table == T.requirements and a.column != "origin"}
        assert carried == answers
        words = {"Voldoet": "Met", "Voldoet niet": "Not met"}
        key = next(a for a in answers if a.column == "answer" and before.raw[a] in words)
        assert new.raw[key] != before.raw[key]
        assert [p for p in new.problems if p.severity.value == "error"] == []
        blank = plan_of("en", "143")
        assert new.text("client", "workbook_id") == entry.values["workbook_id"]
        assert len(blank.model.selection.rows) == len(before.plan.model.selection.rows)

    def test_another_norm_is_refused(self, tmp_path: Path) -> None:
        """Before anything is made."""
        (tmp_path / "oud.xlsx").write_bytes(write_workbook(plan_of("nl", "zw")))
        path = self._list(tmp_path, "A", "143", "", "", "oud.xlsx", "")
        result = command("batch", path, "-o", tmp_path / "uit", *DATED)
        assert result.exit_code == 1
        assert "PREVIOUS_OTHER_NORM" in result.stderr
        assert not (tmp_path / "uit").exists()

    def test_answers_to_questions_left_out_are_told(self, tmp_path: Path) -> None:
        """They stay in the earlier workbook; nothing is dropped in silence."""
        plan = plan_of("nl", "138")
        left = "MHD-216"
        typed = {Address(T.requirements, left, "answer"): "Voldoet"}
        (tmp_path / "oud.xlsx").write_bytes(write_workbook(plan, typed))
        path = self._list(tmp_path, "A", "138", "", "", "oud.xlsx", "activiteiten=outreach")
        result = command("batch", path, "-o", tmp_path / "uit", *DATED)
        assert "PREVIOUS_LEFT_BEHIND" in result.stderr
        assert left in result.stderr
        assert result.exit_code == 0


def test_other_bytes_of_the_same_length_are_another_file(tmp_path: Path) -> None:
    """A workbook that somebody changed in place can be as long as it was."""
    path = tmp_path / "een.xlsx"
    path.write_bytes(b"ingevuld")
    folder = Folder(tmp_path, "resume")
    with pytest.raises(HkzError) as caught:
        folder.put("een.xlsx", b"inge", b"VULD")
    assert [p.code for p in caught.value.problems] == ["RESUME_DIFFERS"]
    assert path.read_bytes() == b"ingevuld"
    assert folder.put("een.xlsx", b"inge", b"vuld") is False
