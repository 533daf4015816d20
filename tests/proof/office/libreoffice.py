"""LibreOffice for tests: its own profile with recalculation always on, a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
AS_INSTALLED = PROFILE.replace("<value>0</value>", "<value>1</value>")
"""LibreOffice as people have it: it believes what is stored, and recalculates what changes."""

SYSTEM_PYTHON = "/usr/bin/python3"
XLSX, ODS = "Calc MS Excel 2007 XML", "calc8"


def available() -> bool:
    """Whether LibreOffice and its bridge are here."""
    if shutil.which("soffice") is None or not Path(SYSTEM_PYTHON).exists():
        return False
    check = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return check.returncode == 0


needs_office = [
    pytest.mark.office,
    pytest.mark.skipif(
        os.environ.get("HKZ_WITHOUT_OFFICE") == "1" and not available(),
        reason="HKZ_WITHOUT_OFFICE=1: LibreOffice is not here",
    ),
]
"""Without that variable a missing LibreOffice is a failure, never a silent skip."""


def profile(folder: Path, settings: str = PROFILE) -> str:
    """A fresh profile; returns soffice's argument for it."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    return f"-env:UserInstallation={(folder / 'profile').as_uri()}"


def convert(files: list[Path], folder: Path, target: str = f"xlsx:{XLSX}") -> list[Path]:
    """Open, recalculate and save files with one soffice process."""
    out = folder / "converted"
    command = [
        "soffice",
        profile(folder),
        "--headless",
        "--convert-to",
        target,
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=600)
    suffix = target.split(":")[0]
    return [out / f"{file.stem}.{suffix}" for file in files]


class Office:
    """A running LibreOffice that answers one command at a time, without a window unless `window`
    names the screen it comes on and the file that is open in it."""

    def __init__(
        self, folder: Path, window: tuple[str, Path] | None = None, settings: str = PROFILE
    ) -> None:
        screen, path = window or ("", None)
        pipe = f"hkz{uuid.uuid4().hex[:12]}"
        self._soffice = subprocess.Popen(
            [
                "soffice", profile(folder, settings), str(path) if path else "--headless",
                "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;",
            ],
            env={**os.environ, "DISPLAY": screen, "SAL_USE_VCLPLUGIN": "gtk3"} if screen else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        script = Path(__file__).with_name("uno_session.py")
        self._bridge = subprocess.Popen(
            [SYSTEM_PYTHON, str(script), pipe],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        )
        assert self._answer() == "ready"

    def _answer(self) -> Any:
        assert self._bridge.stdout is not None
        line = self._bridge.stdout.readline()
        assert line, "the bridge to LibreOffice has stopped"
        return json.loads(line)

    def do(self, name: str, **arguments: object) -> Any:
        """Run one command of uno_session.py."""
        assert self._bridge.stdin is not None
        self._bridge.stdin.write(json.dumps({"do": name, **arguments}) + "\n")
        self._bridge.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        """End both processes."""
        assert self._bridge.stdin is not None
        try:
            self._bridge.stdin.write('{"do": "quit"}\n')
            self._bridge.stdin.close()
            self._bridge.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            self._bridge.kill()
        if self._bridge.stdout is not None:
            self._bridge.stdout.close()
        try:
            self._soffice.wait(20)
        except subprocess.TimeoutExpired:
            self._soffice.kill()
            self._soffice.wait()
