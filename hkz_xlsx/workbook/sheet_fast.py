"""A sheet as every well-behaved program writes it, several times faster than cell by cell.

The cells must be *tiled* by one pattern: every character between ``<sheetData>`` and its end
belongs to a row or a cell of the usual form. That proves them well-formed without a parser;
what stands around the cells goes through the parser all the same. Whatever does not fit the
pattern is left to `sheet_exact`, which reads anything; the tests prove both equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkz_xlsx.layout.codecs import RawValue
from hkz_xlsx.workbook.cells import (
    Book,
    BrokenCellError,
    column_number,
    plain_text,
)  # fmt: skip
from hkz_xlsx.workbook.guard import LIMITS, RefusedError, parse_xml
from hkz_xlsx.workbook.sheet_exact import MAIN, SheetFacts, read_exactly

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_NAMESPACE = MAIN[0].encode()
_ROWS = "[1-9][0-9]{0,5}"  # a plain sheet ends before row 1,000,000 and column AAA
_ATTRIBUTES = rf'(?: r="{_ROWS}")?(?: (?!r=)[a-zA-Z][\w:]*="[^"<&]*")*'
_ROW = rf"<row{_ATTRIBUTES}>"
_EMPTY_ROWS = rf"(?:<row{_ATTRIBUTES}/>\s*)*"
_TILE = re.compile(
    # a cell: column, row, style, type, formula or not, value, text in the cell itself
    rf'<c r="([A-Z]{{1,2}})({_ROWS})"(?: s="([0-9]{{1,6}})")?(?: t="([a-zA-Z]{{1,9}})")?'
    r"(?:/>|>(?:(<f[^<>]*)(?:(?<=/)>|(?<!/)>[^<]*</f>))?"
    r'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|<v/>'
    r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    # or from one row to the next, so that rows and cells can only be nested rightly
    rf"|</row>\s*{_EMPTY_ROWS}{_ROW}",
    re.ASCII,
)
_WIDTH = _TILE.groups + 1
_FIRST = re.compile(rf"\s*{_EMPTY_ROWS}{_ROW}", re.ASCII)
_LAST = re.compile(rf"</row>\s*{_EMPTY_ROWS}\Z", re.ASCII)
_ONLY_EMPTY = re.compile(rf"\s*{_EMPTY_ROWS}\Z", re.ASCII)
_FORMULA_TAG = re.compile(
    r'<f(?: aca="\w+")?(?: t="\w+")?(?: ref="[A-Z0-9:]+")?(?: ca="\w+")?(?: si="[0-9]{1,9}")?/?'
)
_ROW_TAG = re.compile(r"<row([^>]*)>")
_NAME = re.compile(r' ([\w:]+)="')
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_FEW_CONTROLS = bytes(b for b in range(32) if b not in (9, 10, 13))
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class _NotPlainError(Exception):
    """This one is for the exact reader."""


def plain_xml(data: bytes) -> str:
    """A stretch of UTF-8 as an XML parser would see its characters.

    Raises:
        _NotPlainError: characters that XML does not allow, or that need a parser.
    """
    forbidden = len(data.translate(None, _FEW_CONTROLS)) != len(data)
    if forbidden or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data or b"]]>" in data:
        raise _NotPlainError
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _NotPlainError from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _unescaped(text: str) -> str:
    """References resolved; any other ``&`` is not plain."""
    pieces, at = [], 0
    while (found := text.find("&", at)) >= 0:
        match = _ENTITY.match(text, found)
        if match is None:
            raise _NotPlainError
        pieces += [text[at:found], _character(match)]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    allowed = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE  # noqa: PLR2004 - XML 1.0, 2.2
    if not (allowed or 0x10000 <= code < 0x110000):  # noqa: PLR2004 - the same
        raise _NotPlainError
    return chr(code)


def _is_utf8(data: bytes) -> bool:
    """Whether the part is UTF-8 by its first bytes and its declaration."""
    head = data[:200]
    if head.startswith(b"\xef\xbb\xbf"):
        return False
    declaration = head.partition(b"?>")[0].lower()
    return head.startswith(b"<") and (b"encoding" not in declaration or b'"utf-8"' in declaration)


def shared_strings_fast(data: bytes) -> Sequence[str] | None:
    """Shared strings without rich text; None when the part needs the parser."""
    start, end = data.find(b"<si>"), data.rfind(b"</sst>")
    usual = data.count(b"<sst", 0, start if start > 0 else 0) == 1 and b"<!" not in data
    if not usual or end < start or not _is_utf8(data) or data[end + 6 :].strip():
        return None
    try:
        parse_xml(data[:start] + data[end:], "", lambda _name, _attributes: None)
        flat = _STRING.split(plain_xml(data[start:end]))
        if any(map(str.strip, flat[::2])):
            return None
        return [
            plain_text(_unescaped(text)) if "&" in text else plain_text(text) for text in flat[1::2]
        ]
    except (_NotPlainError, RefusedError):
        return None


def read_sheet(data: bytes, part: str, book: Book, *, complete: bool) -> SheetFacts:
    """Read a sheet part: fast where it is plain, else exactly.

    Raises:
        RefusedError: as `read_exactly`.
    """
    if not complete:
        try:
            return _fast(data, part, book)
        except _NotPlainError:
            pass
    return read_exactly(data, part, book, complete=complete)


def _fast(data: bytes, part: str, book: Book) -> SheetFacts:
    start, end = data.find(_OPEN), data.find(_CLOSE)
    if not 0 < start < end or not _is_utf8(data) or len(data) > LIMITS.xml_part:
        raise _NotPlainError
    head = data[:start]
    around = data[: start + len(_OPEN)] + data[end:]
    spaces = head.count(b"xmlns=") == 1 and b'xmlns="%s"' % _NAMESPACE in head
    odd = b"<!" in around or around.count(b"<?") > 1 or around.count(_OPEN) > 1
    if odd or not spaces:
        raise _NotPlainError
    facts = read_exactly(around, part, book, complete=False)
    if facts.cells or facts.broken:
        raise _NotPlainError
    inside = plain_xml(data[start + len(_OPEN) : end])
    flat = _tiles(inside)
    _check_rows(inside, head)
    _check_references(inside)
    _fill(facts, flat, book)
    return facts


def _check_references(inside: str) -> None:
    """Every ``&`` starts a reference that XML allows, in formulas too."""
    found = list(_ENTITY.finditer(inside))
    if len(found) != inside.count("&"):
        raise _NotPlainError
    for match in {match[0]: match for match in found}.values():
        _character(match)


def _check_rows(inside: str, head: bytes) -> None:
    """No attribute twice in a row, no prefix that nobody declared."""
    prefixes: set[str] = set()
    for attributes in set(_ROW_TAG.findall(inside)):
        names = _NAME.findall(attributes)
        if len(set(names)) != len(names):
            raise _NotPlainError
        prefixes |= {name.partition(":")[0] for name in names if ":" in name}
    if any(b' xmlns:%s="' % prefix.encode() not in head for prefix in prefixes - {"xml"}):
        raise _NotPlainError


def _tiles(inside: str) -> list[str | None]:
    """Groups of every tile, one after another; the text between tiles is proven blank."""
    if _ONLY_EMPTY.match(inside):
        return []
    first, close = _FIRST.match(inside), inside.rfind("</row>")
    if first is None or close < first.end() or not _LAST.match(inside, close):
        raise _NotPlainError
    flat: list[str | None] = _TILE.split(inside[first.end() : close])
    between = flat[::_WIDTH]
    if any(between) and any(text.strip(" \t\r\n") for text in between if text):
        raise _NotPlainError
    return flat


def _fill(facts: SheetFacts, flat: list[str | None], book: Book) -> None:
    strings = dict(zip(map(str, range(len(book.strings))), book.strings, strict=True))
    cells, count, row, last = facts.cells, 0, 0, None
    columns = _Columns()
    numbers: dict[str | None, dict[str, RawValue]] = {}
    groups = [flat[group::_WIDTH] for group in range(1, _WIDTH)]
    for letters, line, style, kind, formula, value, inline in zip(*groups, strict=True):
        if line is None or letters is None:
            continue  # from one row to the next
        if line != last:
            row, last = int(line) - 1, line
        text = inline if inline is not None and kind == "inlineStr" else value
        found: RawValue
        if text is None or (not text and kind != "e"):
            found = None
        elif kind == "s" and text in strings:
            found = strings[text] or None
        elif kind is None:
            known = numbers.setdefault(style, {})
            found = known.get(text)
            if found is None:
                found = known[text] = _value(book, "", text, style)
        else:
            found = _value(book, kind, text, style)
        if found is not None:
            cells[row, columns[letters]] = found
            count += 1
        elif formula is not None and kind != "str":
            facts.uncalculated.add((row, columns[letters]))
    _check_formulas(groups[4])
    if count != len(cells):
        raise _NotPlainError  # a cell twice: the exact reader says where
    if count > LIMITS.cells:
        raise RefusedError("FILE_TOO_MANY_CELLS", limit=LIMITS.cells)


def _check_formulas(tags: list[str | None]) -> None:
    """Attributes of formulas as every program writes them, none twice."""
    if not all(_FORMULA_TAG.fullmatch(tag) for tag in set(tags) if tag):
        raise _NotPlainError


class _Columns(dict[str, int]):
    """Numbers of columns, each computed once."""

    def __missing__(self, letters: str) -> int:
        found = self[letters] = column_number(letters)
        return found


def _value(book: Book, kind: str, text: str, style: str | None) -> RawValue:
    if "&" in text:
        text = _unescaped(text)
    try:
        return book.value(kind, text, int(style or 0))
    except BrokenCellError:
        raise _NotPlainError from None  # told once, by the exact reader
