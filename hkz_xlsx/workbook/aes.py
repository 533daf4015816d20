"""AES in the direction of decryption (FIPS 197), for files whose password everybody knows.

Python has no AES of its own. Here nothing is kept secret, so that neither the time that it
takes nor the tables tell anything; it is quick enough for a workbook of a few megabytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

BLOCK = 16
"""Bytes of a block."""


def _double(value: int) -> int:
    return value << 1 ^ (0x11B if value & 0x80 else 0)


def _times(value: int, factor: int) -> int:
    """Product in the field of 256 elements."""
    found = 0
    while factor:
        found ^= value if factor & 1 else 0
        value, factor = _double(value), factor >> 1
    return found


def _forward() -> bytes:
    """The S-box: the inverse in the field, then an affine map."""
    box, p, q = bytearray(256), 1, 1
    while True:
        p ^= _double(p)  # times 3, which makes every element but 0
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4)
        box[p] = turned & 0xFF ^ 0x63
        if p == 1:
            break
    box[0] = 0x63
    return bytes(box)


_BOX = _forward()
_BACK = bytes(_BOX.index(value) for value in range(256))
_MIX = [
    int.from_bytes(bytes(_times(value, factor) for factor in (14, 9, 13, 11)))
    for value in range(256)
]
"""One byte through the inverse of MixColumns, as a column."""

_TURNED = [[word >> 8 * n | word << 32 - 8 * n & 0xFFFFFFFF for word in _MIX] for n in range(4)]
_T0, _T1, _T2, _T3 = ([row[value] for value in _BACK] for row in _TURNED)


def _schedule(key: bytes) -> list[int]:
    """Round keys for decryption, the last one first."""
    size = len(key) // 4
    words = list(struct.unpack(f">{size}I", key))
    constant = 1
    for at in range(size, 4 * (size + 7)):
        word = words[-1]
        if at % size == 0:
            word = _boxed((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
            constant = _double(constant)
        elif size > 6 and at % size == 4:  # noqa: PLR2004 - FIPS 197, 5.2, for keys of 256 bits
            word = _boxed(word)
        words.append(words[at - size] ^ word)
    rounds = [words[at : at + 4] for at in range(len(words) - 4, -1, -4)]
    middle = [[_mixed(word) for word in one] for one in rounds[1:-1]]
    return [word for one in (rounds[0], *middle, rounds[-1]) for word in one]


def _boxed(word: int) -> int:
    return int.from_bytes(bytes(_BOX[byte] for byte in word.to_bytes(4)))


def _mixed(word: int) -> int:
    a, b, c, d = word.to_bytes(4)
    return _TURNED[0][a] ^ _TURNED[1][b] ^ _TURNED[2][c] ^ _TURNED[3][d]


def _block(keys: Sequence[int], w: int, x: int, y: int, z: int) -> tuple[int, int, int, int]:
    w, x, y, z = w ^ keys[0], x ^ keys[1], y ^ keys[2], z ^ keys[3]
    last = len(keys) - 4
    for at in range(4, last, 4):
        w, x, y, z = (
            _T0[w >> 24] ^ _T1[z >> 16 & 255] ^ _T2[y >> 8 & 255] ^ _T3[x & 255] ^ keys[at],
            _T0[x >> 24] ^ _T1[w >> 16 & 255] ^ _T2[z >> 8 & 255] ^ _T3[y & 255] ^ keys[at + 1],
            _T0[y >> 24] ^ _T1[x >> 16 & 255] ^ _T2[w >> 8 & 255] ^ _T3[z & 255] ^ keys[at + 2],
            _T0[z >> 24] ^ _T1[y >> 16 & 255] ^ _T2[x >> 8 & 255] ^ _T3[w & 255] ^ keys[at + 3],
        )
    box = _BACK
    return (
        (box[w >> 24] << 24 | box[z >> 16 & 255] << 16 | box[y >> 8 & 255] << 8 | box[x & 255])
        ^ keys[last],
        (box[x >> 24] << 24 | box[w >> 16 & 255] << 16 | box[z >> 8 & 255] << 8 | box[y & 255])
        ^ keys[last + 1],
        (box[y >> 24] << 24 | box[x >> 16 & 255] << 16 | box[w >> 8 & 255] << 8 | box[z & 255])
        ^ keys[last + 2],
        (box[z >> 24] << 24 | box[y >> 16 & 255] << 16 | box[x >> 8 & 255] << 8 | box[w & 255])
        ^ keys[last + 3],
    )


class Cipher:
    """Decrypts with one key.

    Args:
        key: of 16, 24 or 32 bytes.

    Raises:
        ValueError: the key has another length.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) not in (16, 24, 32):
            raise ValueError(len(key))
        self._keys = _schedule(key)

    def plain(self, data: bytes, start: bytes = b"") -> bytes:
        """Decrypt whole blocks.

        Args:
            data: what was encrypted; a rest that makes no block is left out.
            start: the first vector of a chain of blocks (CBC); without one, every block stands
                by itself (ECB).
        """
        count = len(data) // BLOCK
        words = struct.unpack_from(f">{4 * count}I", data)
        keys, found = self._keys, list[int]()
        for at in range(0, 4 * count, 4):
            found += _block(keys, *words[at : at + 4])
        plain = struct.pack(f">{4 * count}I", *found)
        if not start:
            return plain
        before = start[:BLOCK] + data[: BLOCK * (count - 1)] if count else b""
        size = BLOCK * count
        return (int.from_bytes(plain) ^ int.from_bytes(before)).to_bytes(size)
