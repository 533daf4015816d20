"""``hkz norms diff``: what differs between two question sets; the skeleton of a crosswalk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hkz_xlsx.cli.options import force_option, lang_option, norms_option
from hkz_xlsx.cli.output import show_json, show_written
from hkz_xlsx.text import Lang, say


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--migration", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Also write the skeleton of a crosswalk: a person judges every changed question in it.",
)  # fmt: skip
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d", "%d-%m-%Y"]),
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
    import json

    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.machine.faults import check_targets
    from hkz_xlsx.norm.asked import Asked, part_asked
    from hkz_xlsx.norm.differ import crosswalk_between, data, part_difference, skeleton
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.report.norm_diff import as_text, difference_document

    if migration is not None:
        check_targets([migration], force=force)
    library = load_library(norms_dir)
    one, other = (part_asked(library, Asked.parse(text)) for text in (old, new))
    found = part_difference(one, other, crosswalk_between(library, one, other))
    if kind == "json":
        show_json(json.dumps(data(found, lang), ensure_ascii=False, indent=2) + "\n")
    elif kind == "html":
        from hkz_xlsx.layout.style_template import NEUTRAL
        from hkz_xlsx.render.html import page

        click.echo(page(difference_document(found, lang), NEUTRAL), nl=False)
    else:
        click.echo(as_text(found, lang), nl=False)
    if migration is not None:
        judged = day.date().isoformat() if day else ""
        write_file(migration, skeleton(found, judged).encode("utf-8"), force=force)
        show_written(migration, lang)
        count = len(found.changed)
        click.echo(say(lang, "norm_diff.skeleton", count=count), err=True)
