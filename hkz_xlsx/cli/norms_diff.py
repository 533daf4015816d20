"""``hkz norms diff`` and ``crosswalk``: what differs between two question sets, and what was
judged of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import DayType, force_option, lang_option, norms_option
from hkz_xlsx.cli.output import show_json, show_written
from hkz_xlsx.text import Lang, say

if TYPE_CHECKING:
    from hkz_xlsx.norm.differ import PartDifference
    from hkz_xlsx.norm.load import Library
    from hkz_xlsx.norm.model import NormPart


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--migration", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Also write the skeleton of a crosswalk: a person judges every changed question in it.",
)  # fmt: skip
@click.option(
    "--on", "day", type=DayType(),
    help="With --migration: the day on which it is judged.",
)  # fmt: skip
@click.option(
    "--format", "kind", type=click.Choice(["text", "json", "html"]), default="text",
    show_default=True, help="How the difference is printed.",
)  # fmt: skip
@lang_option
@norms_option
@force_option
def diff(
    old: str,
    new: str,
    migration: Path | None,
    day: datetime | None,
    kind: str,
    lang: Lang,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Show what differs between two question sets, row by row.

    OLD and NEW are question sets such as 138@2015/r1 and 138@2015/r2. A row with the same
    question and another tip or theme is listed apart: its answer stays an answer. With
    --migration a skeleton is written that `hkz norms check` refuses until every changed
    question was judged.

    \b
    Example:
      hkz norms diff 138@2015/r1 138@2015/r2
      hkz norms diff 138@2015/r1 138@2015/r2 --migration 2015-r1--2015-r2.yaml
    """
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.norm.differ import crosswalk_between, part_difference

    if migration is not None:
        check_targets([migration], force=force)
    library, one, other = _ends(old, new, norms_dir)
    found = part_difference(one, other, crosswalk_between(library, one, other))
    _show(found, kind, lang)
    if migration is not None:
        _write_skeleton(found, migration, day, lang, force=force)


def _ends(old: str, new: str, norms_dir: Path | None) -> tuple[Library, NormPart, NormPart]:
    from hkz_xlsx.norm.asked import Asked, part_asked
    from hkz_xlsx.norm.load import load_library

    library = load_library(norms_dir)
    one, other = (part_asked(library, Asked.parse(text)) for text in (old, new))
    return library, one, other


def _show(found: PartDifference, kind: str, lang: Lang) -> None:
    """On stdout, as text, data or a page."""
    import json

    from hkz_xlsx.norm.differ import data
    from hkz_xlsx.report.norm_diff import as_text, difference_document

    if kind == "json":
        show_json(json.dumps(data(found, lang), ensure_ascii=False, indent=2) + "\n")
    elif kind == "html":
        from hkz_xlsx.layout.style_template import NEUTRAL
        from hkz_xlsx.render.html import page

        click.echo(page(difference_document(found, lang), NEUTRAL), nl=False)
    else:
        click.echo(as_text(found, lang), nl=False)


def _write_skeleton(
    found: PartDifference, path: Path, day: datetime | None, lang: Lang, *, force: bool
) -> None:
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.differ import skeleton

    judged = day.date().isoformat() if day else ""
    write_file(path, skeleton(found, judged).encode("utf-8"), force=force)
    show_written(path, lang)
    click.echo(say(lang, "norm_diff.skeleton", count=len(found.changed)), err=True)


@click.command("crosswalk")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format", "kind", type=click.Choice(["sssom", "oscal"]), required=True,
    help="SSSOM: a table of mappings (.tsv); OSCAL: a mapping collection (.json).",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="The file to write; by default it is printed.",
)  # fmt: skip
@lang_option
@norms_option
@force_option
def crosswalk(
    old: str,
    new: str,
    kind: str,
    output: Path | None,
    lang: Lang,
    norms_dir: Path | None,
    force: bool,
) -> None:
    """Give what was judged between two question sets to other programs.

    OLD and NEW are question sets with a crosswalk between them. Questions and reasons are in
    the language of --lang; how many rows a row leads to is counted.

    \b
    Example:
      hkz norms crosswalk 138@2015/r1 138@2015/r2 --format sssom -o overgang-138.sssom.tsv
    """
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.norm.exchange import Judged, as_oscal, as_sssom
    from hkz_xlsx.norm.routes import checked_between

    if output is not None:
        check_targets([output], force=force)
    library, one, other = _ends(old, new, norms_dir)
    judged = Judged(checked_between(library, one, other), one, other)
    text = (as_sssom if kind == "sssom" else as_oscal)(judged, lang)
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text.encode("utf-8"), force=force)
    show_written(output, lang)
