"""``hkz merge``: the files of several colleagues or locations to one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.new_names import new_name
from hkz_xlsx.cli.options import (
    force_option,
    message_lang_option,
    new_workbook_option,
    norms_option,
    same_client_option,
)
from hkz_xlsx.cli.output import check_new_workbook, show_problems, show_written
from hkz_xlsx.cli.passwords import password_options
from hkz_xlsx.machine.garbage import uncollected
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hkz_xlsx.layout.plan import WorkbookPlan
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.problems import Problem
    from hkz_xlsx.returned.submission import Submission
    from hkz_xlsx.rework.decisions import Decided
    from hkz_xlsx.rework.merge import Merged, Rule


def _read_all(files: tuple[Path, ...], library: Library) -> list[Submission]:
    """Every file read; the problems of every file that cannot be, in one go."""
    from dataclasses import replace

    from hkz_xlsx.problems import HkzError, Where, problem
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.rework.decisions import told_apart

    found: list[Submission] = []
    wrong: list[Problem] = []
    names = told_apart(files)
    for index, path in enumerate(files):
        if path.resolve() in {other.resolve() for other in files[:index]}:
            wrong.append(problem("MERGE_SAME_FILE", Where(str(path))))
            continue
        try:
            one = read_workbook(path, library, complete=True)
        except HkzError as fault:
            wrong += fault.problems
            continue
        # Colleagues return files of one name in folders of their own: then the folder tells.
        found.append(replace(one, file=names[index]))
    if wrong:
        raise HkzError(*wrong)
    return found


def _in(output: Path, result: Merged) -> list[Problem]:
    """Problems of the new workbook, which has a name now."""
    from dataclasses import replace

    return [
        replace(one, where=replace(one.where, file=output.name))
        for one in result.problems
        if one.where is not None
    ]


def _decided(
    path: Path,
    files: Sequence[Path],
    submissions: list[Submission],
    plan: WorkbookPlan,
    lang: Lang,
) -> Decided | None:
    """What people chose in the list; None when it had yet to be written for them.

    Args:
        path: the list.
        files: those that are merged, as they were named.
        submissions: what was read of them.
        plan: of the merged workbook.
        lang: of messages.
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.rework.decisions import decision_list, read_decisions
    from hkz_xlsx.rework.merge import differences, to_settle

    found = differences(submissions, plan)
    names = [one.file for one in submissions]
    if path.exists():
        twice = [path.name for path in files]
        earlier = [str(one) if twice.count(one.name) > 1 else one.name for one in files]
        return read_decisions(path, found, names, earlier)
    check_new_workbook(path, (), force=False)  # not there yet: no file that is read
    write_file(path, decision_list(found, names, plan.lang))
    show_written(path, lang)
    choose = say(plan.lang, "merge.column.choose")
    click.echo(say(lang, "merge.list", count=len(to_settle(found)), choose=choose), err=True)
    return None


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@new_workbook_option
@click.option(
    "--rule", type=click.Choice(["lowest", "latest", "first", "ask-file"]),
    help="What is taken where files differ: the answer that scores least (what is done by "
    "default); the file with the latest reference date; the file named first; or what people "
    "choose in a list. Parts that `hkz split` made are refused where they differ, unless a rule is "
    "named.",
)  # fmt: skip
@click.option(
    "--decisions", type=click.Path(path_type=Path, dir_okay=False),
    help="With --rule ask-file: the list to choose in (.xlsx). Written when it is not there yet, "
    "read when it is.",
)  # fmt: skip
@same_client_option
@message_lang_option
@password_options
@norms_option
@force_option
@uncollected()
def merge(
    files: tuple[Path, ...], output: Path | None, rule: str | None, decisions: Path | None,
    same_client: bool, lang: Lang | None, norms_dir: Path | None, force: bool,
) -> None:  # fmt: skip
    """Put the workbooks of several colleagues or locations together, with a log of differences.

    A folder stands for the workbooks in it. Parts that `hkz split` made become the whole workbook
    again.

    \b
    Example:
      hkz merge noord.xlsx zuid.xlsx -o samen.xlsx
      hkz merge map-met-delen -o werkboek.xlsx
      hkz merge noord.xlsx zuid.xlsx -o samen.xlsx --rule ask-file --decisions besluiten.xlsx
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import has_errors
    from hkz_xlsx.rework.merge import merged
    from hkz_xlsx.rework.merge_plan import merge_plan, whose
    from hkz_xlsx.writing.workbook import write_workbook

    files = _inside(files)
    _check_usage(files, rule, decisions, lang or "nl")
    output = output or new_name(say(lang or "nl", "cli.name.merged"), ".xlsx")
    check_new_workbook(output, [*files, *([decisions] if decisions else [])], force=force)
    library = load_library(norms_dir)
    submissions = _read_all(files, library)
    plan = merge_plan(submissions, library, same_client=same_client)
    lang = lang or plan.lang
    decided = None
    if decisions is not None:
        decided = _decided(decisions, files, submissions, plan, lang)
        if decided is None:
            return
    used = _rule(rule, submissions)
    chosen = decided.chosen if decided else None
    result = merged(submissions, plan, used, chosen, same_client=same_client)
    fresh = result.fresh
    write_file(output, write_workbook(fresh.plan, fresh.inputs, notes=fresh.notes), force=force)
    problems = [
        *(p for s in submissions for p in s.problems),
        *(decided.problems if decided else ()),
        *_in(output, result),
        *whose(submissions, same_client=same_client),
    ]
    _show(problems, output, lang)
    _show_done(result, used, len(files), lang)
    if has_errors(problems):
        click.get_current_context().exit(1)


def _check_usage(
    files: tuple[Path, ...], rule: str | None, decisions: Path | None, lang: Lang
) -> None:
    if len(files) < 2:  # noqa: PLR2004 - one file is no merge
        raise click.UsageError(say(lang, "merge.two"))
    if (rule == "ask-file") != (decisions is not None):
        raise click.UsageError(say(lang, "merge.ask"))


def _show(problems: Sequence[Problem], output: Path, lang: Lang) -> None:
    show_problems(problems, lang)
    show_written(output, lang)


def _inside(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files named, and for a folder the workbooks in it, in order of name."""
    from hkz_xlsx.spreadsheet.sources import workbooks_in

    return tuple(
        file for path in paths for file in (workbooks_in(path) if path.is_dir() else (path,))
    )


def _rule(named: str | None, submissions: list[Submission]) -> Rule | None:
    """The rule that was named; parts of a workbook have none of their own."""
    from hkz_xlsx.rework.merge import RULES

    if named is None:
        return None if any(one.identity.subset for one in submissions) else "lowest"
    return next(one for one in RULES if one == named)


def _show_done(result: Merged, rule: Rule | None, files: int, lang: Lang) -> None:
    """How many files became one, and where differences stand."""
    if rule is None:
        rows = len(result.fresh.plan.model.table("requirements").rows)
        click.echo(say(lang, "split.whole", files=files, rows=rows), err=True)
        return
    slots = {
        "rule": say(lang, f"merge.rule.{'ask' if rule == 'ask-file' else rule}"),
        "sheet": say(result.fresh.plan.lang, "sheet.decisions.tab"),
        "differences": len(result.differences),
    }
    click.echo(say(lang, "merge.done", files=files, **slots), err=True)
