"""Files that Excel encrypts with a password of its own and opens without asking for it.

That password is public ([MS-OFFCRYPTO] 2.4.2.3 and others): it keeps nothing secret. Who saved
the file knows of no password, and need not be told to take one away. Decrypting is the work of
msoffcrypto-tool, which the extra ``[password]`` brings.
"""

from __future__ import annotations

from io import BytesIO

from hkz_xlsx.machine.limits import LIMITS

PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to every program
_PACKAGE = b"PK"


def opened(data: bytes) -> bytes | None:
    """The workbook in an OLE file that only bears Excel's own password.

    Args:
        data: the OLE file.

    Returns:
        The package; None when there is none, when it has another password, is damaged or too
        large, or when the library is not installed.
    """
    try:
        from msoffcrypto.format.ooxml import OOXMLFile
    except ImportError:
        return None
    target = BytesIO()
    try:
        file = OOXMLFile(BytesIO(data))
        if not file.is_encrypted():
            return None
        file.load_key(password=PASSWORD, verify_password=True)
        file.decrypt(target)
    except Exception:
        # A damaged file makes the library raise whatever its parsers raise.
        return None
    plain = target.getvalue()
    return plain if plain.startswith(_PACKAGE) and len(plain) <= LIMITS.file else None
