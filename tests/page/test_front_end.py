"""The front end as text: its words are those of the catalogues; what it may do is written in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from hkz_xlsx.norm.choose import PURPOSES, WORK
from hkz_xlsx.text import catalogue, say
from page.build import _POLICY, _SHARED

ROOT = Path(__file__).parents[2]
APP = ROOT / "page" / "app"
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(APP.glob("*.js"))}
CODE = "\n".join(SCRIPTS.values())
_MADE_UP = {
    "page.kind.": WORK,
    "page.purpose.": PURPOSES,
    "page.check.": [
        v + h for v in ("fine", "warnings", "errors", "unusable") for h in ("", "_hint")
    ],
    "page.work.": ("start", "unpack", "read", "work", "ready"),
    "page.format.": ("xlsx", "json", "md"),
    "page.many.column.": ("client", "file", "answered", "indication", "core", "problems"),
    "page.merge.rules.": ("lowest", "latest", "first"),
    "page.command.": ("repair", "check", "generate"),
}
"""Keys that the front end puts together, by what they begin with."""


def test_every_text_is_there_and_used() -> None:
    """No key without a text, and no text of the page that is never shown."""
    texts = catalogue("nl")
    asked = set(re.findall(r'"(page\.[a-z_.]+)"', CODE))
    asked |= {f"{start}{end}" for start, ends in _MADE_UP.items() for end in ends}
    asked |= {f"{key}_hint" for key in ("page.broken", "page.broken_start")}
    assert asked <= texts.keys(), asked - texts.keys()
    hints = {key for key in texts if key.startswith("page.hint.")}
    assert {key for key in texts if key.startswith("page.")} == asked | hints
    for start in _SHARED:
        assert start.removesuffix(".") in CODE, start


def test_advice_of_the_page_is_for_codes_that_are() -> None:
    texts = catalogue("nl")
    for key in texts:
        if key.startswith("page.hint."):
            assert f"problem.{key.rpartition('.')[2]}.hint" in texts


_NOT = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "localStorage",
        "sessionStorage", "indexedDB", "cookie", "XMLHttpRequest", "sendBeacon",
        "WebSocket")  # fmt: skip


@pytest.mark.parametrize("word", _NOT)
def test_no_markup_from_text_and_nothing_kept(word: str) -> None:
    """Text becomes text; nothing is kept in the browser; nothing is sent."""
    assert word not in CODE


def test_the_policy_lets_nothing_out() -> None:
    rules = dict(rule.split(maxsplit=1) for rule in _POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert not {"connect-src", "frame-src", "object-src", "font-src"} & rules.keys()
    assert "unsafe-eval" not in rules["script-src"].replace("'wasm-unsafe-eval'", "")
    assert rules["form-action"] == rules["base-uri"] == "'none'"
    assert "http" not in _POLICY


_NOT_IN_THE_PAGE = {"deflate", "filelock", "pyphen", "rich"}
"""What the page does without: zlib instead, no folders that are locked, no PDF, no terminal."""


def test_what_we_need_comes_along() -> None:
    """A new dependency of the core is brought along, or named here with the reason."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=~!]", one)[0] for one in project["dependencies"]}
    wheels = (ROOT / "page" / "wheels.txt").read_text("utf-8")
    there = {line.partition("==")[0] for line in wheels.splitlines() if "==" in line}
    assert needed - there == _NOT_IN_THE_PAGE


def test_the_page_counts_as_messages_do() -> None:
    """One cell has its word there too: in the script of the page as in Python."""
    if os.environ.get("HKZ_WITHOUT_BROWSERS") == "1":
        pytest.skip("no browsers wanted: HKZ_WITHOUT_BROWSERS=1")
    node = shutil.which("node")
    assert node, "no node here: make browsers, or HKZ_WITHOUT_BROWSERS=1"
    key, marked = "page.check.fine_hint", "{count:is # cel|zijn # cellen} weg, {name}"
    texts = json.dumps({"nl": {key: catalogue("nl")[key], "marked": marked}})
    asked = (
        f"const TEXTS = {texts};\n{SCRIPTS['dom.js']}\n"
        f"console.log([1, 2].map((n) => say('{key}', {{answers: n}})).join('|'));"
        "console.log([1, 0].map((n) => say('marked', {count: n})).join('|'));"
    )
    found = subprocess.run([node, "-e", asked], capture_output=True, text=True, check=True)
    one, two = (say("nl", key, answers=n) for n in (1, 2))
    assert one.startswith("1 ingevulde cel gelezen")
    expected = [f"{one}|{two}", "is 1 cel weg, {name}|zijn 0 cellen weg, {name}"]
    assert found.stdout.splitlines() == expected
