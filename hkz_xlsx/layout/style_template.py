"""What a template decides: colours, font, logo, cover text and which charts; never cells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hkz_xlsx.layout.plan import Sheet, TextCell, WorkbookPlan
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.text import Lang, Text

CHARTS = ("rubrieken", "themes", "status")
"""Charts of a workbook that a template can choose from, by key; reports have them too."""

REPORT_CHARTS = ("gains", "timeline", "history")
"""Charts that only reports have."""

EVERY_CHART = (*CHARTS, *REPORT_CHARTS)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it stands in its file, with its size in pixels and what it shows."""

    data: bytes
    suffix: str
    alt: Text
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A Word file of the consultant's own, with fields to fill; ``name`` is for messages."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """A template, loaded: the same for the workbook and for every report.

    ``cover_page`` puts the title on a page of its own, in Word and PDF; ``word`` takes the place
    of our Word report.
    """

    name: str = "neutraal"
    palette: Palette = field(default_factory=Palette)
    adviser: str = ""
    contact: tuple[str, ...] = ()
    cover: Text = field(default_factory=lambda: Text("", ""))
    logo: Logo | None = None
    charts: tuple[str, ...] = EVERY_CHART
    cover_page: bool = False
    word: OwnWord | None = None

    def signature(self) -> str:
        """Name and contact of the adviser in one line; empty when there is none."""
        return "  ·  ".join(part for part in (self.adviser, *self.contact) if part)

    def cover_lines(self, lang: Lang) -> tuple[str, ...]:
        """Cover text, name and contact of the adviser: what stands under the title of a report."""
        return tuple(line for line in (self.cover.get(lang), self.signature()) if line.strip())


NEUTRAL = Look()
"""What is used when no template is named."""


def dressed(plan: WorkbookPlan, look: Look) -> WorkbookPlan:
    """The plan with the cover texts and only the charts of the template.

    The identity and its fingerprint stay those of the plan: looks do not make another workbook.
    """
    return replace(plan, sheets=tuple(_sheet(sheet, look, plan.lang) for sheet in plan.sheets))


def _sheet(sheet: Sheet, look: Look, lang: Lang) -> Sheet:
    charts = tuple(chart for chart in sheet.charts if chart.key in look.charts)
    texts = sheet.texts
    if sheet.cover is not None:
        lines = ((look.cover.get(lang), "cover"), (look.signature(), "cover_small"))
        texts += tuple(
            TextCell(row, 0, text, style)
            for row, (text, style) in zip(sheet.cover, lines, strict=True)
            if text
        )
    return replace(sheet, charts=charts, texts=texts)
