"""Encrypted workbooks, where the password is known: Excel's own, or one that a person gave.

Excel encrypts some files with a password of its own and opens them without asking for it. That
password is public ([MS-OFFCRYPTO] 2.4.2.3 and others): it keeps nothing secret. Who saved the
file knows of no password, and need not be told to take one away. Decrypting is the work of
msoffcrypto-tool, which the extra ``[password]`` brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from hkz_xlsx.machine.limits import LIMITS

if TYPE_CHECKING:
    from msoffcrypto.format.ooxml import OOXMLFile

PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to every program
_PACKAGE = b"PK"


@dataclass(frozen=True, slots=True)
class Opened:
    """The workbook that was in an encrypted file, and whether Excel's own password opened it."""

    data: bytes
    built_in: bool


def opened(data: bytes, passwords: Sequence[str] = ()) -> Opened | None:
    """The workbook in an OLE file, when one of the passwords opens it.

    Args:
        data: the OLE file.
        passwords: tried after Excel's own, in this order.

    Returns:
        The package; None when there is none, when it has another password, is damaged or too
        large, or when the library is not installed.
    """
    try:
        from msoffcrypto.format.ooxml import OOXMLFile
    except ImportError:
        return None
    try:
        file = OOXMLFile(BytesIO(data))
        if not file.is_encrypted():
            return None
    except Exception:
        # A damaged file makes the library raise whatever its parsers raise.
        return None
    for password in (PASSWORD, *passwords):
        plain = _decrypted(file, password)
        if plain is not None:
            return Opened(plain, built_in=password == PASSWORD)
    return None


def _decrypted(file: OOXMLFile, password: str) -> bytes | None:
    target = BytesIO()
    try:
        file.load_key(password=password, verify_password=True)
        file.decrypt(target)
    except Exception:
        # It has a class of its own for a wrong password, and others for what is damaged.
        return None
    plain = target.getvalue()
    return plain if plain.startswith(_PACKAGE) and len(plain) <= LIMITS.file else None
