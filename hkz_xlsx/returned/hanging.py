"""What hangs on the cells of a returned file and is not ours, as texts to keep and to tell.

Links, drawings, pictures, charts, footnotes and the texts of printed pages. Readers give all of
them; which are ours follows from the plan: charts by their title, the logo by its place, footers
by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from hkz_xlsx.layout.names import editions_line
from hkz_xlsx.layout.plan import Sheet, WorkbookPlan
from hkz_xlsx.problems import Where
from hkz_xlsx.scoring.cell_values import a1, shown
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import SHEETS, Extra, Reason
from hkz_xlsx.sheets.sealed_sheet import SEALED
from hkz_xlsx.spreadsheet.grid import Attached, AttachedKind, Grid, SheetGrid, Spot
from hkz_xlsx.spreadsheet.pages import plain
from hkz_xlsx.text import LANGS, TODAY, catalogue

_REASONS: Mapping[AttachedKind, Reason] = {
    "link": "link", "shape": "shape", "picture": "picture", "chart": "object",
    "object": "object", "footnote": "footnote", "page": "page",
}  # fmt: skip
_CALL = re.compile(
    r"\s*(?:_xlfn\.)?(?:_xlws\.)?(HYPERLINK|IMAGE|DISPIMG)\s*\(\s*(.*)\Z", re.IGNORECASE | re.DOTALL
)
INSIDE = ("#", '"#')
"""How the target of a link inside the workbook begins, as a text or in a formula."""

_SIZE = re.compile(r"\A\d{1,2} ")
"""What Gnumeric leaves of the size of a font in the text of an .ods file."""

_LITERAL = re.compile(r'"((?:[^"]|"")*)"\s*[,;)]')


@dataclass(frozen=True, slots=True)
class Ours:
    """What hangs on the sheets of a workbook as we make it: titles and alternative texts of its
    charts, words of its pages."""

    charts: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, plan: WorkbookPlan) -> Ours:
        """Of a plan."""
        charts = [chart for sheet in plan.sheets for chart in sheet.charts]
        titles = (" ".join(chart.title.split()) for chart in charts)
        return cls(frozenset((*titles, *(one.alt_text for one in charts))), own_words(plan))


def strangers(sheet: SheetGrid, home: Sheet | None, ours: Ours) -> list[Attached]:
    """What hangs on a sheet and was not put there by us.

    Args:
        sheet: as it was read.
        home: the sheet of the plan that stands on it.
        ours: what we put there.
    """
    charts, words = ours.charts, ours.words
    logo = home is not None and home.logo is not None
    found = []
    for one in sheet.attached:
        if one.kind == "chart" and (
            " ".join(one.text.split()) in charts or charts & set(one.name.split(" – "))
        ):
            continue
        if one.kind == "page" and _SIZE.sub("", one.text) in words:
            continue
        if logo and home is not None and one.kind == "picture" and _at_the_top(one.at, home):
            logo = False  # a second one there is not ours
            continue
        if one.kind == "link" and _says_the_same(one.text, _value(sheet, one.at)):
            continue
        found.append(one)
    return found


def _at_the_top(at: Spot | None, home: Sheet) -> bool:
    return at is not None and at[0] == 0 and home.logo is not None and at[1] >= home.logo


def _value(sheet: SheetGrid, at: Spot | None) -> str:
    return "" if at is None else shown(sheet.cells.get(at))


def _plain(address: str) -> str:
    known = unquote(address).strip().casefold().removeprefix("mailto:").removeprefix("file:///")
    return known.removeprefix("https://").removeprefix("http://").rstrip("/")


_FORMULAS = 32_768
"""Formulas of which is kept what they lead to: those of a plan stand in file after file."""


def _says_the_same(target: str, text: str) -> bool:
    """Whether a link leads to what stands in the cell: programs make such links themselves."""
    return not target or _plain(target) == _plain(text)


@lru_cache(maxsize=_FORMULAS)
def formula_target(formula: str) -> tuple[AttachedKind, str] | None:
    """What a formula that gives a link or a picture leads to; None for any other formula."""
    call = _CALL.match(formula)
    if call is None:
        return None
    literal = _LITERAL.match(call[2])
    target = literal[1].replace('""', '"') if literal else call[2].rstrip().removesuffix(")")
    return ("link" if call[1].upper() == "HYPERLINK" else "picture"), target


def _by_formula(sheet: SheetGrid) -> Iterator[Attached]:
    """Links and pictures that formulas give, and that say more than the cell does."""
    for at, formula in sheet.formulas.items():
        found = formula_target(formula)
        if found is not None and (
            found[0] == "picture" or not _says_the_same(found[1], _value(sheet, at))
        ):
            yield Attached(found[0], at, found[1])


def hanging(
    grid: Grid,
    plan: WorkbookPlan,
    homes: Mapping[str, str],
    places: Mapping[Address, Where],
    told: set[tuple[str, str]],
) -> Iterator[Extra]:
    """Everything that hangs on a sheet and is not ours, with the answer it stands on.

    Args:
        grid: the file.
        plan: what it was made from.
        homes: title of a sheet in the file → key of the sheet of the plan that stands on it.
        places: where every answer was found.
        told: sheet and cell of texts beside the answers, which are told with their formula.
    """
    by_key, ours = {sheet.key: sheet for sheet in plan.sheets}, Ours.of(plan)
    found = [
        (sheet, one, by_formula)
        for sheet in grid.sheets
        for by_formula, several in (
            (False, strangers(sheet, by_key.get(homes.get(sheet.title, "")), ours)),
            (True, _by_formula(sheet)),
        )
        for one in dict.fromkeys(several)
    ]
    if not found:
        return
    typed = {(block.table.key, field.key) for _, block, field in plan.inputs()}
    answers = {
        (where.sheet, where.cell): address
        for address, where in places.items()
        if (address.table, address.column) in typed
    }
    rows = {
        (where.sheet, where.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")): address.row
        for address, where in places.items()
    }
    for sheet, one, by_formula in found:
        cell = "" if one.at is None else a1(*one.at)
        address = answers.get((sheet.title, cell))
        # Our own formulas lead into the workbook; one in a free cell is told as a whole.
        own = by_formula and address is None and one.text.startswith(INSIDE)
        if own or (by_formula and (sheet.title, cell) in told):
            continue
        row = rows.get((sheet.title, str(one.at[0] + 1)), "") if one.at is not None else ""
        where = Where(grid.file, None, sheet.title, cell, row)
        yield Extra(_REASONS[one.kind], where, one.shown, row, "", address)


def own_words(plan: WorkbookPlan) -> frozenset[str]:
    """What our own footers say."""
    words = [catalogue(lang, one) for lang in LANGS for one in {TODAY, plan.model.wording}]
    loose = [texts[f"sheet.{key}.tab"] for texts in words for key in (*SHEETS, SEALED)
             if f"sheet.{key}.tab" in texts]  # fmt: skip
    titles = (*(sheet.title for sheet in plan.sheets), *loose)
    return frozenset({plain(editions_line(plan)), *map(plain, titles)})
