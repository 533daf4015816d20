"""``hkz norms laws``: what is known of laws, how old that is and what is about to change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hkz_xlsx.cli.options import DayType, lang_option, norms_option
from hkz_xlsx.cli.output import show_json, show_table
from hkz_xlsx.text import Lang, messages, say


@click.command()
@click.option("--shared", "revision", default="", help="Revision of the laws, such as r1; newest.")
@click.option(
    "--on",
    "day",
    required=True,
    type=DayType(),
    help="The day to count from, such as 01-01-2027.",
)
@click.option("--json", "as_data", is_flag=True, help="Print JSON instead of text.")
@lang_option
@norms_option
def laws(revision: str, day: datetime, as_data: bool, lang: Lang, norms_dir: Path | None) -> None:
    """List laws by age, with the changes that were announced: what to look up again.

    What was looked at longest ago comes first, then what has changes of which the day has
    passed, then changes without a day.

    \b
    Example:
      hkz norms laws --on 01-01-2027
    """
    from hkz_xlsx.norm.laws import State, as_json, change_text, law_ages
    from hkz_xlsx.norm.load import load_library

    found = load_library(norms_dir).shared_named(revision)
    on = day.date()
    ages = law_ages(found.laws.values(), on)
    if as_data:
        show_json(as_json(found.revision, ages, on, lang))
        return
    text = messages(lang)
    click.echo(say(lang, "cli.laws.heading", revision=found.revision, day=on.strftime("%d-%m-%Y")))
    states: tuple[State, ...] = ("passed", "undated", "coming")
    rows = [tuple(text(f"cli.laws.{key}") for key in ("id", "checked", "days", *states, "name"))]
    rows += [
        (
            one.law.id, "-".join(reversed(one.law.checked_on.split("-"))), str(one.days),
            *(str(one.count(state) or "–") for state in states), one.law.name.get(lang),
        )
        for one in ages
    ]  # fmt: skip
    show_table(rows)
    for one in ages:
        lines = [change_text(c.change, lang, text) for c in one.changes]
        if one.law.unsure is not None:
            lines.append(text("help.law.unsure").format(what=one.law.unsure.get(lang)))
        if lines:
            click.echo(f"\n{one.law.id}")
        for line in lines:
            click.echo(f"   {line}")
