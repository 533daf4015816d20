"""What XlsxWriter lacks in the parts that it writes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkz_xlsx.text import Lang

CORE = "docProps/core.xml"


def with_language(core: bytes, lang: Lang) -> bytes:
    """The core properties with the language of the document (ISO/IEC 29500-2, annex D).

    Screen readers choose their voice by it; XlsxWriter has no call for it.
    """
    name = {"nl": "nl-NL", "en": "en-GB"}[lang]
    end = b"</cp:coreProperties>"
    return core.replace(end, f"<dc:language>{name}</dc:language>".encode() + end)


TABLES = "xl/tables/"

_FILTER = re.compile(rb'<autoFilter ref="([A-Z0-9:]+)"/>')


def without_arrows(table: bytes, columns: Sequence[int]) -> bytes:
    """A table object without filter buttons on some columns; XlsxWriter has no call for it."""
    hidden = b"".join(b'<filterColumn colId="%d" hiddenButton="1"/>' % c for c in columns)
    return _FILTER.sub(rb'<autoFilter ref="\1">' + hidden + b"</autoFilter>", table)


_NO_STYLE = re.compile(rb"<tableStyleInfo(?! name=)[^>]*/>")


def unstyled(table: bytes) -> bytes:
    """A table object without settings of a style that it does not have: its cells have one."""
    return _NO_STYLE.sub(b"<tableStyleInfo/>", table)


SHEETS = "xl/worksheets/sheet"
CHARTS = "xl/charts/chart"
COMMENTS = "xl/comments"
DRAWN_COMMENTS = "xl/drawings/vmlDrawing"
TYPED_SINCE = 2
"""The layout since which an empty text that a formula gives is stored as a text."""

_SPANS = re.compile(rb' spans="[0-9]+:[0-9]+"')
_KEY_STYLE = re.compile(rb'<row [^>]*hidden="1"[^>]*><c r="[A-Z]+[0-9]+"( s="[0-9]+")')


def lean(sheet: bytes) -> bytes:
    """A sheet without hints for programs that read it in parts, and without a style on cells that
    are hidden: those of the style in which the first hidden row, of keys, is written."""
    sheet = _SPANS.sub(b"", sheet)
    key = _KEY_STYLE.search(sheet)
    return sheet.replace(key[1], b"") if key else sheet


_EMPTY = re.compile(
    rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(><f(?:/>|[^>]*/>|[^>]*>[^<]*</f>)<v></v></c>)'
)


def typed_empty(sheet: bytes) -> bytes:
    """A sheet in which formulas with an empty text as their value say that it is a text.

    Some programs drop the formula of a cell with an untyped empty value. XlsxWriter gives no type.
    """
    return _EMPTY.sub(rb'\1 t="str"\2', sheet)
