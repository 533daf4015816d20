"""The actions of the page: what each screen asks, and the command that does it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hkz_xlsx.page.call import Asked, CommandResult, command, shown
from hkz_xlsx.page.many import collect, many, merge
from hkz_xlsx.text import Lang, messages

Found = dict[str, Any]
"""What is said to a screen, as plain values."""


def _options(asked: Asked, *names: str) -> list[str]:
    """``--name value`` of every one that was given; of a list, each of its values."""
    words: list[str] = []
    for name in names:
        value = asked.get(name)
        for one in value if isinstance(value, list) else [value]:
            if one is True:
                words.append(f"--{name}")
            elif one:
                words += [f"--{name}", str(one)]
    return words


def _lang(asked: Asked) -> Lang:
    return "en" if asked.get("lang") == "en" else "nl"


def _said(said: CommandResult, asked: Asked) -> Found:
    """Problems, and whether something came of it although there are some."""
    return {"fine": said.fine, "problems": shown(said.problems, _lang(asked))}


def start(asked: Asked, target: Path) -> Found:  # noqa: ARG001 - one signature for all
    """What the page shows before anything is done: version, norms, what there is to choose."""
    from hkz_xlsx import __version__
    from hkz_xlsx.norm.choose import PURPOSES, WORK
    from hkz_xlsx.norm.load import load_library

    lang = _lang(asked)
    parts = sorted(load_library().newest(), key=lambda part: part.id)
    return {
        "version": __version__,
        "work": list(WORK),
        "purposes": list(PURPOSES),
        "norms": [
            {"id": part.id, "ask": str(part.edition), "name": part.short_name.get(lang)}
            for part in parts
        ],
    }


def choose(asked: Asked, target: Path) -> Found:  # noqa: ARG001
    """Which norms fit: ``fte`` (number or null), ``work``, ``purposes``, ``alone``."""
    from hkz_xlsx.norm.catalogue import load_catalogue
    from hkz_xlsx.norm.choose import OrganisationProfile
    from hkz_xlsx.norm.choose import choose as chosen
    from hkz_xlsx.norm.load import load_library

    lang = _lang(asked)
    text = messages(lang)
    entries = {entry.id: entry for entry in load_catalogue()}
    work, purposes = tuple(asked["work"]), tuple(asked["purposes"])
    profile = OrganisationProfile(asked["fte"], work, purposes, bool(asked.get("alone")))
    return {
        "advice": [
            {
                "norm": one.norm,
                "number": entries[one.norm].number,
                "name": entries[one.norm].name.get(lang),
                "reasons": [text(f"choose.reason.{reason}") for reason in one.reasons],
                "accreditation": entries[one.norm].accreditation.get(lang),
                "generate": list(one.generate),
            }
            for one in chosen(profile, load_library())
        ]
    }


def scope(asked: Asked, target: Path) -> Found:  # noqa: ARG001
    """Kinds of funding and activities that decide which questions of ``parts`` hold."""
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import select

    text = messages(_lang(asked))
    selection = select(load_library(), asked["parts"])
    whens = [row.requirement.when for row in selection.rows if row.requirement.when]
    return {
        "rows": len(selection.rows),
        **{
            key: [
                {"code": code, "label": text(f"scope.{key}_names.{code}")}
                for code in sorted({value for when in whens for value in getattr(when, key)})
            ]
            for key in ("funding", "activities")
        },
    }


def make(asked: Asked, target: Path) -> Found:
    """A workbook: `hkz generate`."""
    said = command(
        "generate", *asked["parts"], "-o", str(target / asked["name"]),
        *_options(asked, "organisation", "location", "kvk", "date", "scope", "template", "lang"),
    )  # fmt: skip
    return _said(said, asked)


def check(asked: Asked, target: Path) -> Found:
    """What is to be said of files: `hkz check`, with its list to work through."""
    output = target / asked["name"]
    said = command(
        "check", *asked["paths"], "--json", "--xlsx", str(output), *_options(asked, "lang")
    )
    if not said.out:
        return {**_said(said, asked), "refused": True}
    return {"fine": said.fine, "checked": json.loads(said.out)}


def repair(asked: Asked, target: Path) -> Found:
    """A fresh workbook: `hkz repair`."""
    return _said(command("repair", asked["path"], "-o", str(target / asked["name"])), asked)


def report(asked: Asked, target: Path) -> Found:
    """A report in some ``formats``: `hkz analyze`; with ``previous``, then and now."""
    outputs = [w for s in asked["formats"] for w in ("-o", str(target / f"{asked['name']}{s}"))]
    beside = _options(asked, "previous", "same-client", "template")
    return _said(command("analyze", asked["path"], *outputs, *beside), asked)


def compare(asked: Asked, target: Path) -> Found:
    """Two workbooks, then and now: `hkz compare`."""
    outputs = [w for s in asked["formats"] for w in ("-o", str(target / f"{asked['name']}{s}"))]
    words = _options(asked, "same-client", "template")
    return _said(command("compare", asked["previous"], asked["path"], *outputs, *words), asked)


def next_year(asked: Asked, target: Path) -> Found:
    """A workbook for the next measurement out of this one: its norms, answers and scores."""
    said = command(
        "generate", "--next", asked["path"], "-o", str(target / asked["name"]),
        *_options(asked, "date"),
    )  # fmt: skip
    return _said(said, asked)


ACTIONS: Mapping[str, Callable[[Asked, Path], Found]] = {
    "start": start,
    "choose": choose,
    "scope": scope,
    "make": make,
    "check": check,
    "repair": repair,
    "report": report,
    "compare": compare,
    "next": next_year,
    "many": many,
    "merge": merge,
    "collect": collect,
}
"""By the name that the page calls them."""
