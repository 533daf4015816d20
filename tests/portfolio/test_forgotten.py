"""Who asked to be taken out of a portfolio stays out, and how long it may be kept is said."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.portfolio.cache import NAME as CACHE
from hkz_xlsx.portfolio.database import open_tables, rows_of
from hkz_xlsx.portfolio.forgotten import NAME, Kept, checksum, read_kept, too_long
from hkz_xlsx.portfolio.schema import TABLES
from hkz_xlsx.problems import HkzError
from tests.portfolio.field import member, write

TODAY = date.today()  # noqa: DTZ011 - the day of whoever runs it


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def _all_text(folder: Path) -> str:
    with open_tables(folder) as db:
        return "\n".join(str(rows_of(db, f"select * from {name}")) for name in TABLES)


def test_taken_out_and_it_stays_so(tmp_path: Path) -> None:
    """Out of every table, out of the cache with the name of its file, and out of the next run, also
    when the file is still there; no number stands in what remembers it."""
    gone, *rest = members = [member(seed) for seed in range(3)]
    files, folder = tmp_path / "retour", tmp_path / "p"
    paths = write(members, files)
    asked = ("aggregate", files, "-o", folder, "--texts", "-j", 1)
    assert run(*asked).exit_code == 0
    assert gone.kvk in _all_text(folder)
    assert gone.name in _all_text(folder)
    done = run(*asked, "--forget", f"{gone.kvk[:4]} {gone.kvk[4:]}")
    assert done.exit_code == 0, done.stderr
    assert "Verzoeken om niet in dit portfolio te staan: 1" in done.stderr
    assert "FORGET_NOBODY" not in done.stderr
    unknown = run(*asked, "--forget", "69599084")
    assert "PORTFOLIO_FORGET_NOBODY" in unknown.stderr
    again = run(*asked)
    assert "Organisaties: 2." in again.stderr
    for word in (gone.kvk, gone.name, paths[0].name):
        assert word not in _all_text(folder)
    for word in (gone.kvk, paths[0].name):
        assert word.encode() not in (folder / CACHE).read_bytes()
        assert word not in (folder / NAME).read_text("utf-8")
    assert rest[0].kvk in _all_text(folder)
    with sqlite3.connect(folder / CACHE) as db:
        assert db.execute("select count(*) from bodies").fetchone() == (2,)
    db.close()


def test_what_is_no_longer_handed_in_leaves_no_name(tmp_path: Path) -> None:
    """The name of a file often is that of an organisation."""
    files, folder = tmp_path / "retour", tmp_path / "p"
    first, _ = write([member(0), member(1)], files)
    assert run("aggregate", files, "-o", folder, "-j", 1).exit_code == 0
    assert first.name.encode() in (folder / CACHE).read_bytes()
    first.unlink()
    assert run("aggregate", files, "-o", folder, "-j", 1).exit_code == 0
    assert first.name.encode() not in (folder / CACHE).read_bytes()


def test_names_where_there_is_no_number() -> None:
    kept = Kept(frozenset({checksum("Stichting  de BRUG"), checksum("51234568")}))
    assert kept.names("", "stichting de brug")
    assert kept.names("5123 4568", "Anders")
    assert not kept.names("69599084", "stichting de brug"), "a number goes before a name"
    assert not Kept().names("", "")


def test_how_long_it_may_be_kept(tmp_path: Path) -> None:
    files, folder = tmp_path / "retour", tmp_path / "p"
    write([member(0)], files)
    ended = TODAY - timedelta(days=1)
    done = run("aggregate", files, "-o", folder, "-j", 1, "--keep-until", ended.isoformat())
    assert "PORTFOLIO_KEPT" in done.stderr
    assert done.exit_code == 0, "a warning"
    asked = run("query", "select 1", "-p", folder)
    assert f"{ended:%d-%m-%Y}" in asked.stderr
    assert "PORTFOLIO_KEPT" in run("aggregate", folder, "-o", tmp_path / "v.html").stderr
    later = TODAY + timedelta(days=30)
    run("aggregate", files, "-o", folder, "-j", 1, "--keep-until", later.isoformat())
    assert read_kept(folder).until == later
    assert too_long(folder, later) == ()


def test_a_list_that_cannot_be_read_stops(tmp_path: Path) -> None:
    """Else who was taken out would silently come back."""
    (tmp_path / NAME).write_text("{", "utf-8")
    with pytest.raises(HkzError, match="PORTFOLIO_KEPT_BROKEN"):
        read_kept(tmp_path)


def test_a_portfolio_that_is_ready_asks_for_the_files(tmp_path: Path) -> None:
    files, folder = tmp_path / "retour", tmp_path / "p"
    write([member(0)], files)
    run("aggregate", files, "-o", folder, "-j", 1)
    asked = run("aggregate", folder, "-o", tmp_path / "v.html", "--forget", "51234568")
    assert asked.exit_code == 2
    assert "--forget" in asked.stderr
