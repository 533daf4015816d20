"""What kind of file this is, by content, and whether its container can be trusted.

Nothing is unpacked to disk, and no path in an archive is ever used as a path. A zip whose
two tables of contents disagree means two things to two programs, so it is refused.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Literal

from hkz_xlsx.machine.csv_text import utf16
from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.machine.packing import checksum, inflated
from hkz_xlsx.spreadsheet.safe_xml import check_unread, parse_xml

Shape = Literal["ooxml", "odf", "ole", "archive"]
"""How the bytes are packed; which of our kinds it is, its parts say."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL = (b"\x09\0\x04\0", b"\x09\2\x06\0", b"\x09\4\x06\0", b"\x09\x08\x08\0")
"""The first record of a workbook of Excel 2, 3, 4, or 5 outside an OLE file ([MS-XLS] 2.4.21)."""

_LOCAL, _END = b"PK\x03\x04", b"PK\x05\x06"
_TEXT_SAMPLE = 4096
_ENCRYPTED_FLAG, _LEVEL_FLAGS, _STREAMED_FLAG, _UTF8_FLAG = 1, 6, 8, 0x800
_HEADER = 30
"""Bytes of the header before a part, without its name."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP64 = 0xFFFFFFFF
_BLOCK = 1 << 20
_SHEET_NAME = re.compile(r"xl/worksheets/[^/]+\.xml")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
    NotImplementedError, struct.error,
)  # fmt: skip
"""What the standard library says of a part that cannot be unpacked."""

_MOST_DEFLATED = 1_040
"""Deflate makes nothing smaller than this many times."""
_ENCRYPTED = "encrypted-package"
"""In this one part recent versions of LibreOffice pack a whole document with a password."""

_BESIDE = "__macosx/"
"""What macOS adds to a zip it packs: no XML, whatever it is called."""


def shape(data: bytes) -> Shape:
    """How a file is packed, from its first bytes and, for a zip, its table of contents.

    Raises:
        RefusedError: it is nothing we read; the code says what it is instead.
    """
    if not data:
        raise RefusedError("FILE_EMPTY")
    if data.startswith(_OLE):
        return "ole"
    if data.startswith((_LOCAL, _END)):
        return "archive"
    if data.startswith(_OLD_EXCEL):
        raise RefusedError("FILE_BINARY_UNREAD", kind="xls")
    head = _narrow(data[:_TEXT_SAMPLE]).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not any(head.strip(b"\0")):
        raise RefusedError("FILE_EMPTY")
    raise RefusedError(_other(head))


def _narrow(head: bytes) -> bytes:
    """Text of two bytes per letter, as Excel's ‘Unicode text’, as UTF-8; else as it is."""
    coding = utf16(head)
    return head if coding is None else head[: len(head) // 2 * 2].decode(coding, "replace").encode()


def _other(head: bytes) -> str:
    web = re.match(rb"<!doctype html|<html|<head|<body|<table|<meta|mime-version:|<!--", head)
    if web or b"<html" in head:
        return "FILE_IS_WEBPAGE"
    if head.startswith((b"<?xml", b"<\0?\0x\0m\0l")):
        return "FILE_IS_XML"
    binary = head.startswith((b"%pdf", b"{\\rtf", b"\x89png", b"gif8", b"rar!", b"7z\xbc\xaf"))
    if binary or any(byte < 9 for byte in head):  # noqa: PLR2004 - control characters
        return "FILE_NOT_SPREADSHEET"
    return "FILE_IS_TEXT"


class Package:
    """A zip of which every claim was checked before anything was unpacked.

    Part names are compared without case and with ``/``; the first bytes before the zip and
    after it, as mail gateways add, are tolerated.
    """

    def __init__(self, data: bytes) -> None:
        """Check the table of contents.

        Raises:
            RefusedError: cut off, damaged, too big, protected, or contradicting itself.
        """
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
            cut = _END not in data[-(1 << 17) :]
            raise (
                RefusedError("FILE_CUT_OFF") if cut else RefusedError("FILE_BROKEN", detail="zip")
            ) from None
        entries = [e for e in self._zip.infolist() if not e.filename.endswith(("/", "\\"))]
        self._check_sizes(entries, len(data))
        self._entries = self._by_name(entries)
        self._data = data
        end = 0
        for entry in sorted(entries, key=lambda e: e.header_offset):
            if entry.header_offset < end:
                raise RefusedError("FILE_ZIP_CONTRADICTS", part=entry.filename)
            end = _checked_end(data, entry)
        self._read: set[str] = set()

    @property
    def names(self) -> Mapping[str, str]:
        """Part names by their case-folded form, with ``/`` whatever the zip has."""
        return {folded: part_name(entry) for folded, entry in self._entries.items()}

    @property
    def renamed(self) -> bool:
        """Whether a part bears another name in the zip than here."""
        return any(part_name(entry) != entry.filename for entry in self._entries.values())

    def check_whole(self) -> None:
        """Refuse what is more than a library may unpack at once.

        Raises:
            RefusedError: a part, or all of them together, is too big.
        """
        sizes = [entry.file_size for entry in self._entries.values()]
        if max(sizes, default=0) > LIMITS.part or sum(sizes) > LIMITS.unpacked:
            raise RefusedError("FILE_TOO_BIG")

    def has(self, name: str) -> bool:
        """Whether the part is there."""
        return name.casefold() in self._entries

    def size(self, name: str) -> int:
        """Unpacked size of a part as it claims; reading stops there."""
        return self._entries[name.casefold()].file_size

    def part(self, name: str) -> bytes:
        """A part, read to its end so that its checksum is verified.

        Raises:
            RefusedError: it is not there, damaged or too big.
        """
        entry = self._entries.get(name.casefold())
        if entry is None:
            raise RefusedError("FILE_PART_MISSING", part=name)
        if entry.file_size > LIMITS.xml_part:
            raise RefusedError("FILE_TOO_BIG")
        data = _inflated(self._data, entry)
        if data is None:
            try:
                data = self._zip.read(entry)
            except _DAMAGE:
                raise RefusedError("FILE_BROKEN", detail=name) from None
        self._read.add(name.casefold())
        return data

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part that is there, in pieces, so that it never stands in memory as a whole.

        Raises:
            RefusedError: it is damaged; said at its end when only the checksum is wrong.
        """
        self._read.add(name.casefold())
        try:
            with self._zip.open(self._entries[name.casefold()]) as stream:
                while block := stream.read(_BLOCK):
                    yield block
        except _DAMAGE:
            raise RefusedError("FILE_BROKEN", detail=name) from None

    def check_rest(self, *, office_doctype: bool = False) -> None:
        """Every XML part that nobody read: no DOCTYPE, no damage.

        Args:
            office_doctype: as `parse_xml`.

        Raises:
            RefusedError: a part is damaged or holds a DOCTYPE.
        """
        for folded, entry in self._entries.items():
            if folded in self._read or folded.startswith(_BESIDE):
                continue
            if folded.endswith((".xml", ".rels", ".vml", ".rdf")):
                data = self.part(folded)
                check_unread(data, part_name(entry), office_doctype=office_doctype)

    def _check_sizes(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        if len(entries) > LIMITS.parts:
            raise RefusedError("FILE_TOO_BIG")
        if any(e.flag_bits & _ENCRYPTED_FLAG for e in entries):
            raise RefusedError("FILE_ENCRYPTED_ZIP")
        for entry in entries:
            swollen = entry.file_size > LIMITS.ratio * max(entry.compress_size, 1)
            if entry.file_size > LIMITS.ratio_from and swollen:
                raise RefusedError("FILE_BOMB")
            if entry.file_size > LIMITS.part and not _is_sheet(entry):
                raise RefusedError("FILE_TOO_BIG")
            if entry.compress_type not in _METHODS:
                raise RefusedError("FILE_ZIP_METHOD", part=part_name(entry))
        if sum(e.file_size for e in entries if not _is_sheet(e)) > LIMITS.unpacked:
            raise RefusedError("FILE_BOMB")
        if sum(e.compress_size for e in entries) > size:
            raise RefusedError("FILE_ZIP_CONTRADICTS", part=entries[0].filename)

    @staticmethod
    def _by_name(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = part_name(entry)
            if unsafe_path(name):
                raise RefusedError("FILE_UNSAFE_PATH", part=name)
            if found.setdefault(name.casefold(), entry) is not entry:
                raise RefusedError("FILE_PART_TWICE", part=name)
        return found


def part_name(entry: zipfile.ZipInfo) -> str:
    """The name of a part with ``/``; some programs for Windows write ``\\`` between folders."""
    return entry.filename.replace("\\", "/")


def _is_sheet(entry: zipfile.ZipInfo) -> bool:
    """Whether a part bears a name that only the XML of a sheet has: it is read piece by piece."""
    return bool(_SHEET_NAME.fullmatch(part_name(entry).casefold()))


def unsafe_path(name: str) -> bool:
    """Whether a name in an archive tries to point outside it."""
    drive = len(name) > 1 and name[1] == ":"
    return not name or name.startswith("/") or drive or ".." in name.split("/") or "\0" in name


def _checked_end(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where a part ends, once its own header agrees with the table of contents."""
    at = entry.header_offset
    header = data[at : at + _HEADER]
    if len(header) < _HEADER or not header.startswith(_LOCAL):
        raise RefusedError("FILE_ZIP_CONTRADICTS", part=entry.filename)
    flags, method, crc, packed, unpacked, length, extra = struct.unpack("<6xHH4xIIIHH", header)
    name = data[at + _HEADER : at + _HEADER + length]
    same_name = name == _raw_name(entry, bool(flags & _UTF8_FLAG))
    sizes = (crc, packed, unpacked) == (entry.CRC, entry.compress_size, entry.file_size)
    later = bool(flags & _STREAMED_FLAG) and not (crc or packed or unpacked)
    wide = _ZIP64 in (packed, unpacked)
    end: int = at + _HEADER + length + extra + entry.compress_size
    streamed = bool(flags & _STREAMED_FLAG)
    if (
        not same_name
        or method != entry.compress_type
        or not (sizes or later or wide or (streamed and crc == 0))
        or (flags ^ entry.flag_bits) & _ENCRYPTED_FLAG
        or end > len(data)
    ):
        raise RefusedError("FILE_ZIP_CONTRADICTS", part=entry.filename)
    return end


def _inflated(data: bytes, entry: zipfile.ZipInfo) -> bytes | None:
    """A deflated part by libdeflate, twice as quick as zlib; None leaves it, and every doubt
    about it, to the standard library."""
    size, packed = entry.file_size, entry.compress_size
    odd = entry.flag_bits & ~(_STREAMED_FLAG | _LEVEL_FLAGS | _UTF8_FLAG)
    if entry.compress_type != zipfile.ZIP_DEFLATED or odd or size > _MOST_DEFLATED * packed:
        return None
    at = entry.header_offset
    start = at + _HEADER + sum(struct.unpack_from("<HH", data, at + 26))
    found = inflated(data[start : start + packed], size)
    return found if found is not None and checksum(found) == entry.CRC else None


def _raw_name(entry: zipfile.ZipInfo, utf8: bool) -> bytes:
    """The name as bytes, as it stands before the part."""
    coding = "utf-8" if utf8 or entry.flag_bits & _UTF8_FLAG else "cp437"
    return entry.orig_filename.encode(coding, "replace")


def package_kind(names: Collection[str]) -> Shape:
    """What a zip is: a workbook in Open XML or OpenDocument, or just an archive.

    Args:
        names: names of its parts, case-folded.

    Raises:
        RefusedError: a document of another program, an archive, or a part is missing.
    """
    if "[content_types].xml" in names:
        return "ooxml"
    if "meta-inf/manifest.xml" in names and {"content.xml", _ENCRYPTED, "mimetype"} & set(names):
        return "odf"
    numbers = "index.zip" in names or "buildversionhistory.plist" in names
    if numbers or any(name.endswith(".iwa") for name in names):
        raise RefusedError("FILE_IS_NUMBERS")
    if any(name.startswith(("xl/", "_rels/")) for name in names):
        raise RefusedError("FILE_PART_MISSING", part="[Content_Types].xml")
    raise RefusedError("FILE_IS_ARCHIVE")


def ole_kind(data: bytes) -> None:
    """Let an OLE file pass only when it holds an old Excel workbook.

    Raises:
        RefusedError: protected, another program's document, or damaged.
    """
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            streams = {"/".join(path).casefold() for path in ole.listdir()}
    except (OSError, ValueError, IndexError, KeyError, TypeError, struct.error, RecursionError):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError("FILE_ENCRYPTED") from None
        raise RefusedError("FILE_BROKEN", detail="OLE") from None
    if any("drmencrypted" in name or "drmcontent" in name for name in streams):
        raise RefusedError("FILE_RIGHTS")
    if streams & {"encryptedpackage", "encryptioninfo"}:
        raise RefusedError("FILE_ENCRYPTED")
    if streams & {"workbook", "book"}:
        return
    other = streams & {"worddocument", "powerpoint document", "visiodocument"}
    raise RefusedError("FILE_OTHER_OFFICE" if other else "FILE_NOT_SPREADSHEET")


def check_odf(package: Package) -> None:
    """Refuse an OpenDocument file that is no spreadsheet or has a password.

    Raises:
        RefusedError: protected, another kind of document, or damaged.
    """
    locked: list[str] = []
    types: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match name.rpartition(" ")[2]:
            case "encryption-data" | "encrypted-key":
                locked.append(name)
            case "file-entry":
                types[said.get("full-path", "")] = said.get("media-type", "")
            case _:
                pass

    path = "META-INF/manifest.xml"
    parse_xml(package.part(path), path, start, office_doctype=True)
    mime = package.part("mimetype") if package.has("mimetype") else types.get("/", "").encode()
    if mime.strip() and b"spreadsheet" not in mime:
        raise RefusedError("FILE_OTHER_OFFICE")
    if locked or package.has(_ENCRYPTED):
        raise RefusedError("FILE_ENCRYPTED_ODS")
