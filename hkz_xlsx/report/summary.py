"""The first page: the conclusion, what it rests on, and what to do first. Nothing stands twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render.document import (
    Block,
    Chart,
    Fact,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
    Tone,
)
from hkz_xlsx.render.words import shortened, signed
from hkz_xlsx.report.lines import GapLine, VerdictLine
from hkz_xlsx.report.model import GapReport
from hkz_xlsx.report.report_charts import score_chart
from hkz_xlsx.report.sentences import change, earlier, reason, sentences, threshold, unbroken
from hkz_xlsx.report.words import failed_line, gain_words, percentage
from hkz_xlsx.text import Lang, messages, say

TONES: Mapping[str, Tone] = MappingProxyType(
    {"undetermined": "open", "not_ready": "low", "nearly": "middle", "ready": "good"}
)
"""What an indication means, for the look of its tile."""

MOST_BARS, BARS_OF_MANY = 10, 8
"""Rubrieken in the chart of the first page; of more than fit the lowest are shown."""

MOST_IDS = 6
"""Core requirements named in a tile."""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _failing(found: VerdictLine, lang: Lang) -> str:
    """How many core requirements are not in order, and which."""
    if not found.score.core or found.code == "ready":
        return ""
    count, named = failed_line(found.score, lang), ", ".join(found.failing[:MOST_IDS])
    rest = len(found.failing) - MOST_IDS
    if rest > 0:
        named = f"{named} {say(lang, 'report.and_more', count=rest)}"
    return f"{count}: {named}" if named else count


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def verdict_fact(found: VerdictLine, lang: Lang) -> Fact:
    """An indication with what decided it and which core requirements are not in order."""
    label = f"{found.scheme} · {messages(lang)('report.indication')}"
    why = _sentence_case(reason(found, lang))
    note = ". ".join(part for part in (why, _failing(found, lang)) if part)
    return Fact(label, found.label, note, TONES.get(found.code, "open"))


def _targets(report: GapReport, key: str) -> str:
    """The thresholds of *ready*; nothing where norms differ in it."""
    found = {getattr(v.profile, key) for v in report.verdicts}
    if len(found) != 1:
        return ""
    return unbroken(say(report.lang, "report.target", least=threshold(found.pop(), report.lang)))


def _since(report: GapReport) -> str:
    step, found = change(report), earlier(report)
    if step is None or found is None:
        return ""
    lang = report.lang
    since = say(lang, "report.sentence.since", day=found.day) if found.day else ""
    since = since or messages(lang)("report.sentence.since_earlier")
    return say(lang, "report.since_points", points=signed(step, lang), since=since)


def _facts(report: GapReport) -> Facts:
    text, lang, total = messages(report.lang), report.lang, report.total
    answered = say(lang, "report.of", answered=total.answered, count=total.count)
    kinds = say(lang, "report.unknown_and_na", unknown=total.unknown, na=total.na)
    return Facts(
        (
            *(verdict_fact(found, lang) for found in report.verdicts),
            Fact(
                text("column.sets.score"),
                percentage(total.score, total, lang),
                _joined(_targets(report, "ready_score"), _since(report)),
            ),
            Fact(
                text("column.sets.substantiated"),
                percentage(total.substantiated, total, lang),
                _targets(report, "ready_substantiated"),
            ),
            Fact(text("column.sets.answered"), answered, kinds),
        )
    )


def known(line: GapLine, lang: Lang) -> str:
    """What is known of the action: what, who, when; what is missing is said."""
    text = messages(lang)
    if not (line.action or line.action_owner or line.action_due):
        return text("report.known.none")
    owner = shortened(line.action_owner, 40) or text("report.known.no_owner")
    due = shortened(line.action_due, 20) or text("report.known.no_due")
    # The first page must stay a page: long actions stand further on in full.
    return _joined(shortened(line.action, 90), owner, due)


def _first_things(report: GapReport) -> Items:
    lang = report.lang
    items = tuple(
        Item(
            line.gap.requirement,
            line.question,
            _joined(line.kind, known(line, lang)),
            gain_words(line.gain, lang),
        )
        for line in report.first
    )
    return Items(items, ordered=True)


def _first(report: GapReport) -> Iterator[Block]:
    text = messages(report.lang)
    if report.first:
        yield Heading(text("report.first"))
        yield _first_things(report)
        yield Paragraph(text("report.gains_note"), "small")
    elif any(g.gap.priority == "open" for g in report.gaps):
        yield Heading(text("report.first"))
        yield Paragraph(text("report.first_answer"))


def first_chart(report: GapReport, look: Look) -> Chart | None:
    """Every rubriek with its target, or of very many the lowest."""
    lines = [line for line in report.rubrieken if line.score.score is not None]
    if "rubrieken" not in look.charts or not lines:
        return None
    if len(report.rubrieken) <= MOST_BARS:
        title = messages(report.lang)("report.rubrieken")
        return score_chart(report, title, "rubrieken", report.rubrieken)
    lowest = sorted(lines, key=lambda line: line.score.score or 0.0)[:BARS_OF_MANY]
    title = say(report.lang, "report.lowest", count=len(lowest), all=len(report.rubrieken))
    return score_chart(report, title, "lowest", lowest)


def summary(report: GapReport, look: Look) -> Section:
    """One page that can stand alone."""
    text, total = messages(report.lang), report.total
    blocks: list[Block] = []
    if total.answered < total.count:
        opened = total.count - total.answered
        one = "_one" if opened == 1 else ""
        blocks.append(Paragraph(say(report.lang, f"report.unfinished{one}", open=opened), "notice"))
    chart = first_chart(report, look)
    blocks += [
        _facts(report),
        Paragraph(text("overview.verdict.note"), "small"),
        *(Paragraph(one.text) for one in sentences(report)),
        *([chart] if chart else []),
        *_first(report),
    ]
    return Section("summary", text("report.summary"), tuple(blocks))
