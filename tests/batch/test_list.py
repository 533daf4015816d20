"""Client lists as people save them: forms, mistakes, and names that every system takes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.batch.clients import Defaults
from hkz_xlsx.batch.example import example_list
from hkz_xlsx.batch.names import filled
from hkz_xlsx.cli.main import cli
from hkz_xlsx.machine.filenames import LONGEST, UniqueNames, safe_name
from hkz_xlsx.problems import HkzError
from hkz_xlsx.text import LANGS, Lang
from tests.batch.lists import codes, named, read, write_csv, write_xlsx

TEXT = "Naam;KvK;Gemeente;Fte;Financiering;Peildatum;Normen;Regio\r\n" + (
    "Zörgé ’t Huis;01234567;Súdwest-Fryslân;8,5;Wmo, Jeugdwet;31-12-2026;138 en 139;Noord\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    """As Excel, LibreOffice and other programs write them."""
    lines = [line.split(";") for line in TEXT.splitlines()]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    path = tmp_path / "k.csv"
    path.write_bytes(text.encode(encoding))
    listed = read(path)
    assert codes(listed) == ["LIST_COLUMN_FREE"]
    (client,) = listed.clients
    assert client.known == {
        "name": "Zörgé ’t Huis", "kvk": "01234567", "municipality": "Súdwest-Fryslân",
        "fte": 8.5, "funding_wmo": "Ja", "funding_jeugdwet": "Ja",
    }  # fmt: skip
    assert client.parts == ("138", "139")
    assert client.date == date(2026, 12, 31)
    assert client.free == {"Regio": "Noord"}
    assert client.file == "Zörgé ’t Huis 138 139.xlsx"


def test_a_list_from_a_spreadsheet(tmp_path: Path) -> None:
    """Numbers and dates as cells, comments and blank rows, a first column free."""
    path = write_xlsx(
        tmp_path / "k.xlsx",
        [
            [None, "# uitleg"],
            [],
            [None, "Organisatie", "KvK-nummer", "Aantal fte", "Datum", "Norm", "Taal", "Jaar"],
            [None, "De Brug", 1234567, 8.5, datetime(2026, 11, 2), 138, "Engels", 2026],  # noqa: DTZ001
            [],
            [None, "# niet meer", 1, 2],
            [None, "Zorg", "51234568", "12", "2-11-2026", "143", "", ""],
        ],
    )
    listed = read(path)
    assert codes(listed) == [
        "LIST_ROWS_COMMENT", "LIST_COLUMN_FREE", "LIST_VALUE_CLEANED", "LIST_COUNT",
    ]  # fmt: skip
    assert str(listed.problems[2].where) == "k.xlsx  Klanten!C4"
    brug, zorg = listed.clients
    assert (brug.known["kvk"], brug.known["fte"], brug.lang) == ("01234567", 8.5, "en")
    assert brug.date == zorg.date == date(2026, 11, 2)
    assert (brug.parts, brug.free) == (("138",), {"Jaar": "2026"})
    assert (brug.row, zorg.row) == (4, 7)


def test_sep_line_is_not_a_row(tmp_path: Path) -> None:
    """Excel reads ``sep=`` and does not show it; row numbers are those that Excel shows."""
    path = tmp_path / "k.csv"
    path.write_text("sep=|\r\nNaam|Fte\r\nX|veel\r\n", "utf-8")
    (found,) = read(path).problems
    assert (found.code, found.where.cell) == ("LIST_VALUE_WRONG", "B2")


def test_every_mistake_at_once_with_its_cell(tmp_path: Path) -> None:
    """Nothing is made of the rows that are wrong, and every cell is named in one go."""
    head = ["Naam", "KvK", "Fte", "Financiering", "Peildatum", "Normen", "Weglaten", "Taal",
            "Sjabloon", "Vorig werkboek", "Bestandsnaam"]  # fmt: skip
    rows = [
        head,
        ["", "", "", "", "", "143"],
        ["A", "12", "veel", "wmo, ikea", "31-31-2026", "999", "geld=ja", "Frans", "mooi",
         "weg.xlsx", "{x}"],
        ["B", "", "", "", "", "123"],
        ["C", "", "-1", "", "3000-01-01", "143", "financiering=wmo", "", "", "", "", "los"],
        ["D", "", "", "", "", "143"],
        ["D", "", "", "", "", "143", "", "", "", "", "d"],
    ]  # fmt: skip
    listed = read(write_csv(tmp_path / "k.csv", rows), Defaults())
    found = {(p.where.cell, p.code) for p in listed.problems}
    assert found == {
        ("A2", "LIST_VALUE_MISSING"), ("B3", "LIST_VALUE_WRONG"), ("C3", "LIST_VALUE_WRONG"),
        ("D3", "LIST_VALUE_WRONG"), ("E3", "LIST_VALUE_WRONG"), ("G3", "SCOPE_UNKNOWN"),
        ("H3", "LIST_VALUE_WRONG"), ("I3", "TEMPLATE_UNKNOWN"), ("J3", "FILE_MISSING"),
        ("K3", "NAME_PATTERN"), ("F4", "NORM_NEEDS_SECTOR"), ("C5", "LIST_VALUE_WRONG"),
        ("E5", "LIST_VALUE_WRONG"), ("L5", "LIST_CELL_LOOSE"), ("A7", "LIST_ROW_TWICE"),
    }  # fmt: skip
    assert [client.known["name"] for client in listed.clients] == ["D"]


def test_unknown_norm_has_its_cell(tmp_path: Path) -> None:
    """And the choices."""
    path = write_csv(tmp_path / "k.csv", [["Naam", "Norm"], ["A", "999"], ["B", ""]])
    listed = read(path, Defaults())
    assert [(p.code, p.where.cell) for p in listed.problems] == [
        ("NORM_UNKNOWN", "B2"), ("LIST_VALUE_MISSING", "B3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "LIST_NO_HEADER"),
        (b"een;twee\r\n1;2\r\n", "LIST_NO_HEADER"),
        (b"Naam;Fte\r\n# niets\r\n", "LIST_EMPTY"),
        (b"Naam;Naam\r\nX;Y\r\n", "LIST_COLUMN_TWICE"),
        (b"Naam;Klant\r\nX;Y\r\n", "LIST_COLUMN_TWICE"),
        (b'Naam\r\n"X\r\n', "LIST_BROKEN"),
        (b"Naam\r\nX\x81\x8d\xff\r\n", "LIST_LETTERS"),
        (b"\xff\xfeN\x00a", "LIST_ENCODING"),
        (b"Naam\r\nX\x00Y\r\n", "TEXT_CONTROL"),
    ],
)
def test_lists_that_cannot_be_used(tmp_path: Path, content: bytes, code: str) -> None:
    """One code each, never a traceback."""
    path = tmp_path / "k.csv"
    path.write_bytes(content)
    try:
        found = codes(read(path))
    except HkzError as fault:
        found = [p.code for p in fault.problems]
    assert [one for one in found if one not in ("LIST_ROWS_COMMENT", "LIST_COUNT")] == [code]


def test_files_that_are_no_list(tmp_path: Path) -> None:
    """Missing, a folder, and a text that is called xlsx."""
    (tmp_path / "x.xlsx").write_text("geen werkboek")
    expected = {
        "weg.csv": "FILE_MISSING", "": "FILE_IS_FOLDER", "x.xlsx": "FILE_IS_TEXT",
    }  # fmt: skip
    for name, code in expected.items():
        with pytest.raises(HkzError) as caught:
            read(tmp_path / name)
        assert [p.code for p in caught.value.problems] == [code]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_example_reads_back(tmp_path: Path, suffix: str, lang: Lang) -> None:
    """Without a problem, in both languages and forms, and through the command: of its explanation,
    which is ours, nothing is told."""
    path = tmp_path / f"k{suffix}"
    path.write_bytes(example_list(path, lang))
    listed = read(path, Defaults(lang=lang))
    assert codes(listed) == ["LIST_COLUMN_FREE"]
    assert len(listed.clients) == 2
    assert {client.lang for client in listed.clients} == {lang}
    out = tmp_path / f"o{suffix}"
    result = CliRunner().invoke(cli, ["batch", "--example", "-o", str(out), "--lang", lang])
    assert result.exit_code == 0
    assert out.read_bytes() == path.read_bytes()


def test_example_in_another_form_is_refused(tmp_path: Path) -> None:
    """With the choices."""
    result = CliRunner().invoke(cli, ["batch", "--example", "-o", str(tmp_path / "k.pdf")])
    assert result.exit_code == 1
    assert "TARGET_FORMAT" in result.stderr


class TestNames:
    """File names from anything."""

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("De Brug", "De Brug"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j"),
            ("..", "_"),
            ("-rf", "rf"),
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\Windows\\x", "C--Windows-x"),
            ("CON", "CON_"),
            ("nul.tar", "nul_.tar"),
            ("LPT9", "LPT9_"),
            (" .verborgen. ", "verborgen"),
            ("", "_"),
            ("a\tb\x00c\nd", "a-b-c-d"),
            ("fdp\u202excod", "fdpxcod"),
            ("e\u0301", "é"),
        ],
    )  # fmt: skip
    def test_safe(self, text: str, name: str) -> None:
        """What Windows refuses, what climbs out of the folder, what hides or misleads."""
        assert safe_name(text) == name

    @pytest.mark.parametrize("text", ["x" * 400, "😀" * 400, "é " * 300, "a." * 200, "CON" * 90])
    def test_not_too_long(self, text: str) -> None:
        """For paths on Windows and names on Linux, with room for a number and the suffix."""
        name = safe_name(text)
        assert len(name.encode("utf-16-le")) // 2 <= LONGEST
        assert len(name.encode()) <= 240
        assert name == safe_name(name)

    def test_doubles_get_a_number(self) -> None:
        """Also when they differ in case only, or when the number is taken by a real name."""
        names = UniqueNames()
        given = ["A", "a", "B", "A", "A (2)", "É", "é", "E\u0301"]
        found = [names.unused(name) for name in given]
        assert found[:5] == ["A", "a (2)", "B", "A (3)", "A (2) (2)"]
        assert len({name.casefold() for name in found}) == len(found)

    def test_patterns_know_every_column(self) -> None:
        """In either language, and free columns."""
        values = {"name": "De Brug", "kvk": "1", "regio": "Noord"}
        assert filled("{Naam}_{kvk} {Regio} {locatie}", values) == "De Brug_1 Noord"
        assert filled("{name}.XLSX", values) == "De Brug"

    def test_changed_names_are_told(self, tmp_path: Path) -> None:
        """With the cell."""
        listed = named(tmp_path / "k.csv", "A/B", "a-b")
        assert [(p.code, p.where.cell) for p in listed.problems] == [
            ("NAME_MADE_SAFE", "A2"), ("NAME_TWICE", "A3"),
        ]  # fmt: skip
        assert [c.file for c in listed.clients] == ["A-B 143.xlsx", "a-b 143 (2).xlsx"]

    def test_pattern_of_the_command_is_checked(self, tmp_path: Path) -> None:
        """Once, not per row."""
        path = write_csv(tmp_path / "k.csv", [["Naam"], ["A"], ["B"]])
        with pytest.raises(HkzError) as caught:
            read(path, Defaults(("143",), pattern="{weg}"))
        assert [p.code for p in caught.value.problems] == ["NAME_PATTERN"]
