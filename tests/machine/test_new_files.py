"""A new file never takes the place of one that came there while it was made."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hkz_xlsx.machine import atomic
from hkz_xlsx.machine.atomic import write_file
from hkz_xlsx.problems import HkzError


def _meanwhile(monkeypatch: pytest.MonkeyPatch, make: Path, *, folder: bool = False) -> None:
    """Somebody makes a file or folder of that name after it was looked for."""

    def looked(*_: object, **__: object) -> None:
        if folder:
            make.mkdir()
        else:
            make.write_bytes(b"van een ander")

    monkeypatch.setattr(atomic, "check_targets", looked)


@pytest.mark.parametrize(("folder", "code"), [(False, "TARGET_EXISTS"), (True, "TARGET_IS_FOLDER")])
def test_what_came_there_meanwhile_stays(
    folder: bool, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.xlsx"
    _meanwhile(monkeypatch, path, folder=folder)
    with pytest.raises(HkzError) as caught:
        write_file(path, b"van ons")
    assert [p.code for p in caught.value.problems] == [code]
    assert folder or path.read_bytes() == b"van een ander"
    assert list(tmp_path.iterdir()) == [path]


def test_asked_to_replace_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.xlsx"
    _meanwhile(monkeypatch, path)
    write_file(path, b"van ons", force=True)
    assert path.read_bytes() == b"van ons"


@pytest.mark.parametrize("known", [True, False])
def test_a_disk_without_second_names(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a stick or a share, or in a browser, whose Python has no such call: written all the
    same."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if known:
        monkeypatch.setattr(os, "link", refused)
    else:
        monkeypatch.delattr(os, "link")
    write_file(tmp_path / "w.xlsx", b"van ons")
    assert (tmp_path / "w.xlsx").read_bytes() == b"van ons"
    assert len(list(tmp_path.iterdir())) == 1
