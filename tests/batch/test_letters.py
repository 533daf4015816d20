"""Lists of text in the code pages that Excel offers: read right, or refused with the letters."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.machine.csv_text import DoubtfulLetters, decoded

_NAMES = (
    "Stichting Café Zörg|Huize Súdwest|’t Venster|Zorgbureau Zoë|"
    "Maatschappelijk werk België|De Coöperatie|Reünie|Naïef|Auto’s & co|Zo’n zorg|"
    "L’Arche|O’Brien|“De Brug”|‘De Brug’|Señor|Bjørn|Hôtel|Fryslân|Crèche|Façade|"
    "éénoudergezin|’s-Gravenhage|Zorg – thuis|Straße|Één zorg|geïntegreerd|coördinatie|"
    "patiënten|cliënten|Daniël|Noëlle|beëindigd|Zürich|Köln|Genève|privé|ideeën|Curaçao|"
    "Thérèse|François|Loïs|Müller|€ 12,50|50 °C|Égalité|À la carte|BELGIË"
)
NAMES = _NAMES.split("|")


def _fit(codec: str) -> list[str]:
    """Names with a letter that is not ASCII, as far as the code page has them."""
    return [n for n in NAMES if not n.isascii() and n.encode(codec, "ignore").decode(codec) == n]


@pytest.mark.parametrize("name", _fit("cp1252"))
def test_one_name_as_windows_saves_it_is_quiet(name: str) -> None:
    found = decoded(f"Naam;KvK\r\n{name};01234567\r\n".encode("cp1252"))
    assert (name in found.text, found.unusual) == (True, "")


@pytest.mark.parametrize("codec", ["cp1252", "cp850", "cp437", "mac_roman"])
def test_lists_of_six_names(codec: str) -> None:
    """All are read right."""
    rng = random.Random(14)
    for _ in range(200):
        rows = "".join(f"{n};01234567\r\n" for n in rng.sample(_fit(codec), 6))
        text = f"Naam;KvK\r\n{rows}"
        assert decoded(text.encode(codec)).text == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig"])
def test_unicode_with_a_mark_and_without(codec: str) -> None:
    text = "Naam\tKvK\r\nZörg\t01234567\r\n"
    assert decoded(text.encode(codec)).text == text


def _batch(path: Path) -> tuple[int, str, str]:
    arguments = [
        "batch",
        str(path),
        "-o",
        str(path.parent / "uit"),
        "--norm",
        "143",
        "--dry-run",
        "--date",
        "2026-11-02",
    ]
    done = CliRunner().invoke(cli, arguments)
    return done.exit_code, done.stdout, done.stderr


LIST = "Naam;KvK\r\nStichting Café Zörg;01234567\r\nHuize Súdwest;51234568\r\n"


@pytest.mark.parametrize(
    ("codec", "told"), [("cp850", "MS-DOS"), ("cp437", "MS-DOS"), ("mac_roman", "Macintosh")]
)
def test_a_client_list_of_excel(tmp_path: Path, codec: str, told: str) -> None:
    path = tmp_path / "k.csv"
    path.write_bytes(LIST.encode(codec))
    code, out, err = _batch(path)
    assert (code, "Stichting Café Zörg" in out, "Huize Súdwest" in out) == (0, True, True)
    assert re.search(rf"LIST_DECODED .*{told}.*‘Café’", err)


def test_unicode_text_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "k.txt"
    path.write_bytes(LIST.replace(";", "\t").encode("utf-16"))
    code, out, err = _batch(path)
    assert (code, "Café Zörg" in out, "LIST_DECODED" in err) == (0, True, False)


@pytest.mark.parametrize(
    ("data", "line", "letters"),
    [
        ("Naam\r\nDe Brug\r\nZOË\r\n".encode("cp850"), 3, "ZOË / ZOÓ"),
        (b"Naam\r\nCaf" + b"\xc3\xa9\r\nZ\xf6rg\r\n", 2, "Ã©"),
        ("Naam\r\nHuize Súdwest\r\n".encode("mac_roman"), 2, "Súdwest"),
    ],
)
def test_letters_in_doubt_are_named(tmp_path: Path, data: bytes, line: int, letters: str) -> None:
    """Capitals of MS-DOS, UTF-8 with a line of Windows in it, one letter of a Macintosh."""
    path = tmp_path / "k.csv"
    path.write_bytes(data)
    with pytest.raises(DoubtfulLetters):
        decoded(data)
    code, out, err = _batch(path)
    assert (code, out) == (1, "")
    assert f"k.csv:{line}" in err
    assert "LIST_LETTERS" in err
    assert letters in err


def test_a_workbook_under_the_name_of_a_csv(tmp_path: Path) -> None:
    """What a file is follows from its content."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Naam", "KvK"], ["Zörg", "51234568"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "k.xlsx")
    (tmp_path / "k.xlsx").rename(tmp_path / "k.csv")
    code, out, _ = _batch(tmp_path / "k.csv")
    assert (code, "Zörg" in out) == (0, True)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("command", ["check", "analyze", "batch"])
def test_unicode_text_where_a_workbook_is_expected(
    tmp_path: Path, codec: str, command: str
) -> None:
    """It is text, and told to be."""
    path = tmp_path / "w.xlsx"
    path.write_bytes("Vraag\tOordeel\r\n1\tVoldoet één\r\n".encode(codec))
    options = ["-o", str(tmp_path / "x.md")] if command == "analyze" else []
    options = (
        ["-o", str(tmp_path / "uit"), "--date", "2026-11-02"] if command == "batch" else options
    )
    done = CliRunner().invoke(cli, [command, str(path), *options])
    assert done.exit_code == 1
    assert "FILE_IS_TEXT" in done.output
