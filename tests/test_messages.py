"""Messages are for people: nothing of a programming language stands in them."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkz_xlsx.cli.main import cli
from hkz_xlsx.problems import CODES, HeldProblems, Problem, Where, problem
from hkz_xlsx.report.folded import folded_text
from hkz_xlsx.scoring.cell_values import shown
from hkz_xlsx.text import LANGS, Counted, catalogue, seen

SOURCE = Path(__file__).parents[1] / "hkz_xlsx"
ODD = "a\u00a0b\tc\nd\x1b[31m\u200be\udcff\ue000\u202ef\\g'h\"i\x85j\r\nk"
ESCAPE = re.compile(r"\\[xuUnrt]|b'|<class|\bNone\b|\bTrue\b|\bFalse\b|Error\b|\bTuple\b|\{\w+\}")


def test_signs_for_what_cannot_be_seen() -> None:
    assert seen(ODD) == "a b c↵d␛[31mU+200Be%FFU+E000U+202Ef\\g'h\"i↵j↵k"
    assert seen("Zörgé ’t Huis 😀") == "Zörgé ’t Huis 😀"


@pytest.mark.parametrize("code", CODES)
def test_no_escapes_in_any_message(code: str) -> None:
    """Every code with every slot full of odd characters, at an odd place."""
    for lang in LANGS:
        names = re.findall(r"\{(\w+)[}:]", catalogue(lang)[f"problem.{code}.message"])
        names += re.findall(r"\{(\w+)[}:]", catalogue(lang)[f"problem.{code}.hint"])
        where = Where(ODD, None, ODD, "A1", ODD)
        text = Problem(code, where, dict.fromkeys(names, ODD)).text(lang)
        assert not ESCAPE.search(text), text
        assert all(line.isprintable() for line in text.split("\n"))


def test_nobody_says_and_zero_more() -> None:
    """The part about others goes when there is none, and only that part."""
    shown = {"value": "a (b)", "more": "0"}
    assert Problem("EXTRA_COMMENT", Where(), shown).message("nl").endswith("opmerking: 'a (b)'.")
    assert "(en nog 2 " in Problem("EXTRA_COMMENT", Where(), {**shown, "more": "2"}).message("nl")
    several = [c for c in CODES if "{more" in catalogue("nl")[f"problem.{c}.message"]]
    assert len(several) > 8
    for code in several:
        for lang in LANGS:
            template = catalogue(lang)[f"problem.{code}.message"]
            slots = dict.fromkeys(re.findall(r"\{(\w+)[}:]", template), "x") | {"more": "0"}
            assert "0" not in Problem(code, Where(), slots).message(lang)


@pytest.mark.parametrize("code", CODES)
def test_numbers_are_in_the_language_of_the_reader(code: str) -> None:
    """Of every code: a number of a cell, or of ours, has a comma in Dutch; what somebody typed as a
    text, and a clause, stay as they are. As data nothing changes."""
    for lang in LANGS:
        number = "0,25" if lang == "nl" else "0.25"
        text = catalogue(lang)[f"problem.{code}.message"]
        names = [name for name in re.findall(r"\{(\w+)[}:]", text) if name != "more"]
        for value in (shown(0.25), 0.25):
            told = problem(code, None, **{**dict.fromkeys(names, value), "more": 1})
            assert told.message(lang) == text.format(
                **dict.fromkeys(names, Counted(number)), more=Counted(1)
            )
        told = problem(code, None, **{**dict.fromkeys(names, "8.2"), "more": 1})
        assert told.message(lang) == text.format(
            **dict.fromkeys(names, Counted("8.2")), more=Counted(1)
        )
        assert set(problem(code, None, **dict.fromkeys(names, shown(0.25))).slots.values()) <= {
            "0.25"
        }


def test_numbers_stay_numbers_on_their_way() -> None:
    """From another process, where the same letters came as a text before, and folded."""
    number = problem("FORMULA_OVERWRITTEN", None, column="Punten", value=shown(0.25))
    typed = problem("FORMULA_OVERWRITTEN", None, column="Punten", value="0.25")
    for order in ((typed, number), (number, typed)):
        held = HeldProblems().held(pickle.loads(pickle.dumps(order)))
        assert {"0,25" in one.message("nl") for one in held} == {True, False}
        assert [one.message("nl") for one in held] == [one.message("nl") for one in order]
    other = problem("FORMULA_OVERWRITTEN", None, column="Punten", value=shown(1.5))
    (text,) = folded_text([number, other], "nl")
    assert "'0,25'" in text
    assert "‘1,5’" in text


ALLOWED = {
    "scoring/formula.py", "scoring/numbers.py",  # numbers as text that reads back the same
    "scoring/displayed.py",  # the digits of a number
    "batch/clients.py", "portfolio/parts.py", "portfolio/build.py",  # what a digest is taken of
    "layout/describe.py", "scoring/evaluate.py",  # for developers
    "machine/in_process.py",  # the name of a piece of work, for a digest
    "machine/shares.py",  # reads how the system writes the names of its file systems
}  # fmt: skip


def test_code_that_shows_nothing_as_python_does() -> None:
    """repr(), !r and names of classes are for developers: only where no message is made."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            shows = isinstance(node, ast.FormattedValue) and node.conversion in (ord("r"), ord("a"))
            called = node.func if isinstance(node, ast.Call) else None
            calls = isinstance(called, ast.Name) and called.id in ("repr", "ascii")
            escapes = isinstance(node, ast.Constant) and node.value in (
                "backslashreplace", "unicode_escape",
            )  # fmt: skip
            if shows or calls or escapes:
                found.add(path.relative_to(SOURCE).as_posix())
    assert found <= ALLOWED | {"portfolio/cache.py"}  # a key of the cache


def test_a_norm_file_that_is_wrong_in_form(tmp_path: Path) -> None:
    """What may stand there, not what a library calls it."""
    import shutil

    from hkz_xlsx.norm.files import norms_folder

    root = tmp_path / "norms"
    shutil.copytree(norms_folder(), root)
    path = root / "143" / "2016" / "r1" / "norm.yaml"
    path = next((root / "143").rglob("norm.yaml")) if not path.exists() else path
    text = path.read_text("utf-8")
    text = re.sub(r"^status: .*$", "status: {a: b}", text, flags=re.M)
    text = re.sub(r"^structure: .*$", "structure: los", text, flags=re.M)
    text = re.sub(r"^together_with: .*$", "together_with: zestig", text, flags=re.M)
    path.write_text(text, "utf-8")
    done = CliRunner().invoke(cli, ["norms", "check", str(root)])
    assert done.exit_code == 1
    assert "NORM_VALUE_WRONG" in done.output
    assert not ESCAPE.search(done.output.replace("NORM_", "")), done.output
    assert not re.search(r"\b(dict|list|str|NoneType|instance of)\b", done.output), done.output
