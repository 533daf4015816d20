"""A workbook of XlsxWriter whose parts are handed over as they are."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

_MOST_KNOWN = 20_000
_KNOWN: dict[str, str] = {}
"""Texts as they stand among the shared ones: workbooks of one norm have nearly all in common."""


class _Strings(SharedStrings):  # type: ignore[misc]  # XlsxWriter ships no types
    """The shared texts; what a text looks like there is asked of XlsxWriter once."""

    def _write_si(self, string: str) -> None:
        known = _KNOWN.get(string)
        if known is None:
            before = self.fh.tell()
            super()._write_si(string)
            self.fh.seek(before)
            known = str(self.fh.read())
            if len(_KNOWN) < _MOST_KNOWN:
                _KNOWN[string] = known
        else:
            self.fh.write(known)


class _Collector(Packager):  # type: ignore[misc]  # likewise
    """Keeps the parts, and gives none to be packed."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, bytes] = {}

    def _write_shared_strings_file(self) -> None:
        texts = self.workbook.str_table
        if texts.count:
            strings = _Strings()
            strings.string_table = texts
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))  # noqa: SLF001 - a subclass's own part of the library
            strings._assemble_xml_file()  # noqa: SLF001 - likewise

    def _create_package(self) -> list[Any]:
        for content, name, _ in super()._create_package():
            data = content.getvalue()
            self.parts[name] = data if isinstance(data, bytes) else data.encode("utf-8")
        return []


class PartsWorkbook(Workbook):  # type: ignore[misc]  # likewise
    """A workbook in memory; its parts are not packed, only to be unpacked again.

    XlsxWriter lets another packager take the place of its own. A release in which that goes
    otherwise packs as it always did, and the parts come from what it packed.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self._target, self._collector = BytesIO(), _Collector()
        super().__init__(self._target, {**options, "in_memory": True})

    def _get_packager(self) -> Packager:
        return self._collector

    def finished(self) -> dict[str, bytes]:
        """Write everything: the parts by name, in the order of the file."""
        self.close()
        if self._collector.parts:
            return self._collector.parts
        with zipfile.ZipFile(self._target) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
