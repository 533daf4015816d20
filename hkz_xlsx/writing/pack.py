"""What XlsxWriter lacks in the parts that it writes."""

from __future__ import annotations

from hkz_xlsx.text import Lang

CORE = "docProps/core.xml"


def with_language(core: bytes, lang: Lang) -> bytes:
    """The core properties with the language of the document (ISO/IEC 29500-2, annex D).

    Screen readers choose their voice by it; XlsxWriter has no call for it.
    """
    name = {"nl": "nl-NL", "en": "en-GB"}[lang]
    end = b"</cp:coreProperties>"
    return core.replace(end, f"<dc:language>{name}</dc:language>".encode() + end)
