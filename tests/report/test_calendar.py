"""The calendar of a report, read back by another library than the one that wrote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.render_ics import days, render
from hkz_xlsx.scoring.cell_values import from_serial
from tests.report.cases import report_of


def events(report: GapReport) -> list[Any]:
    """As the other library reads them."""
    calendar = vobject.readOne(render(report).decode("utf-8"))
    return list(calendar.contents.get("vevent", []))


@pytest.fixture(name="report", scope="module")
def _report() -> GapReport:
    return report_of("half")


def test_every_open_action_and_every_end_of_evidence(report: GapReport) -> None:
    """Those of the model with a real date, no other, on their day, as whole days."""
    wanted = [
        (from_serial(one.due_serial), one.requirement)
        for one in report.actions
        if one.state != "closed" and one.due_serial is not None
    ]
    wanted += [
        (from_serial(one.valid_serial), one.requirement)
        for one in report.evidence
        if one.valid_serial is not None
    ]
    found = events(report)
    assert len(wanted) >= 2
    told = [(e.dtstart.value, e.description.value.split(" ")[0]) for e in found]
    assert sorted(told) == sorted(wanted)
    assert [e.dtstart.value for e in found] == sorted(e.dtstart.value for e in found)
    for event in found:
        assert type(event.dtstart.value) is date
        assert event.dtend.value - event.dtstart.value == timedelta(days=1)
        assert event.transp.value == "TRANSPARENT"
    assert len({e.uid.value for e in found}) == len(found)


def test_closed_actions_and_dates_that_are_none_are_left_out(report: GapReport) -> None:
    [one, *_] = [a for a in report.actions if a.due_serial is not None]
    some = (
        replace(one, state="closed"),
        replace(one, due_serial=None),
        replace(one, state="overdue"),
    )
    assert [d.serial for d in days(replace(report, actions=some, evidence=()))] == [one.due_serial]


def test_texts_of_users_are_texts(report: GapReport) -> None:
    """Ends of lines, signs of the format, long words, emoji: read back as they were typed."""
    [one, *_] = [a for a in report.actions if a.due_serial is not None]
    action = "Doe dit; dan, dat\\n: BEGIN:VALARM\r\nEND:VCALENDAR 😀 " + "é" * 90
    hostile = replace(
        report,
        actions=(replace(one, action=action, owner="Jan; \nEND:VEVENT", state="open"),),
        evidence=(),
    )
    [event] = events(hostile)
    assert event.summary.value == "Actie: " + " ".join(action.split())
    assert "Jan; \nEND:VEVENT" in event.description.value
    lines = render(hostile).split(b"\r\n")
    assert all(len(line) <= 75 for line in lines), "RFC 5545, 3.1"
    assert b"\n" not in render(hostile).replace(b"\r\n", b"")


def test_nothing_with_a_date_is_a_calendar_without_events(report: GapReport) -> None:
    assert events(replace(report, actions=(), evidence=())) == []


def test_the_same_report_gives_the_same_bytes_and_ids(report: GapReport) -> None:
    assert render(report) == render(report)
    other = replace(report, reference=None, reference_date="")
    assert [e.uid.value for e in events(other)] == [e.uid.value for e in events(report)]
    assert b"DTSTAMP:20000101T000000Z" in render(other)


def test_the_command(tmp_path: Path) -> None:
    """One file, a folder of them, and not the first page alone."""
    workbook = Path(__file__).parents[2] / "samples"
    [sample, *_] = sorted(workbook.glob("*ingevuld*.xlsx")) or sorted(workbook.rglob("*.xlsx"))
    target = tmp_path / "acties.ics"
    result = CliRunner().invoke(cli, ["analyze", str(sample), "-o", str(target)])
    assert target.exists(), result.output
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "een.xlsx").write_bytes(sample.read_bytes())
    many = ["analyze", str(tmp_path / "in"), "-o", str(tmp_path / "uit"), "--format", "ics"]
    CliRunner().invoke(cli, many)
    assert len(list((tmp_path / "uit").glob("*.ics"))) == 1
    alone = ["analyze", str(sample), "-o", str(tmp_path / "een.ics"), "--summary"]
    assert CliRunner().invoke(cli, alone).exit_code != 0
