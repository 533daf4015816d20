"""Sections about the whole field: response, distributions, questions, gaps and evidence.

Every organisation counts once per set of editions, with its newest measurement. Quartiles are
interpolated linearly between values, as spreadsheets' QUARTILE.INC does. Empty answers and
n.v.t. count as in the scores of one workbook: empty stays in the denominator, n.v.t. does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from hkz_xlsx.figures.intervals import median_ranks, wilson
from hkz_xlsx.figures.model import Choices, FigureColumn, FigureTable, section_of
from hkz_xlsx.figures.privacy import CountedPart, disclosure
from hkz_xlsx.portfolio.database import rows_of
from hkz_xlsx.scoring.choices import GAP_KINDS, STATUSES, VERDICTS
from hkz_xlsx.text import Lang, messages, say

MOST_DOTS = 150
"""Scores that can be told apart when each is a dot; of more there is a box."""

COMPLETE = 90.0
"""Answered from this percentage on is complete: the threshold of the verdict."""

TOP = 15
"""How many questions the lists of weakest, strongest and most common gaps name."""

EDITION = FigureColumn("edition", "text", 30)
NAME = FigureColumn("name", "text", 38)
N = FigureColumn("n", "whole", 7)
MEDIAN_SHOWN = FigureColumn("substantiated", "percent", 15, "substantiated_median")
LOW, HIGH = FigureColumn("low", "percent", 10), FigureColumn("high", "percent", 10)
QUESTION = (
    EDITION,
    FigureColumn("requirement", "text", 10),
    FigureColumn("rubriek", "text", 24),
    FigureColumn("name", "text", 40),
)

Connection = duckdb.DuckDBPyConnection

BETWEEN = " + "
"""Between the norm parts of a set of editions, in words."""


def edition_label(edition: str) -> str:
    """Norm parts and editions as people name them."""
    found = []
    for word in sorted(edition.split(), reverse=True):
        part, _, rest = word.partition("@")
        name, _, revision = rest.rpartition("/")
        more = f", {revision}" if revision not in ("", "r1") else ""
        found.append(f"HKZ {part.upper()} ({name}{more})")
    return BETWEEN.join(found)


def reading_order(wholes: Iterable[str]) -> list[str]:
    """Sets of editions, each before its norm parts; the part of a sector before that of all."""
    found: dict[str, None] = {}
    for whole in sorted(wholes):
        found |= dict.fromkeys((whole, *sorted(whole.split(), reverse=True)))
    return list(found)


def prepare(db: Connection, lang: Lang) -> None:
    """The views that all sections use, and the order of editions as ``ranked(edition)``."""
    wholes = rows_of(db, "select distinct edition_set from files where edition_set is not null")
    listed = ", ".join(
        "'" + e.replace("'", "''") + "'" for e in reading_order(w for (w,) in wholes)
    )
    places = f"list_position([{listed}]::varchar[], edition)"
    db.execute(f"create macro ranked(edition) as coalesce({places}, 100000)")
    name = f"name_{lang}"
    db.execute("create view field as select * from files where current")
    db.execute(
        "create view named as select s.*, coalesce(n."
        + name
        + ", s.key) as name, n.ordinal as place "
        "from scores s join field f using (file_id) "
        "left join sets n on (s.edition, s.level, s.key) = (n.edition, n.level, n.key)"
    )
    db.execute(
        "create view asked as select a.*, f.organisation_id, "
        # Both are told as one answer in the tables; what was chosen tells them apart.
        "case when answer <> 'check' then answer when case when f.basis = 'advisor' "
        "and advisor_answer is not null then advisor_answer else own_answer end = 'na' "
        "then 'na_not_allowed' else 'not_understood' end as said, coalesce(q.question_"
        + lang
        + ", '') as question, "
        "coalesce(r." + name + ", a.rubriek) as rubriek_name, q.ordinal as place "
        "from answers a join field f using (file_id) "
        "left join requirements q on (a.edition, a.requirement) = (q.edition, q.requirement) "
        "left join sets r on (a.edition, 'rubriek', a.rubriek) = (r.edition, r.level, r.key)"
    )


def response(db: Connection) -> FigureTable:
    """Who answered, when, with which norm, how complete."""
    rows = rows_of(
        db,
        """select edition_set, coalesce(round, ''), count(distinct organisation_id),
        count(*), count(*) filter (not counts), count(*) filter (counts and answered_percentage >= ?),
        median(answered_percentage) filter (counts), count(*) filter (counts and score_changed),
        count(*) filter (counts), min(reference_date)::varchar, max(reference_date)::varchar
        from files where state = 'read' group by all order by all""",
        [COMPLETE],
    )
    found = [
        (
            edition_label(edition), measured, n, returns, CountedPart(old, returns), CountedPart(complete, counting),
            median, CountedPart(changed, counting), *days,
        )
        for edition, measured, n, returns, old, complete, median, changed, counting, *days in rows
    ]  # fmt: skip
    headings = (
        EDITION, FigureColumn("round", "text", 10), N, FigureColumn("returns", "whole", 12),
        FigureColumn("superseded", "whole", 12), FigureColumn("complete", "whole", 12),
        FigureColumn("answered_median", "percent", 12), FigureColumn("score_changed", "share", 14),
        FigureColumn("first_date", "date", 12), FigureColumn("last_date", "date", 12),
    )  # fmt: skip
    return section_of("response", headings, found)


def distribution(db: Connection, choices: Choices) -> FigureTable:
    """How scores are spread: per norm, rubriek and theme, claimed beside substantiated."""
    text = messages(choices.lang)
    rows = rows_of(
        db,
        """select edition, level, any_value(name), count(*), avg(score),
        quantile_cont(score, 0.25), median(score), quantile_cont(score, 0.75), min(score), max(score),
        median(substantiated), median(score - substantiated), list(score order by score)
        from named where outcome = 'number' group by edition, level, key, place
        order by level = 'theme', level in ('part', 'rubriek'), ranked(edition), edition,
        array_position(['total','scheme','part','rubriek','theme'], level), place""",
    )
    headings = [
        EDITION, FigureColumn("level", "text", 14), NAME, N, FigureColumn("mean", "percent", 14),
        FigureColumn("q1", "percent"), FigureColumn("median", "percent"), FigureColumn("q3", "percent"),
        FigureColumn("lowest", "percent"), FigureColumn("highest", "percent"),
        MEDIAN_SHOWN, FigureColumn("claimed_more", "points", 10),
    ]  # fmt: skip
    found: list[Sequence[Any]] = []
    dots: dict[int, tuple[float, ...]] = {}
    for edition, level, *rest, values in rows:
        row = [edition_label(edition), text(f"portfolio.level.{level}"), *rest]
        if choices.sample:
            ranks = median_ranks(len(values))
            row += [values[rank - 1] for rank in ranks] if ranks else [None, None]
        if len(values) <= MOST_DOTS:
            dots[len(found)] = tuple(values)
        found.append(row)
    if choices.sample:
        headings += [LOW, HIGH]
    section = section_of("distribution", headings, found)
    return replace(section, dots=dots)


def verdicts(db: Connection, choices: Choices) -> FigureTable:
    """How many organisations have which indication."""
    text = messages(choices.lang)
    counted = ", ".join(f"count(*) filter (verdict = '{code}')" for code in VERDICTS)
    rows = rows_of(
        db,
        f"select edition, any_value(name), count(*), {counted} from named "
        "where level = 'scheme' group by edition, key, place order by ranked(edition), edition, place",
    )
    found: list[Sequence[Any]] = []
    for edition, name, n, *counts in rows:
        for index, (code, count) in enumerate(zip(VERDICTS, counts, strict=True)):
            part = CountedPart(count, n, (*counts[:index], *counts[index + 1 :]))
            row = [edition_label(edition), name, text(f"choice.verdict.{code}"), n, part, part]
            found.append([*row, *(_interval(count, n) if choices.sample else ())])
    headings = [
        EDITION,
        FigureColumn("scheme", "text", 20),
        NAME,
        N,
        FigureColumn("count", "whole"),
        FigureColumn("share", "share"),
    ]
    return section_of("verdicts", [*headings, *((LOW, HIGH) if choices.sample else ())], found)


def _interval(count: int, n: int) -> tuple[float | None, float | None]:
    return wilson(count, n) or (None, None)


ANSWERS = (*STATUSES, "empty", "not_understood", "na_not_allowed")
"""Codes of what was said: every row of every file has one of them. The last two are no answer but
are not blank either: a word that is not on the list, n.v.t. where that is no choice."""

_PER_QUESTION = """select edition, requirement, any_value(rubriek_name) as rubriek, any_value(question) as question,
    count(*) as n, count(*) filter (answer <> 'na') as applicable, sum(coalesce(points, 0)) as points,
    sum(case when substantiated or not evidence_required then coalesce(points, 0) else 0 end) as substantiated,
    [{counts}] as counts, any_value(place) as place from asked group by edition, requirement"""


def _questions(db: Connection) -> list[tuple[Any, ...]]:
    counts = ", ".join(f"count(*) filter (said = '{code}')" for code in ANSWERS)
    sql = _PER_QUESTION.format(counts=counts)
    return rows_of(db, f"select * from ({sql}) order by ranked(edition), edition, place")


def _question_headings() -> tuple[FigureColumn, ...]:
    return (
        *QUESTION, N, FigureColumn("score", "percent"), FigureColumn("substantiated", "percent", 15),
        *(FigureColumn(f"answer_{code}", "share", 11) for code in ANSWERS),
    )  # fmt: skip


def questions(db: Connection) -> tuple[FigureTable, FigureTable, FigureTable]:
    """Every question; the weakest; the strongest."""
    plain, ranks = [], []
    for edition, row, rubriek, question, n, applicable, points, supported, counts, _ in _questions(
        db
    ):
        shares = (
            CountedPart(count, n, (*counts[:i], *counts[i + 1 :])) for i, count in enumerate(counts)
        )
        about = (edition_label(edition), row, rubriek, question, n)
        plain.append(
            (*about, CountedPart(points, applicable), CountedPart(supported, applicable), *shares)
        )
        # A question that is n.v.t. for most says little about the field.
        if applicable and 2 * applicable >= n:
            ranks.append((about[0], points / applicable, row, plain[-1]))
    by_edition: dict[str, list[tuple[float, str, tuple[Any, ...]]]] = {}
    for edition, *rank in ranks:
        by_edition.setdefault(edition, []).append((rank[0], rank[1], rank[2]))
    weak, strong = [], []
    for group in by_edition.values():
        weak += [r for *_, r in sorted(group, key=lambda one: (one[0], one[1]))[:TOP]]
        strong += [r for *_, r in sorted(group, key=lambda one: (-one[0], one[1]))[:TOP]]
    headings = _question_headings()
    return (
        section_of("questions", headings, plain),
        section_of("weakest", headings, weak, ranked="score"),
        section_of("strongest", headings, strong, ranked="-score"),
    )


def core(db: Connection, choices: Choices) -> FigureTable:
    """Core requirements that fail, most often failing first."""
    rows = rows_of(
        db,
        """select edition, requirement, any_value(rubriek_name), any_value(question), count(*) as n,
        count(*) filter (answer in ('no', 'partly')) as failed, count(*) filter (answer = 'yes'),
        count(*) filter (answer = 'no'), count(*) filter (answer = 'partly'),
        count(*) filter (answer in ('empty', 'check', 'unknown'))
        from asked where core and answer <> 'na' group by edition, requirement
        order by ranked(edition), edition, failed / n desc, requirement""",
    )
    found = []
    for edition, row, rubriek, question, n, failed, yes, no, partly, still in rows:
        more = _interval(failed, n) if choices.sample else ()
        about = (edition_label(edition), row, rubriek, question, n)
        shares = (
            CountedPart(no, n, (yes, partly, still)),
            CountedPart(partly, n, (yes, no, still)),
            CountedPart(still, n, (yes, no, partly)),
        )
        found.append((*about, CountedPart(failed, n, (yes, still)), *more, *shares))
    headings = (
        *QUESTION, N, FigureColumn("failed", "share", 12), *((LOW, HIGH) if choices.sample else ()),
        FigureColumn("answer_no", "share"), FigureColumn("answer_partly", "share"), FigureColumn("answer_open", "share"),
    )  # fmt: skip
    return section_of("core", headings, found, ranked="-failed")


def gaps(db: Connection, choices: Choices) -> tuple[FigureTable, FigureTable]:
    """How common every kind of gap is, and the questions with most gaps."""
    return _gap_kinds(db, choices), _common_gaps(db, choices)


def _gap_kinds(db: Connection, choices: Choices) -> FigureTable:
    text = messages(choices.lang)
    kinds = rows_of(
        db,
        """select edition, gap, (select count(distinct file_id) from asked o where o.edition = a.edition),
        count(*), count(distinct file_id) from asked a where gap is not null group by edition, gap
        order by ranked(edition), edition, array_position(?, gap)""",
        [list(GAP_KINDS)],
    )
    found = [
        (
            edition_label(e),
            text(f"choice.gap.{gap}"),
            n,
            CountedPart(count, n, by=files),
            CountedPart(files, n),
        )
        for e, gap, n, count, files in kinds
    ]
    headings = (
        EDITION,
        NAME,
        N,
        FigureColumn("per_organisation", "plain", 16),
        FigureColumn("with_one", "share", 16),
    )
    return section_of("gap_kinds", headings, found)


def _common_gaps(db: Connection, choices: Choices) -> FigureTable:
    text = messages(choices.lang)
    rows = rows_of(
        db,
        """select * from (select edition, requirement, any_value(rubriek_name), any_value(question), count(*) as n,
        count(*) filter (gap is not null and gap <> 'unanswered') as found,
        mode(gap order by gap) filter (gap <> 'unanswered'), count(*) filter (priority = 'high'),
        row_number() over (partition by edition order by found / n desc, requirement) as rank
        from asked group by edition, requirement) where rank <= ? and found > 0
        order by ranked(edition), edition, rank""",
        [TOP],
    )
    common = []
    for edition, row, rubriek, question, n, count, kind, urgent, _ in rows:
        part = CountedPart(count, n)
        told = not choices.anonymous or disclosure(part, choices.k) == "shown"
        usual = text(f"choice.gap.{kind}") if kind and told else ""
        about = (edition_label(edition), row, rubriek, question, n)
        common.append((*about, part, usual, CountedPart(urgent, n)))
    more = (
        N, FigureColumn("gap_share", "share", 14), FigureColumn("gap_kind", "text", 20),
        FigureColumn("urgent", "share", 14),
    )  # fmt: skip
    return section_of("common_gaps", (*QUESTION, *more), common, ranked="-gap_share")


def evidence(db: Connection, choices: Choices) -> FigureTable:
    """The evidence that is named: examples of the norm, counted per question."""
    rows = rows_of(
        db,
        """select edition, requirement, rubriek_name, kind, n, count from (
        select edition, requirement, any_value(rubriek_name) as rubriek_name, evidence_kind as kind,
        sum(count(*)) over (partition by edition, requirement) as n, count(*) as count, any_value(place) as place,
        row_number() over (partition by edition, requirement order by count(*) desc, evidence_kind) as rank
        from asked where evidence_kind is not null group by edition, requirement, evidence_kind)
        where rank <= 3 order by ranked(edition), edition, place, rank""",
    )
    examples = _examples(db, choices.lang)
    found = [
        (
            edition_label(e),
            row,
            rubriek,
            _example(kind, examples.get((e, row, kind)), choices.lang),
            int(n),
            count,
            CountedPart(count, int(n)),
        )
        for e, row, rubriek, kind, n, count in rows
    ]
    headings = (
        *QUESTION[:3],
        FigureColumn("name", "text", 50),
        N,
        FigureColumn("count", "whole"),
        FigureColumn("share", "share"),
    )
    return section_of("evidence", headings, found, private=True)


def _examples(db: Connection, lang: Lang) -> dict[tuple[str, str, str], str]:
    """Examples of evidence in a language, by edition, question and what they are in Dutch."""
    rows = rows_of(db, "select edition, requirement, evidence_nl, evidence_en from requirements")
    return {
        (edition, requirement, kind): shown
        for edition, requirement, dutch, english in rows
        if dutch is not None
        for kind, shown in zip(
            dutch.split("\n"), (dutch if lang == "nl" else english).split("\n"), strict=True
        )
    }


def _example(kind: str, shown: str | None, lang: Lang) -> str:
    """An example of evidence; the tables of an earlier release have it in Dutch only."""
    if kind == "other":
        return messages(lang)("portfolio.other_evidence")
    return shown or (kind if lang == "nl" else say(lang, "portfolio.in_dutch", text=kind))


def words(db: Connection) -> FigureTable:
    """The evidence in the words of the respondents; only when texts were asked for."""
    rows = rows_of(
        db,
        """select a.edition, a.requirement, a.rubriek_name, t.text, count(distinct a.organisation_id) as n
        from texts t join asked a using (file_id, requirement) where t.field = 'evidence'
        group by all order by n desc, a.edition, a.requirement, t.text limit 500""",
    )
    headings = (*QUESTION[:3], FigureColumn("name", "text", 60), N)
    found = [(edition_label(r[0]), *r[1:]) for r in rows]
    return section_of("evidence_words", headings, found, private=True)
