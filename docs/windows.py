"""The pictures of a real window of LibreOffice: ``python -m docs.windows``.

What a person sees who opens a filled workbook: a screen of a size that people have (Xvfb),
LibreOffice in Dutch with a fresh profile, the zoom and widths of the workbook itself.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.load import load_library
from hkz_xlsx.norm.select import select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.sheets.sample import sample_inputs
from hkz_xlsx.writing.workbook import write_workbook
from tests.proof.office.libreoffice import Office

FOLDER = Path(__file__).parent / "pictures"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product">
<prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>99.9</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>nl-NL</value></prop></item>
<item oor:path="/org.openoffice.Office.Linguistic/General">
<prop oor:name="UILocale" oor:op="fuse"><value>nl</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
QUESTIONS = "questions"
"""Under which name a picture says which questions it shows."""

SMALL, LARGE = (1366, 768), (1920, 1080)


@dataclass(frozen=True, slots=True)
class View:
    """One picture: a screen, the sheet that is open and the cell that is chosen."""

    size: tuple[int, int]
    sheet: str
    cell: str

    @property
    def name(self) -> str:
        """What the picture is called."""
        return f"venster-{self.size[0]}-{self.sheet}.png"


VIEWS = (
    View(SMALL, "quick", "A1"),
    View(SMALL, "assessment", "E8"),
    View(SMALL, "result", "A1"),
    View(LARGE, "assessment", "E8"),
)


def questions() -> str:
    """Which questions a workbook of 143 has now: stands in every picture, so that age shows."""
    return " ".join(str(part.edition) for part in select(load_library(), ["143"]).parts)


def workbook(folder: Path) -> tuple[WorkbookPlan, Path]:
    """A filled workbook of 143, of the questions that are written now."""
    plan = plan_workbook(select(load_library(), ["143"]), "nl", ["143"])
    path = folder / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan, sample_inputs(plan), load_template("neutraal")))
    return plan, path


@contextmanager
def screen(size: tuple[int, int]) -> Iterator[str]:
    """A screen without a monitor; gives its name for DISPLAY."""
    width, height = size
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24",
         "-nolisten", "tcp"],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(20)


def _run(display: str, *command: str) -> str:
    """What a program says that works on a screen; one that hangs is a mistake."""
    return subprocess.run(
        command, check=True, timeout=60, text=True, stdout=subprocess.PIPE,
        env={**os.environ, "DISPLAY": display},
    ).stdout  # fmt: skip


def draw(plan: WorkbookPlan, path: Path, view: View, folder: Path) -> Path:
    """One picture: a LibreOffice of its own, with its window as large as the screen."""
    (title,) = (sheet.title for sheet in plan.sheets if sheet.key == view.sheet)
    width, height = map(str, view.size)
    target = folder / view.name
    with tempfile.TemporaryDirectory() as name, screen(view.size) as display:
        office = Office(Path(name), (display, path), SETTINGS)
        try:
            assert office.do("shown")
            window = _run(display, "xdotool", "search", "--name", path.name).split()[-1]
            _run(display, "xdotool", "windowmove", window, "0", "0",
                 "windowsize", window, width, height, "windowfocus", window)  # fmt: skip
            assert office.do("choose", title=title, cell=view.cell)
            _run(display, "import", "-window", "root", "-define", "png:exclude-chunks=date,time",
                 "-set", QUESTIONS, questions(), str(target))  # fmt: skip
        finally:
            office.stop()
    return target


def main() -> None:
    """The pictures of windows that the manual shows."""
    with tempfile.TemporaryDirectory() as name:
        plan, path = workbook(Path(name))
        for view in VIEWS:
            print(draw(plan, path, view, FOLDER).name)


if __name__ == "__main__":
    main()
