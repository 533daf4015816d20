"""Files that Excel encrypts with a password of its own and opens without asking for it.

That password is public ([MS-OFFCRYPTO] 2.4.2.3 and others): it keeps nothing secret. Who saved
the file knows of no password, and need not be told to take one away.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from io import BytesIO

from hkz_xlsx.workbook.aes import BLOCK, Cipher
from hkz_xlsx.workbook.guard import RefusedError, parse_xml

PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to every program
_MOST = 2 << 20
"""Bytes that are decrypted: some seconds of work, ten times our own workbook with answers."""

_MOST_ROUNDS = 1_000_000
_MOST_INFO = 1 << 16
_ROUNDS = 50_000
_SEGMENT = 4_096
_PACKAGE = b"PK"
_INPUT, _VALUE, _KEY = (
    bytes.fromhex("fea7d2763b4b9e79"),
    bytes.fromhex("d7aa0f6d3061344e"),
    bytes.fromhex("146e0be7abacd0d6"),
)
_HASHES = ("sha1", "sha256", "sha384", "sha512")
_AGILE, _STANDARD = 4, 2
_DAMAGE = (
    OSError, ValueError, IndexError, KeyError, TypeError, struct.error, RecursionError,
    binascii.Error, RefusedError,
)  # fmt: skip


def opened(data: bytes) -> bytes | None:
    """The workbook in an OLE file that only bears Excel's own password.

    Args:
        data: the OLE file.

    Returns:
        The package; None when there is none, when it has another password, or when it is too
        much to decrypt here.
    """
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            if ole.get_size("EncryptionInfo") > _MOST_INFO or (
                ole.get_size("EncryptedPackage") > _MOST
            ):
                return None
            info: bytes = ole.openstream("EncryptionInfo").read()
            packed: bytes = ole.openstream("EncryptedPackage").read()
        minor = struct.unpack_from("<2xH", info)[0]
        if minor == _AGILE:
            found = _agile(info[8:], packed[8:])
        else:
            found = _standard(info, packed[8:]) if minor == _STANDARD else None
        plain = (found or b"")[: struct.unpack_from("<Q", packed)[0]]
        return plain if plain.startswith(_PACKAGE) else None
    except _DAMAGE:
        return None


def _rounds(name: str, salt: bytes, count: int) -> bytes:
    found = hashlib.new(name, salt + PASSWORD.encode("utf-16-le")).digest()
    for number in range(count):
        found = hashlib.new(name, struct.pack("<I", number) + found).digest()
    return found


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _fitting(text: bytes, size: int) -> bytes:
    """So many bytes of a hash."""
    return text[:size].ljust(size, b"\x36")


def _agile(info: bytes, packed: bytes) -> bytes | None:
    """[MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15."""
    said: dict[str, Mapping[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        said.setdefault(name.rpartition(" ")[2], attributes)

    parse_xml(info, "EncryptionInfo", start)
    lock, package = said["encryptedKey"], said["keyData"]
    chained = {one["cipherAlgorithm"] + one["cipherChaining"] for one in (lock, package)}
    names = [one["hashAlgorithm"].replace("-", "").lower() for one in (lock, package)]
    count = int(lock["spinCount"])
    if chained != {"AESChainingModeCBC"} or not set(names) <= set(_HASHES) or count > _MOST_ROUNDS:
        return None
    salt, size = base64.b64decode(lock["saltValue"]), int(lock["keyBits"]) // 8
    base = _rounds(names[0], salt, count)

    def unlocked(purpose: bytes, what: str) -> bytes:
        key = _fitting(hashlib.new(names[0], base + purpose).digest(), size)
        return Cipher(key).plain(base64.b64decode(lock[what]), _fitting(salt, BLOCK))

    proof = unlocked(_INPUT, "encryptedVerifierHashInput")[: int(lock["saltSize"])]
    digest = hashlib.new(names[0], proof).digest()
    if unlocked(_VALUE, "encryptedVerifierHashValue")[: len(digest)] != digest:
        return None
    key = unlocked(_KEY, "encryptedKeyValue")[: int(package["keyBits"]) // 8]
    cipher, own = Cipher(key), base64.b64decode(package["saltValue"])
    pieces = []
    for number, at in enumerate(range(0, len(packed), _SEGMENT)):
        first = hashlib.new(names[1], own + struct.pack("<I", number)).digest()
        pieces.append(cipher.plain(packed[at : at + _SEGMENT], _fitting(first, BLOCK)))
    return b"".join(pieces)


def _standard(info: bytes, packed: bytes) -> bytes | None:
    """[MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9: as Excel 2007 does."""
    length = struct.unpack_from("<I", info, 8)[0]
    bits = struct.unpack_from("<16xI", info, 12)[0]
    salt, verifier, digest = struct.unpack_from("<4x16s16s4x32s", info, 12 + length)
    final = _sha1(_rounds("sha1", salt, _ROUNDS) + bytes(4)).ljust(64, b"\0")
    halves = [_sha1(bytes(byte ^ pad for byte in final)) for pad in (0x36, 0x5C)]
    cipher = Cipher(b"".join(halves)[: bits // 8])
    if _sha1(cipher.plain(verifier)) != cipher.plain(digest)[:20]:
        return None
    return cipher.plain(packed)
