"""Values as they stand in the XML of a cell."""

from __future__ import annotations

from typing import TypeVar

from hkz_xlsx.scoring.cell_values import CellError, CellValue
from hkz_xlsx.writing.checked import ERRORS, literal
from hkz_xlsx.writing.inline_sheet import InlineWorksheet, SharedFormula

_Key = TypeVar("_Key", float, str)

_MOST_KNOWN = 20_000
"""Texts of values that are kept: the same stand in thousands of cells."""


def escaped(text: str) -> str:
    """A text as it stands between two tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class ValueTexts:
    """Values as they are written, behind the head of their cell; the ways are those of
    `hkz_xlsx.writing.checked`, `hkz_xlsx.writing.fast_cells` and XlsxWriter."""

    def __init__(self, *, typed_empty: bool) -> None:
        self._empty = (' t="str"' if typed_empty else "", "")
        self._numbers: dict[float, tuple[str, str]] = {}
        self._shared: dict[str, tuple[str, str]] = {"": self._empty}

    @staticmethod
    def typed(value: CellValue) -> str:
        """What a person typed."""
        if value is None or value == "":
            return "/>"
        if isinstance(value, bool):
            return f' t="b"><v>{int(value)}</v></c>'
        if isinstance(value, int | float):
            return f"><v>{value:.16G}</v></c>"
        text = escaped(literal(str(value)))
        return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def shared(self, value: CellValue) -> tuple[str, str]:
        """Type and value beside a formula that is the same down its column."""
        if type(value) is float and value:
            found = self._numbers.get(value)
            if found is None:
                found = self._kept(self._numbers, value, ("", f"{value:.16G}"))
            return found
        if type(value) is str:
            found = self._shared.get(value)
            if found is None:
                text = InlineWorksheet._escape_control_characters(escaped(value))  # noqa: SLF001 - a subclass's own part of the library
                found = self._kept(self._shared, value, (' t="str"', text))
            return found
        if isinstance(value, CellError):
            return ' t="e"', str(value)
        return self._empty if value is None else ("", f"{value:.16G}")

    @staticmethod
    def _kept(
        known: dict[_Key, tuple[str, str]], key: _Key, text: tuple[str, str]
    ) -> tuple[str, str]:
        if len(known) < _MOST_KNOWN:
            known[key] = text
        return text

    def alone(self, value: CellValue) -> tuple[str, str]:
        """Type and value beside a formula of its own."""
        if isinstance(value, bool):
            return ' t="b"', str(int(value))
        if value is None or value == "":
            return self._empty
        if isinstance(value, int | float):
            return "", str(value)
        text = str(value)
        return ' t="e"' if text in ERRORS else ' t="str"', escaped(text)


_SHARED = ValueTexts(typed_empty=False)


def shared_formula(cell: SharedFormula) -> str:
    """A cell with a shared formula, behind the number of its style."""
    if not cell.text:
        return shared_below(cell.group, cell.value)
    kind, shown = _SHARED.shared(cell.value)
    text = InlineWorksheet._escape_control_characters(escaped(cell.text.removeprefix("=")))  # noqa: SLF001 - a subclass's own part of the library
    group = f'ref="{cell.extent}" si="{cell.group}"'
    return f'{kind}><f t="shared" {group}>{text}</f><v>{shown}</v></c>'


def shared_below(group: int, value: CellValue) -> str:
    """As `shared_formula`, of a cell below the first one."""
    kind, shown = _SHARED.shared(value)
    return f'{kind}><f t="shared" si="{group}"/><v>{shown}</v></c>'
