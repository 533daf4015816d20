"""Open actions and evidence that expires, as a calendar (RFC 5545) for any calendar program.

Whole days that take no time. The same report gives the same bytes, so that a calendar that reads
it again replaces what it has instead of adding to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from hkz_xlsx.render.words import clean, shortened
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.scoring.cell_values import from_serial
from hkz_xlsx.text import messages, say

if TYPE_CHECKING:
    from icalendar import Event

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""When it was made, of a report without a reference date: no clock is read."""

_LONGEST = 150


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Something on a day (a serial number); ``kind`` is action or evidence."""

    kind: str
    requirement: str
    serial: float
    title: str
    lines: tuple[str, ...]


def days(report: GapReport) -> Iterator[CalendarDay]:
    """Actions that are not closed and evidence that ends, each with a real date, by day."""
    text = messages(report.lang)
    found = [
        CalendarDay(
            "action", one.requirement, one.due_serial,
            say(report.lang, "report.calendar.action", action=one.action or one.question),
            (
                f"{one.requirement} {one.question}",
                *((f"{text('report.column.owner')}: {one.owner}",) if one.owner else ()),
                *((f"{text('report.column.status')}: {one.status}",) if one.status else ()),
            ),
        )
        for one in report.actions
        if one.state != "closed" and one.due_serial is not None
    ]  # fmt: skip
    found += [
        CalendarDay(
            "evidence", one.requirement, one.valid_serial,
            say(report.lang, "report.calendar.evidence", evidence=one.evidence or one.question),
            (
                f"{one.requirement} {one.question}",
                *((f"{text('report.column.location')}: {one.location}",) if one.location else ()),
                *((f"{text('report.column.ev_owner')}: {one.owner}",) if one.owner else ()),
            ),
        )
        for one in report.evidence
        if one.valid_serial is not None
    ]  # fmt: skip
    yield from sorted(found, key=lambda one: (one.serial, one.kind, one.requirement, one.title))


def _uid(report: GapReport, day: CalendarDay, number: int) -> str:
    """The same for the same action of the same client in every report of it."""
    about = report.organisation
    who = about.get("kvk") or about.get("name", "")
    parts = (who, about.get("location", ""), *report.norms, day.kind, day.requirement, str(number))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32] + "@hkz"


def _event(report: GapReport, day: CalendarDay, uid: str, made: datetime) -> Event:
    from icalendar import Event

    event = Event()
    start = from_serial(day.serial)
    event.add("uid", uid)
    event.add("dtstamp", made)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(days=1))
    event.add("summary", shortened(clean(day.title), _LONGEST))
    who = report.organisation.get("name", "")
    event.add("description", clean("\n".join((*day.lines, *((who,) if who else ())))))
    event.add("categories", [messages(report.lang)(f"report.calendar.{day.kind}_kind")])
    event.add("transp", "TRANSPARENT")
    return event


def render(report: GapReport) -> bytes:
    """The bytes of the file; a calendar without events when nothing has a date."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//hkz_xlsx//gap report//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", clean(say(report.lang, "report.calendar.name")))
    made = _UNDATED
    if report.reference is not None:
        made = datetime.combine(from_serial(report.reference), time(), UTC)
    seen: dict[tuple[str, str], int] = {}
    for day in days(report):
        key = day.kind, day.requirement
        seen[key] = seen.get(key, 0) + 1
        calendar.add_component(_event(report, day, _uid(report, day, seen[key]), made))
    data: bytes = calendar.to_ical()
    return data
