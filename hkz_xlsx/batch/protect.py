"""Workbooks that open with a password: [MS-OFFCRYPTO] agile encryption, by msoffcrypto-tool."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from hkz_xlsx.spreadsheet.built_in import opened


def protected(plain: bytes, password: str, target: Path) -> bytes:
    """A workbook encrypted with a password; the bytes that are there when they hold the same.

    Encrypting draws salts by chance, so the same workbook would have other bytes each time, and a
    run that goes on would not know its own files.

    Args:
        plain: the workbook.
        password: of at least one character.
        target: where it will be, and may be already.

    Raises:
        ModuleNotFoundError: the extra ``[password]`` is not installed.
        OSError: what is there cannot be read.
    """
    from msoffcrypto.format.ooxml import OOXMLFile

    if target.is_file():
        there = target.read_bytes()
        found = opened(there, (password,))
        if found is not None and found.data == plain and not found.built_in:
            return there
    file = BytesIO()
    OOXMLFile(BytesIO(plain)).encrypt(password, file)
    return file.getvalue()
