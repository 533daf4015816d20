"""Open XML workbooks (xlsx, xlsm; transitional and strict): from the package to sheets.

Relationships are followed inside the package only. Macros, links and embedded objects are
noticed, never opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.machine.limits import LIMITS, RefusedError
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.scoring.cell_values import a1
from hkz_xlsx.spreadsheet.byte_cache import remembered
from hkz_xlsx.spreadsheet.cells import Book, plain_text
from hkz_xlsx.spreadsheet.container import Package
from hkz_xlsx.spreadsheet.grid import Grid, Kind, SheetGrid, Struck, Visibility
from hkz_xlsx.spreadsheet.ooxml_attached import OoxmlAttached, read_hanging
from hkz_xlsx.spreadsheet.relations import local, relations
from hkz_xlsx.spreadsheet.safe_xml import parse_xml
from hkz_xlsx.spreadsheet.shared_parts import CellLooks, cell_looks, shared_strings
from hkz_xlsx.spreadsheet.sheet_exact import MAIN, SheetFacts, read_exactly
from hkz_xlsx.spreadsheet.sheet_fast import SheetReader
from hkz_xlsx.spreadsheet.thinned import check_sheets, sheet_part

How = Literal["best", "exact"]
"""Whether plain sheets may be read the fast way."""

_remembered = remembered(most=16, longest=1 << 17)

_MAIN_TYPES: Mapping[str, Kind] = {
    "spreadsheetml.sheet.main+xml": "xlsx",
    "spreadsheetml.template.main+xml": "xlsx",
    "ms-excel.sheet.macroenabled.main+xml": "xlsm",
    "ms-excel.template.macroenabled.main+xml": "xlsm",
    "ms-excel.addin.macroenabled.main+xml": "xlsm",
    "ms-excel.sheet.binary.macroenabled.main": "xlsb",
}


def kind_of(package: Package) -> tuple[Kind, str]:
    """Which kind of workbook, and the name of its workbook part.

    Raises:
        RefusedError: another program's document, or no workbook at all.
    """
    path = "[Content_Types].xml"
    types, defaults = _content_types(package.part(path), path)
    main = [r for r in relations(package, "").values() if r.type == "officeDocument"]
    if len(main) != 1 or main[0].external:
        raise RefusedError("FILE_PART_MISSING", part="_rels/.rels")
    target = main[0].target
    fallback = defaults.get(target.rpartition(".")[2].casefold(), "")
    content = types.get(target.casefold(), fallback)
    for known, kind in _MAIN_TYPES.items():
        if content.endswith(known):
            return kind, target
    raise RefusedError("FILE_OTHER_OFFICE" if "ml." in content else "FILE_NOT_SPREADSHEET")


@_remembered
def _content_types(data: bytes, path: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Content types by part and by extension, in lower case."""
    types: dict[str, str] = {}
    defaults: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        content = attributes.get("ContentType", "").lower()
        if local(name) == "Override":
            types[attributes.get("PartName", "").lstrip("/").casefold()] = content
        elif local(name) == "Default":
            defaults[attributes.get("Extension", "").casefold()] = content

    parse_xml(data, path, start)
    return types, defaults


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    state: Visibility
    part: str
    cells: bool = True


class _Workbook:
    """The workbook part: sheets in order, epoch."""

    def __init__(self, package: Package, part: str) -> None:
        self.sheets: list[_Sheet] = []
        self.epoch_1904 = False
        self.strict = False
        self.links = relations(package, part)
        self._package = package
        parse_xml(package.part(part), part, self._start)
        if not any(sheet.cells for sheet in self.sheets):
            raise RefusedError("FILE_PART_MISSING", part=f"{part}: sheets")
        titles = [sheet.title.casefold() for sheet in self.sheets]
        parts = [sheet.part.casefold() for sheet in self.sheets]
        if len(set(titles)) != len(titles) or len(set(parts)) != len(parts):
            raise RefusedError("FILE_BROKEN", detail=part)
        if len(self.sheets) > LIMITS.sheets:
            raise RefusedError("FILE_TOO_BIG")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "workbook":
                self.strict = "purl.oclc.org" in name
            case "workbookPr" if name.startswith(MAIN):  # Excel 2013 has another of that name
                self.epoch_1904 = attributes.get("date1904") in ("1", "true")
            case "sheet":
                self._sheet(attributes)
            case _:
                pass

    def _sheet(self, attributes: dict[str, str]) -> None:
        ids = [v for k, v in attributes.items() if k.endswith("/relationships id")]
        if ids == [""]:
            return  # a macro module of Excel 95: it has no part
        link = self.links.get(ids[0]) if ids else None
        title = attributes.get("name", "")
        if link is None or link.external or not self._package.has(link.target):
            raise RefusedError("FILE_PART_MISSING", part=title or "sheet")
        if link.type not in ("worksheet", "chartsheet"):
            return  # an old macro sheet holds no cells of ours
        states: dict[str, Visibility] = {"hidden": "hidden", "veryhidden": "veryHidden"}
        state = states.get(attributes.get("state", "").lower(), "visible")
        holds = link.type == "worksheet"  # a sheet that is a chart has only what is drawn on it
        self.sheets.append(_Sheet(plain_text(title), state, link.target, holds))

    def one(self, kind: str) -> str | None:
        """The part of a kind, when the workbook has one."""
        targets = [r.target for r in self.links.values() if r.type == kind and not r.external]
        return targets[0] if targets else None


def package_properties(package: Package) -> dict[str, str]:
    """Custom document properties as text."""
    found: dict[str, str] = {}
    targets = [r for r in relations(package, "").values() if r.type == "custom-properties"]
    if not targets or targets[0].external or not package.has(targets[0].target):
        return found
    name_now: list[str] = []
    pieces: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "property":
            name_now[:] = [attributes.get("name", "")]
            pieces.clear()

    def end(name: str) -> None:
        if local(name) == "property" and name_now:
            found[name_now[0]] = plain_text("".join(pieces).strip())

    path = targets[0].target
    parse_xml(package.part(path), path, start, end, pieces.append)
    return found


def read_ooxml(package: Package, file: str, how: How = "best", *, complete: bool) -> Grid:
    """Read a workbook that is not binary.

    Args:
        package: the checked package.
        file: name for messages.
        how: whether plain sheets may be read the fast way.
        complete: read formulas and hidden rows too.

    Raises:
        RefusedError: the file cannot be used.
    """
    kind, main = kind_of(package)
    workbook = _Workbook(package, main)
    book = _book(package, workbook, fast=how == "best")
    reader = SheetReader(book)
    check_sheets(package, [(sheet.title, sheet.part) for sheet in workbook.sheets if sheet.cells])
    total, problems = 0, list(_noticed(package, workbook, file))
    sheets = []
    persons = workbook.one("person") or ""
    for sheet in workbook.sheets:
        facts = SheetFacts()
        if sheet.cells:
            data = sheet_part(package, sheet.part, sheet.title)
            if how == "best":
                facts = reader.read(data, sheet.part, complete=complete)
            else:
                facts = read_exactly(data, sheet.part, book, complete=complete)
        total += len(facts.cells)
        if total > LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
        problems += _cell_problems(facts, file, sheet.title)
        hangs = read_hanging(package, sheet.part, facts, persons)
        problems += (
            problem("ATTACHED_UNREAD", Where(file, None, sheet.title), part=part)
            for part in hangs.unread
        )
        sheets.append(_grid_of(sheet, facts, hangs))
    properties = package_properties(package)
    package.check_rest()
    return Grid(
        file, tuple(sheets), properties, kind, workbook.epoch_1904, tuple(problems), complete
    )


def _book(package: Package, workbook: _Workbook, *, fast: bool) -> Book:
    strings: tuple[str, ...] = ()
    struck: Mapping[int, Struck] = {}
    if (part := workbook.one("sharedStrings")) is not None:
        strings, struck = shared_strings(package.part(part), part, fast=fast)
    # A workbook without any styles has no dates; one that names a missing part is damaged.
    styles = workbook.one("styles")
    looks = cell_looks(package.part(styles), styles) if styles is not None else CellLooks()
    return Book(
        strings, looks.dates, workbook.epoch_1904, looks.date_formats, looks.manners, struck
    )


def _grid_of(sheet: _Sheet, facts: SheetFacts, hangs: OoxmlAttached) -> SheetGrid:
    return SheetGrid(
        sheet.title, facts.cells, facts.formulas, sheet.state, tuple(facts.validations),
        facts.protected, hangs.comments, tuple(facts.merged), frozenset(facts.hidden_rows),
        frozenset(facts.uncalculated), frozenset(facts.hidden_columns), facts.date_formats,
        frozenset(facts.locked), facts.calculated, hangs.attached, facts.manners,
    )  # fmt: skip


def _cell_problems(facts: SheetFacts, file: str, title: str) -> Iterator[Problem]:
    for (row, column), says in facts.broken:
        yield problem("CELL_BROKEN", Where(file, None, title, a1(row, column)), value=says)
    for (row, column), one, other in facts.twice:
        where = Where(file, None, title, a1(row, column))
        yield problem("CELL_TWICE", where, value=one, other=other)


def _noticed(package: Package, workbook: _Workbook, file: str) -> Iterator[Problem]:
    """Active content that was left alone, and what a person may want to know."""
    where = Where(file)
    names = package.names
    if any(n.endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in n for n in names):
        yield problem("FILE_HAS_MACROS", where)
    links = any("/externallinks/" in n or n.endswith("/connections.xml") for n in names)
    if links:
        yield problem("FILE_HAS_LINKS", where)
    if any("/embeddings/" in n or "/activex/" in n for n in names):
        yield problem("FILE_HAS_OBJECTS", where)
    if workbook.epoch_1904:
        yield problem("FILE_EPOCH_1904", where)
    if workbook.strict:
        yield problem("FILE_STRICT", where)
