"""What the actions need: found out for the build, and fetched ahead in the page."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

from hkz_xlsx.page.call import call

AHEAD = (
    "hkz_xlsx.cli.main", "hkz_xlsx.norm.load", "hkz_xlsx.returned.many", "hkz_xlsx.report.batch",
    "hkz_xlsx.cli.check", "hkz_xlsx.cli.analyze", "hkz_xlsx.render.html",
    "hkz_xlsx.writing.workbook", "nl",
)  # fmt: skip
"""In this order: modules that most screens use, then the words."""

_MANIFEST = (
    "row", "client", "location", "kvk", "branch", "municipality", "norms", "scope", "lang",
    "template", "reference_date", "previous", "file", "workbook_id", "plan", "sha256",
)  # fmt: skip


def ahead(name: str) -> None:
    """Fetch one of `AHEAD`."""
    if name == "nl":
        from hkz_xlsx.text import catalogue

        catalogue("nl")
    else:
        importlib.import_module(name)


def up(folder: str) -> None:
    """Do what the screens do, in a folder that is made."""
    root = Path(folder)

    def do(action: str, **asked: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(call(action, json.dumps(asked), str(root / "out")))
        return found

    root.mkdir(parents=True, exist_ok=True)
    do("start")
    do("choose", fte=8, work=["welzijn"], purposes=["certificaat"])
    do("scope", parts=["143"])
    do("make", parts=["143"], name="werkboek.xlsx", organisation="Stichting", date="2026-01-31")
    file = root / "werkboek.xlsx"
    shutil.move(root / "out" / "werkboek.xlsx", file)
    do("check", paths=[str(file)], name="lijst.xlsx")
    do("next", path=str(file), name="nieuw.xlsx")
    do("compare", path=str(file), previous=str(file), name="toen", formats=[".html"])
    pile = root / "pile"
    pile.mkdir()
    other = shutil.copy(file, pile / "een.xlsx")
    do("many", path=str(pile), name="rapporten.zip")
    do("merge", paths=[str(file), str(other)], rule="lowest", name="samen.xlsx")
    sent = root / "manifest.csv"
    sent.write_text(f"{';'.join(_MANIFEST)}\n2;Stichting{';' * (len(_MANIFEST) - 2)}\n", "utf-8")
    do("collect", path=str(pile), manifest=str(sent), name="stand.xlsx")
    do("repair", path=str(file), name="hersteld.xlsx")
    do("report", path=str(file), name="rapport", formats=[".html", ".xlsx", ".json", ".md"])
