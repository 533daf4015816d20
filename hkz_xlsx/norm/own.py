"""Question sets of one's own, kept where every command finds them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from platformdirs import user_data_path

from hkz_xlsx.norm.authoring import quoted
from hkz_xlsx.norm.files import folder_name


def own_norms() -> Path:
    """The folder where this system keeps data of programs; ``HKZ_NORMS`` names another."""
    named = os.environ.get("HKZ_NORMS")
    return Path(named) if named else user_data_path("hkz", appauthor=False) / "norms"


def prefix_for(part_id: str, taken: Collection[str]) -> str:
    """Letters of the numbers of a set; ``taken`` are those of others.

    Raises:
        ValueError: none are left.
    """
    letters = re.sub(r"[^A-Z]", "", part_id.upper())
    letters = letters if len(letters) > 1 else "EIG"
    more = (letters[:3] + chr(code) for code in range(ord("A"), ord("Z") + 1))
    return next(one for one in (letters[:4], *more) if one not in taken)


_HEAD = """\
# Made of a list by `hkz norms from-xlsx`. docs/norm-format.md says what every key means.
id: {id}
number: {name}
name: {{nl: {name}, en: {name}}}
short_name: {{nl: {name}, en: {name}}}
edition: {edition}
revision: "{revision}"
status: released
shared: "r1"
structure: standalone
scope: {{nl: {name}, en: {name}}}
together_with: []
notice:
  nl: "Deze vragen komen uit uw eigen lijst. HKZ-normen zijn eigendom van NEN."
  en: "These questions come from a list of your own. HKZ norms are the property of NEN."
questions_note:
  nl: "De vragen komen uit uw eigen lijst."
  en: "The questions come from a list of your own."
iso9001_relation: {{nl: "Niet bepaald.", en: "Not determined."}}
sources: []
rubrieken:
{rubrieken}
profile: {{}}
"""


def head_text(
    part_id: str, name: str, edition: str, revision: str, titles: Mapping[str, str]
) -> str:
    """The text of ``norm.yaml`` of a list: a set that stands by itself.

    Args:
        part_id: what it is asked for by.
        name: as people call it.
        edition: of the list.
        revision: of ours.
        titles: of every rubriek, by its number.
    """
    lines = (
        f"  - {{number: {quoted(number)}, title: {{nl: {quoted(title)}, en: {quoted(title)}}}}}"
        for number, title in titles.items()
    )
    return _HEAD.format(
        id=quoted(part_id), name=quoted(name), edition=quoted(edition), revision=revision,
        rubrieken="\n".join(lines),
    )  # fmt: skip


def set_folder(part_id: str, edition: str, revision: str) -> Path:
    """Where a set stands, below a folder with norms.

    Args:
        part_id: of the norm part, such as ``138``.
        edition: of the norm; all but its letters and digits become hyphens.
        revision: of our questions, such as ``r1``.
    """
    return Path(part_id) / folder_name(edition) / revision
