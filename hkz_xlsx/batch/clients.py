"""A client list to clients: every mistake in the list is found before anything is made."""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

from hkz_xlsx.batch.columns import KEYS, ORGANISATION, Heading, header
from hkz_xlsx.batch.names import DEFAULT_PATTERN, SUFFIX, check_pattern, filled
from hkz_xlsx.batch.table import RawList, read_table
from hkz_xlsx.layout.codecs import Choice, Day, Number, RawValue, folded, from_serial, shown
from hkz_xlsx.layout.refs import column_letters
from hkz_xlsx.norm.asked import named_in
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import Funding
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.scoring.tables import CellError, CellValue
from hkz_xlsx.text import LANGS, Lang, catalogue
from hkz_xlsx.workbook.checked import check_text
from hkz_xlsx.workbook.filenames import Names, safe_name

_KVK = 8
_SURELY_FITS = 10_000


@dataclass(frozen=True, slots=True)
class Client:
    """One row of a list, understood. ``row`` is its number in the list, ``previous`` a path."""

    row: int
    known: Mapping[str, CellValue]
    parts: tuple[str, ...]
    lang: Lang
    file: str
    scope: str = ""
    day: str = ""
    template: str = ""
    previous: str = ""
    free: Mapping[str, str] = field(default_factory=dict)

    @property
    def date(self) -> date | None:
        """The reference date."""
        return date.fromisoformat(self.day) if self.day else None

    @property
    def plan_key(self) -> tuple[str, ...]:
        """What decides the workbook apart from client data: one plan, one base."""
        return (" ".join(self.parts), self.scope, self.lang, self.template, self.day)


def _values(client: Client) -> tuple[Any, ...]:
    return tuple(getattr(client, name) for name in Client.__slots__)


class Clients(Sequence[Client]):
    """Ten thousand clients in little memory: each is packed until it is asked for."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []

    def add(self, client: Client) -> None:
        """Append one."""
        self._packed.append(marshal.dumps(_values(client)))

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return Client(*marshal.loads(self._packed[index]))  # noqa: S302 - packed just above

    def __iter__(self) -> Iterator[Client]:
        return (self[index] for index in range(len(self)))


@dataclass(frozen=True, slots=True)
class ClientList:
    """Clients in list order, the free columns, and what is to be said about the list."""

    clients: Clients
    free: tuple[str, ...]
    problems: tuple[Problem, ...]
    previous: Where = field(default_factory=Where)
    """The column of earlier workbooks: file, sheet, and the letters of the column."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for rows that do not say it themselves."""

    parts: tuple[str, ...] = ()
    lang: Lang = "nl"
    pattern: str = ""
    template: str = ""
    day: date | None = None


Check = Callable[[str], None]
"""Raises `HkzError` when a template of that name cannot be used."""


@cache
def _funding_words() -> Mapping[str, str]:
    """Every spelling of a kind of funding, folded, with its code."""
    words = {}
    for name in get_args(Funding):
        words[folded(name)] = name
        for lang in LANGS:
            words[folded(catalogue(lang)[f"scope.funding_names.{name}"])] = name
    return words


class _Row:
    """One row on its way to a client; collects problems with their cell."""

    def __init__(self, raw: RawList, number: int, values: Sequence[RawValue], lang: Lang) -> None:
        self._raw, self.number, self._lang = raw, number, lang
        self.problems: list[Problem] = []
        self._places = {h.key: h.place for h in raw.headings if h.key}
        self.values: dict[str, RawValue] = {}
        self._texts: dict[str, str] = {}
        for key, place in self._places.items():
            value = values[place] if place < len(values) else None
            if isinstance(value, CellError):
                self._say("LIST_CELL_ERROR", place, value=value)
            elif shown(value).strip():
                self.values[key] = value.strip() if isinstance(value, str) else value
        self.free = {
            h.header: " ".join(shown(values[h.place]).split()) if h.place < len(values) else ""
            for h in raw.headings
            if not h.key
        }
        for heading in raw.headings:
            value = values[heading.place] if heading.place < len(values) else None
            if not heading.key and isinstance(value, CellError):
                self._say("LIST_CELL_ERROR", heading.place, value=value)
        used = {h.place for h in raw.headings}
        for place, value in enumerate(values):
            if place not in used and shown(value).strip():
                self._say("LIST_CELL_LOOSE", place, value=shown(value))

    def where(self, key: str) -> Where:
        """The cell of a column; the first cell where the column is not there."""
        return self._raw.where(self.number, self._places.get(key, 0))

    def _say(self, code: str, place: int, **slots: object) -> None:
        self.problems.append(problem(code, self._raw.where(self.number, place), **slots))

    def say(self, code: str, key: str, **slots: object) -> None:
        """A problem in a cell."""
        column = header(key, self._lang)
        self.problems.append(problem(code, self.where(key), column=column, **slots))

    def wrong(self, key: str, expected: str) -> None:
        """A value that was not understood."""
        self.say("LIST_VALUE_WRONG", key, value=shown(self.values[key]), expected=expected)

    def text(self, key: str) -> str:
        """A text; a whole number is shown without decimals."""
        if key not in self._texts:
            value = self._texts[key] = shown(self.values.get(key)).strip()
            if not value.isprintable() or len(value) > _SURELY_FITS:
                try:
                    check_text(value, self.where(key))
                except HkzError as fault:
                    self.problems.extend(fault.problems)
                    self._texts[key] = ""
        return self._texts[key]

    def failed(self, fault: HkzError, key: str) -> None:
        """Problems of another part of the program, at this cell."""
        self.problems.extend(replace(p, where=self.where(key)) for p in fault.problems)


class _Reader:
    def __init__(
        self, raw: RawList, defaults: Defaults, library: Library, check: Check, folder: Path
    ) -> None:
        self._raw, self._defaults, self._library = raw, defaults, library
        self._check, self._folder = check, folder
        self._names = Names()
        self._seen: dict[bytes, int] = {}
        self._asked: dict[tuple[str, ...], HkzError | None] = {}
        self.free = tuple(h.header for h in raw.headings if not h.key)
        self.problems: list[Problem] = list(raw.problems)
        self.clients = Clients()
        self.count = 0
        if self.free:
            shown_free = ", ".join(self.free)
            where = Where(raw.file, None, raw.sheet)
            self.problems.append(problem("LIST_COLUMN_FREE", where, columns=shown_free))

    @property
    def previous(self) -> Where:
        """The column of earlier workbooks."""
        places = [h.place for h in self._raw.headings if h.key == "previous"]
        letters = column_letters(places[0]) if places else ""
        return Where(self._raw.file, None, self._raw.sheet, letters)

    def read(self) -> None:
        """Every row; stops at nothing but a file that cannot be read on."""
        try:
            for number, values in self._raw.rows:
                self.count += 1
                row = _Row(self._raw, number, values, self._defaults.lang)
                client = self._client(row)
                self.problems += row.problems
                if not has_errors(row.problems):
                    self.clients.add(client)
        except HkzError as fault:
            self.problems.extend(fault.problems)
        if not self.count and not has_errors(self.problems):
            where = Where(self._raw.file, None, self._raw.sheet)
            self.problems.append(problem("LIST_EMPTY", where))

    def _client(self, row: _Row) -> Client:
        lang = self._lang(row)
        known = self._known(row, lang)
        parts, scope = self._parts(row)
        client = Client(
            row.number, known, parts, lang, "", scope, self._day(row), self._template(row),
            self._previous(row), row.free,
        )  # fmt: skip
        # What a workbook id is made of: two clients with one id could not be told apart.
        same = (sorted(known.items()), parts, scope, lang, client.day, client.previous)
        digest = hashlib.sha256(repr(same).encode("utf-8", "replace")).digest()[:12]
        before = self._seen.setdefault(digest, row.number)
        if before != row.number:
            row.say("LIST_ROW_TWICE", "name", row=before)
        return replace(client, file=self._file(row, client))

    def _known(self, row: _Row, lang: Lang) -> dict[str, CellValue]:
        known: dict[str, CellValue] = {}
        for key in ORGANISATION:
            if key in row.values and key not in ("kvk", "fte"):
                known[key] = row.text(key)
        if "name" not in row.values and not has_errors(row.problems):
            row.say("LIST_VALUE_MISSING", "name")
        if "kvk" in row.values:
            known["kvk"] = self._kvk(row)
        if "fte" in row.values:
            number = Number().from_cell(row.values["fte"], lang).cell
            if isinstance(number, int | float) and number >= 0:
                known["fte"] = number
            else:
                row.wrong("fte", catalogue(self._defaults.lang)["batch.expected.number"])
        for name in self._funding(row):
            known[f"funding_{name}"] = Choice("yes_no").label("yes", lang)
        return known

    def _kvk(self, row: _Row) -> str:
        digits = re.sub(r"[ .]", "", row.text("kvk"))
        if digits.isascii() and digits.isdigit() and len(digits) == _KVK - 1:
            # A spreadsheet program drops the zero in front of a number.
            digits = digits.zfill(_KVK)
            row.say("LIST_VALUE_CLEANED", "kvk", value=row.text("kvk"), understood=digits)
        if not (digits.isascii() and digits.isdigit() and len(digits) == _KVK):
            row.wrong("kvk", catalogue(self._defaults.lang)["batch.expected.kvk"])
        return digits

    def _funding(self, row: _Row) -> tuple[str, ...]:
        words = _funding_words()
        found = []
        for text in re.split(r"[;,+/\n]", row.text("funding")):
            name = words.get(folded(text), "")
            if name:
                found.append(name)
            elif text.strip():
                row.wrong("funding", ", ".join(get_args(Funding)))
                break
        return tuple(dict.fromkeys(found))

    def _lang(self, row: _Row) -> Lang:
        if "lang" not in row.values:
            return self._defaults.lang
        wanted = folded(row.text("lang"))
        for lang in LANGS:
            names = {lang, *(folded(catalogue(o)[f"batch.lang.{lang}"]) for o in LANGS)}
            if wanted in names:
                return lang
        row.wrong("lang", ", ".join(LANGS))
        return self._defaults.lang

    def _parts(self, row: _Row) -> tuple[tuple[str, ...], str]:
        parts = named_in(row.text("norms")) or self._defaults.parts
        if not parts:
            row.say("LIST_VALUE_MISSING", "norms")
            return (), ""
        try:
            scope = str(Scope.parse([_scope_words(row.text("scope"))]))
        except HkzError as fault:
            row.failed(fault, "scope")
            return parts, ""
        asked = (*parts, scope)
        if asked not in self._asked:
            try:
                remarks = select(self._library, parts, Scope.parse([scope])).remarks
                self._asked[asked] = None
                # Once for all rows that ask for the same.
                row.problems.extend(replace(p, where=row.where("norms")) for p in remarks)
            except HkzError as fault:
                if any(p.where.file for p in fault.problems):
                    raise  # a mistake in a norm file, not in this row
                self._asked[asked] = fault
        known = self._asked[asked]
        if known is not None:
            row.failed(known, "norms")
        return parts, scope

    def _day(self, row: _Row) -> str:
        if "reference_date" not in row.values:
            return self._defaults.day.isoformat() if self._defaults.day else ""
        found = Day().from_cell(row.values["reference_date"], self._defaults.lang).cell
        if isinstance(found, float):
            return from_serial(found).isoformat()
        row.wrong("reference_date", catalogue(self._defaults.lang)["batch.expected.date"])
        return ""

    def _template(self, row: _Row) -> str:
        name = row.text("template") or self._defaults.template
        if name:
            try:
                self._check(name)
            except HkzError as fault:
                row.failed(fault, "template")
        return name

    def _previous(self, row: _Row) -> str:
        name = row.text("previous")
        if not name:
            return ""
        path = self._folder / name
        if not path.is_file():
            row.problems.append(replace(problem("FILE_MISSING"), where=row.where("previous")))
        return str(path)

    def _file(self, row: _Row, client: Client) -> str:
        key = "file" if "file" in row.values else "name"
        pattern = row.text("file") or self._defaults.pattern or DEFAULT_PATTERN
        try:
            check_pattern(pattern, self.free, self._defaults.lang)
        except HkzError as fault:
            row.failed(fault, key)
            return ""
        values = {k: row.text(k) for k in KEYS if k != "file"}
        values |= {folded(name): text for name, text in client.free.items()}
        values |= {
            "norms": " ".join(client.parts).replace("/", "-"), "lang": client.lang,
            "row": str(client.row),
            "reference_date": client.day, "kvk": str(client.known.get("kvk", "")),
        }  # fmt: skip
        wanted = filled(pattern, values)
        name = safe_name(wanted)
        if name != wanted:
            row.say("NAME_MADE_SAFE", key, wanted=wanted, name=name)
        found = self._names.unused(name) + SUFFIX
        if found != name + SUFFIX and not has_errors(row.problems):
            row.say("NAME_TWICE", key, wanted=name, name=found)
        return found


def _scope_words(text: str) -> str:
    """Dutch words for the two kinds of scope."""
    for lang in LANGS:
        for kind in ("funding", "activities"):
            word = re.escape(catalogue(lang)[f"scope.{kind}"])
            text = re.sub(rf"\b{word}\s*=", f"{kind}=", text, flags=re.IGNORECASE)
    return text


def read_clients(path: Path, library: Library, defaults: Defaults, check: Check) -> ClientList:
    """Read a list; clients with an error in their row are left out of the result.

    Args:
        path: csv, xlsx or ods.
        library: the norms that can be asked for.
        defaults: for rows that leave something open.
        check: refuses templates that are not there.

    Raises:
        HkzError: the file as a whole cannot be used.
    """
    reader = _Reader(read_table(path), defaults, library, check, path.parent)
    if defaults.pattern:
        check_pattern(defaults.pattern, reader.free, defaults.lang)
    reader.read()
    return ClientList(reader.clients, reader.free, tuple(reader.problems), reader.previous)


__all__ = ["Client", "ClientList", "Clients", "Defaults", "Heading", "read_clients"]
