"""The words that stand in docs/words.md are those of the code; words given up do not come back."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from hkz_xlsx.text import catalogue

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "words.md").read_text("utf-8")


def names() -> set[str]:
    """Modules, classes, functions and type names of the package."""
    found: set[str] = set()
    for path in (ROOT / "hkz_xlsx").rglob("*.py"):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
    return found


def test_every_word_is_one_of_the_code() -> None:
    section = TEXT.split("## Words of the code")[1]
    words = re.findall(r"^\| ([A-Z]\w+) \|", section, re.MULTILINE)
    assert len(words) > 30
    known = {name.casefold() for name in names()}
    missing = [w for w in words if not any(w.casefold() in name for name in known)]
    assert missing == []


def test_words_given_up_stay_away() -> None:
    """As names of modules and classes."""
    gone = re.search(r"^Given up: (.*)\.$", TEXT, re.MULTILINE)
    assert gone is not None
    words = {word.partition(" ")[0] for word in gone[1].split(", ")}
    assert len(words) > 7
    used = {path.stem for path in (ROOT / "hkz_xlsx").rglob("*.py")}
    for path in (ROOT / "hkz_xlsx").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        used |= {n.name.casefold() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}
    assert not words & used


def test_one_dutch_word_for_one_thing() -> None:
    """Words that the page advises against do not stand in the texts of the product."""
    texts = " ".join(catalogue("nl").values()).casefold()
    for word in (
        "hij of zij", "excelbestand", "excel-sheet", "spreadsheetbestand", "commando",
        "de portfolio", "deze portfolio",
    ):  # fmt: skip
        assert not re.search(rf"\b{word}", texts), word
