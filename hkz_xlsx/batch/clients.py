"""A client list to clients: every mistake in the list is found before anything is made."""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, get_args

from hkz_xlsx.batch.client_row import ClientRow
from hkz_xlsx.batch.columns import KEYS, ORGANISATION
from hkz_xlsx.batch.names import DEFAULT_PATTERN, SUFFIX, check_pattern, filled
from hkz_xlsx.batch.table import Pick, RawList, account, read_tables
from hkz_xlsx.layout.codecs import Choice, Day, Number, folded
from hkz_xlsx.layout.kvk import read_kvk
from hkz_xlsx.machine.filenames import UniqueNames, safe_name
from hkz_xlsx.norm.asked import named_in
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import Funding
from hkz_xlsx.norm.select import Scope, Selection, select
from hkz_xlsx.norm.subset import CORE, narrowed
from hkz_xlsx.problems import HkzError, Problem, Where, has_errors, problem
from hkz_xlsx.scoring.cell_values import CellValue, column_letters, from_serial, shown
from hkz_xlsx.text import LANGS, Lang, catalogue

_YES_NO = Choice("yes_no")

_FIRST_DAY, _LAST_DAY = 32_874, 73_415
"""A number of people that is a day between 1990 and 2100: a date that lost its format. No
organisation has so many."""


@dataclass(frozen=True, slots=True)
class Client:
    """One row of a list, understood. ``row`` is its number in the list, ``previous`` a path,
    ``same_client`` whom else it was stated to be, ``core`` the core requirements only."""

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
    same_client: str = ""
    core: bool = False
    password: str = field(default="", repr=False)
    adviser: str = ""

    @property
    def date(self) -> date | None:
        """The reference date."""
        return date.fromisoformat(self.day) if self.day else None

    @property
    def plan_key(self) -> tuple[str, ...]:
        """What decides the workbook apart from client data: one plan, one base."""
        core = CORE if self.core else ""
        look = (self.template, self.adviser)
        return (" ".join(self.parts), self.scope, core, self.lang, *look, self.day)

    def selection(self, library: Library) -> Selection:
        """Its questions; raises `HkzError` as `select` and `narrowed`."""
        whole = select(library, self.parts, Scope.parse([self.scope]))
        return narrowed(whole, CORE if self.core else "")


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
    adviser: str = ""


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


class _Reader:
    def __init__(
        self,
        raws: Sequence[RawList],
        defaults: Defaults,
        library: Library,
        check: Check,
        folder: Path,
    ) -> None:
        self._raws, self._defaults, self._library = raws, defaults, library
        self._check, self._folder = check, folder
        self._names = UniqueNames()
        self._seen: dict[bytes, tuple[str, int]] = {}
        self._asked: dict[tuple[str, ...], HkzError | None] = {}
        own = (h.header for raw in raws for h in raw.headings if not h.key)
        self.free = tuple(dict.fromkeys(own))
        self.problems: list[Problem] = [p for raw in raws for p in raw.problems]
        self.clients = Clients()
        self.count = self.refused = 0
        if self.free:
            shown_free = ", ".join(self.free)
            self.problems.append(problem("LIST_COLUMN_FREE", self._where, columns=shown_free))

    @property
    def previous(self) -> Where:
        """The column of earlier workbooks."""
        raw = self._raws[0]
        places = [h.place for h in raw.headings if h.key == "previous"]
        letters = column_letters(places[0]) if places else ""
        return Where(raw.file, None, raw.sheet, letters)

    @property
    def _where(self) -> Where:
        return Where(self._raws[0].file, None, self._raws[0].sheet)

    def read(self) -> None:
        """Every row; stops at nothing but a file that cannot be read on."""
        try:
            for raw in self._raws:
                for number, values in raw.rows:
                    self.count += 1
                    self._one(ClientRow(raw, number, values, self._defaults.lang))
        except HkzError as fault:
            self.problems.extend(fault.problems)
        if not self.count and not has_errors(self.problems):
            self.problems.append(problem("LIST_EMPTY", self._where))
        self.problems += account(self._raws, self.refused)

    def _one(self, row: ClientRow) -> None:
        client = self._client(row)
        self.problems += row.problems
        if has_errors(row.problems):
            self.refused += 1
        else:
            self.clients.add(client)

    def _client(self, row: ClientRow) -> Client:
        lang = self._lang(row)
        known = self._known(row, lang)
        parts, scope = self._parts(row)
        client = Client(
            row.number, known, parts, lang, "", scope, self._day(row), self._template(row),
            self._previous(row), row.free, row.text("same_client"), self._core(row),
            row.text("password"), self._defaults.adviser,
        )  # fmt: skip
        # What a workbook id is made of: two clients with one id could not be told apart.
        same = (sorted(known.items()), parts, scope, client.core, lang, client.day, client.previous)
        digest = hashlib.sha256(repr(same).encode("utf-8", "replace")).digest()[:12]
        sheet, before = self._seen.setdefault(digest, (row.sheet, row.number))
        if (sheet, before) != (row.sheet, row.number):
            other = before if sheet == row.sheet else f"{sheet}!{before}"
            row.say("LIST_ROW_TWICE", "name", row=other)
        return replace(client, file=self._file(row, client))

    def _known(self, row: ClientRow, lang: Lang) -> dict[str, CellValue]:
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
            if isinstance(number, int | float) and _FIRST_DAY <= number <= _LAST_DAY:
                row.say("LIST_NUMBER_IS_DATE", "fte", value=int(number), day=shown(_day(number)))
            elif isinstance(number, int | float) and 0 <= number < _FIRST_DAY:
                known["fte"] = number
            else:
                row.wrong("fte", catalogue(self._defaults.lang)["batch.expected.number"])
        for name in self._funding(row):
            known[f"funding_{name}"] = _YES_NO.label("yes", lang)
        return known

    def _kvk(self, row: ClientRow) -> str:
        typed = row.text("kvk")
        known = read_kvk(typed)
        if known.restored:
            row.say("LIST_VALUE_CLEANED", "kvk", value=typed, understood=known.number)
        if not known.number:
            row.wrong("kvk", catalogue(self._defaults.lang)["batch.expected.kvk"])
        elif not known.usable:
            row.problems.append(problem("KVK_OF_NOBODY", row.where("kvk"), value=typed))
        return known.number

    def _funding(self, row: ClientRow) -> tuple[str, ...]:
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

    def _lang(self, row: ClientRow) -> Lang:
        if "lang" not in row.values:
            return self._defaults.lang
        wanted = folded(row.text("lang"))
        for lang in LANGS:
            names = {lang, *(folded(catalogue(o)[f"batch.lang.{lang}"]) for o in LANGS)}
            if wanted in names:
                return lang
        row.wrong("lang", ", ".join(LANGS))
        return self._defaults.lang

    def _parts(self, row: ClientRow) -> tuple[tuple[str, ...], str]:
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

    def _core(self, row: ClientRow) -> bool:
        """Whether only the core requirements are asked."""
        if "core" not in row.values:
            return False
        code = _YES_NO.code_of(row.text("core"))
        if code is None:
            choices = [_YES_NO.label(one, self._defaults.lang) for one in _YES_NO.codes]
            row.wrong("core", ", ".join(choices))
        return code == "yes"

    def _day(self, row: ClientRow) -> str:
        if "reference_date" not in row.values:
            return self._defaults.day.isoformat() if self._defaults.day else ""
        found = Day().from_cell(row.values["reference_date"], self._defaults.lang).cell
        if isinstance(found, float):
            return from_serial(found).isoformat()
        row.wrong("reference_date", catalogue(self._defaults.lang)["batch.expected.date"])
        return ""

    def _template(self, row: ClientRow) -> str:
        name = row.text("template") or self._defaults.template
        if name:
            try:
                self._check(name)
            except HkzError as fault:
                row.failed(fault, "template")
        return name

    def _previous(self, row: ClientRow) -> str:
        name = row.text("previous")
        if not name:
            return ""
        path = self._folder / name
        if not path.is_file():
            row.problems.append(replace(problem("FILE_MISSING"), where=row.where("previous")))
        return str(path)

    def _file(self, row: ClientRow, client: Client) -> str:
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


def _day(serial: float) -> datetime:
    return datetime.combine(from_serial(float(int(serial))), time())


def read_clients(
    path: Path, library: Library, defaults: Defaults, check: Check, pick: Pick | None = None
) -> ClientList:
    """Read a list; clients with an error in their row are left out of the result.

    Args:
        path: csv, xlsx or ods.
        library: the norms that can be asked for.
        defaults: for rows that leave something open.
        check: refuses templates that are not there.
        pick: what to read of the list beyond what a person sees.

    Raises:
        HkzError: the file as a whole cannot be used.
    """
    reader = _Reader(read_tables(path, pick=pick), defaults, library, check, path.parent)
    if defaults.pattern:
        check_pattern(defaults.pattern, reader.free, defaults.lang)
    reader.read()
    return ClientList(reader.clients, reader.free, tuple(reader.problems), reader.previous)


__all__ = ["Client", "ClientList", "Clients", "Defaults", "read_clients"]
