"""The page of one organisation against the others, as a document for every format.

No score stands here without its condition: how much is answered, and what the indication is.
"""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.figures.benchmark import Benchmark
from hkz_xlsx.figures.content import section_blocks
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.pictures import place_in_field
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import document as doc
from hkz_xlsx.text import Lang, messages, say


def _ranked(lines: Sequence[tuple[str, float, float]], lang: Lang) -> doc.Items:
    items = tuple(
        doc.Item(_percent(own, lang), name,
                 f"{messages(lang)('portfolio.column.median')} {_percent(median, lang)}")
        for name, own, median in lines
    )  # fmt: skip
    return doc.Items(items or (doc.Item("", messages(lang)("portfolio.benchmark.none")),))


def _condition(found: Benchmark, lang: Lang) -> str:
    """How much the score rests on: what is answered, and that it is provisional until all is."""
    about = found.about
    key = "provisional" if about.provisional else "complete"
    return say(lang, f"portfolio.benchmark.{key}", answered=about.answered, count=about.count)


def _facts(found: Benchmark, lang: Lang) -> doc.Facts:
    text, total = messages(lang), found.total
    own = text("portfolio.benchmark.no_score") if total.own is None else _percent(total.own, lang)
    facts = [doc.Fact(text("portfolio.benchmark.own"), own, _condition(found, lang))]
    facts += _change_fact(found, lang)
    facts += [
        doc.Fact(f"{scheme} · {text('report.indication')}", verdict)
        for scheme, verdict in found.about.verdicts
    ]
    if total.median is not None:
        others = say(lang, "portfolio.benchmark.others", n=total.n)
        facts.append(
            doc.Fact(text("portfolio.benchmark.middle"), _percent(total.median, lang), others)
        )
        place = say(lang, "portfolio.benchmark.higher_than", lower=total.lower, n=total.n)
        facts.append(doc.Fact(text("portfolio.benchmark.place"), place))
    return doc.Facts(tuple(facts))


def _among_the_others(found: Benchmark, lang: Lang) -> list[doc.Block]:
    """In how many rubrieken one stands above, within and below the middle half of the others;
    nothing where no rubriek has quartiles."""
    section = found.section
    word = messages(lang)("portfolio.level.rubriek")
    places = [section.index(key) for key in ("own", "q1", "q3")]
    known = []
    for row in section.rows:
        numbers = [cell for cell in map(row.__getitem__, places) if isinstance(cell, int | float)]
        if row[section.index("level")] == word and len(numbers) == len(places):
            known.append(numbers)
    if not known:
        return []
    above, below = sum(own > q3 for own, _, q3 in known), sum(own < q1 for own, q1, _ in known)
    within = len(known) - above - below
    told = say(lang, "portfolio.benchmark.among", above=above, within=within, below=below)
    return [doc.Paragraph(told)]


def _otherwise(found: Benchmark, choices: Choices) -> list[doc.Block]:
    """What the best quarter answers otherwise."""
    text, lang = messages(choices.lang), choices.lang
    quarter = found.quarter
    heading = doc.Heading(text("portfolio.benchmark.quarter"))
    if quarter is None:
        few = say(lang, "portfolio.benchmark.quarter_few", k=choices.k)
        return [heading, doc.Paragraph(few, "small")] if found.total.own is not None else []
    note = doc.Paragraph(say(lang, "portfolio.benchmark.quarter_note", n=quarter.n), "small")
    if not quarter.otherwise:
        return [heading, note, doc.Paragraph(text("portfolio.benchmark.quarter_none"))]
    items = []
    for one in quarter.otherwise:
        share = (
            say(lang, "portfolio.hidden.most", k=choices.k)
            if one.share is None
            else doc.NumberCell(one.share, "percent", digits=0).shown(lang)
        )
        said = text(f"portfolio.column.answer_{one.said}")
        tail = say(lang, "portfolio.benchmark.quarter_line", share=share, own=said)
        items.append(doc.Item(one.requirement, one.question, tail))
    return [heading, note, doc.Items(tuple(items))]


def _change_fact(found: Benchmark, lang: Lang) -> list[doc.Fact]:
    """One's own earlier score and the change, beside the score of now."""
    then = found.earlier.total if found.earlier else None
    if then is None or found.earlier is None:
        return []
    change = doc.NumberCell(then.change, "points").shown(lang)
    note = say(lang, "portfolio.benchmark.since", change=change, day=found.earlier.day or "–")
    return [
        doc.Fact(messages(lang)("portfolio.benchmark.before"), _percent(then.before, lang), note)
    ]


def _earlier(found: Benchmark, lang: Lang) -> list[doc.Block]:
    """Then and now per rubriek, what then rested on, and how the others moved."""
    text, earlier = messages(lang), found.earlier
    if earlier is None:
        return []
    key = "then_provisional" if earlier.answered < earlier.count else "then_complete"
    told = say(lang, f"portfolio.benchmark.{key}", day=earlier.day or "–", edition=earlier.edition,
               answered=earlier.answered, count=earlier.count)  # fmt: skip
    columns = (
        doc.GridColumn(text("portfolio.column.name"), 46),
        doc.GridColumn(text("portfolio.column.before"), 12, "percent"),
        doc.GridColumn(text("portfolio.column.after"), 12, "percent"),
        doc.GridColumn(text("portfolio.column.difference"), 12, "points"),
    )
    rows = tuple(
        (
            line.name or text(f"portfolio.level.{line.level}"),
            doc.NumberCell(line.before, "percent"),
            doc.NumberCell(line.after, "percent"),
            doc.NumberCell(line.change, "points"),
        )
        for line in earlier.lines
    )
    title = text("portfolio.benchmark.earlier")
    blocks: list[doc.Block] = [
        doc.Heading(title), doc.Paragraph(told, "small"), doc.Grid("earlier", title, columns, rows)
    ]  # fmt: skip
    if earlier.others is not None:
        moved, n = earlier.others
        change = doc.NumberCell(moved, "points").shown(lang)
        blocks.append(
            doc.Paragraph(say(lang, "portfolio.benchmark.others_moved", n=n, change=change))
        )
    return blocks


def _first_blocks(found: Benchmark, choices: Choices) -> list[doc.Block]:
    text, lang = messages(choices.lang), choices.lang
    blocks: list[doc.Block] = [doc.Paragraph(text("portfolio.benchmark.intro"))]
    if found.about.provisional:
        blocks.append(doc.Paragraph(text("portfolio.benchmark.unfinished"), "notice"))
    blocks.append(_facts(found, lang))
    if found.total.own is None:
        blocks.append(doc.Paragraph(text("portfolio.benchmark.nothing"), "notice"))
        return blocks
    if not found.section.rows:
        blocks.append(doc.Paragraph(say(lang, "portfolio.benchmark.few", k=choices.k), "notice"))
        return [*blocks, *_earlier(found, lang)]
    best, worst = _ranked(found.best, lang), _ranked(found.worst, lang)
    heads = text("portfolio.benchmark.best"), text("portfolio.benchmark.worst")
    blocks += _among_the_others(found, lang)
    blocks += place_in_field(found.section, choices)
    blocks += [doc.Pair(heads[0], best, heads[1], worst), *_otherwise(found, choices)]
    blocks += _earlier(found, lang)
    return blocks


def benchmark_document(found: Benchmark, choices: Choices, look: Look) -> doc.Document:
    """The page of one organisation against the others.

    Args:
        found: its figures and those of its peers.
        choices: language and what may be published.
        look: cover text, name and contact of the adviser.
    """
    text, lang, about = messages(choices.lang), choices.lang, found.about
    title = text("portfolio.benchmark.title")
    told = " · ".join(p for p in (about.location, about.edition, about.day) if p)
    first = doc.Section("summary", text("report.summary"), tuple(_first_blocks(found, choices)))
    sections = [first]
    if found.section.rows:
        table = section_blocks(found.section, choices)
        sections.append(doc.Section("benchmark", found.section.title(lang), table))
    return doc.Document(
        lang, f"{title} – {about.name}" if about.name else title, (told,) if told else (),
        look.cover_lines(lang), tuple(sections), (text("portfolio.made"),), wide=True,
    )  # fmt: skip


def _percent(value: float | None, lang: Lang) -> str:
    return doc.NumberCell(value, "percent").shown(lang)
