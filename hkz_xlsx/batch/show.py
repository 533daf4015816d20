"""What came back, as a table for people and as JSON for programs."""

from __future__ import annotations

import json

from hkz_xlsx.batch.collect import ClientState, Collected
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.text import Lang, messages, say
from hkz_xlsx.writing.tables import Kind, TableColumn, TableSheet, write_tables


def state_text(one: ClientState, lang: Lang) -> str:
    """The state in words."""
    percentage = one.percentage if one.state == "partly" else 0
    date = _date(one.returned[0].day) if one.state == "earlier" else ""
    return say(lang, f"collect.state.{one.state}", percentage=percentage, date=date)


def _date(day: str) -> str:
    """A day as people write it."""
    return "-".join(reversed(day.split("-")))


def parts_text(one: ClientState, lang: Lang) -> str:
    """Which parts of a split workbook are back, and what to do next."""
    absent = ", ".join(map(str, one.absent))
    key = "collect.parts_absent" if absent else "collect.parts"
    back = len(one.counting)
    return say(lang, key, back=back, count=back + len(one.absent), absent=absent)


def remark(one: ClientState, lang: Lang) -> str:
    """What else is to be known: why it is faulty, errors in it, other files of the client."""
    parts = []
    counting = [r for r in one.returned if not r.earlier] or list(one.returned[:1])
    if counting:
        newest = counting[0]
        others = [r for r in counting if r not in one.counting]
        parts += [r.why.message(lang) for r in counting if r.why is not None]
        if newest.fault is not None:
            parts.append(f"{newest.fault.message(lang)} {newest.fault.hint(lang)}")
        if newest.part is not None:
            parts.append(parts_text(one, lang))
        if errors := sum(r.errors for r in one.counting):
            parts.append(say(lang, "collect.errors", count=errors))
        if others:
            names = ", ".join(o.file for o in others)
            count = 1 + len(others)
            parts.append(say(lang, "collect.twice", count=count, file=newest.file, others=names))
    parts += [
        say(lang, "collect.earlier", file=r.file, date=_date(r.day))
        for r in one.returned[1:]
        if r.earlier
    ]
    return "; ".join(parts)


def note(found: Collected, lang: Lang) -> str:
    """One line: how many are back and how many complete."""
    returned = sum(c.state not in ("missing", "earlier") for c in found.clients)
    complete = sum(c.state == "complete" for c in found.clients)
    total = len(found.clients)
    return say(lang, "collect.note", returned=returned, total=total, complete=complete)


def why_unknown(fault: str, lang: Lang) -> str:
    """Why a file belongs to nobody."""
    return fault or say(lang, "collect.other_list")


def text_rows(found: Collected, lang: Lang) -> list[list[str]]:
    """For the terminal: client, state, file, remark."""
    text = messages(lang)
    rows = [[text(f"collect.column.{k}") for k in ("client", "state", "file", "remark")]]
    for one in found.clients:
        file = one.returned[0].file if one.returned else "–"
        rows.append([one.entry.client, state_text(one, lang), file, remark(one, lang)])
    return [["".join(c if c.isprintable() else "?" for c in cell) for cell in row] for row in rows]


def unknown_rows(found: Collected, lang: Lang) -> list[list[str]]:
    """Files of nobody: name, and why."""
    return [
        [one.file, why_unknown(told.message(lang) if told else "", lang)]
        for one in found.unknown
        for told in (one.fault or one.why,)
    ]


def as_json(found: Collected) -> bytes:
    """For programs; states and codes are not translated."""
    clients = [
        {
            **one.entry.values,
            "free": dict(one.entry.free),
            "state": one.state,
            "percentage": one.percentage if one.returned and one.state != "earlier" else None,
            "returned": [
                {
                    "file": r.file, "sha256": r.sha256, "modified": r.modified,
                    "answered": r.answered, "count": r.count, "errors": r.errors,
                    "fault": r.fault.code if r.fault else None,
                    "reference_date": r.day, "earlier": r.earlier,
                    "why": r.why.code if r.why else None,
                    "part": list(r.part) if r.part else None,
                }
                for r in one.returned
            ],
        }
        for one in found.clients
    ]  # fmt: skip
    unknown = [
        {
            "file": r.file, "sha256": r.sha256, "fault": r.fault.code if r.fault else None,
            "why": r.why.code if r.why else None,
        }
        for r in found.unknown
    ]  # fmt: skip
    data = {
        "product": "hkz_xlsx", "collected": 1, "found": found.tally.data(), "clients": clients,
        "unknown": unknown,
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


def as_xlsx(found: Collected, lang: Lang, palette: Palette | None = None) -> bytes:
    """A workbook to filter and sort.

    Args:
        found: the clients with what came back, and files of nobody on the list.
        lang: language of headers and words.
        palette: colours of a template; None takes ours.
    """
    text = messages(lang)
    title = text("collect.title")
    sheets = [
        TableSheet(
            text("collect.sheet.clients"), title, note(found, lang),
            text("collect.object.clients"), _columns(found, lang),
            [_row(one, found, lang) for one in found.clients],
        ),
        TableSheet(
            text("collect.sheet.unknown"), text("collect.unknown"), "",
            text("collect.object.unknown"),
            (_column("file", 48, lang), _column("remark", 60, lang)), unknown_rows(found, lang),
        ),
    ]  # fmt: skip
    return write_tables(sheets, title, palette or Palette())


def _column(key: str, width: float, lang: Lang, *, number: bool = False) -> TableColumn:
    kind: Kind = "number" if number else "text"
    return TableColumn(messages(lang)(f"collect.column.{key}"), width, kind)


def _free(found: Collected) -> list[str]:
    """Columns of the list that are the client's own."""
    return list(dict.fromkeys(name for c in found.clients for name in c.entry.free))


def _columns(found: Collected, lang: Lang) -> tuple[TableColumn, ...]:
    numbers = {"answered": 13, "count": 8, "percentage": 8}
    widths = {
        "row": 8, "client": 36, "norms": 12, "state": 16, **numbers, "file": 36, "modified": 20,
        "reference_date": 12, "contact": 24, "email": 28, "remark": 48,
    }  # fmt: skip
    fixed = [_column(key, width, lang, number=key in numbers) for key, width in widths.items()]
    titles = {c.header.casefold() for c in fixed}
    more = []
    for name in _free(found):  # a table object refuses two headers that are the same
        title = name
        while title.casefold() in titles:
            title += "_"
        titles.add(title.casefold())
        more.append(TableColumn(title, 16))
    return (*fixed, *more)


def _row(one: ClientState, found: Collected, lang: Lang) -> list[CellValue]:
    newest = one.returned[0] if one.returned else None
    read = newest is not None and newest.fault is None and bool(newest.count)
    read = read and one.state != "earlier"
    values = one.entry.values
    return [
        values["row"], one.entry.client, values["norms"], state_text(one, lang),
        one.answered if read else None,
        one.count if read else None,
        one.percentage if read else None,
        newest.file if newest else "",
        newest.modified.replace("T", " ") if newest else "",
        _date(newest.day) if newest else "",
        values["contact"], values["email"], remark(one, lang),
        *(one.entry.free.get(name, "") for name in _free(found)),
    ]  # fmt: skip
