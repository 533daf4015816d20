"""Many files that differ in a few places: compress what is the same once, splice in the rest.

A zip file (PKWARE APPNOTE.TXT 6.3.10) is a row of members, each with a local header (4.3.7), and
a central directory (4.3.12) with its end record (4.3.16). A member's data is a deflate stream
(RFC 1951): blocks one after the other. Between two cuts a member is the same in every file, so
those pieces are deflated once, each on its own and ending on a byte boundary; what comes at a cut
is put between them as stored blocks (RFC 1951, 3.2.4). The checksum over the whole member is
continued over a long piece without reading it again: CRC-32 is linear, so what a piece of n bytes
does to the checksum before it is what n zero bytes do, apart from a constant.

The files are ordinary: no data descriptors (4.3.9), no zip64 (4.3.14), fixed times, so that the
same content gives the same bytes. Members without cuts come first, with ``[Content_Types].xml``
at the head, as in the file they come from.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from hkz_xlsx.machine.packing import deflated, deflated_before

_LOCAL = struct.Struct("<4s5H3I2H")  # 4.3.7
_CENTRAL = struct.Struct("<4s6H3I5H2I")  # 4.3.12
_END = struct.Struct("<4s4H2IH")  # 4.3.16
_SUMS, _OFFSET = struct.Struct("<3I"), struct.Struct("<I")
_LOCAL_SUMS, _CENTRAL_SUMS, _CENTRAL_OFFSET = 14, 16, 42
"""Where in a header the checksum and the two sizes stand, and the offset of the member."""

_STORED = struct.Struct("<BHH")  # RFC 1951, 3.2.4: not the last block, length, its complement
_VERSION, _DEFLATED = 20, 8  # 4.4.3.2: deflate needs 2.0; 4.4.5: method
_MADE_BY, _RIGHTS = (3 << 8) | _VERSION, 0o600 << 16  # 4.4.2, 4.4.15: Unix, rw for the owner
_TIME, _DATE = 0, (1 << 5) | 1  # 4.4.6: midnight, 1 January 1980
_LONG = 4_096  # below it, reading the bytes again is quicker than combining checksums
_AGAIN = 2  # files from which on it pays to know what a long piece does to a checksum
_BLOCK = 65_535
_SMALL = 16_384
_MIDDLE = 131_072  # sheets up to this length are often the same for clients with another scope
_WORTH_A_PIECE = 2_048  # bytes; shorter ones are joined, which is quicker than more to write
_LEVEL = 9  # for what stands before a cut, which is little; the rest is packed by `deflated`

Shift = tuple[tuple[int, ...], ...]


def _shift(size: int) -> Shift:
    """What ``size`` zero bytes do to a checksum, as four tables, one per byte of it."""
    zeros = bytes(size)
    nothing = zlib.crc32(zeros)
    # A checksum goes in and comes out inverted: what that makes of nothing is taken out of each
    # bit.
    bits = [zlib.crc32(zeros, 1 << k) ^ nothing for k in range(32)]
    tables = []
    for byte in range(4):
        table = [0] * 256
        for value in range(1, 256):
            lowest = (value & -value).bit_length() - 1
            table[value] = table[value & (value - 1)] ^ bits[8 * byte + lowest]
        tables.append(tuple(table))
    return tuple(tables)


class _Piece:
    """The bytes between two cuts: deflated, their checksum, and how to continue one over them."""

    __slots__ = ("crc", "deflated", "raw", "shift", "size")

    def __init__(self, raw: bytes, *, last: bool, level: int = 0) -> None:
        if last:
            before = len(raw) <= _MIDDLE
            self.deflated = deflated_before(raw, level) if before else deflated(raw, level)
        else:
            # A full flush ends on a byte boundary and forgets what went before, so that nothing
            # behind a cut refers back across it: what comes there is not known yet.
            packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
            self.deflated = packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH)
        self.size, self.crc, self.raw = len(raw), zlib.crc32(raw), raw
        self.shift: Shift | None = None

    def learn(self) -> None:
        """From now on without the bytes themselves, where that is quicker."""
        if self.size > _LONG:
            self.shift, self.raw = _shift(self.size), b""


class _Member:
    """A member with cuts: one piece more than there are cuts."""

    def __init__(self, name: str, pieces: Sequence[_Piece]) -> None:
        self.name, self.pieces = name, pieces
        self._crc = pieces[0].crc
        self._packed = sum(len(piece.deflated) for piece in pieces)
        self._size = sum(piece.size for piece in pieces)
        self._times, self._after = 0, self._continued()
        # Only sums and offset differ per file; they are put in their places there.
        self._local, self._central = _headers(name.encode(), 0, 0, 0, 0)

    def _continued(self) -> list[tuple[Shift | None, int, bytes]]:
        return [(piece.shift, piece.crc, piece.raw) for piece in self.pieces[1:]]

    def filled(self, values: Sequence[bytes], offset: int) -> tuple[list[bytes], bytes, int]:
        """Header and what comes at each cut; the directory entry, and the length of all."""
        self._times += 1
        if self._times == _AGAIN:
            for piece in self.pieces:
                piece.learn()
            self._after = self._continued()
        crc, packed, size = self._crc, self._packed, self._size
        found = [b""]
        for value, (shift, after, raw) in zip(values, self._after, strict=True):
            length = len(value)
            block = value
            if 0 < length <= _BLOCK:
                block = _STORED.pack(0, length, length ^ 0xFFFF) + value
            elif length:
                block = b"".join(_blocks(value))
            found.append(block)
            packed += len(block)
            size += length
            crc = zlib.crc32(value, crc)
            # The long pieces are the same in every file: reading them again for each would cost
            # more than all other work on it.
            if shift is None:
                crc = zlib.crc32(raw, crc)
            else:
                a, b, c, d = shift
                crc = a[crc & 255] ^ b[crc >> 8 & 255] ^ c[crc >> 16 & 255] ^ d[crc >> 24] ^ after
        sums = _SUMS.pack(crc, packed, size)
        local, central = self._local, self._central
        found[0] = local[:_LOCAL_SUMS] + sums + local[_LOCAL_SUMS + 12 :]
        entry = central[:_CENTRAL_SUMS] + sums + central[_CENTRAL_SUMS + 12 : _CENTRAL_OFFSET]
        entry += _OFFSET.pack(offset) + central[_CENTRAL_OFFSET + 4 :]
        return found, entry, len(local) + packed


def _blocks(value: bytes) -> Iterator[bytes]:
    """A value of any length as stored blocks; nothing for an empty one."""
    for start in range(0, len(value), _BLOCK):
        block = value[start : start + _BLOCK]
        yield _STORED.pack(0, len(block), len(block) ^ 0xFFFF)
        yield block


def _headers(name: bytes, crc: int, packed: int, size: int, offset: int) -> tuple[bytes, bytes]:
    """Local header and central directory entry of a member that starts at ``offset``."""
    plain = name.isascii()
    flags = 0 if plain else 1 << 11  # 4.4.4: the name is UTF-8
    common = (flags, _DEFLATED, _TIME, _DATE, crc, packed, size, len(name), 0)
    local = _LOCAL.pack(b"PK\3\4", _VERSION, *common) + name
    central = _CENTRAL.pack(b"PK\1\2", _MADE_BY, _VERSION, *common, 0, 0, 0, _RIGHTS, offset)
    return local, central + name


@dataclass(frozen=True, slots=True)
class Packed:
    """A part of many files, deflated once: the stream, and checksum and size of the part."""

    deflated: bytes
    crc: int
    size: int


QUICKER = 6
"""Level at which parts of few files are packed: a sixth of the time of 9, a twelfth larger."""


def packed(raw: bytes, level: int = 0) -> Packed:
    """A part to be put in files as it is; without a level packed as well as it pays."""
    return Packed(deflated(raw, level), zlib.crc32(raw), len(raw))


@lru_cache(maxsize=128)
def _kept(raw: bytes) -> Packed:
    """A small part; most are the same in workbooks of every plan."""
    return packed(raw)


def zipped(members: Iterable[tuple[str, bytes | Packed]]) -> bytes:
    """A zip file of members in their order, with fixed times: same members, same bytes."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = count = 0
    for name, raw in members:
        part = raw if isinstance(raw, Packed) else packed(raw)
        local, central = _headers(name.encode(), part.crc, len(part.deflated), part.size, offset)
        body += local, part.deflated
        directory.append(central)
        offset += len(local) + len(part.deflated)
        count += 1
    length = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, count, count, length, offset, 0)
    return b"".join((*body, *directory, end))


class SlotTemplate:
    """A zip file with places to fill in.

    Args:
        members: unpacked, by name, in the order that those without cuts have in the file.
        cuts: per member, ``(start, end)`` of the unpacked bytes to be replaced, in order.
        level: at which they are packed; by default as well as it pays for many files.
    """

    def __init__(
        self, members: Mapping[str, bytes], cuts: Mapping[str, Sequence[tuple[int, int]]],
        level: int = 0,
    ) -> None:  # fmt: skip
        if next(iter(members)) in cuts:
            raise ValueError(next(iter(members)))  # a reader may want it first
        head: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for name, raw in members.items():
            if name in cuts:
                continue
            part = _kept(raw) if len(raw) <= _SMALL else packed(raw, level)
            data = part.deflated
            local, central = _headers(name.encode(), part.crc, len(data), part.size, offset)
            head += local, data
            directory.append(central)
            offset += len(local) + len(data)
        self._members = tuple(
            _Member(name, tuple(_pieces(raw, cuts[name], level)))
            for name, raw in members.items()
            if name in cuts
        )
        self._count = len(members)
        # What `fill` gives: now and then a place for what differs, and the pieces between them.
        self._frame = [data for m in self._members for p in m.pieces for data in (b"", p.deflated)]
        long = [n for n, data in enumerate(self._frame) if len(data) >= _WORTH_A_PIECE]
        edges = [0, *(edge for n in long for edge in (n, n + 1)), len(self._frame) + 1]
        self._runs = [(a, b) for a, b in pairwise(edges) if a < b]
        self.order = tuple(member.name for member in self._members)
        self.head = b"".join(head)
        """The bytes that every file begins with."""
        self._directory = b"".join(directory)

    def fill(self, values: Mapping[str, Sequence[bytes]]) -> list[bytes]:
        """What follows `head` when these values stand at the cuts: per member, one per cut.

        It comes in pieces, as most of it is the same bytes every time.
        """
        frame = self._frame.copy()
        directory = [self._directory]
        offset, place = len(self.head), 0
        for member in self._members:
            found, entry, length = member.filled(values[member.name], offset)
            frame[place : place + 2 * len(found) : 2] = found
            place += 2 * len(found)
            directory.append(entry)
            offset += length
        length = sum(map(len, directory))
        end = _END.pack(b"PK\5\6", 0, 0, self._count, self._count, length, offset, 0)
        frame += [b"".join((*directory, end))]
        return [frame[a] if b - a == 1 else b"".join(frame[a:b]) for a, b in self._runs]


def _pieces(raw: bytes, cuts: Sequence[tuple[int, int]], level: int) -> Iterable[_Piece]:
    start = 0
    for cut, end in cuts:
        if cut < start or end < cut:
            raise ValueError((cut, end))
        yield _Piece(raw[start:cut], last=False)
        start = end
    yield _Piece(raw[start:], last=True, level=level)
