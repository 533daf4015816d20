"""The parts of a written workbook, packed once more: smaller, and with what XlsxWriter lacks."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from hkz_xlsx.text import Lang
from hkz_xlsx.workbook.stamp import zipped

CORE = "docProps/core.xml"


def with_language(core: bytes, lang: Lang) -> bytes:
    """The core properties with the language of the document (ISO/IEC 29500-2, annex D).

    Screen readers choose their voice by it; XlsxWriter has no call for it.
    """
    name = {"nl": "nl-NL", "en": "en-GB"}[lang]
    end = b"</cp:coreProperties>"
    return core.replace(end, f"<dc:language>{name}</dc:language>".encode() + end)


def packed(data: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The same parts in the same order, changed where asked."""
    with zipfile.ZipFile(BytesIO(data)) as source:
        return zipped(
            (name, changes.get(name, bytes)(source.read(name))) for name in source.namelist()
        )
