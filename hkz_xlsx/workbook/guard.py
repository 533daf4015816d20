"""Limits on mailed files, and an XML parser that cannot be made to do anything but parse.

The limits stand far above what real workbooks are (of 2,700 collected ones the largest was
3.3 MB, 60 MB unpacked, with 1,033 parts) and far below what hurts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.parsers import expat

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


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]

_BLOCK = 1 << 19


def parse_xml(
    data: bytes,
    part: str,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
    *,
    office_doctype: bool = False,
) -> None:
    """Parse a whole part; names come as ``namespace local``, attributes likewise.

    Expat fetches nothing by itself; entities can only be declared in a DOCTYPE, and every
    DOCTYPE is refused, whatever the encoding. That is why neither lxml nor defusedxml is
    needed: defusedxml accepts an external DOCTYPE, lxml drops entities in silence.
    ``office_doctype`` lets the one pass that LibreOffice writes in every macro and
    OpenOffice.org 2 in the list of parts: it names a file that nobody fetches, and declares
    nothing.

    Raises:
        RefusedError: a DOCTYPE, XML that is not well-formed, or a part too big.
    """
    if len(data) > LIMITS.xml_part or _endless(data):
        raise RefusedError("FILE_TOO_BIG")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _doctype(part, office_doctype=office_doctype)
    parser.SkippedEntityHandler = _doctype(part)
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        # ValueError: an encoding that Python does not know or that needs several bytes
        raise RefusedError("FILE_BROKEN", detail=part) from None
    except LookupError:
        raise RefusedError("FILE_BROKEN", detail=part) from None


_OFFICE = "-//OpenOffice.org//DTD "


def _doctype(part: str, *, office_doctype: bool = False) -> Callable[..., None]:
    def refuse(
        _name: str, _file: object = None, public: str | None = None, declares: bool = True
    ) -> None:
        if not office_doctype or declares or not (public or "").startswith(_OFFICE):
            raise RefusedError("FILE_DOCTYPE", detail=part)

    return refuse


def _endless(data: bytes) -> bool:
    """Whether half a megabyte holds no tag at all; time in expat < 2.6 grows with its square."""
    if len(data) < LIMITS.token:
        return False
    return (
        any(data.find(b"<", at, at + _BLOCK) < 0 for at in range(0, len(data) - _BLOCK + 1, _BLOCK))
        and b"\0" not in data[:4]
    )


def check_unread(data: bytes, part: str, *, office_doctype: bool = False) -> None:
    """A part nobody needs: its answers do not matter, a DOCTYPE in it does.

    Args:
        data: the part.
        part: its name.
        office_doctype: as `parse_xml`.

    Raises:
        RefusedError: a DOCTYPE, or an unusual encoding in which one could hide.
    """
    head = data[:200]
    plain = b"\0" not in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    foreign = b"encoding" in head.partition(b"?>")[0] and b"utf-8" not in head.lower()
    if not plain or foreign or b"<!DOCTYPE" in data:
        parse_xml(data, part, lambda _name, _attributes: None, office_doctype=office_doctype)
