"""The gap report as a document: which sections, in the order a director reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.render.document import (
    Block,
    Card,
    Cards,
    Document,
    Fold,
    Grid,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
)
from hkz_xlsx.render.words import month_name, shortened
from hkz_xlsx.report import report_charts, report_tables
from hkz_xlsx.report.bounded import bounded
from hkz_xlsx.report.compare_content import compare_sections
from hkz_xlsx.report.lines import ActionLine, GapLine
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.summary import first_chart, summary
from hkz_xlsx.report.words import gain_words, score_line
from hkz_xlsx.text import messages, say

MOST_BY_GAIN = 10
"""Open actions in the order of what they bring; all stand by month too."""


def _joined(*parts: str) -> str:
    return " · ".join(p for p in parts if p)


def _sets(report: GapReport, kind: str, look: Look) -> Section | None:
    lines = report.rubrieken if kind == "rubrieken" else report.themes
    # The first page says why there is no score; which answers there are stands in another part.
    if not any(line.score.score is not None for line in lines):
        return None
    text = messages(report.lang)
    title = text(f"report.{kind}")
    blocks: list[Block] = [Paragraph(score_line(report.total, report.lang), "strong")]
    first = first_chart(report, look)
    # The chart of the first page is not drawn again, unless that one shows a part.
    again = kind == "rubrieken" and first is not None and first.key == kind
    if kind in look.charts and not again:
        blocks.append(report_charts.score_chart(report, title, kind, lines))
    if kind == "themes":
        blocks[0] = Paragraph(text("report.themes_note"), "small")
    blocks.append(report_tables.scores(report, kind, lines))
    return Section(kind, title, tuple(blocks))


def _history(report: GapReport, look: Look) -> Section | None:
    if not report.history:
        return None
    text = messages(report.lang)
    chart = report_charts.history_chart(report) if "history" in look.charts else None
    blocks: list[Block] = [Paragraph(text("report.history_note"), "small")]
    blocks += [chart] if chart else []
    blocks.append(report_tables.history(report))
    return Section("history", text("report.history"), tuple(blocks))


def _answers(report: GapReport, look: Look) -> Section:
    text = messages(report.lang)
    blocks: list[Block] = []
    if "status" in look.charts and report.total.answered:
        blocks.append(report_charts.answers_chart(report))
    blocks.append(report_tables.statuses(report))
    return Section("answers", text("report.answers"), tuple(blocks))


def _card(line: GapLine, report: GapReport) -> Card:
    text = messages(report.lang)
    action = _joined(line.action, line.action_owner, line.action_due, line.action_status)
    tags = [part for part in (line.kind, gain_words(line.gain, report.lang)) if part]
    if line.gap.finding:
        tags.append(f"{text('report.column.finding')}: {line.finding}")
    if line.quick_win:
        tags.append(text("report.quick_win"))
    fields = (
        (text("report.column.answer"), line.answer),
        (text("report.note"), line.note),
        (text("report.evidence"), _joined(line.evidence, line.location)),
        (text("report.law"), "; ".join(line.law_names)),
        (text("report.action"), action),
        (text("report.tip"), line.tip),
    )
    return Card(
        lead=line.gap.requirement,
        core=text("choice.core") if line.gap.core else "",
        text=line.question,
        tags=tuple(tags),
        context=_joined(line.rubriek, line.topic),
        fields=tuple((label, value) for label, value in fields if value),
    )


def _gaps(report: GapReport, look: Look) -> Section:
    text = messages(report.lang)
    blocks: list[Block] = []
    if not report.gaps:
        blocks.append(Paragraph(text("report.no_gaps")))
    chart = report_charts.gains_chart(report) if "gains" in look.charts else None
    if chart:
        blocks += [Paragraph(text("report.gains_note"), "small"), chart]
    if any(g.gap.finding for g in report.gaps):
        blocks.append(Paragraph(text("report.finding_note"), "small"))
    for priority, lines in report.by_priority().items():
        title = f"{text(f'choice.priority.{priority}')} ({len(lines)})"
        inside: Cards | Grid = (
            report_tables.unanswered(report, lines)
            if priority == "open"
            else Cards(tuple(_card(g, report) for g in lines))
        )
        blocks.append(Fold(title, (inside,), priority in ("high", "middle")))
    return Section("gaps", f"{text('report.gaps')} ({len(report.gaps)})", tuple(blocks))


def _months(report: GapReport, opened: Sequence[ActionLine]) -> Iterator[Block]:
    """Open actions by month; those without a date last."""
    text = messages(report.lang)
    groups: dict[str, list[ActionLine]] = {}
    for action in opened:
        groups.setdefault(action.month or "none", []).append(action)
    for key in (*sorted(k for k in groups if k != "none"), *(k for k in groups if k == "none")):
        name = month_name(key, report.lang) if "-" in key else text("report.actions_none")
        yield Heading(f"{name} ({len(groups[key])})")
        yield report_tables.actions(report, name, f"actions-{key}", groups[key])


def _by_gain(report: GapReport, opened: Sequence[ActionLine]) -> Iterator[Block]:
    """Open actions by what they bring, the most first; of many the first."""
    found = [a for a in opened if a.gain is not None and a.gain.side == "score"]
    if len(found) < 2:  # noqa: PLR2004 - one is in order by itself
        return
    found.sort(key=lambda a: -a.gain.exact if a.gain else 0.0)
    name = say(report.lang, "report.actions_by_gain", count=min(MOST_BY_GAIN, len(found)))
    yield Heading(name)
    yield report_tables.actions(report, name, "actions-gain", found[:MOST_BY_GAIN])


def _actions(report: GapReport, look: Look) -> Section:
    text, lang = messages(report.lang), report.lang
    opened = [a for a in report.actions if a.state != "closed"]
    closed = [a for a in report.actions if a.state == "closed"]
    title = say(lang, "report.actions_title", open=len(opened), closed=len(closed))
    if not report.actions:
        return Section("actions", text("report.actions"), (Paragraph(text("report.no_actions")),))
    late = sum(a.state == "overdue" for a in report.actions)
    without = sum(not g.action for g in report.gaps if g.gap.priority in ("high", "middle"))
    note = say(lang, "report.actions_note", late=late, without=without)
    drawn = report_charts.timeline(report) if "timeline" in look.charts else None
    blocks: list[Block] = [
        Paragraph(note, "notice" if late or without else "text"),
        *([drawn] if drawn else []),
        *_by_gain(report, opened),
        *_months(report, opened),
        Heading(text("report.owners")),
        report_tables.by_owner(report),
    ]
    if closed:
        name = f"{text('report.actions_closed')} ({len(closed)})"
        grid = report_tables.actions(report, name, "actions-closed", closed)
        blocks.append(Fold(name, (grid,), open=False))
    return Section("actions", title, tuple(blocks))


def _quick_win(line: GapLine) -> Item:
    action, owner = shortened(line.action, 120), shortened(line.action_owner, 60)
    tail = _joined(line.kind, action, owner, line.action_due)
    return Item(line.gap.requirement, line.question, tail)


def _quick_wins(report: GapReport) -> Section | None:
    wins = report.quick_wins
    if not wins:
        return None
    text = messages(report.lang)
    items = tuple(_quick_win(g) for g in wins)
    blocks = (Paragraph(text("report.quick_wins_rule"), "small"), Items(items))
    return Section("quick_wins", f"{text('report.quick_wins')} ({len(wins)})", blocks)


def _not_applicable(report: GapReport) -> Section | None:
    lines = report.not_applicable
    if not lines:
        return None
    text = messages(report.lang)
    title = f"{text('report.not_applicable')} ({len(lines)})"
    return Section("not_applicable", title, (report_tables.not_applicable(report),), long=True)


def _evidence(report: GapReport) -> tuple[Section, ...]:
    if not report.evidence:
        return ()
    text = messages(report.lang)
    soon = [e for e in report.evidence if e.state in ("expired", "expiring")]
    blocks: list[Block] = [Paragraph(text("report.expiry_note"), "small")]
    if not report.reference_date:
        blocks = [Paragraph(text("report.expiry_no_date"), "notice")]
    elif soon:
        soon.sort(key=lambda e: e.valid_serial or 0.0)
        blocks.append(report_tables.evidence(report, "expiry", text("report.expiry"), soon))
    else:
        blocks.append(Paragraph(text("report.expiry_none")))
    title = text("report.register")
    register = report_tables.evidence(report, "register", title, report.evidence)
    return (
        Section("expiry", f"{text('report.expiry')} ({len(soon)})", tuple(blocks)),
        Section(
            "register", f"{title} ({len(report.evidence)})", (register,), long=True, in_chat=False
        ),
    )


def _opinions(report: GapReport) -> Section | None:
    if not report.opinions:
        return None
    text = messages(report.lang)
    given = [o for o in report.opinions if o.advisor]
    differ = sum(o.differs for o in given)
    own, advisor = (score_line(s, report.lang) for s in (report.self_total, report.advisor_total))
    blocks = (
        Paragraph(
            say(report.lang, "report.opinions_note", count=len(given), differ=differ,
                same=len(given) - differ)
        ),
        Items(
            (Item(text("choice.basis.self"), own), Item(text("choice.basis.advisor"), advisor))
        ),
        report_tables.opinions(report),
    )  # fmt: skip
    return Section("opinions", text("report.opinions"), blocks)


def _more_answers(report: GapReport) -> Section | None:
    if not report.answers:
        return None
    table = report_tables.answers(report)
    return Section("rows", f"{table.title} ({len(report.answers)})", (table,), long=True)


def _signals(report: GapReport) -> Section | None:
    if not report.signals:
        return None
    text = messages(report.lang)
    blocks = (Paragraph(text("report.signals_note"), "small"), report_tables.signals(report))
    return Section(
        "signals", f"{text('report.signals')} ({len(report.signals)})", blocks, long=True
    )


def _problems(report: GapReport) -> Section | None:
    if not report.problems:
        return None
    text = messages(report.lang)
    title = f"{text('report.problems')} ({len(report.problems)})"
    about_a_page = 12
    long = len(report.problems) > about_a_page
    return Section("problems", title, (report_tables.problems(report),), long=long)


def _about(report: GapReport) -> tuple[Section, ...]:
    text = messages(report.lang)
    blocks: list[Block] = [Paragraph(text("report.how"))]
    for part in ("score", "verdict", "evidence"):
        blocks.append(Heading(text(f"help.{part}.heading")))
        paragraphs = text(f"help.{part}.text").split("\n")
        blocks += [Paragraph(p.strip()) for p in paragraphs if p.strip()]
    sources: list[Block] = [report_tables.parts(report)]
    if report.laws:
        sources += [Heading(text("report.laws")), Paragraph(text("report.laws_note"), "small"),
                    report_tables.laws(report)]  # fmt: skip
    sources += [Heading(text("report.public_sources")), report_tables.sources(report)]
    return (
        Section("about", text("report.about"), tuple(blocks)),
        Section("sources", text("report.sources"), tuple(sources), long=True, in_chat=False),
    )


def document(report: GapReport, look: Look = NEUTRAL, *, whole: bool = False) -> Document:
    """The whole report as sections of blocks.

    Args:
        report: what is in it.
        look: of which the charts and the cover are chosen.
        whole: also of very long texts everything, for a format that cuts by itself.
    """
    report = report if whole else bounded(report)
    text = messages(report.lang)
    organisation = report.organisation
    date = report.reference_date or text("report.no_date")
    assessor = organisation.get("assessor", "")
    subtitle = (
        ", ".join(report.norms),
        _joined(
            f"{text('report.date')}: {date}",
            organisation.get("location", ""),
            f"{text('report.assessor')}: {assessor}" if assessor else "",
            text(f"report.basis.{report.basis}"),
        ),
        *filter(None, [report.scope]),
    )
    compared = compare_sections(report.comparison) if report.comparison else ()
    found = (
        summary(report, look),
        *compared,
        _history(report, look),
        _sets(report, "rubrieken", look),
        _sets(report, "themes", look),
        _answers(report, look),
        _gaps(report, look),
        _actions(report, look),
        _quick_wins(report),
        _not_applicable(report),
        *_evidence(report),
        _opinions(report),
        _more_answers(report),
        _signals(report),
        _problems(report),
        *_about(report),
    )
    sections = tuple(s for s in found if s is not None)
    return Document(
        report.lang, report.title, subtitle, look.cover_lines(report.lang), sections,
        report.notices,
    )  # fmt: skip
