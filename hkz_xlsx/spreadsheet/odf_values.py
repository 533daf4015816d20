"""The value of a cell of an OpenDocument spreadsheet (ODF 1.2 part 1, 19.385)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from hkz_xlsx.scoring.cell_values import FIRST_SERIAL, CellError, RawValue
from hkz_xlsx.spreadsheet.cells import BROKEN, MIDNIGHT, BrokenCellError, number

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_DURATION = re.compile(r"(-?)PT(\d{1,9})H(\d{1,2})M(\d{1,2}(?:\.\d+)?)S", re.ASCII)


def odf_value(attributes: Mapping[str, str], text: str) -> RawValue:
    """The value of a cell (19.385): its typed value, for a text what it shows.

    Raises:
        BrokenCellError: a value that is none of its kind.
    """
    kind = attributes.get(f"{_OFFICE}value-type", "")
    if attributes.get(f"{_CALC}value-type") == "error":
        return CellError(text[:40] or BROKEN.code)
    match kind:
        case "":
            return None
        case "string":
            stored = attributes.get(f"{_OFFICE}string-value", text)
            return stored or None
        case "float" | "percentage" | "currency":
            return number(attributes.get(f"{_OFFICE}value", ""))
        case "boolean":
            said = attributes.get(f"{_OFFICE}boolean-value", "")
            if said not in ("true", "false"):
                raise BrokenCellError(said)
            return said == "true"
        case "date":
            return _moment(attributes.get(f"{_OFFICE}date-value", ""))
        case "time":
            return _hours(attributes.get(f"{_OFFICE}time-value", ""))
        case _:
            raise BrokenCellError(kind)


def _moment(said: str) -> RawValue:
    try:
        found = datetime.fromisoformat(said.removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        raise BrokenCellError(said) from None
    passed = found - MIDNIGHT
    return found if passed.days >= FIRST_SERIAL else passed.days + passed.seconds / 86_400


def _hours(said: str) -> float:
    match = _DURATION.fullmatch(said)
    if match is None:
        raise BrokenCellError(said)
    days = (int(match[2]) + int(match[3]) / 60 + float(match[4]) / 3600) / 24
    return -days if match[1] else days
