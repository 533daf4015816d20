"""Packing by libdeflate, and by zlib where libdeflate has no package: the same content."""

from __future__ import annotations

import zlib

import pytest

from hkz_xlsx.machine import packing
from hkz_xlsx.machine.packing import checksum, deflated, deflated_before, inflated

TEXT = b"<c r='A1' t='s'><v>17</v></c>" * 5_000


@pytest.fixture(params=["libdeflate", "zlib"], autouse=True)
def _packer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "zlib":
        monkeypatch.setattr(packing, "deflate", None)


@pytest.mark.parametrize("raw", [b"", b"a", TEXT, bytes(range(256)) * 300])
def test_what_is_packed_is_unpacked(raw: bytes) -> None:
    packed = deflated(raw)
    assert inflated(packed, len(raw)) == raw == zlib.decompress(packed, -15)


@pytest.mark.parametrize("wrong", [-1, 1, 100])
def test_another_size_is_no_stream_of_that_size(wrong: int) -> None:
    assert inflated(deflated(TEXT), len(TEXT) + wrong) is None


def test_what_is_cut_off_or_damaged_is_no_stream() -> None:
    packed = deflated(TEXT)
    assert inflated(packed[:-1], len(TEXT)) is None
    assert inflated(b"\xff" * 40, 1_000) is None


@pytest.mark.parametrize("raw", [b"", b"a", TEXT])
def test_the_checksum_is_that_of_a_zip_file(raw: bytes) -> None:
    assert checksum(raw) == zlib.crc32(raw)


def test_bytes_after_the_stream_matter_to_neither() -> None:
    assert inflated(deflated(TEXT) + b"more", len(TEXT)) == TEXT


def test_what_was_packed_lately_is_what_would_be_packed() -> None:
    """At each level its own, also when more came between than are kept."""
    packing._BEFORE.clear()
    parts = [TEXT + str(n).encode() for n in range(80)]
    for level in (0, 1, 6, 0, 1):
        for raw in (parts[0], parts[1], *parts[:3]):
            assert deflated_before(raw, level) == deflated(raw, level)
    assert len(packing._BEFORE) == 9
    for raw in parts:
        assert inflated(deflated_before(raw), len(raw)) == raw
    assert len(packing._BEFORE) == packing._MOST_BEFORE
