"""What was read of earlier workbooks when a list was checked, kept until its files are made.

Everything is checked before anything is made, and reading is most of the work: each file is read
once. What is kept is packed, some 20 kB a file; beyond a limit files are read again.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hkz_xlsx.rework.carry import Carried

MOST = 40_000_000
"""Bytes that are kept: two thousand files."""

_LEVEL = 1  # a hundred times smaller than the objects; more takes longer than it saves


class Taken:
    """By row of the list, packed by this process or by the one that gave the work."""

    def __init__(self, packed: Mapping[int, bytes] | None = None) -> None:
        self._packed = dict(packed or {})
        self._size = sum(map(len, self._packed.values()))

    def keep(self, row: int, carried: Carried) -> None:
        """Keep what is taken along for a row, as long as there is room."""
        data = zlib.compress(pickle.dumps(carried, protocol=5), _LEVEL)
        if self._size + len(data) <= MOST:
            self._packed[row] = data
            self._size += len(data)

    def of(self, row: int) -> Carried | None:
        """What is taken along for a row; None when it is not kept."""
        data = self._packed.get(row)
        if data is None:
            return None
        found: Carried = pickle.loads(zlib.decompress(data))  # noqa: S301 - packed by ourselves
        return found

    def some(self, rows: Iterable[int]) -> dict[int, bytes]:
        """What is kept of some rows, for another process."""
        return {row: self._packed[row] for row in rows if row in self._packed}
