"""A real browser with the page in it, driven by puppeteer through ``drive.cjs``."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from page.build import build

Name = Literal["chrome", "firefox"]
BROWSERS: tuple[Name, ...] = ("chrome", "firefox")
_PROGRAMS = {"chrome": ("chromium", "google-chrome"), "firefox": ("firefox-esr", "firefox")}


def program(name: Name) -> str:
    """Where the browser is; without browsers these tests only run where that was asked for."""
    if os.environ.get("HKZ_WITHOUT_BROWSERS") == "1":
        pytest.skip("no browsers wanted: HKZ_WITHOUT_BROWSERS=1")
    found = next(filter(None, map(shutil.which, _PROGRAMS[name])), None)
    assert found, f"no {name} here: make browsers, or HKZ_WITHOUT_BROWSERS=1"
    return found


def built() -> Path:
    """The page of these very sources."""
    return build()


def typed(*words: str, target: Path) -> bytes:
    """What the command line makes."""
    found = CliRunner().invoke(cli, [*words, "-o", str(target)])
    assert target.is_file(), found.output
    return target.read_bytes()


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook: packed otherwise in the page, as libdeflate is not there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_BROKEN_HEADS = """const found = [];
for (const head of document.querySelectorAll("thead th, tbody th, tbody td")) {
  if (!head.getClientRects().length) continue;
  if (head.closest("tbody") && !/^\\S{1,14}$/.test(head.textContent)) continue;
  const walker = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const word of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (range.getClientRects().length !== 1) found.push(word[0]);
    }
  if (head.scrollWidth > head.clientWidth) found.push(head.textContent);
}
return found;"""


_SLIDES = """return [...document.querySelectorAll(".scroll")].filter((one) => one.clientWidth)
.map((one) => ({name: one.getAttribute("aria-label"), wide: one.scrollWidth > one.clientWidth + 1,
said: one.parentElement.querySelector(".slide").getBoundingClientRect().height > 5}));"""


class Browser:
    """One browser with one page."""

    def __init__(self, name: Name, downloads: Path, proxy: int = 0, **more: object) -> None:
        self.name, self.downloads = name, downloads
        node = shutil.which("node")
        assert node
        script = Path(__file__).with_name("drive.cjs")
        self._node = subprocess.Popen(
            [node, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self(
            "launch",
            name=name,
            program=program(name),
            downloads=str(downloads),
            proxy=proxy,
            **more,
        )

    def __call__(self, command: str, **asked: object) -> Any:
        """Do something, and its result."""
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"command": command, **asked}) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline() or '{"fault": "the driver ended"}')
        assert "fault" not in answer, answer["fault"]
        return answer["result"]

    def stop(self) -> None:
        """End the browser and its driver."""
        assert self._node.stdin
        self._node.stdin.close()
        self._node.wait(60)
        assert self._node.stdout
        self._node.stdout.close()

    def run(self, code: str, *args: object) -> Any:
        """JavaScript within the page; ``args`` are there under that name."""
        return self("eval", code=code, args=args)

    def open(self, page: Path, **more: object) -> None:
        """Open the page, and wait until Python is there."""
        self("open", url=page.as_uri(), **more)
        ready = self.run("return window.hkz.ready.then(() => '', (fault) => String(fault))")
        assert ready == "", ready

    def screen(self, name: str) -> None:
        """Go to a screen."""
        self.run("location.hash = args[0]", name)
        shown = f"return document.getElementById('to-{name}').hasAttribute('aria-current')"
        self("wait", code=shown)

    def choose(self, index: int, *paths: Path) -> None:
        """Choose files in the n-th place of the screen."""
        self("files", index=index, paths=[str(path) for path in paths])

    def press(self, text: str) -> None:
        """Click the button with this text."""
        self("push", text=text)

    def done(self, seconds: int = 240) -> str:
        """Wait until the page has done what it was asked; the title of what came of it."""
        return str(self("done", seconds=seconds))

    def text(self) -> str:
        """What can be read on the screen."""
        return str(self.run("return document.querySelector('main').innerText"))

    def saved(self, text: str, name: str) -> bytes:
        """Click the link with this text, and the file that is then on the disk."""
        target = self.downloads / name
        target.unlink(missing_ok=True)
        self.press(text)
        return self.until(target)

    def until(self, target: Path) -> bytes:
        """Wait until a file is on the disk, whole."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            parts = [*self.downloads.glob("*.part"), *self.downloads.glob("*.crdownload")]
            if target.is_file() and target.stat().st_size and not parts:
                return target.read_bytes()
            time.sleep(0.05)
        raise AssertionError(
            f"{target.name} was not saved; there are {[*self.downloads.iterdir()]}"
        )

    def broken_heads(self) -> list[str]:
        """Words in headers of tables, and numbers of questions and days in rows, that do not stand
        on one line, or not within their cell."""
        return list(self.run(_BROKEN_HEADS))

    def slides(self) -> list[dict[str, Any]]:
        """Of every table that can be seen its name, whether it is wider than its place, and
        whether the page says so."""
        return list(self.run(_SLIDES))

    def quiet(self) -> None:
        """Nothing was asked of any address, and nothing went wrong unseen. What begins with
        ``data:`` is of the browser itself: the sign in a date field."""
        for one in self("heard"):
            assert "error" not in one, one
            address = one.get("request", "")
            assert address.startswith(("file:", "blob:", "about:", "data:")) or not address, one


@contextmanager
def browser(name: Name, downloads: Path, **more: Any) -> Iterator[Browser]:
    """A browser for as long as the block lasts."""
    downloads.mkdir(parents=True, exist_ok=True)
    one = Browser(name, downloads, **more)
    try:
        yield one
    finally:
        one.stop()
