"""The tables of a portfolio: the one description behind the files, the codebook and the queries.

Column names are stable and English; what a column means stands in the catalogues under
``codebook.<table>.<column>``, and ``docs/codebook.md`` is made from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.columns import FUNDING, ColumnRecord, kept_in_portfolio
from hkz_xlsx.text import Lang, catalogue, messages

VERSION = 2
"""Version of the tables; counts changes that a reader of them would notice."""

READABLE = frozenset({1, VERSION})
"""Versions whose tables can be asked as they are; what they lack stands in `EARLIER`."""


Kind = Literal["text", "whole", "number", "flag", "date"]


@dataclass(frozen=True, slots=True)
class PortfolioColumn:
    """A column; every one may be empty. ``date`` is a day without time."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table with its columns in order, and those that sort its rows."""

    name: str
    columns: tuple[PortfolioColumn, ...]
    order: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


_KINDS: Mapping[str, Kind] = MappingProxyType({"number": "number", "date": "date"})


def answers_kept() -> tuple[ColumnRecord, ...]:
    """Columns of Beoordeling whose answers are a column of ``answers``: all but free text."""
    kept = kept_in_portfolio(T.requirements, LAYOUT_VERSION)
    return tuple(record for record in kept if record.kind != "text")


def organisation_kept() -> tuple[ColumnRecord, ...]:
    """Rows of the form on Start that are kept."""
    return kept_in_portfolio("organisation", LAYOUT_VERSION)


def _recorded(records: Iterable[ColumnRecord]) -> Iterator[PortfolioColumn]:
    """Columns that follow from column records. A yes or no is a truth value."""
    for record in records:
        flag = record.choices == "yes_no"
        yield PortfolioColumn(record.key, "flag" if flag else _KINDS.get(record.kind, "text"))


def _with(table: TableSchema, records: Iterable[ColumnRecord]) -> TableSchema:
    """The table with the columns of records behind its own, as far as it has not got them."""
    more = (column for column in _recorded(records) if column.name not in table.names)
    return replace(table, columns=(*table.columns, *more))


def _table(name: str, order: str, **kinds: str) -> TableSchema:
    """Columns of one kind as words in one text, in the order in which they stand here."""
    known: dict[str, Kind] = {
        "text": "text", "whole": "whole", "number": "number", "flag": "flag", "date": "date",
    }  # fmt: skip
    columns = tuple(
        PortfolioColumn(word, known[kind.rstrip("_")])
        for kind, words in kinds.items()
        for word in words.split()
    )
    return TableSchema(name, columns, tuple(order.split()))


FILES = _table(
    "files", "file file_id",
    text="file_id file sha256 format state reason same_as workbook_id organisation_id round "
    "superseded_by lang edition_set scope basis",
    date="reference_date", flag="counts current same_answer score_changed cleaned",
    whole="bytes layout questions answered core core_failed core_open signals errors warnings",
    number="answered_percentage score substantiated counted_score stored_score",
)  # fmt: skip
ORGANISATIONS = _with(_table(
    "organisations", "organisation_id",
    text="organisation_id name location kvk branch municipality size_class matched_by",
    number="fte", flag=" ".join(f"funding_{name}" for name in FUNDING),
    whole="files measurements",
), organisation_kept())  # fmt: skip
ANSWERS = _with(_table(
    "answers", "file_id ordinal",
    text="file_id part edition rubriek topic requirement answer own_answer advisor_answer gap "
    "priority finding evidence_kind",
    whole="ordinal weight maturity", number="points",
    flag="core evidence_required has_evidence substantiated expired cleaned",
), answers_kept())  # fmt: skip
SCORES = _table(
    "scores", "file_id ordinal",
    text="file_id level key edition outcome verdict",
    number="score substantiated answered_percentage maturity",
    whole="ordinal count answered unknown na rated core core_no core_partly core_open signals",
)  # fmt: skip
PROBLEMS = _table(
    "problems", "file_id ordinal",
    text="file_id file code severity family sheet cell requirement message slots", whole="ordinal",
)  # fmt: skip
TEXTS = _table("texts", "file_id ordinal", text="file_id requirement field text", whole="ordinal")
MATCHES = _table("matches", "file_id other_file_id reason", text="file_id other_file_id reason")
ATTRIBUTES = _table("attributes", "file_id name", text="file_id name value")
REQUIREMENTS = _table(
    "requirements", "edition ordinal",
    text="edition part requirement rubriek topic question_nl question_en evidence_nl "
    "evidence_en",
    whole="ordinal weight", flag="core evidence_required",
)  # fmt: skip
SETS = _table(
    "sets", "edition level ordinal", text="edition level key name_nl name_en", whole="ordinal"
)
MOVEMENTS = _table(
    "movements", "organisation_id edition level key round_to",
    text="organisation_id edition edition_from level key file_from file_to round_from round_to",
    date="date_from date_to", number="score_from score_to substantiated_from substantiated_to",
)  # fmt: skip

TABLES: Mapping[str, TableSchema] = MappingProxyType(
    {
        table.name: table
        for table in (
            FILES, ORGANISATIONS, ANSWERS, SCORES, PROBLEMS, TEXTS, MATCHES, ATTRIBUTES,
            REQUIREMENTS, SETS, MOVEMENTS,
        )
    }
)  # fmt: skip

EARLIER: Mapping[tuple[str, str], str | None] = MappingProxyType({
    ("movements", "edition_from"): "edition",
    ("problems", "slots"): None,
    ("requirements", "evidence_nl"): None,
    ("requirements", "evidence_en"): None,
    **{("answers", one.key): None for one in answers_kept() if one.since > 1},
    **{("organisations", one.key): None for one in organisation_kept() if one.since > 1},
})  # fmt: skip
"""Columns that tables of an earlier version lack, with the column that said it then, if any did."""

SIZE_CLASSES = ((0.0, "0-10"), (10.0, "10-50"), (50.0, "50-250"), (250.0, "250+"))
"""Lower bound in fte, and the code of the class; the bound itself is in the class."""


def size_class(fte: float | None) -> str:
    """The code of the size class; empty when the size is not known."""
    if fte is None or fte < 0:
        return ""
    return [code for bound, code in SIZE_CLASSES if fte >= bound][-1]


_WORDS: Mapping[str, str] = MappingProxyType(
    {"answers": "column.requirements.{}.title", "organisations": "form.organisation.{}.label"}
)


def _meaning(table: str, column: str, lang: Lang) -> str:
    """What a column means; of one that follows from a record, what the workbook calls it."""
    known = catalogue(lang)
    key = f"codebook.{table}.{column}"
    return known[key] if key in known else known[_WORDS[table].format(column)]


def codebook(lang: Lang) -> str:
    """What every table and column means, as Markdown."""
    text = messages(lang)
    lines = [f"# {text('codebook.title')}", "", text("codebook.intro").format(version=VERSION), ""]
    for table in TABLES.values():
        lines += [f"## {table.name}", "", text(f"codebook.{table.name}.about"), ""]
        heads = [text(f"codebook.head.{key}") for key in ("column", "kind", "meaning")]
        lines += [f"| {' | '.join(heads)} |", "|---|---|---|"]
        for column in table.columns:
            kind = text(f"codebook.kind.{column.kind}")
            meaning = _meaning(table.name, column.name, lang)
            lines.append(f"| `{column.name}` | {kind} | {meaning} |")
        lines.append("")
    return "\n".join(lines)
