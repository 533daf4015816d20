"""``hkz norms choose``: help an organisation to its norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hkz_xlsx.cli.options import lang_option
from hkz_xlsx.cli.output import wrong_value
from hkz_xlsx.text import Lang, listed, messages, say

if TYPE_CHECKING:
    from hkz_xlsx.norm.choose import Advice
    from hkz_xlsx.norm.load import Library


MOST_FTE = 1_000_000


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _asked_fte(lang: Lang) -> float | None:
    """A number the Dutch or the English way, or nothing."""
    text = click.prompt(say(lang, "choose.ask_fte"), default="", err=True, show_default=False)
    if not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise wrong_value("--fte", "guided.no_number", typed=text) from None


def _known(values: tuple[str, ...], choices: tuple[str, ...], name: str) -> tuple[str, ...]:
    wrong = [v for v in values if v not in choices]
    if wrong:
        known = ", ".join(choices)
        raise wrong_value(name, "usage.choices", wrong=", ".join(wrong), choices=known)
    return values


@click.command()
@click.option("--fte", type=float, help="Size in fte: own staff, freelancers, temps, management.")
@click.option("--work", default="", help="Kinds of work, separated by commas; asked when left out.")
@click.option("--purpose", default="", help="certificaat, verbeteren, veiligheid.")
@click.option("--alone", is_flag=True, help="For one self-employed professional (zzp).")
@lang_option
def choose(fte: float | None, work: str, purpose: str, alone: bool, lang: Lang) -> None:
    """Which norm fits, by size, kind of work and purpose, with the reasons.

    \b
    Example:
      hkz norms choose --fte 8 --work maatschappelijk-werk --purpose certificaat
    """
    from hkz_xlsx.norm.choose import PURPOSES, WORK, OrganisationProfile
    from hkz_xlsx.norm.choose import choose as chosen
    from hkz_xlsx.norm.load import load_library

    if not work and not alone:
        fte = _asked_fte(lang) if fte is None else fte
        choices = ", ".join(WORK)
        work = click.prompt(
            say(lang, "choose.ask_work", choices=choices), default="anders", err=True
        )
        choices = ", ".join(PURPOSES)
        purpose = purpose or click.prompt(
            say(lang, "choose.ask_purpose", choices=choices), default=PURPOSES[0], err=True
        )
    if fte is not None and not 0 <= fte <= MOST_FTE:  # also refuses "nan"
        raise wrong_value("--fte", "guided.no_number", typed=f"{fte:g}")
    profile = OrganisationProfile(
        fte, _known(_split(work), tuple(WORK), "--work"),
        _known(_split(purpose), PURPOSES, "--purpose"), alone,
    )  # fmt: skip
    library = load_library()
    _show(chosen(profile, library), library, lang)


def _show(advice: tuple[Advice, ...], library: Library, lang: Lang) -> None:
    from hkz_xlsx.norm.catalogue import load_catalogue
    from hkz_xlsx.norm.choose import companions

    entries = {entry.id: entry for entry in load_catalogue()}
    text = messages(lang)
    click.echo(text("choose.heading"))
    for number, found in enumerate(advice, 1):
        entry = entries[found.norm]
        click.echo(f"\n{number}. {entry.number or '–'}  {entry.name.get(lang)}")
        for reason in found.reasons:
            click.echo(f"   - {text(f'choose.reason.{reason}')}")
        click.echo(f"   - {text('cli.norms.accreditation')}: {entry.accreditation.get(lang)}")
        if found.generate:
            click.echo(f"   {say(lang, 'choose.generate', parts=' '.join(found.generate))}")
        else:
            click.echo(f"   {text('choose.none')}")
    sets = companions(library)
    told = {
        key: listed(ids, lang)
        for key, ids in (
            ("sector", sets.sector), ("general", sets.general), ("alone", sets.alone)
        )
    }  # fmt: skip
    click.echo(f"\n{say(lang, 'choose.together', **told)}")
