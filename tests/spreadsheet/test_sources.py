"""Files, folders and zip files as one stream; every file found is accounted for."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from hkz_xlsx.problems import HkzError
from hkz_xlsx.spreadsheet.open import open_workbook
from hkz_xlsx.spreadsheet.sources import check_any, expected, is_archive, is_archive_file, sources
from tests.proof.hostile.package import SMALL, SMALL_ODS, entry, pack, poke

BOOK, ODS = pack(SMALL), pack(SMALL_ODS)


def _told(paths: list[Path]) -> dict[str, str]:
    found = {}
    for one in sources(paths):
        assert one.label not in found
        word = "skipped" if one.skipped else one.problem.code if one.problem else "data"
        found[one.label] = word
    return found


def test_folder(tmp_path: Path) -> None:
    inside = tmp_path / "retour"
    (inside / "team a").mkdir(parents=True)
    (inside / "team a" / "b.xlsx").write_bytes(BOOK)
    (inside / "zonder naam").write_bytes(ODS)
    (inside / "a.xlsx").write_bytes(b"geen werkboek")
    (inside / "~$a.xlsx").write_bytes(b"x")
    (inside / ".~lock.a.ods#").write_bytes(b"x")
    (inside / "Thumbs.db").write_bytes(b"x")
    (inside / "brief.txt").write_bytes(b"x")
    (inside / "c.xlsx").symlink_to("/dev/zero")
    (inside / "lus").symlink_to(inside)
    (inside / "alles.zip").write_bytes(pack({"x/c.ods": ODS, "lees.txt": b"x"}))
    told = _told([inside])
    assert told == {
        "team a/b.xlsx": "data", "zonder naam": "data", "a.xlsx": "data", "~$a.xlsx": "skipped",
        ".~lock.a.ods#": "skipped", "Thumbs.db": "skipped", "brief.txt": "skipped",
        "alles.zip/x/c.ods": "data", "alles.zip/lees.txt": "skipped",
    }  # fmt: skip
    assert list(_told([inside])) == list(told)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str
)
def test_every_way_of_packing(method: int, tmp_path: Path) -> None:
    """Read when it is whole; told, never a traceback, when it is damaged."""
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("retour.xlsx", BOOK)
    assert _told([path]) == {"in.zip/retour.xlsx": "data"}
    sound = path.read_bytes()
    start = sound.index(b"retour.xlsx") + len("retour.xlsx")
    for at in (start, start + 4, start + 9, start + 12, len(BOOK) // 3):
        damaged = bytearray(sound)
        damaged[at : at + 20] = b"\xff" * 20
        path.write_bytes(damaged)
        assert set(_told([path]).values()) == {"FILE_BROKEN"}, at


def test_how_many_is_known_beforehand(tmp_path: Path) -> None:
    """Of a zip its files; a pipe is not waited for."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_bytes(b"x")
    (tmp_path / "in.zip").write_bytes(pack({"a.ods": ODS, "b.ods": ODS}))
    paths = [tmp_path / "x", tmp_path / "in.zip", tmp_path / "weg.xlsx"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pijp.zip")
        paths.append(tmp_path / "pijp.zip")
        assert not is_archive_file(paths[-1])
    assert expected(paths) == len(paths) + 1


def test_archive(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    link = zipfile.ZipInfo("link.xlsx")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../buiten.xlsx", BOOK)
        archive.writestr("/etc/abs.xlsx", BOOK)
        archive.writestr("C:\\x\\schijf.xlsx", BOOK)
        archive.writestr("nog een.zip", pack({"d.xlsx": BOOK}))
        archive.writestr("__MACOSX/._a.xlsx", b"x")
        archive.writestr("leeg.xlsx", b"")
        archive.writestr("groot.xlsx", bytes(40 << 20), zipfile.ZIP_DEFLATED)
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.xlsx", BOOK)
        archive.NameToInfo.clear()
        archive.writestr("a.xlsx", ODS)
    assert _told([path]) == {
        "in.zip/buiten.xlsx": "data", "in.zip/etc/abs.xlsx": "data", "in.zip/x/schijf.xlsx": "data",
        "in.zip/nog een.zip": "ARCHIVE_NESTED", "in.zip/__MACOSX/._a.xlsx": "skipped",
        "in.zip/leeg.xlsx": "data", "in.zip/groot.xlsx": "FILE_BOMB", "in.zip/link.xlsx": "skipped",
        "in.zip/a.xlsx": "data", "in.zip/a.xlsx (2)": "data",
    }  # fmt: skip


def test_archive_with_password_and_damage(tmp_path: Path) -> None:
    data = pack({"a.xlsx": BOOK, "b.xlsx": BOOK})
    local, central = entry(data, "a.xlsx")
    locked = poke(poke(data, local + 6, b"\1\0"), central + 8, b"\1\0")
    path = tmp_path / "slot.zip"
    path.write_bytes(locked)
    assert _told([path]) == {"slot.zip/a.xlsx": "FILE_ENCRYPTED_ZIP", "slot.zip/b.xlsx": "data"}
    path.write_bytes(poke(data, local + 60, b"\0" * 50))
    assert _told([path]) == {"slot.zip/a.xlsx": "FILE_BROKEN", "slot.zip/b.xlsx": "data"}
    path.write_bytes(pack({"a.xlsx": BOOK}, zipfile.ZIP_LZMA))
    assert _told([path]) == {"slot.zip/a.xlsx": "data"}
    assert not is_archive(BOOK)


def test_overlapping_archive_and_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack({"a.xlsx": bytes(500_000) + BOOK, "b.xlsx": b"", "c.xlsx": b"", "d.xlsx": b""}, 0)
    for name in ("b.xlsx", "c.xlsx"):
        _, first = entry(data, "a.xlsx")
        _, at = entry(data, name)
        data = poke(data, at + 10, data[first + 10 : first + 28])  # sizes of the first
        data = poke(data, at + 42, data[first + 42 : first + 46])
    path = tmp_path / "over.zip"
    path.write_bytes(data)
    assert set(_told([path]).values()) == {"FILE_ZIP_CONTRADICTS"}
    monkeypatch.setattr("hkz_xlsx.spreadsheet.sources.MAX_MEMBERS", 1)
    path.write_bytes(pack({"a.xlsx": BOOK, "b.xlsx": BOOK}))
    assert _told([path]) == {"over.zip": "ARCHIVE_LIMIT"}


def test_named_files_are_always_told(tmp_path: Path) -> None:
    missing, text = tmp_path / "weg.xlsx", tmp_path / "brief.txt"
    text.write_text("x", encoding="utf-8")
    assert _told([missing, text]) == {"weg.xlsx": "FILE_MISSING", "brief.txt": "data"}
    with pytest.raises(HkzError) as caught:
        check_any([one for one in sources([tmp_path]) if not one.skipped], [tmp_path])
    assert [p.code for p in caught.value.problems] == ["ARCHIVE_NOTHING"]


def test_content_decides(tmp_path: Path) -> None:
    """Whatever the name says."""
    for name, data, kind in (("a.csv", BOOK, "xlsx"), ("b.xlsx", ODS, "ods"), ("c", BOOK, "xlsx")):
        path = tmp_path / name
        path.write_bytes(data)
        assert open_workbook(path).kind == kind
