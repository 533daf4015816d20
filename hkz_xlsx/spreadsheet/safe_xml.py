"""An XML parser that cannot be made to do anything but parse."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from hkz_xlsx.machine.limits import LIMITS, RefusedError

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

    Args:
        data: the part as unpacked; its own declaration says the encoding.
        part: its name, for messages.
        start: called with name and attributes.
        end: called with a name.
        text: called with pieces of text: one text may come in several.
        office_doctype: let the one pass that LibreOffice writes in every macro and
            OpenOffice.org 2 in the list of parts: it names a file that nobody fetches, and
            declares nothing.

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
