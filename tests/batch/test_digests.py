"""Checksums beside the work: the same results in the same order, also when a run is stopped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from hkz_xlsx.batch import run as run_module
from hkz_xlsx.batch.clients import Client, ClientList
from hkz_xlsx.batch.digests import ClientResult, Content, Digests, FileDraft
from hkz_xlsx.batch.make import Maker, make_all
from hkz_xlsx.batch.manifest import read_manifest
from hkz_xlsx.batch.output_folder import Folder
from hkz_xlsx.batch.run import Options, run
from tests.batch.lists import read, write_csv
from tests.support import library

COUNT = 110
"""More than a thread is worth, and no whole number of what is prepared together."""


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> ClientList:
    """Clients of two workbooks in turn."""
    path = tmp_path_factory.mktemp("lijst") / "k.csv"
    rows = [[f"Klant {n}", "143" if n % 3 else "zw"] for n in range(COUNT)]
    return read(write_csv(path, [["Naam", "Norm"], *rows]))


@pytest.mark.parametrize("processors", [1, 2])
def test_every_file_has_its_own_checksum(
    listed: ClientList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    """With a thread and without; progress is told for every client."""
    monkeypatch.setattr(run_module, "processors", lambda: processors)
    used: list[bool] = []

    def noted(
        maker: Maker, todo: Iterable[tuple[int, Client]], *, beside: bool
    ) -> Iterator[ClientResult]:
        used.append(beside)
        return make_all(maker, todo, beside=beside)

    monkeypatch.setattr(run_module, "make_all", noted)
    told: list[int] = []
    outcome = run(listed, Options(tmp_path, jobs=1), library(), told.append)
    assert used == [processors > 1]
    assert (outcome.made, outcome.problems) == (COUNT, ())
    assert sum(told) == COUNT
    entries = read_manifest(tmp_path / "manifest.json")
    assert [e.client for e in entries] == [f"Klant {n}" for n in range(COUNT)]
    for entry in entries:
        data = (tmp_path / entry.file).read_bytes()
        assert entry.values["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("full_after", [0, 1, 40, COUNT - 1])
def test_a_disk_that_fills_up(
    listed: ClientList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_after: int
) -> None:
    """Nothing is tried after it; what is there is whole, counted, and kept by the next run."""
    written: list[str] = []
    put = Folder.put

    def limited(self: Folder, name: str, *pieces: bytes) -> bool:
        if len(written) == full_after:
            raise OSError(28, os.strerror(28))
        written.append(name)
        return put(self, name, *pieces)

    monkeypatch.setattr(Folder, "put", limited)
    monkeypatch.setattr(run_module, "processors", lambda: 2)
    outcome = run(listed, Options(tmp_path, jobs=1), library())
    assert outcome.made == full_after
    assert [p.code for p in outcome.problems] == ["TARGET_DISK_FULL", "BATCH_STOPPED"]
    assert outcome.problems[1].slots["done"] == str(full_after)
    assert {p.name for p in tmp_path.iterdir()} == set(written)
    monkeypatch.undo()
    again = run(listed, Options(tmp_path, "resume", jobs=1), library())
    assert (again.made, again.same) == (COUNT - full_after, full_after)


def test_a_file_that_cannot_be_replaced_is_the_only_one(listed: ClientList, tmp_path: Path) -> None:
    """Others that are prepared together with it are made."""
    run(listed, Options(tmp_path, jobs=1), library())
    victim = tmp_path / listed.clients[50].file
    victim.write_bytes(b"anders")
    outcome = run(listed, Options(tmp_path, "resume", jobs=1), library())
    assert [p.code for p in outcome.problems] == ["RESUME_DIFFERS"]
    assert outcome.same == COUNT - 1
    assert victim.read_bytes() == b"anders"


def test_order_is_kept() -> None:
    """Also of those that failed."""
    begun = hashlib.sha256(b"kop")
    drafts = [
        FileDraft(ClientResult(n), "f", Content(begun, b"kop", [b"x", bytes([n])]))
        if n % 4
        else FileDraft(ClientResult(n))
        for n in range(10)
    ]
    for beside in (False, True):
        with Digests(beside=beside) as digests:
            found = [*digests.add(drafts[:3]), *digests.add(drafts[3:9]), *digests.add(drafts[9:])]
            found += digests.rest()
            assert digests.rest() == ()
        assert [made.index for made in found] == list(range(10))
        sums = [
            hashlib.sha256(b"kopx" + bytes([n])).hexdigest() if n % 4 else "" for n in range(10)
        ]
        assert [made.sha256 for made in found] == sums
