"""The index beside many reports: who is there, how far, and which files could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from hkz_xlsx.assessment.model import Score
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.problems import Problem
from hkz_xlsx.render.words import signed
from hkz_xlsx.report.asking import asked
from hkz_xlsx.report.lines import VerdictLine
from hkz_xlsx.report.words import core_line, no_number, percentage
from hkz_xlsx.returned.counts import Tally
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.text import Lang, messages, say
from hkz_xlsx.writing.tables import TableCell, TableColumn, TableSheet, write_tables


@dataclass(frozen=True, slots=True)
class IndexedWorkbook:
    """One workbook that was read; ``reports`` are file names beside the index."""

    organisation: str
    location: str
    norms: tuple[str, ...]
    reference_date: str
    verdicts: tuple[VerdictLine, ...]
    total: Score
    file: str
    problems: int
    errors: bool
    reports: tuple[str, ...]
    change: float | None = None
    """Points since an earlier measurement, where the two can be compared."""
    kept: tuple[str, ...] = ()
    """Those of ``reports`` that were there already, and stay as they were."""
    asks: tuple[tuple[str, int], ...] = ()
    """What to ask of the client first, as in `asking.asks`."""

    def indication(self, lang: Lang) -> tuple[tuple[VerdictLine, str], ...]:
        """Every indication with its words. The labels of the lines are in the language of the
        file, and an index has one of its own."""
        text = messages(lang)
        return tuple((one, text(f"choice.verdict.{one.code}")) for one in self.verdicts)


@dataclass(frozen=True, slots=True)
class Unused:
    """A file that gave no report, or not every report, and why."""

    file: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything about one run."""

    lang: Lang
    clients: tuple[IndexedWorkbook, ...]
    unused: tuple[Unused, ...]
    tally: Tally | None = None

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong with any file, and every report is of this run."""
        return not self.unused and not self.kept and not any(c.errors for c in self.clients)

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the reports that were there already."""
        return tuple(name for client in self.clients for name in client.kept)

    def summary(self) -> str:
        """How many reports, and how many files could not be used; what became of every file."""
        counts = {"clients": len(self.clients), "unused": len(self.unused)}
        text = say(self.lang, "report.index.count", **counts)
        if self.kept:
            text += f" {say(self.lang, 'report.index.kept', count=len(self.kept))}"
        return f"{text} {self.tally.text(self.lang)}" if self.tally else text


def index_html(index: Index, look: Look = NEUTRAL) -> bytes:
    """One page with links to the reports."""
    from hkz_xlsx.render.html import css_value, logo_source, template

    lang = index.lang
    page = template("index.html.j2", "report").render(
        i=index,
        t=messages(lang),
        look=look,
        css=css_value,
        logo=logo_source(look),
        logo_alt=look.logo.alt.get(lang) if look.logo else "",
        moved=lambda client: moved(client, lang),
        asked=lambda client: asked(client.asks, lang),
        pct=lambda value, score: percentage(value, score, lang),
        core=lambda score: core_line(score, lang),
        address=lambda name: quote(name),
    )
    return page.encode("utf-8", "replace")


def moved(client: IndexedWorkbook, lang: Lang) -> str:
    """The change since an earlier measurement as people read it."""
    return "–" if client.change is None else signed(client.change, lang)


def _client_row(client: IndexedWorkbook, index: Index) -> tuple[TableCell, ...]:
    text, total = messages(index.lang), client.total

    def number(value: float | None) -> CellValue:
        return no_number(total, index.lang) if value is None else value

    return (
        client.organisation or text("report.index.nameless"), client.location,
        ", ".join(client.norms), client.reference_date,
        "; ".join(f"{v.scheme}: {label}" for v, label in client.indication(index.lang)),
        number(total.score), number(total.substantiated), total.answered, total.count,
        total.core_failed, total.core_open, client.change, asked(client.asks, index.lang),
        client.problems,
        ", ".join(client.reports), client.file,
    )  # fmt: skip


def index_xlsx(index: Index, look: Look = NEUTRAL) -> bytes:
    """The same as tables to sort and filter."""
    lang = index.lang
    text = messages(lang)
    columns = (
        TableColumn(text("report.index.organisation"), 34),
        TableColumn(text("form.organisation.location.label"), 20),
        TableColumn(text("column.schemes.name"), 40),
        TableColumn(text("report.date"), 13),
        TableColumn(f"{text('column.schemes.verdict')}", 36),
        TableColumn(text("column.sets.score"), 12, "percent"),
        TableColumn(text("column.sets.substantiated"), 14, "percent"),
        TableColumn(text("column.sets.answered"), 13, "number"),
        TableColumn(text("report.number.count"), 10, "number"),
        TableColumn(text("report.number.core_failed"), 14, "number"),
        TableColumn(text("report.number.core_open"), 14, "number"),
        TableColumn(text("report.index.change"), 12, "change"),
        TableColumn(text("report.index.ask"), 44),
        TableColumn(text("report.index.problems"), 12, "number"),
        TableColumn(text("report.index.reports"), 40),
        TableColumn(text("report.index.file"), 40),
    )
    failed = (
        TableColumn(text("report.index.file"), 40),
        TableColumn(text("report.column.code"), 24),
        TableColumn(text("report.column.message"), 70),
        TableColumn(text("report.column.hint"), 70),
    )
    sheets = [
        TableSheet(
            text("report.index.clients"), text("report.index.title"), index.summary(), "Clients",
            columns, [_client_row(c, index) for c in index.clients],
        ),
        TableSheet(
            text("report.index.unused_sheet"), text("report.index.unused"),
            "" if index.unused else text("report.index.none_unused"), "Unused", failed,
            [
                (u.file, p.code, p.message(lang), p.hint(lang))
                for u in index.unused
                for p in u.problems
            ],
        ),
    ]  # fmt: skip
    palette: Palette = look.palette
    return write_tables(sheets, text("report.index.title"), palette)
