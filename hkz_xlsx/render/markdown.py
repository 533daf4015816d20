"""A report as Markdown that fits a chat or an issue; user text is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from hkz_xlsx.render.document import (
    Block,
    Card,
    Cards,
    Document,
    Facts,
    Fold,
    Grid,
    Heading,
    Items,
    Pair,
    Paragraph,
    Picture,
    Section,
    shown,
)
from hkz_xlsx.render.together import tied
from hkz_xlsx.render.words import clean
from hkz_xlsx.text import messages, say

FITS = 60_000
"""Characters: GitHub takes 65,536 in an issue or comment, chat programs about as much."""

_LONGEST = 300
"""Characters of one text; longer ones are cut, and say so."""

_MARKUP = re.compile(
    r"([\\`*_\[\]<>#|&~$]"  # anywhere
    r"|^[-+=]"  # at the start of a line
    r"|:(?=//|\w+:)|(?<=www)\.)",  # addresses and :names: become links and pictures by themselves
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(\d+)([.)])")
_NAMED = re.compile(r"@(?=\w)")


def escaped(text: str) -> str:
    """One line in which no character means anything but itself, and nobody is called by name;
    what belongs together stays on a line."""
    flat = _MARKUP.sub(r"\\\1", tied(" ".join(clean(text).split())))
    return _NAMED.sub("@\u200b", _NUMBERED.sub(r"\1\\\2", flat))


class _Page:
    """Writes a document; what does not fit is left out from the end, counted and named."""

    def __init__(self, source: Document) -> None:
        self.source, self.lang = source, source.lang
        self.lines: list[str] = []
        self.left_out = 0
        self.lacking: list[tuple[str, bool]] = []
        """Sections that lack lines, and whether some of it is there."""
        self._used = 0

    def text(self, value: str) -> str:
        """A text of anyone, escaped and not too long."""
        flat = " ".join(clean(value).split())
        if len(flat) <= _LONGEST:
            return escaped(flat)
        cut = say(self.lang, "report.cut", count=len(flat) - _LONGEST)
        return f"{escaped(flat[:_LONGEST])} {escaped(cut)}"

    def add(self, *lines: str) -> None:
        """Lines that belong together: all of them or none."""
        size = sum(len(line.encode("utf-16-le")) // 2 + 1 for line in lines)
        if self.left_out or self._used + size > FITS:
            self.left_out += sum(bool(line) for line in lines)
            return
        self._used += size
        self.lines += lines

    def block(self, block: Block) -> None:
        """One block; the numbers of a drawing stand in a table."""
        if isinstance(block, Picture):
            return
        match block:
            case Paragraph():
                value = self.text(block.text)
                marked = {"strong": f"**{value}**", "notice": f"> {value}"}.get(block.look, value)
                self.add("", marked)
            case Heading():
                self.add("", f"### {self.text(block.text)}")
            case Facts():
                self._facts(block)
            case Items():
                self._items(block)
            case Pair():
                for title, items in block.sides:
                    self.add("", f"### {self.text(title)}")
                    self._items(items)
            case Grid():
                self._grid(block)
            case Cards():
                self._cards(block)
            case Fold():
                self.add("", f"### {self.text(block.title)}")
                for inner in block.blocks:
                    self.block(inner)
            case _:
                assert_never(block)

    def _facts(self, block: Facts) -> None:
        self.add("")
        for fact in block.facts:
            note = f" – {self.text(fact.note)}" if fact.note else ""
            value = f"{fact.sign} {self.text(fact.value)}".strip()
            self.add(f"- {self.text(fact.label)}: **{value}**{note}")

    def _items(self, block: Items) -> None:
        self.add("")
        for number, item in enumerate(block.items, 1):
            mark = f"{number}." if block.ordered else "-"
            tail = f" – {self.text(item.tail)}" if item.tail else ""
            badge = f" ({self.text(item.badge)})" if item.badge else ""
            lead = f"**{self.text(item.lead)}**{badge} " if item.lead else ""
            self.add(f"{mark} {lead}{self.text(item.text)}{tail}")

    def _row(self, cells: list[str]) -> str:
        return "| " + " | ".join(cell or " " for cell in cells) + " |"

    def _grid(self, block: Grid) -> None:
        chosen = block.brief or tuple(range(len(block.columns)))
        columns = [block.columns[i] for i in chosen]
        self.add(
            "",
            self._row([self.text(c.header) for c in columns]),
            self._row(["---:" if c.right else "---" for c in columns]),
        )
        for row in block.rows:
            self.add(self._row([self.text(shown(row[i], self.lang)) for i in chosen]))

    def _cards(self, block: Cards) -> None:
        """Points to improve as one table: what, which gap, and what is being done."""
        text = messages(self.lang)
        action = text("report.action")
        head = [text(f"report.column.{k}") for k in ("number", "question", "kind")] + [action]
        self.add("", self._row([self.text(h) for h in head]), self._row(["---"] * len(head)))
        for card in block.cards:
            self.add(self._row(self._card(card, action)))

    def _card(self, card: Card, action: str) -> list[str]:
        known = dict(card.fields)
        star = "★ " if card.core else ""
        kind = ", ".join(card.tags)
        return [
            f"{star}{self.text(card.lead)}",
            *map(self.text, (card.text, kind, known.get(action, ""))),
        ]

    def section(self, section: Section) -> None:
        """A section with its heading."""
        before = self.left_out
        self.add("", f"## {self.text(section.title)}")
        begun = self.left_out == before
        for block in section.blocks:
            self.block(block)
        if self.left_out > before:
            self.lacking.append((section.title, begun))

    def _told_left_out(self) -> str:
        """How many lines are not there, of which sections."""
        cut = "; ".join(title for title, begun in self.lacking if begun)
        gone = "; ".join(title for title, begun in self.lacking if not begun)
        told = [say(self.lang, "report.left_out_markdown.count", count=self.left_out)]
        told += [say(self.lang, "report.left_out_markdown.cut", titles=cut)] if cut else []
        told += [say(self.lang, "report.left_out_markdown.gone", titles=gone)] if gone else []
        return " ".join((*told, messages(self.lang)("report.left_out_markdown.elsewhere")))

    def write(self) -> str:
        """The whole text."""
        source = self.source
        self.add(f"# {self.text(source.title)}", "")
        for line in (*source.subtitle, *source.cover):
            self.add(f"{self.text(line)}  ")
        closing = list(_closing(source.notices))
        names = sum(2 * len(section.title) + 2 for section in source.sections)
        self._used += sum(len(line) + 1 for line in closing) + names + _LONGEST
        for section in source.sections:
            self.section(section)
        if self.left_out:
            self.lines += ["", f"> {escaped(self._told_left_out())}"]
        return "\n".join((*self.lines, *closing)) + "\n"


def _closing(notices: tuple[str, ...]) -> Iterator[str]:
    for notice in notices:
        yield ""
        yield f"> {escaped(notice)}"


def text(document: Document) -> str:
    """A document as GitHub-flavoured Markdown, without what nobody reads in a chat."""
    sections = tuple(s for s in document.sections if s.in_chat)
    return _Page(replace(document, sections=sections)).write()
