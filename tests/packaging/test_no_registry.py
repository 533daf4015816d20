"""No address of a package registry stands in the tree: whoever builds it brings their own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(
    rb"index-url\s*=?\s*https?:|registry\s*=\s*https?:|\"resolved\":\s*\"https?:"
    rb"|https?://[^\s\"'<>)]*/(?:simple|api/npm|api/pypi|debian/pool|ubuntu/pool)/",
    re.IGNORECASE,
)
HERE = Path(__file__).relative_to(ROOT).as_posix()


def test_no_address_of_a_registry() -> None:
    """In no file that git keeps; released ones are kept as they were."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    assert len(names) > 500
    found = [
        name
        for name in names
        if name != HERE
        and not name.startswith("released/")
        and (ROOT / name).is_file()
        and _ADDRESS.search((ROOT / name).read_bytes())
    ]
    assert found == []


def test_what_an_address_is() -> None:
    for text in (
        b"index-url = https://packages.example/simple",
        b'"resolved": "https://packages.example/a.tgz"',
        b"https://packages.example/api/npm/a",
        b"deb http://packages.example/debian/pool/main/a.deb",
    ):
        assert _ADDRESS.search(text)
    assert not _ADDRESS.search(b"https://keepachangelog.com/en/1.1.0/")
