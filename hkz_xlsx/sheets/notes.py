"""The comments that a repair or a merge puts on the cells of a fresh workbook.

Apart from both: the reader knows by them which comments are not of people.
"""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.scoring.cell_values import cell_text
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.sheets.loose_sheets import HANGING, Extra
from hkz_xlsx.text import Messages

PIECE = 10_000
"""Longer texts are listed in pieces: a cell holds 32,767 UTF-16 units, a row shows far less."""


def notes(
    extra: Sequence[Extra], text: Messages, still_wrong: frozenset[Address]
) -> dict[Address, str]:
    """The comment on every marked cell: what is wrong, and what stood there.

    Args:
        extra: everything that was set aside; what belongs to no cell gets no comment.
        text: catalogue lookup in the language of the workbook.
        still_wrong: cells whose answer still has to be chosen: a wrong answer elsewhere is past.

    Returns:
        texts by cell, each line once, cut to what a comment can hold.
    """
    found: dict[Address, list[str]] = {}
    for one in extra:
        if one.address is None or (one.reason == "wrong" and one.address not in still_wrong):
            continue
        lines = found.setdefault(one.address, [])
        if one.reason in ("taken", "not_taken"):
            lines.append(f"{one.where.file}: {one.value} – {text(f'loose.{one.reason}')}")
        elif one.reason == "look_at":
            lines.append(f"{text('loose.look_at')} {one.told}")
        elif one.reason == "comment":
            lines.append(one.value)
        elif one.reason in HANGING:
            lines.append(f"{text(f'loose.{one.reason}')}: {one.value}")
        elif one.reason in ("wrong", "cleaned"):
            lines += [one.told, text("repair.note").format(value=one.value)]
    return {
        address: cell_text("\n".join(dict.fromkeys(lines)))[:PIECE]
        for address, lines in found.items()
        if lines
    }
