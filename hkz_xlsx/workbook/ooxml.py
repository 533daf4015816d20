"""Open XML workbooks (xlsx, xlsm; transitional and strict): from the package to sheets.

Relationships are followed inside the package only. Macros, links and embedded objects are
noticed, never opened.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from hkz_xlsx.layout.a1 import a1
from hkz_xlsx.problems import Problem, Where, problem
from hkz_xlsx.workbook.cells import Book, date_styles, place, plain_text, telling_format
from hkz_xlsx.workbook.grid import Grid, Kind, Manner, SheetGrid, Struck, Visibility
from hkz_xlsx.workbook.guard import LIMITS, RefusedError, parse_xml
from hkz_xlsx.workbook.preflight import Package
from hkz_xlsx.workbook.remember import remembered
from hkz_xlsx.workbook.runs import Runs, is_on
from hkz_xlsx.workbook.sheet_exact import MAIN, SheetFacts, read_exactly
from hkz_xlsx.workbook.sheet_fast import SheetReader, shared_strings_fast

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


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: its type (last word), target part or address, inside the file or not."""

    type: str
    target: str
    external: bool


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def relations(package: Package, part: str) -> Mapping[str, Relation]:
    """Relationships of a part by id; empty when it has none.

    Raises:
        RefusedError: not well-formed, or an id twice.
    """
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    return _relations(package.part(path), path, folder) if package.has(path) else {}


@_remembered
def _relations(data: bytes, path: str, folder: str) -> Mapping[str, Relation]:
    found: dict[str, Relation] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != "Relationship":
            return
        external = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "")
        if not external:
            target = target.replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        key = attributes.get("Id", "")
        if key in found:
            raise RefusedError("FILE_BROKEN", detail=path)
        found[key] = Relation(kind, target, external)

    parse_xml(data, path, start)
    return found


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
        if _local(name) == "Override":
            types[attributes.get("PartName", "").lstrip("/").casefold()] = content
        elif _local(name) == "Default":
            defaults[attributes.get("Extension", "").casefold()] = content

    parse_xml(data, path, start)
    return types, defaults


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    state: Visibility
    part: str


class _Workbook:
    """The workbook part: sheets in order, epoch."""

    def __init__(self, package: Package, part: str) -> None:
        self.sheets: list[_Sheet] = []
        self.epoch_1904 = False
        self.strict = False
        self.links = relations(package, part)
        self._package = package
        parse_xml(package.part(part), part, self._start)
        if not self.sheets:
            raise RefusedError("FILE_PART_MISSING", part="<sheets>")
        titles = [sheet.title.casefold() for sheet in self.sheets]
        parts = [sheet.part.casefold() for sheet in self.sheets]
        if len(set(titles)) != len(titles) or len(set(parts)) != len(parts):
            raise RefusedError("FILE_BROKEN", detail=part)
        if len(self.sheets) > LIMITS.sheets:
            raise RefusedError("FILE_TOO_BIG")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "workbook":
                self.strict = "purl.oclc.org" in name
            case "workbookPr" if name.startswith(MAIN):  # Excel 2013 has another of that name
                self.epoch_1904 = attributes.get("date1904") in ("1", "true")
            case "sheet":
                self._sheet(attributes)

    def _sheet(self, attributes: dict[str, str]) -> None:
        ids = [v for k, v in attributes.items() if k.endswith("/relationships id")]
        if ids == [""]:
            return  # a macro module of Excel 95: it has no part
        link = self.links.get(ids[0]) if ids else None
        title = attributes.get("name", "")
        if link is None or link.external or not self._package.has(link.target):
            raise RefusedError("FILE_PART_MISSING", part=title or "<sheet>")
        if link.type != "worksheet":
            return  # a chart or an old macro sheet holds no cells of ours
        states: dict[str, Visibility] = {"hidden": "hidden", "veryhidden": "veryHidden"}
        state = states.get(attributes.get("state", "").lower(), "visible")
        self.sheets.append(_Sheet(plain_text(title), state, link.target))

    def one(self, kind: str) -> str | None:
        """The part of a kind, when the workbook has one."""
        targets = [r.target for r in self.links.values() if r.type == kind and not r.external]
        return targets[0] if targets else None


def _shared_strings(
    data: bytes, part: str, *, fast: bool
) -> tuple[tuple[str, ...], Mapping[int, Struck]]:
    """Every shared string, and by index which are struck through; rich text joined, readings of
    Japanese characters left out."""
    if fast and (plain := shared_strings_fast(data)) is not None:
        return tuple(plain), {}
    found: list[str] = []
    pieces: list[str] = []
    runs, struck = Runs(), dict[int, Struck]()
    depth = {"rPh": 0, "t": 0, "si": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in depth:
            depth[local] += 1
        runs.start(local, attributes)

    def end(name: str) -> None:
        local = _local(name)
        if local in depth:
            depth[local] -= 1
        if local == "si":
            if (how := runs.take()) != "":
                struck[len(found)] = how
            found.append(plain_text("".join(pieces)))
            pieces.clear()

    def text(data: str) -> None:
        if depth["t"] and depth["si"] and not depth["rPh"]:
            pieces.append(data)
            runs.text(data)

    parse_xml(data, part, start, end, text)
    return tuple(found), struck


@_remembered
def _styles(data: bytes, part: str) -> tuple[frozenset[int], Mapping[int, Manner]]:
    """Which cell styles show dates, and which show a value in a manner of their own."""
    ids: list[int] = []
    used: list[int] = []
    fonts: list[bool] = []
    codes: dict[int, str] = {}
    inside: list[str] = []

    def whole(text: str) -> int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1  # noqa: PLR2004 - no int of millions of digits

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in ("cellXfs", "fonts", "numFmts"):
            inside.append(local)
        elif local == "xf" and inside:
            ids.append(whole(attributes.get("numFmtId", "0")))
            used.append(whole(attributes.get("fontId", "0")))
        elif local == "font" and inside:
            fonts.append(False)
        elif local == "strike" and inside and fonts:
            fonts[-1] = is_on(attributes)
        # Conditional formats have numbers of their own, which may be those of other formats.
        elif local == "numFmt" and inside and "numFmtId" in attributes:
            codes[whole(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def end(name: str) -> None:
        if _local(name) in ("cellXfs", "fonts", "numFmts"):
            inside.clear()

    parse_xml(data, part, start, end)
    manners: dict[int, Manner] = {}
    for index, (known, font) in enumerate(zip(ids, used, strict=True)):
        code, struck = telling_format(known, codes), 0 <= font < len(fonts) and fonts[font]
        if code or struck:
            manners[index] = Manner("wholly" if struck else "", code)
    return date_styles(ids, codes), manners


def package_properties(package: Package) -> dict[str, str]:
    """Custom document properties as text."""
    found: dict[str, str] = {}
    targets = [r for r in relations(package, "").values() if r.type == "custom-properties"]
    if not targets or targets[0].external or not package.has(targets[0].target):
        return found
    name_now: list[str] = []
    pieces: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "property":
            name_now[:] = [attributes.get("name", "")]
            pieces.clear()

    def end(name: str) -> None:
        if _local(name) == "property" and name_now:
            found[name_now[0]] = plain_text("".join(pieces).strip())

    path = targets[0].target
    parse_xml(package.part(path), path, start, end, pieces.append)
    return found


def _comments(package: Package, sheet: str) -> dict[tuple[int, int], str]:
    """Comments (notes) of a sheet by cell."""
    found: dict[tuple[int, int], str] = {}
    for relation in relations(package, sheet).values():
        if relation.type != "comments" or relation.external or not package.has(relation.target):
            continue
        at: list[tuple[int, int] | None] = [None]
        pieces: list[str] = []
        depth = [0]

        def start(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "comment":
                at[0] = place(attributes.get("ref", ""))  # noqa: B023 - used within this round
                pieces.clear()  # noqa: B023
            elif _local(name) == "t":
                depth[0] += 1  # noqa: B023

        def end(name: str) -> None:
            if _local(name) == "t":
                depth[0] -= 1  # noqa: B023
            elif _local(name) == "comment" and at[0] is not None:  # noqa: B023
                found[at[0]] = plain_text("".join(pieces))  # noqa: B023

        def text(data: str) -> None:
            if depth[0]:  # noqa: B023
                pieces.append(data)  # noqa: B023

        parse_xml(package.part(relation.target), relation.target, start, end, text)
    return found


def read_ooxml(package: Package, file: str, how: How = "best", *, complete: bool) -> Grid:
    """Read a workbook that is not binary.

    Args:
        package: the checked package.
        file: name for messages.
        how: whether plain sheets may be read the fast way.
        complete: read formulas, validations, protection and comments too.

    Raises:
        RefusedError: the file cannot be used.
    """
    kind, main = kind_of(package)
    workbook = _Workbook(package, main)
    book = _book(package, workbook, fast=how == "best")
    reader = SheetReader(book)
    total, problems = 0, list(_noticed(package, workbook, file))
    sheets = []
    for sheet in workbook.sheets:
        data = package.part(sheet.part)
        if how == "best":
            facts = reader.read(data, sheet.part, complete=complete)
        else:
            facts = read_exactly(data, sheet.part, book, complete=complete)
        total += len(facts.cells)
        if total > LIMITS.cells:
            raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)
        problems += _cell_problems(facts, file, sheet.title)
        comments = _comments(package, sheet.part) if complete else {}
        sheets.append(_grid_of(sheet, facts, comments))
    properties = package_properties(package)
    package.check_rest()
    return Grid(
        file, tuple(sheets), properties, kind, workbook.epoch_1904, tuple(problems), complete
    )


def _book(package: Package, workbook: _Workbook, *, fast: bool) -> Book:
    strings: tuple[str, ...] = ()
    struck: Mapping[int, Struck] = {}
    if (part := workbook.one("sharedStrings")) is not None:
        strings, struck = _shared_strings(package.part(part), part, fast=fast)
    # A workbook without any styles has no dates; one that names a missing part is damaged.
    styles = workbook.one("styles")
    dates: frozenset[int] = frozenset()
    manners: Mapping[int, Manner] = {}
    if styles is not None:
        dates, manners = _styles(package.part(styles), styles)
    return Book(strings, dates, workbook.epoch_1904, manners, struck)


def _grid_of(
    sheet: _Sheet, facts: SheetFacts, comments: Mapping[tuple[int, int], str]
) -> SheetGrid:
    return SheetGrid(
        sheet.title, facts.cells, facts.formulas, sheet.state, tuple(facts.validations),
        facts.protected, comments, tuple(facts.merged), frozenset(facts.hidden_rows),
        frozenset(facts.uncalculated), facts.manners,
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
