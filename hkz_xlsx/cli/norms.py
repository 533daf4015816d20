"""``hkz norms``: what there is to choose from, and whether norm files are right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.authors import from_xlsx, new_norm, to_xlsx
from hkz_xlsx.cli.choose import choose
from hkz_xlsx.cli.options import lang_option, norms_option
from hkz_xlsx.cli.output import show_problems, show_table
from hkz_xlsx.text import Lang, messages, say

if TYPE_CHECKING:
    from hkz_xlsx.norm.model import NormPart


@click.group()
def norms() -> None:
    """Show and check the norms that workbooks can be made for."""


norms.add_command(choose)
norms.add_command(new_norm)
norms.add_command(to_xlsx)
norms.add_command(from_xlsx)


def _list_all(lang: Lang, norms_dir: Path | None) -> None:
    """Every entry of the catalogue, also those without questions of ours."""
    from hkz_xlsx.norm.catalogue import CATALOGUE_FILE, load_catalogue
    from hkz_xlsx.norm.load import load_library

    text = messages(lang)
    known = {part.id for part in load_library(norms_dir).newest()}
    # A folder of one's own need not repeat the catalogue of all norms.
    own = norms_dir if norms_dir and (norms_dir / CATALOGUE_FILE).exists() else None
    for entry in load_catalogue(own):
        click.echo(f"{entry.number or '–'}  {entry.name.get(lang)}  [{entry.id}]")
        facts = {
            "editions": ", ".join(entry.editions) or "–",
            "structure": entry.structure.get(lang),
            "accreditation": entry.accreditation.get(lang),
            "assessment": entry.assessment.get(lang),
            "cpv": entry.cpv.get(lang),
        }
        for key, value in facts.items():
            click.echo(f"   {text(f'cli.norms.{key}')}: {value}")
        have = [part for part in entry.parts if part in known]
        questions = " ".join(have) if have else text("choose.none")
        click.echo(f"   {text('cli.norms.questions')}: {questions}")


@norms.command("list")
@click.option("--all", "everything", is_flag=True, help="Also norms without questions of ours.")
@lang_option
@norms_option
def list_norms(everything: bool, lang: Lang, norms_dir: Path | None) -> None:
    """List the norm parts with content, or with --all the whole catalogue.

    \b
    Example:
      hkz norms list --all
    """
    from hkz_xlsx.norm.load import load_library

    if everything:
        _list_all(lang, norms_dir)
        return
    text = messages(lang)
    keys = ("id", "number", "edition", "revision", "rows", "together", "name")
    rows = [tuple(text(f"cli.norms.{key}") for key in keys)]
    rows += [
        (
            part.id,
            part.number,
            part.edition.edition,
            f"{part.edition.revision} ({text(f'cli.norms.{part.status}')})",
            str(sum(1 for _ in part.requirements())),
            ", ".join(part.together_with) or "–",
            part.short_name.get(lang),
        )
        for part in load_library(norms_dir).newest()
    ]
    show_table(rows)


@norms.command()
@click.argument("part_id", metavar="ID")
@lang_option
@norms_option
def show(part_id: str, lang: Lang, norms_dir: Path | None) -> None:
    """Show one norm part: scope, rubrieken, topics, ownership.

    \b
    Example:
      hkz norms show 138
    """
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.problems import HkzError, problem

    library = load_library(norms_dir)
    part = library.part(part_id)
    if part is None:
        choices = ", ".join(p.id for p in library.newest())
        raise HkzError(problem("NORM_UNKNOWN", None, norm=part_id, choices=choices))
    _show_part(part, lang)


def _show_part(part: NormPart, lang: Lang) -> None:
    text = messages(lang)
    rows = [row for _, _, row in part.requirements()]
    facts = {
        "structure": text(f"cli.structure.{part.structure}"),
        "edition": part.edition.edition,
        "revision": f"{part.edition.revision} ({text(f'cli.norms.{part.status}')})",
        "scope": part.scope.get(lang),
        "together": ", ".join(part.together_with) or "–",
        "rows": str(len(rows)),
        "core": str(sum(row.core for row in rows)),
        "notice": part.notice.get(lang),
    }
    click.echo(f"{part.number}  {part.name.get(lang)}")
    for key, value in facts.items():
        click.echo(f"{text(f'cli.norms.{key}')}: {value}")
    for rubriek in part.rubrieken:
        count = sum(len(topic.requirements) for topic in rubriek.topics)
        click.echo(f"\n{rubriek.number}. {rubriek.title.get(lang)} ({count})")
        for topic in rubriek.topics:
            ids = ", ".join(row.id for row in topic.requirements)
            click.echo(f"   {topic.title.get(lang)}  [{ids}]")


@norms.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--lock", is_flag=True, help="Record the fingerprints of released revisions.")
@click.option("--force", is_flag=True, help="With --lock: also record released ones that changed.")
@lang_option
def check(folder: Path | None, lock: bool, force: bool, lang: Lang) -> None:
    """Check norm files: every mistake with file and line, all at once.

    With --lock new released revisions are recorded; one that changed is refused.

    \b
    Example:
      hkz norms check norms/
    """
    from hkz_xlsx.norm.content import check_content
    from hkz_xlsx.norm.files import norms_folder
    from hkz_xlsx.norm.load import read_library
    from hkz_xlsx.norm.lock import LOCK_FILE, check_lock, lock_text
    from hkz_xlsx.problems import HkzError, has_errors
    from hkz_xlsx.workbook.atomic import write_file

    root = folder or norms_folder()
    library, problems = read_library(root)
    changed = [p for p in check_lock(library, root) if p.code == "NORM_LOCK_CHANGED"]
    if lock and changed and not force:
        raise HkzError(*problems, *changed)
    if lock and not has_errors(problems):
        path = root / LOCK_FILE
        write_file(path, lock_text(library).encode("utf-8"), force=True)
        click.echo(say(lang, "cli.norms.locked", path=path), err=True)
    found = (*problems, *check_content(library.newest()), *check_lock(library, root))
    if has_errors(found):
        raise HkzError(*found)
    show_problems(found, lang)
    rows = sum(1 for part in library.parts for _ in part.requirements())
    click.echo(say(lang, "cli.norms.fine", parts=len(library.parts), rows=rows))
