"""Uses every action once, on a workbook of our own: so that the build knows what they need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from hkz_xlsx.page.call import call


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
    do("repair", path=str(file), name="hersteld.xlsx")
    do("report", path=str(file), name="rapport", formats=[".html", ".xlsx", ".json", ".md"])
