"""``hkz norms from-xlsx LIST --as ID``: a list of one's own becomes a set that commands find."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from hkz_xlsx.cli.output import show_problems, show_written, wrong_use
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hkz_xlsx.norm.authoring import Placed
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.norm.model import NormPart
    from hkz_xlsx.problems import Problem
    from hkz_xlsx.rework.own_list import ListDefaults
    from hkz_xlsx.spreadsheet.rows import Pick


class OwnSet(NamedTuple):
    """What a list becomes: id, name and edition of the set, and the headers that were named."""

    part: str
    name: str
    edition: str
    columns: Mapping[str, str]


def columns_named(texts: tuple[str, ...]) -> dict[str, str]:
    """``question=Vraag`` as key and header.

    Raises:
        UsageError: another form, or a key that no list has.
    """
    from hkz_xlsx.rework.own_list import KEYS

    found = {}
    for text in texts:
        key, sign, header = (part.strip() for part in text.partition("="))
        if key not in KEYS or not sign or not header:
            raise wrong_use("own_column", value=text, choices=", ".join(KEYS))
        found[key] = header
    return found


def keep_list(file: Path, own: OwnSet, pick: Pick, lang: Lang) -> None:
    """Write a list as the next revision of a set of one's own; the same list changes nothing.

    Args:
        file: the list; it is only read.
        own: what it becomes.
        pick: what to read of it.
        lang: of messages.

    Raises:
        HkzError: the list cannot be a set; every mistake with its cell.
    """
    from hkz_xlsx.norm.authoring import check_rows, rubriek_yaml
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.own import head_text, own_norms, set_folder
    from hkz_xlsx.problems import HkzError, has_errors
    from hkz_xlsx.rework.own_list import completed, read_list

    library = load_library()
    before = _before(library, own)
    review = read_list(file, own.columns, pick)
    rows, titles = completed(review.rows, _defaults(library, own))
    problems = (*review.problems, *check_rows(rows), *_in_use(library, own, rows))
    if has_errors(problems):
        raise HkzError(*problems)
    show_problems(problems, lang)
    texts = rubriek_yaml(rows)

    def files(number: int) -> dict[Path, str]:
        folder = own_norms() / set_folder(own.part, own.edition, f"r{number}")
        head = head_text(own.part, own.name, own.edition, f"r{number}", titles)
        names = {f"rubrieken/rubriek-{n.lower()}.yaml": text for n, text in texts.items()}
        return {folder / name: text for name, text in {"norm.yaml": head, **names}.items()}

    last = int(before.edition.revision.removeprefix("r")) if before else 0
    if before and _stands(files(last)):
        click.echo(say(lang, "own_list.same", asked=before.edition), err=True)
        return
    _write(own_norms(), files(last + 1), lang)
    slots = {"asked": f"{own.part}@{own.edition}/r{last + 1}", "norm": own.part, "rows": len(rows)}
    key, was = ("revised", before.edition) if before else ("done", "")
    click.echo(say(lang, f"own_list.{key}", was=was, **slots), err=True)


def _stands(files: Mapping[Path, str]) -> bool:
    """Whether these very files are there, and no other beside them."""
    folders = {path.parent for path in files}
    there = {path for folder in folders for path in folder.glob("*.yaml")}
    return there == set(files) and all(p.read_text("utf-8") == t for p, t in files.items())


def _write(root: Path, files: Mapping[Path, str], lang: Lang) -> None:
    """The files of a new revision, and the record of what is released."""
    from hkz_xlsx.machine.atomic import make_folder, write_file
    from hkz_xlsx.norm.load import read_library
    from hkz_xlsx.norm.lock import LOCK_FILE, lock_text
    from hkz_xlsx.problems import HkzError, has_errors

    for path in sorted(files, key=lambda path: path.name == "norm.yaml"):
        # The head comes last: a run that was cut off leaves nothing that passes for a set.
        make_folder(path.parent)
        write_file(path, files[path].encode("utf-8"), force=True)
    library, problems = read_library(root)
    if has_errors(problems):
        raise HkzError(*problems)
    write_file(root / LOCK_FILE, lock_text(library).encode("utf-8"), force=True)
    for path in files:
        show_written(path, lang)


def _before(library: Library, own: OwnSet) -> NormPart | None:
    """The newest revision of that set; an id of a shipped norm is refused."""
    from hkz_xlsx.norm.checks import check_names
    from hkz_xlsx.norm.files import HEADS
    from hkz_xlsx.problems import HkzError, Where, problem

    wrong = tuple(check_names(Where("--as"), own.part, own.edition, "r1"))
    if wrong:
        raise HkzError(*wrong)
    if any(head.parts[-4] == own.part for head in library.root.glob(HEADS)):
        raise HkzError(problem("OWN_LIST_SHIPPED", Where("--as"), norm=own.part))
    return library.part(own.part, own.edition)


def _defaults(library: Library, own: OwnSet) -> ListDefaults:
    """What was there before, and the texts where the list has none."""
    from hkz_xlsx.layout.codecs import folded
    from hkz_xlsx.norm.own import prefix_for
    from hkz_xlsx.rework.own_list import ListDefaults

    earlier = [part for part in reversed(library.parts) if part.id == own.part]
    numbers = {
        folded(row.question.nl): row.id for part in earlier for _, _, row in part.requirements()
    }
    mine = [number.split("-")[0] for number in numbers.values()]
    others = {number.split("-")[0] for number in _numbers(library, own)}
    prefix = mine[0] if mine else prefix_for(own.part, others)
    tip, evidence = (
        (say("nl", f"own_list.{key}"), say("en", f"own_list.{key}")) for key in ("tip", "evidence")
    )
    return ListDefaults(own.name, prefix, tip, evidence, numbers)


def _numbers(library: Library, own: OwnSet) -> dict[str, str]:
    """Numbers of questions in all other sets, with whose they are."""
    others = (part for part in library.parts if part.id != own.part)
    return {row.id: part.id for part in others for _, _, row in part.requirements()}


def _in_use(library: Library, own: OwnSet, rows: Sequence[Placed]) -> Iterator[Problem]:
    """Numbers that a question of another set has."""
    from hkz_xlsx.problems import problem

    taken = _numbers(library, own)
    for row in rows:
        if row.cells["id"] in taken:
            yield problem("NORM_ID_TWICE", row.at("id"), id=row.cells["id"])
