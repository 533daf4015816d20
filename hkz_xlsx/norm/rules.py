"""One duty, one rule: rows against their duty, clauses of ISO 9001 and the public scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hkz_xlsx.norm.model import Duty, DutyRule, NormPart, Requirement, Shared
from hkz_xlsx.norm.yaml_nodes import YamlDocument
from hkz_xlsx.problems import Problem, Where, problem

MOST_CLAUSES = 3
"""Related clauses of one row: a longer list says nothing."""

_FIXED = ("core", "weight", "na_allowed", "evidence_rule")
_DAY = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?")


def check_rules(shared: Shared, files: Mapping[str, YamlDocument]) -> Iterator[Problem]:
    """Duties, clauses and words themselves, with the place in their files."""
    for index, duty in enumerate(shared.duties.values()):
        where = files["duties"].where("duties", index)
        for rule in (duty.rule, *duty.exceptions):
            yield from _unknown(where, "law", rule.laws or (), shared.laws)
            if "iso9001" in files:
                yield from _unknown(where, "ISO 9001", rule.iso9001 or (), shared.clauses)
        for one in duty.exceptions:
            if bool(one.row) == bool(one.part):
                value = f"{duty.id}: row '{one.row}', part '{one.part}'"
                yield problem("NORM_REFERENCE_UNKNOWN", where, kind="row / part", value=value)
    for index, word in enumerate(shared.words):
        try:
            re.compile(word.avoid)
        except re.error as fault:
            where = files["words"].where("words", index, "avoid")
            yield problem(
                "NORM_VALUE_WRONG", where, path="avoid", value=word.avoid, detail=str(fault)
            )


def check_days(shared: Shared, laws: YamlDocument) -> Iterator[Problem]:
    """Days of announced changes: a day or nothing, and a certain change has one."""
    for index, law in enumerate(shared.laws.values()):
        for at, change in enumerate(law.known_change_after):
            if not _DAY.fullmatch(change.on) or (change.certain and not change.on):
                where = laws.where("laws", index, "known_change_after", at)
                yield problem(
                    "NORM_VALUE_WRONG", where, path="on", value=change.on, detail="YYYY-MM-DD"
                )


def check_row_rules(
    part: NormPart, row: Requirement, where: Where, shared: Shared
) -> Iterator[Problem]:
    """A row against its duty, and its clauses against the table of clauses.

    Args:
        part: the norm part, for exceptions to a duty.
        row: the question.
        where: its file and line.
        shared: duties and clauses of the same revision; without clauses they are not checked.
    """
    if row.duty and row.duty not in shared.duties:
        yield problem("NORM_REFERENCE_UNKNOWN", where, kind="duty", value=row.duty)
    elif row.duty:
        yield from _against_duty(row, rule_for(shared.duties[row.duty], part.id, row.id), where)
    if not shared.clauses:
        return
    if len(row.iso9001) > MOST_CLAUSES:
        count = len(row.iso9001)
        yield problem("NORM_CLAUSES_MANY", where, id=row.id, count=count, limit=MOST_CLAUSES)
    for value in row.iso9001:
        if value not in shared.clauses:
            choices = _near(value, shared)
            yield problem("NORM_CLAUSE", where, id=row.id, value=value, choices=choices)


def rule_for(duty: Duty, part: str, row: str) -> DutyRule:
    """The rule of a duty for one row: an exception for the row, else one for its part.

    Args:
        duty: the legal duty, with its exceptions.
        part: id of the norm part.
        row: id of the question.

    Returns:
        the first value given for each property: by the row's exception, the part's, the duty.
    """
    fits = [one for one in duty.exceptions if one.row == row]
    fits += [one for one in duty.exceptions if one.part == part]
    values = {}
    for name in (*_FIXED, "funding", "laws", "iso9001"):
        found = [getattr(one, name) for one in (*fits, duty.rule)]
        values[name] = next((value for value in found if value is not None), None)
    return DutyRule(**values)


def _against_duty(row: Requirement, rule: DutyRule, where: Where) -> Iterator[Problem]:
    for name in _FIXED:
        value, wanted = getattr(row, name), getattr(rule, name)
        if wanted is not None and value != wanted:
            yield _differs(row, where, name, _plain(value), _plain(wanted))
    funding = row.when.funding if row.when else ()
    if rule.funding is not None and set(funding) != set(rule.funding):
        wanted = ", ".join(rule.funding) or "–"
        yield _differs(row, where, "when.funding", ", ".join(funding) or "–", wanted)
    for name in ("laws", "iso9001"):
        values = getattr(row, name)
        missing = [one for one in getattr(rule, name) or () if one not in values]
        if missing:
            yield _differs(row, where, name, ", ".join(values) or "–", ", ".join(missing))


def _differs(row: Requirement, where: Where, name: str, value: str, wanted: str) -> Problem:
    slots = {"id": row.id, "field": name, "value": value, "duty": row.duty, "wanted": wanted}
    return problem("NORM_DUTY", where, **slots)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _near(value: str, shared: Shared) -> str:
    """Clauses below the one that was named, or above it."""
    below = [one for one in shared.clauses if one.startswith(f"{value}.")]
    above = [one for one in shared.clauses if value.startswith(f"{one}.")]
    first = value.split(".")[0]
    same = [one for one in shared.clauses if one.split(".")[0] == first]
    return ", ".join(below or above or same) or "–"


def check_public(part: NormPart, head: YamlDocument, shared: Shared) -> Iterator[Problem]:
    """Every phrase of the scope is asked somewhere, and what it names is there.

    Args:
        part: the norm part; without a ``public`` block there is nothing to check.
        head: its ``norm.yaml``, for file and line.
        shared: the sources that may be named.
    """
    if part.public is None:
        return
    yield from _unknown(head.where("public", "sources"), "source", part.public.sources,
                        shared.sources)  # fmt: skip
    rows = {row.id for _, _, row in part.requirements()}
    asked = {a for _, _, row in part.requirements() if row.when for a in row.when.activities}
    seen: set[str] = set()
    for index, one in enumerate(part.public.covers):
        where = head.where("public", "covers", index)
        if one.id in seen:
            yield problem("NORM_ID_TWICE", where, id=one.id)
        seen.add(one.id)
        if not one.rows and not one.activities:
            yield problem("NORM_SCOPE_EMPTY", where, id=one.id, text=one.text.nl)
        yield from _unknown(where, f"requirement ({part.id})", one.rows, rows)
        yield from _unknown(where, f"activity ({part.id})", one.activities, asked)


def _unknown(where: Where, kind: str, values: tuple[str, ...], known: object) -> Iterator[Problem]:
    for value in values:
        if value not in known:  # type: ignore[operator]  # a set or a mapping
            yield problem("NORM_REFERENCE_UNKNOWN", where, kind=kind, value=value)
