"""What a consultant would ask of a client first, by rule from the numbers of its workbook.

| question | stands there when |
|---|---|
| `errors` | the workbook has mistakes: its numbers may change when they are mended |
| `open` | not everything is answered |
| `core` | everything is answered, and a core requirement is not in order |
| `no_action` | gaps with a high or middle priority have no action yet |
| `overdue` | actions are past their day |
| `evidence` | answers *Voldoet* lack valid evidence |
| `nothing` | none of these |

Three at most, in this order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hkz_xlsx.problems import Severity
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.text import Lang, say

MOST = 3
_UNPROVEN = ("unsubstantiated", "expired")


def _asked(report: GapReport) -> Iterator[tuple[str, int]]:
    total = report.total
    yield "errors", sum(p.severity is Severity.ERROR for p in report.problems)
    opened = total.count - total.answered
    yield "open", opened
    yield "core", 0 if opened else len(report.core_failed)
    urgent = [g for g in report.gaps if g.gap.priority in ("high", "middle")]
    yield "no_action", sum(not g.action.strip() for g in urgent)
    yield "overdue", sum(a.state == "overdue" for a in report.actions)
    yield "evidence", sum(g.gap.kind in _UNPROVEN for g in report.gaps)


def asks(report: GapReport) -> tuple[tuple[str, int], ...]:
    """Which questions, and how many each is about."""
    found = [(key, count) for key, count in _asked(report) if count]
    return tuple(found[:MOST]) or (("nothing", 0),)


def asked(found: Iterable[tuple[str, int]], lang: Lang) -> str:
    """In words."""
    return "; ".join(say(lang, f"report.ask.{key}", count=count) for key, count in found)
