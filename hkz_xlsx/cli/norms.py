"""``hkz norms``: what there is to choose from, and whether norm files are right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.authors import from_xlsx, new_norm, to_xlsx
from hkz_xlsx.cli.choose import choose
from hkz_xlsx.cli.commands import WholeLines
from hkz_xlsx.cli.laws import laws
from hkz_xlsx.cli.norms_diff import crosswalk, diff
from hkz_xlsx.cli.options import lang_option, norms_option
from hkz_xlsx.cli.output import show_problems, show_table, wrong_use
from hkz_xlsx.cli.own_text import own_text
from hkz_xlsx.text import Lang, messages, say

if TYPE_CHECKING:
    from hkz_xlsx.norm.asked import Asked
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.norm.model import NormPart, Public
    from hkz_xlsx.problems import Problem


@click.group(cls=WholeLines)
def norms() -> None:
    """Show and check the norms that workbooks can be made for."""


norms.add_command(choose)
norms.add_command(laws)
norms.add_command(diff)
norms.add_command(crosswalk)
norms.add_command(new_norm)
norms.add_command(to_xlsx)
norms.add_command(from_xlsx)
norms.add_command(own_text)


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
@click.argument("chosen", nargs=-1, metavar="[NORM]...")
@click.option("--all", "everything", is_flag=True, help="Also norms without questions of ours.")
@lang_option
@norms_option
def list_norms(
    chosen: tuple[str, ...], everything: bool, lang: Lang, norms_dir: Path | None
) -> None:
    """List the norm parts with content, or with --all the whole catalogue.

    Of each part the newest released question set, and every draft: a draft is used only when
    it is asked for as it stands here. With NORM only what fits it, such as 138 or 138@2015.

    \b
    Example:
      hkz norms list --all
    """
    from hkz_xlsx.norm.asked import Asked
    from hkz_xlsx.norm.load import load_library

    if everything:
        if chosen:
            raise wrong_use("list_all")
        _list_all(lang, norms_dir)
        return
    library = load_library(norms_dir)
    if chosen:
        parts = _fitting(library, [Asked.parse(text) for text in chosen])
    else:
        found = (*library.newest(), *library.drafts())
        parts = tuple(sorted(found, key=lambda part: part.id))
    text = messages(lang)
    keys = ("ask", "number", "revision", "rows", "together", "name")
    rows = [tuple(text(f"cli.norms.{key}") for key in keys)]
    rows += [
        (
            str(part.edition),
            part.number,
            text(f"cli.norms.{part.status}"),
            str(sum(1 for _ in part.requirements())),
            ", ".join(part.together_with) or "–",
            part.short_name.get(lang),
        )
        for part in parts
    ]
    show_table(rows)


def _fitting(library: Library, asked: Sequence[Asked]) -> tuple[NormPart, ...]:
    """Every revision that fits what was asked; `HkzError` when there is none of one of them."""
    from hkz_xlsx.norm.asked import part_asked

    found: dict[str, NormPart] = {}
    for one in asked:
        fitting = [r for r in library.revisions(one.part) if one.fits(r)]
        if not fitting:
            part_asked(library, one)  # tells what there is
        parts = (library.part(r.part, r.edition, r.revision) for r in fitting)
        found |= {str(part.edition): part for part in parts if part is not None}
    return tuple(found.values())


@norms.command()
@click.argument("norm", metavar="NORM")
@lang_option
@norms_option
def show(norm: str, lang: Lang, norms_dir: Path | None) -> None:
    """Show one norm part: scope, rubrieken, topics, ownership.

    \b
    Example:
      hkz norms show 138
      hkz norms show 138@2015/r1
    """
    from hkz_xlsx.norm.asked import Asked, part_asked
    from hkz_xlsx.norm.load import load_library

    _show_part(part_asked(load_library(norms_dir), Asked.parse(norm)), lang)


def _show_part(part: NormPart, lang: Lang) -> None:
    text = messages(lang)
    rows = [row for _, _, row in part.requirements()]
    facts = {
        "structure": text(f"cli.structure.{part.structure}"),
        "edition": part.edition.edition,
        "revision": f"{part.edition.revision} ({text(f'cli.norms.{part.status}')})",
        "ask": str(part.edition),
        "scope": part.scope.get(lang),
        "together": ", ".join(part.together_with) or "–",
        "rows": str(len(rows)),
        "core": str(sum(row.core for row in rows)),
        "notice": part.notice.get(lang),
    }
    click.echo(f"{part.number}  {part.name.get(lang)}")
    for key, value in facts.items():
        click.echo(f"{text(f'cli.norms.{key}')}: {value}")
    if part.public is not None:
        _show_public(part.public, lang)
    for rubriek in part.rubrieken:
        count = sum(len(topic.requirements) for topic in rubriek.topics)
        click.echo(f"\n{rubriek.number}. {rubriek.title.get(lang)} ({count})")
        for topic in rubriek.topics:
            ids = ", ".join(row.id for row in topic.requirements)
            click.echo(f"   {topic.title.get(lang)}  [{ids}]")


def _show_public(public: Public, lang: Lang) -> None:
    """What the public pages say: one line a fact, the scope and what is left out as lists."""
    text = messages(lang)
    click.echo(f"\n{text('cli.public.heading')}")
    for key in _FACTS:
        said = getattr(public, key)
        if said is not None:
            click.echo(f"   {text(f'cli.public.{key}')}: {said.get(lang)}")
    if public.covers:
        click.echo(f"   {text('cli.public.covers')}:")
    for one in public.covers:
        asked = ", ".join(
            (*one.rows, *(text(f"scope.activities_names.{a}") for a in one.activities))
        )
        click.echo(f"     - {one.text.get(lang)}  [{asked}]")
    if public.excludes:
        click.echo(f"   {text('cli.public.excludes')}:")
    for left in public.excludes:
        note = f"[{left.note}] " if left.note else ""
        click.echo(f"     - {note}{left.text.get(lang)}")
    for said in public.notes:
        click.echo(f"   {text('cli.public.note')}: {said.get(lang)}")


_FACTS = (
    "version", "together", "accreditation", "client_safety", "nta8224", "register", "ordering",
    "size", "iso_next",
)  # fmt: skip


def _lock(library: Library, root: Path, lang: Lang) -> None:
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.lock import LOCK_FILE, lock_text

    path = root / LOCK_FILE
    write_file(path, lock_text(library).encode("utf-8"), force=True)
    click.echo(say(lang, "cli.norms.locked", path=path), err=True)


@norms.command()
@click.argument("names", nargs=-1, metavar="[FOLDER] [NORM]...")
@click.option("--lock", is_flag=True, help="Record the fingerprints of released revisions.")
@click.option("--force", is_flag=True, help="With --lock: also record released ones that changed.")
@lang_option
def check(names: tuple[str, ...], lock: bool, force: bool, lang: Lang) -> None:
    """Check norm files: every mistake with file and line, all at once.

    Drafts are checked as they would stand among the released ones. With NORM, such as
    138@2015/r2, only what is wrong in that question set and in what it rests on is told.
    With --lock new released revisions are recorded, never drafts; one that changed is refused.

    \b
    Example:
      hkz norms check norms/
      hkz norms check norms/ 138@2015/r2
    """
    from hkz_xlsx.norm.asked import Asked
    from hkz_xlsx.norm.content import check_content, check_drafts
    from hkz_xlsx.norm.files import norms_folder
    from hkz_xlsx.norm.load import read_library
    from hkz_xlsx.norm.lock import check_lock
    from hkz_xlsx.norm.migrations import check_migrations
    from hkz_xlsx.norm.wording import check_wordings
    from hkz_xlsx.problems import HkzError, has_errors

    folders = [name for name in names if "@" not in name or Path(name).is_dir()]
    chosen = [Asked.parse(name) for name in names if name not in folders]
    if len(folders) > 1 or (chosen and lock):
        raise wrong_use("one_norms_folder")
    root = Path(folders[0]) if folders else norms_folder()
    library, problems = read_library(root)
    changed = [p for p in check_lock(library, root) if p.code == "NORM_LOCK_CHANGED"]
    if lock and changed and not force:
        raise HkzError(*problems, *changed)
    written = tuple(check_content(library.newest()))
    if lock and not has_errors((*problems, *written)):
        _lock(library, root, lang)
    texts = (
        *written, *check_drafts(library), *check_wordings(library),
        *check_migrations(library, root),
    )  # fmt: skip
    found: tuple[Problem, ...] = (*problems, *texts, *check_lock(library, root))
    parts = library.parts
    if chosen:
        parts = _fitting(library, chosen)
        own = _folders(library, chosen)
        found = tuple(p for p in found if f"{p.slots.get('folder', p.where.file)}/".startswith(own))
    if has_errors(found):
        raise HkzError(*found)
    show_problems(found, lang)
    rows = sum(1 for part in parts for _ in part.requirements())
    click.echo(say(lang, "cli.norms.fine", parts=len(parts), rows=rows))


def _folders(library: Library, asked: Sequence[Asked]) -> tuple[str, ...]:
    """Where the files of these question sets stand, and of what they rest on, as in messages."""
    from hkz_xlsx.norm.files import MIGRATIONS, SHARED, STEPS, folder_name

    found = []
    for one in (r for wanted in asked for r in library.revisions(wanted.part) if wanted.fits(r)):
        found.append(f"{one.part}/{folder_name(one.edition)}/{one.revision}/")
        part = library.part(one.part, one.edition, one.revision)
        # What cannot be read does not say what it rests on.
        shared = library.shared_of[part.edition] if part else one.revision
        found += [
            f"{SHARED}/{shared}/", f"{STEPS}/{one.revision}/", f"{MIGRATIONS}/{one.part}/",
        ]  # fmt: skip
    return tuple(found)
