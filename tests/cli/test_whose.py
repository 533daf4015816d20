"""Nothing goes to the wrong client: one rule in every command that puts files together."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import DECISIONS
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

ONE, TWO, THREE = "51234568", "73456781", "62345679"
DAY = ("--date", "2026-11-02")


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


ALL = len(plan_of("nl", "143").model.selection.rows)
HALF = ALL // 2


def book(
    path: Path, name: str, kvk: CellValue = "", location: str = "", *, day: str = "", id_: str = "",
    answers: int = ALL,
) -> Path:  # fmt: skip
    """A completed workbook of somebody."""
    plan = plan_of("nl", "143")
    rows = plan.model.table(T.requirements).rows[:answers]
    typed: dict[Address, CellValue] = {
        Address(T.requirements, row, "answer"): "Voldoet" for row in rows
    }
    who = {"name": name, "kvk": kvk, "location": location}
    typed |= {Address("organisation", key, "value"): value for key, value in who.items() if value}
    if day:
        typed[Address(T.settings, "reference_date", "value")] = serial(date.fromisoformat(day))
    if id_:
        typed[Address("client", "workbook_id", "value")] = id_
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_workbook(plan, typed))
    return path


def sent(folder: Path, lines: str, day: str = "2026-11-02") -> Path:
    """The manifest of what went out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "k.csv").write_text(lines, "utf-8")
    made = run("batch", folder / "k.csv", "-o", folder / "uit", "--norm", "143", "--date", day)
    assert made.exit_code == 0, made.output
    return folder / "uit" / "manifest.json"


def ids(manifest: Path) -> dict[str, str]:
    """Workbook ids by file."""
    found = json.loads(manifest.read_text("utf-8"))["workbooks"]
    return {one["file"].removesuffix(" 143.xlsx"): one["workbook_id"] for one in found}


def collected(folder: Path, manifest: Path, *more: object) -> tuple[Result, dict[str, dict]]:  # type: ignore[type-arg]  # as JSON gives it
    out = folder.parent / "stand.json"
    result = run("collect", folder, "--manifest", manifest, "-o", out, "--force", *more)
    data = json.loads(out.read_text("utf-8"))
    states = {f"{c['client']} {c['location']}".strip(): c for c in data["clients"]}
    return result, {**states, "": {"unknown": data["unknown"]}}


class TestTwoClients:
    """Numbers that contradict: an error that names both, and nothing is made."""

    @pytest.fixture
    def theirs(self, tmp_path: Path) -> Path:
        return book(tmp_path / "vorig.xlsx", "Heel Andere Stichting", TWO)

    def _refused(self, result: Result, made: Path) -> None:
        assert result.exit_code == 1, result.output
        assert "OWNER_KVK_DIFFERS" in result.stderr
        assert ONE in result.stderr
        assert TWO in result.stderr
        assert not made.exists()

    def test_generate(self, tmp_path: Path, theirs: Path) -> None:
        out = tmp_path / "n.xlsx"
        asked = ("generate", "143", "-o", out, "--organisation", "De Brug", "--kvk", ONE)
        for option in ("--answers", "--previous"):
            self._refused(run(*asked, option, theirs), out)
        own = book(tmp_path / "eigen.xlsx", "De Brug", ONE)
        both = ("--answers", own, "--previous", theirs)
        self._refused(run("generate", "143", "-o", out, *both), out)
        done = run(*asked, "--answers", theirs, "--same-client")
        assert done.exit_code == 0
        assert "OWNER_STATED" in done.stderr
        (noted,) = read_workbook(out, library()).carried
        assert (noted.sheet, TWO in noted.told, ONE in noted.told) == (DECISIONS, True, True)

    def test_generate_without_a_client_takes_the_one_of_the_answers(
        self, tmp_path: Path, theirs: Path
    ) -> None:
        out = tmp_path / "n.xlsx"
        assert run("generate", "143", "-o", out, "--answers", theirs).exit_code == 0
        assert read_workbook(out, library()).text("organisation", "kvk") == TWO

    @pytest.mark.usefixtures("theirs")
    @pytest.mark.parametrize("kvk", [ONE, f"{ONE[:4]} {ONE[4:]}", ""])
    def test_batch(self, tmp_path: Path, kvk: str) -> None:
        """The row is named; without a number the name says that it is another's."""
        lines = tmp_path / "k.csv"
        head = "Naam;KvK;Vorig werkboek;Zelfde cliënt als\n"
        lines.write_text(f"{head}De Brug;{kvk};vorig.xlsx;\n", "utf-8")
        out = tmp_path / "uit"
        result = run("batch", lines, "-o", out, "--norm", "143", *DAY)
        assert result.exit_code == 1
        assert ("OWNER_KVK_DIFFERS" if kvk else "OWNER_NAME_DIFFERS") in result.stderr
        assert "C2" in result.stderr
        assert not out.exists()
        lines.write_text(f"{head}De Brug;{kvk};vorig.xlsx;7345.6781\n", "utf-8")
        result = run("batch", lines, "-o", out, "--norm", "143", *DAY)
        assert result.exit_code == 0, result.output
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        assert manifest["workbooks"][0]["same_client"] == "7345.6781"
        assert "same_client" in (out / "manifest.csv").read_text("utf-8-sig").splitlines()[0]

    def test_merge(self, tmp_path: Path, theirs: Path) -> None:
        """Of three files the one of another is named; two sites of one client may be merged."""
        north = book(tmp_path / "noord.xlsx", "De Brug", ONE, "Noord")
        south = book(tmp_path / "zuid.xlsx", "De Brug", int(ONE), "Zuid", answers=10)
        out = tmp_path / "samen.xlsx"
        result = run("merge", north, south, theirs, "-o", out)
        self._refused(result, out)
        assert "vorig.xlsx" in result.stderr
        assert "zuid.xlsx" not in result.stderr
        choose = tmp_path / "besluiten.xlsx"
        decisions = ("--rule", "ask-file", "--decisions", choose)
        self._refused(run("merge", north, theirs, "-o", out, *decisions), choose)
        assert run("merge", north, south, "-o", out).exit_code == 0
        done = run("merge", north, theirs, "-o", out, "--same-client", "--force")
        assert done.exit_code == 0
        told = [one.told for one in read_workbook(out, library()).carried]
        assert any(ONE in text and TWO in text for text in told)

    def test_compare_and_analyze(self, tmp_path: Path, theirs: Path) -> None:
        own, out = book(tmp_path / "eigen.xlsx", "De Brug", ONE), tmp_path / "r.md"
        for command in (("compare", theirs, own), ("analyze", own, "--previous", theirs)):
            self._refused(run(*command, "-o", out), out)
            assert run(*command, "-o", out, "--same-client").exit_code == 0
            text = out.read_text("utf-8")
            assert ONE in text
            assert TWO in text
            out.unlink()

    def test_two_sites_are_not_then_and_now(self, tmp_path: Path) -> None:
        north = book(tmp_path / "noord.xlsx", "De Brug", ONE, "Noord")
        south = book(tmp_path / "zuid.xlsx", "De Brug", ONE, "Zuid")
        same = book(tmp_path / "toen.xlsx", "De Brug", ONE, "locatie  NOORD")
        result = run("compare", north, south)
        assert result.exit_code == 1
        assert "OWNER_SITE_DIFFERS" in result.stderr
        assert run("compare", same, north).exit_code == 0
        assert run("compare", north, south, "--same-client").exit_code == 0


class TestCollect:
    """A file counts for the client that filled it in, and in its own round."""

    LIST = f"Naam;KvK\n't Venster;01234567\nDe Brug;{ONE}\n"

    def test_a_forwarded_workbook(self, tmp_path: Path) -> None:
        """The number as a number, without its zero; in a zip; whatever was saved last."""
        manifest, back = sent(tmp_path, self.LIST), tmp_path / "terug"
        key = ids(manifest)["De Brug"]
        book(back / "1.xlsx", "De Brug", ONE, id_=key)
        other = book(tmp_path / "2.xlsx", "'t Venster", 1234567, id_=key, answers=24)
        with zipfile.ZipFile(back / "mail.zip", "w") as archive:
            archive.write(other, "De Brug 143.xlsx")
        result, states = collected(back, manifest)
        assert result.exit_code == 1
        assert "RETURN_OF_ANOTHER" in result.stderr
        assert "01234567" in result.stderr
        assert ONE in result.stderr
        assert [r["file"] for r in states["De Brug"]["returned"]] == ["1.xlsx"]
        assert states["De Brug"]["state"] == "complete"
        assert states["'t Venster"]["percentage"] == 24 * 100 // ALL
        own = ids(manifest)["'t Venster"]
        book(back / "0.xlsx", "'t Venster", "01234567", id_=own, answers=HALF)
        _, states = collected(back, manifest)
        assert states["'t Venster"]["percentage"] == 49

    def test_of_somebody_who_is_not_on_the_list(self, tmp_path: Path) -> None:
        manifest, back = sent(tmp_path, self.LIST), tmp_path / "terug"
        book(back / "De Brug 143.xlsx", "De Brug", TWO, id_=ids(manifest)["De Brug"])
        result, states = collected(back, manifest)
        assert result.exit_code == 1
        assert states["De Brug"]["state"] == "missing"
        assert states[""]["unknown"][0]["why"] == "RETURN_OF_ANOTHER"
        stated = ("--same-client", f"{ONE}={TWO}")
        result, states = collected(back, manifest, *stated)
        assert (result.exit_code, states["De Brug"]["state"]) == (0, "complete")
        assert states["De Brug"]["returned"][0]["why"] == "OWNER_STATED"

    def test_without_a_number_the_id_counts_unless_the_name_is_another_clients(
        self, tmp_path: Path
    ) -> None:
        manifest, back = sent(tmp_path, self.LIST), tmp_path / "terug"
        key = ids(manifest)["De Brug"]
        book(back / "a.xlsx", "Stichting Water", "00000000", id_=key, answers=10)
        result, states = collected(back, manifest)
        assert result.exit_code == 0
        assert states["De Brug"]["returned"][0]["why"] == "OWNER_OTHER_NAME"
        book(back / "b.xlsx", "'t Venster", id_=key)
        _, states = collected(back, manifest)
        assert [r["file"] for r in states["De Brug"]["returned"]] == ["a.xlsx"]
        assert [r["file"] for r in states["'t Venster"]["returned"]] == ["b.xlsx"]

    def test_sites_are_kept_apart(self, tmp_path: Path) -> None:
        lines = f"Naam;Locatie;KvK\nDe Brug;Noord;{ONE}\nDe Brug;Zuid;{ONE}\n"
        manifest, back = sent(tmp_path, lines), tmp_path / "terug"
        book(back / "x.xlsx", "De Brug", ONE, "locatie zuid", id_=ids(manifest)["De Brug Noord"])
        _, states = collected(back, manifest)
        assert states["De Brug Noord"]["state"] == "missing"
        assert states["De Brug Zuid"]["state"] == "complete"

    def test_an_earlier_round(self, tmp_path: Path) -> None:
        """By its date, which is shown; also when the workbook of this round bears that date."""
        before = sent(tmp_path / "2025", self.LIST, "2025-11-01")
        manifest, back = sent(tmp_path / "2026", self.LIST, "2026-11-01"), tmp_path / "terug"
        assert set(ids(before).values()).isdisjoint(ids(manifest).values())
        book(back / "oud.xlsx", "De Brug", ONE, day="2025-11-01", id_=ids(before)["De Brug"])
        key = ids(manifest)["'t Venster"]
        book(back / "v.xlsx", "'t Venster", "01234567", day="2025-03-01", id_=key)
        result, states = collected(back, manifest)
        assert "vorige ronde (01-11-2025)" in result.stdout
        assert [states[name]["state"] for name in ("De Brug", "'t Venster")] == ["earlier"] * 2
        assert states["De Brug"]["percentage"] is None
        key = ids(manifest)["De Brug"]
        book(back / "nu.xlsx", "De Brug", ONE, day="2026-10-20", id_=key, answers=HALF)
        result, states = collected(back, manifest)
        assert states["De Brug"]["percentage"] == 49
        assert "oud.xlsx (01-11-2025)" in result.stdout

    def test_a_client_without_a_date_is_of_the_round_of_the_others(self, tmp_path: Path) -> None:
        lines = "Naam;Peildatum\nA;1-3-2026\nB;\n"
        (tmp_path / "k.csv").write_text(lines, "utf-8")
        made = tmp_path / "uit"
        run("batch", tmp_path / "k.csv", "-o", made, "--norm", "143")
        manifest = made / "manifest.json"
        book(tmp_path / "terug" / "b.xlsx", "B", day="2025-03-01", id_=ids(manifest)["B"])
        assert collected(tmp_path / "terug", manifest)[1]["B"]["state"] == "earlier"

    def test_another_workbook_of_a_client(self, tmp_path: Path) -> None:
        """Counts with its date in this round, and is told; without a date nobody can tell."""
        manifest, back = sent(tmp_path, self.LIST), tmp_path / "terug"
        book(back / "a.xlsx", "De Brug", ONE, day="2026-11-03", id_="f" * 20)
        book(back / "b.xlsx", "'t Venster", "01234567", id_="e" * 20)
        _, states = collected(back, manifest)
        assert states["De Brug"]["returned"][0]["why"] == "RETURN_OTHER_WORKBOOK"
        assert [u["why"] for u in states[""]["unknown"]] == ["RETURN_UNDATED"]
        lines = f"Naam;KvK\nA;{ONE}\nB;{ONE}\n"
        manifest = sent(tmp_path / "twee", lines)
        _, states = collected(back, manifest)
        assert "RETURN_UNCLEAR" in {u["why"] for u in states[""]["unknown"]}

    def test_a_manifest_of_the_first_release(self, tmp_path: Path) -> None:
        """Without the later columns, as csv and as json."""
        manifest, back = sent(tmp_path, self.LIST), tmp_path / "terug"
        book(back / "1.xlsx", "De Brug", ONE, id_=ids(manifest)["De Brug"])
        data = json.loads(manifest.read_text("utf-8"))
        for one in data["workbooks"]:
            del one["same_client"]
        manifest.write_text(json.dumps(data), "utf-8")
        assert collected(back, manifest)[1]["De Brug"]["state"] == "complete"
        table = manifest.with_suffix(".csv")
        lines = table.read_text("utf-8-sig").splitlines()
        table.write_text("\n".join(line.rpartition(";")[0] for line in lines), "utf-8-sig")
        assert collected(back, table)[1]["De Brug"]["state"] == "complete"

    def test_the_column_of_the_list_reaches_collect(self, tmp_path: Path) -> None:
        lines = f"Name;KvK;Same client as\nDe Brug;{ONE};{TWO}\n"
        manifest, back = sent(tmp_path, lines), tmp_path / "terug"
        book(back / "1.xlsx", "De Dam", TWO, id_=ids(manifest)["De Brug"])
        result, states = collected(back, manifest)
        assert (result.exit_code, states["De Brug"]["state"]) == (0, "complete")


def test_batch_asks_for_a_date(tmp_path: Path) -> None:
    """Without any, nothing is made; where some rows have one the others are told."""
    lines, out = tmp_path / "k.csv", tmp_path / "uit"
    lines.write_text("Naam;Peildatum\n# uitleg\nA;\nB;\n", "utf-8")
    for more in ((), ("--dry-run",)):
        result = run("batch", lines, "-o", out, "--norm", "143", *more)
        assert result.exit_code == 1
        assert "BATCH_NO_DATE" in result.stderr
        assert "k.csv:3" in result.stderr
        assert "--date" in result.stderr
        assert not out.exists()
    assert run("batch", lines, "-o", out, "--norm", "143", *DAY).exit_code == 0
    lines.write_text("Naam;Peildatum\nA;1-3-2026\nB;\nC;\n", "utf-8")
    result = run("batch", lines, "-o", out, "--norm", "143", "--dry-run")
    assert result.exit_code == 0
    assert "BATCH_ROW_NO_DATE" in result.stderr
    assert "k.csv:3" in result.stderr


def test_the_example_can_be_used(tmp_path: Path) -> None:
    """No number of nobody in it, and a date in every row."""
    for suffix in (".csv", ".xlsx"):
        path = tmp_path / f"k{suffix}"
        assert run("batch", "--example", "-o", path).exit_code == 0
        result = run("batch", path, "-o", tmp_path / "uit", "--dry-run")
        assert result.exit_code == 0, result.output
        assert "KVK_OF_NOBODY" not in result.stderr


@pytest.mark.parametrize(
    ("kvk", "code"),
    [(1234567, "KVK_RESTORED"), ("1 234 567", "KVK_RESTORED"), ("12345678", "KVK_OF_NOBODY"),
     (0, "KVK_OF_NOBODY"), ("onbekend", "KVK_OF_NOBODY"), ("0123 4567", ""), (51234568.0, "")],
)  # fmt: skip
def test_check_says_what_became_of_a_number(tmp_path: Path, kvk: str | float, code: str) -> None:
    """With its cell; repair keeps what stood there; the list of a batch says it too."""
    path = book(tmp_path / "w.xlsx", "De Brug", "51234567")
    opened = openpyxl.load_workbook(path)
    cell = next(c for row in opened["Start"] for c in row if c.value == "51234567")
    cell.value = kvk
    opened.save(path)
    said = run("check", path).output
    assert [c for c in ("KVK_RESTORED", "KVK_OF_NOBODY") if c in said] == ([code] if code else [])
    if code:
        assert cell.coordinate in said
    if code == "KVK_RESTORED":
        new = tmp_path / "nieuw.xlsx"
        assert run("repair", path, "-o", new).exit_code == 0
        again = read_workbook(new, library())
        assert again.text("organisation", "kvk") == "01234567"
        assert str(kvk) in {one.value for one in again.carried}


def test_lists_and_options_say_what_became_of_a_number(tmp_path: Path) -> None:
    lines = tmp_path / "k.csv"
    lines.write_text("Naam;KvK\nA;1234567\nB;87654321\n", "utf-8")
    result = run("batch", lines, "-o", tmp_path / "uit", "--norm", "143", "--dry-run", *DAY)
    assert result.exit_code == 0
    assert "LIST_VALUE_CLEANED" in result.stderr
    assert "KVK_OF_NOBODY" in result.stderr
    out = tmp_path / "w.xlsx"
    assert "KVK_RESTORED" in run("generate", "143", "-o", out, "--kvk", "1234567").stderr
    assert read_workbook(out, library()).raw[Address("organisation", "kvk", "value")] == "01234567"
    result = run("generate", "143", "-o", out, "--kvk", "11111111", "--force")
    assert "KVK_OF_NOBODY" in result.stderr


class TestPortfolio:
    """The same rule, with its reasons."""

    def _made(self, folder: Path, *more: object) -> tuple[list[list[str]], set[str]]:
        done = run("aggregate", folder, "-o", folder.parent / "pf", "--jobs", 1, *more)
        assert done.exit_code == 0, done.output
        ask = ("query", "-p", folder.parent / "pf", "--format", "json")
        select = "select name, files, matched_by from organisations order by 1, 2"
        rows = json.loads(run(*ask, select).stdout)
        reasons = json.loads(run(*ask, "select distinct reason from matches").stdout)
        return [list(row.values()) for row in rows], {row["reason"] for row in reasons}

    def test_joined_and_kept_apart(self, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        files: list[tuple[str, str | int, str]] = [
            ("Org C", "00000000", ""), ("Org D", "00000000", ""), ("Org G", 1234567, ""),
            ("Org G", "01234567", ""), ("Org J", "12345678", ""), ("Org J", "", ""),
            ("Org S", ONE, "Noord"), ("Org S", ONE, "Zuid"),
        ]  # fmt: skip
        for index, (name, kvk, place) in enumerate(files):
            book(folder / f"{index}.xlsx", name, kvk, place, day=f"2026-0{index + 1}-01")
        rows, reasons = self._made(folder)
        assert rows == [
            ["Org C", 1, "file"], ["Org D", 1, "file"], ["Org G", 2, "kvk"], ["Org J", 2, "name"],
            ["Org S", 1, "kvk"], ["Org S", 1, "kvk"],
        ]  # fmt: skip
        assert reasons == {"name_joined", "sites"}

    def test_a_merger_is_stated_and_recorded(self, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        book(folder / "a.xlsx", "De Dam", TWO, day="2025-01-01")
        book(folder / "b.xlsx", "De Brug", ONE, day="2026-01-01")
        assert len(self._made(folder)[0]) == 2
        rows, reasons = self._made(folder, "--same-client", f"{ONE}={TWO}")
        assert rows == [["De Brug", 2, "same_client"]]
        assert reasons == {"same_client"}
        ready = ("aggregate", tmp_path / "pf", "-o", tmp_path / "v.html")
        assert run(*ready, "--same-client", f"{ONE}={TWO}").exit_code == 2
        lines = tmp_path / "lijst.csv"
        lines.write_text(f"KvK;Zelfde cliënt als;Regio\n{ONE};{TWO};Noord\n", "utf-8")
        assert self._made(folder, "--manifest", lines)[0] == [["De Brug", 2, "same_client"]]

    def test_own_columns_follow_the_rule(self, tmp_path: Path) -> None:
        """A workbook that another client filled in does not get the columns of the first."""
        lines = f"Naam;KvK;Regio\nDe Brug;{ONE};Noord\nDe Dam;{THREE};Zuid\n"
        manifest, back = sent(tmp_path, lines), tmp_path / "terug"
        key = ids(manifest)["De Brug"]
        book(back / "a.xlsx", "De Brug", ONE, id_=key)
        book(back / "b.xlsx", "De Dam", THREE, id_=key)
        book(back / "c.xlsx", "Vreemd", TWO, id_=key)
        self._made(back, "--manifest", manifest)
        ask = ("query", "-p", tmp_path / "pf", "--format", "json")
        select = "select f.file, a.value from attributes a join files f using (file_id) order by 1"
        found = [tuple(row.values()) for row in json.loads(run(*ask, select).stdout)]
        assert [(Path(file).name, value) for file, value in found] == [
            ("a.xlsx", "Noord"), ("b.xlsx", "Zuid"),
        ]  # fmt: skip

    @pytest.mark.parametrize("wrong", ["51234568", f"{ONE}=", "="])
    def test_a_statement_names_two(self, tmp_path: Path, wrong: str) -> None:
        (tmp_path / "in").mkdir()
        asked = ("aggregate", tmp_path / "in", "-o", tmp_path / "pf", "--same-client", wrong)
        assert run(*asked).exit_code == 2
