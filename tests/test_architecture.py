"""Rules about the code that no linter knows."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "hkz_xlsx"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_nothing_saves_a_file_it_opened() -> None:
    """openpyxl reads only: what it does not know, it would drop."""
    for path in SOURCES:
        if path.name in ("word_base.py", "own_word.py"):
            continue  # a new Word document, in memory: empty, or a template that stays as it is
        assert not re.search(r"\.save\(|\.to_excel\(|read_only=True", path.read_text("utf-8")), path


def test_cells_are_only_written_through_the_checked_sheet() -> None:
    """No other module calls XlsxWriter's writing methods, whose return codes would be ignored."""
    for path in SOURCES:
        if path.name not in ("checked.py", "fast_cells.py"):  # the latter writes a sample only
            found = re.findall(
                r"\.write_(?:string|number|formula|blank|url|row|column)\(", path.read_text("utf-8")
            )
            assert found == [], path


def test_files_stay_small() -> None:
    """A file is split at 400 lines."""
    for path in SOURCES:
        assert path.read_text("utf-8").count("\n") <= 400, path


def test_functions_stay_short() -> None:
    """A function is split at 50 lines, its signature and docstring included."""
    for path, node in _nodes():
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, (path, node.name)


def test_one_class_name_is_one_thing() -> None:
    """Templates call the blocks of a document by the names of their classes, and releases have
    recorded those of a plan: these may share theirs."""
    places: dict[str, set[str]] = {}
    for path, node in _nodes():
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            places.setdefault(node.name, set()).add("/".join(path.with_suffix("").parts[-2:]))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert twice == {
        "Chart": {"render/document", "layout/plan"},
        "Field": {"render/plots", "layout/plan"},
        "Grid": {"render/document", "spreadsheet/grid"},
    }


def test_docstrings_tell_what_goes_in_and_what_is_raised() -> None:
    """Of a public function with three parameters or more each is told under ``Args:``; one that
    raises `HkzError` itself says so under ``Raises:``. The options of a command are its help."""
    for path in SOURCES:
        for function in _public(ast.parse(path.read_text("utf-8"))):
            told, where = ast.get_docstring(function) or "", (path.name, function.name)
            given = function.args
            names = [*given.posonlyargs, *given.args, *given.kwonlyargs]
            asked = [one.arg for one in names if one.arg not in ("self", "cls")]
            assert len(asked) < 3 or "Args:" in told, where
            assert not _raises(function) or "Raises:" in told, where


def _public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """Functions and methods that others may call, but for commands and overloads."""
    for one in node.body:
        if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
            yield from _public(one)
        elif isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            marks = " ".join(map(ast.unparse, one.decorator_list))
            if "command(" not in marks and "overload" not in marks:
                yield one


def _raises(node: ast.AST) -> bool:
    """Whether a body itself raises `HkzError`; functions in it are not asked."""
    return any(
        (isinstance(one, ast.Raise) and one.exc is not None and "HkzError" in ast.unparse(one.exc))
        or (not isinstance(one, ast.FunctionDef | ast.ClassDef | ast.Lambda) and _raises(one))
        for one in ast.iter_child_nodes(node)
    )


_KNOWN_AS = {
    "docx": "python-docx", "jinja2": "jinja", "python_calamine": "python-calamine",
    "yaml": "pyyaml", "annotated_types": "annotated-types",
}  # fmt: skip


def test_the_table_of_rooms_says_which_packages_each_knows() -> None:
    """Every room has its row, with the packages that it imports and no others."""
    used: dict[str, set[str]] = {}
    for path, node in _nodes():
        room = path.relative_to(PACKAGE).parts[0]
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
        found = {name.partition(".")[0] for name in names} - {"hkz_xlsx", *sys.stdlib_module_names}
        used.setdefault(room, set()).update(_KNOWN_AS.get(name, name) for name in found)
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    told: dict[str, set[str]] = {}
    for rooms, known in re.findall(r"^\| (`[^|]+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE):
        for room in re.findall(r"`([a-z_]+(?:/|\.py))`", rooms):
            told[room.rstrip("/")] = {one.strip().lower() for one in known.split(",")} - {"–"}
    assert told == {room: used[room] for room in used if not room.startswith("__")}


def _nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path, node


def test_no_drawer_modules() -> None:
    """No module named for being useful."""
    names = {path.stem for path in SOURCES}
    assert not names & {"utils", "util", "helpers", "common", "misc", "manager"}


def test_the_clock_is_not_read() -> None:
    """Dates are passed in: the same input gives the same output tomorrow. Only a reminder on the
    terminal is about today."""
    for path in SOURCES:
        if path.parts[-2:] == ("cli", "today.py"):
            continue
        assert not re.search(
            r"\b(date\.today|datetime\.now|time\.time)\(", path.read_text("utf-8")
        ), path
