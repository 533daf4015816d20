"""What to ask of a client: every rule when it holds, and when it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hkz_xlsx.problems import problem
from hkz_xlsx.report.asking import MOST, asked, asks
from hkz_xlsx.report.batch import _client
from hkz_xlsx.report.index import Index, index_html, index_xlsx, moved
from hkz_xlsx.report.lines import ActionLine
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.render_text import terminal_index
from hkz_xlsx.text import messages
from tests.report.cases import report_of
from tests.report.extract import text_of


def bare(**more: object) -> GapReport:
    """A whole workbook with nothing to ask about; then what is asked about."""
    report = report_of("ready")
    found = replace(report, problems=(), gaps=(), actions=(), core_failed=())
    return replace(found, **more)  # type: ignore[arg-type]


def test_each_rule_by_itself() -> None:
    half, nearly = report_of("half"), report_of("nearly")
    assert asks(bare()) == (("nothing", 0),)
    assert asks(bare(problems=(problem("FILE_BROKEN", None, detail="x"),))) == (("errors", 1),)
    total = half.total
    assert asks(bare(total=total)) == (("open", total.count - total.answered),)
    assert asks(bare(core_failed=nearly.core_failed)) == (("core", len(nearly.core_failed)),)
    urgent = [
        g for g in half.gaps if g.gap.priority in ("high", "middle") and g.gap.kind == "missing"
    ][:2]
    assert urgent
    without = tuple(replace(g, action=" ") for g in urgent)
    assert asks(bare(gaps=without)) == (("no_action", len(without)),)
    assert asks(bare(gaps=tuple(replace(g, action="x") for g in urgent))) == (("nothing", 0),)
    late = ActionLine("Q", "", "", "x", "", "", "", 1.0, "", "overdue")
    assert asks(bare(actions=(late, replace(late, state="open")))) == (("overdue", 1),)
    unproven = tuple(g for g in half.gaps if g.gap.kind == "unsubstantiated")
    if unproven:
        found = dict(asks(bare(gaps=tuple(replace(g, action="x") for g in unproven))))
        assert found == {"evidence": len(unproven)}


def test_core_is_asked_when_everything_is_answered() -> None:
    nearly, half = report_of("nearly"), report_of("half")
    found = dict(asks(bare(core_failed=nearly.core_failed, total=half.total)))
    assert "core" not in found
    assert "open" in found


@pytest.mark.parametrize("case", ["empty", "half", "nearly", "ready", "odd"])
def test_a_line_per_file_in_every_form(case: str) -> None:
    """Client, answered, indication, change, what to ask: the same in terminal, xlsx and html."""
    report = report_of(case)
    assert 1 <= len(asks(report)) <= MOST
    client = _client(report, "map/bestand.xlsx")
    told = asked(asks(report), "nl")
    index = Index("nl", (client,), ())
    words = [told, f"{report.total.answered}", moved(client, "nl")]
    forms = [
        terminal_index(index),
        text_of(".html", index_html(index)),
        text_of(".xlsx", index_xlsx(index)),
    ]
    for form in forms:
        plain = " ".join(form.split())
        assert told in plain
        assert report.verdicts[0].label in plain
    assert f"{report.total.answered}/{report.total.count}" in forms[0]
    assert words[2] in forms[0]
    line = next(line for line in forms[0].splitlines() if told in line)
    assert report.verdicts[0].label in line


def test_a_change_is_shown_with_its_sign() -> None:
    client = replace(_client(report_of("half"), "x"), change=-1.4)
    assert moved(client, "nl") == "−1,4"
    assert moved(replace(client, change=None), "nl") == "–"
    assert moved(replace(client, change=0.0), "nl") == "0"


def test_an_index_speaks_one_language() -> None:
    """Also of a file in another: indication and what to ask."""
    index = Index("en", (_client(report_of("half"), "x"),), ())
    (line,) = report_of("half").verdicts
    want = messages("en")(f"choice.verdict.{line.code}"), asked(asks(report_of("half")), "en")
    forms = (
        terminal_index(index),
        text_of(".html", index_html(index)),
        text_of(".xlsx", index_xlsx(index)),
    )
    for form in forms:
        plain = " ".join(form.split())
        assert line.label not in plain
        assert all(words in plain for words in want)
