"""What a file may cost, and how one that costs more is refused.

The limits stand far above what real workbooks are (of 2,700 collected ones the largest was
3.3 MB, 60 MB unpacked, with 1,033 parts) and far below what hurts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hkz_xlsx.problems import HkzError, Problem, Where, problem


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost. Sizes in bytes, times in seconds.

    ``ratio`` (unpacked : packed) counts only for parts above ``ratio_from``: a small legitimate
    part of one repeated row can pass 100:1. ``token`` is the longest stretch of XML without a
    single tag. ``cpu`` is processor time of the worker, ``wall`` the clock; the second is
    longer, so that a busy machine refuses nothing. ``attached`` is how many links and drawings
    of a sheet are told one by one.
    """

    file: int = 50 << 20
    unpacked: int = 512 << 20
    part: int = 128 << 20
    xml_part: int = 64 << 20
    parts: int = 2_000
    ratio: int = 200
    ratio_from: int = 32 << 20
    token: int = 1 << 20
    cells: int = 500_000
    sheets: int = 255
    broken_cells: int = 1_000
    attached: int = 5_000
    memory: int = 512 << 20
    answer: int = 192 << 20
    cpu: float = 10.0
    wall: float = 30.0


LIMITS = Limits()


OWN = replace(LIMITS, memory=16 << 30, cpu=3_600.0, wall=7_200.0)
"""Limits for work on files of our own: none that a large batch or portfolio would meet."""


class RefusedError(Exception):
    """A file cannot be used; which file, the reader that knows its name adds."""

    def __init__(self, code: str, **slots: object) -> None:
        self.code, self.slots = code, slots
        super().__init__(f"{code} {slots}")

    def at(self, file: str) -> HkzError:
        """As the problem a person sees."""
        return HkzError(self.problem(file))

    def problem(self, file: str) -> Problem:
        """The problem with the file's name."""
        return problem(self.code, Where(file), **self.slots)
