"""The page of one organisation against the others, as a document for every format."""

from __future__ import annotations

from collections.abc import Sequence

from hkz_xlsx.figures.benchmark import Benchmark
from hkz_xlsx.figures.content import section_blocks
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.render import document as doc
from hkz_xlsx.text import Lang, messages, say


def _ranked(lines: Sequence[tuple[str, float, float]], lang: Lang) -> doc.Items:
    items = tuple(
        doc.Item(doc.Number(own, "percent").shown(lang), name,
                 f"{messages(lang)('portfolio.column.median')} "
                 f"{doc.Number(median, 'percent').shown(lang)}")
        for name, own, median in lines
    )  # fmt: skip
    return doc.Items(items or (doc.Item("", messages(lang)("portfolio.benchmark.none")),))


def benchmark_document(found: Benchmark, choices: Choices, look: Look) -> doc.Document:
    """The page of one organisation against the others."""
    text, lang = messages(choices.lang), choices.lang
    title = text("portfolio.benchmark.title")
    about = " · ".join(p for p in (found.location, found.edition, found.day) if p)
    blocks: list[doc.Block] = [doc.Paragraph(text("portfolio.benchmark.intro"))]
    sections: tuple[doc.Section, ...] = ()
    if found.section.rows:
        total = found.total
        facts = (
            doc.Fact(text("portfolio.benchmark.own"), _percent(total.own, lang)),
            doc.Fact(text("portfolio.benchmark.middle"), _percent(total.median, lang)),
            doc.Fact(text("portfolio.benchmark.peers"), str(total.n)),
        )
        best, worst = _ranked(found.best, lang), _ranked(found.worst, lang)
        heads = text("portfolio.benchmark.best"), text("portfolio.benchmark.worst")
        blocks += [doc.Facts(facts), doc.Pair(heads[0], best, heads[1], worst)]
        title_of = found.section.title(lang)
        sections = (doc.Section("benchmark", title_of, section_blocks(found.section, choices)),)
    else:
        blocks.append(doc.Paragraph(say(lang, "portfolio.benchmark.few", k=choices.k), "notice"))
    first = doc.Section("summary", text("report.summary"), tuple(blocks))
    return doc.Document(
        lang, f"{title} – {found.name}" if found.name else title, (about,) if about else (),
        look.cover_lines(lang), (first, *sections), (text("portfolio.made"),), wide=True,
    )  # fmt: skip


def _percent(value: float | None, lang: Lang) -> str:
    return doc.Number(value, "percent").shown(lang)
