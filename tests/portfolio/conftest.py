"""A portfolio made once, for all tests that only look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hkz_xlsx.portfolio.assemble import Counts, Settings
from hkz_xlsx.portfolio.build import How, build
from tests.portfolio.field import Member, member, write


@dataclass
class Made:
    """Files, the truth about them, and the portfolio made of them."""

    files: Path
    members: list[Member]
    folder: Path
    counts: Counts

    def newest(self, norm: str = "125") -> list[Member]:
        """The newest measurement of every organisation with this norm."""
        found: dict[str, Member] = {}
        for one in sorted(self.members, key=lambda m: m.day):
            if one.norm == norm:
                found[one.kvk] = one
        return list(found.values())


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Twenty-six organisations, eight of them measured twice, five with another norm, two broken
    files and a note."""
    root = tmp_path_factory.mktemp("field")
    members = [member(seed) for seed in range(26)]
    members += [member(seed, year=2025) for seed in range(8)]
    members += [member(seed, norm="143") for seed in range(40, 45)]
    files = root / "retouren"
    write(members, files)
    (files / "kapot.xlsx").write_bytes(b"PK\x03\x04 niet heel")
    (files / "brief.xlsx").write_bytes(b"Geachte heer, hierbij onze antwoorden")
    (files / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    folder = root / "portfolio"
    counts = build([files], folder, Settings(texts=True), How(jobs=2))
    return Made(files, members, folder, counts)
