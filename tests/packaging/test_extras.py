"""What is left out of the core: everything else works without it, and what needs it says so."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from hkz_xlsx.machine.extras import (
    EXTRAS,
    extra_of,
    install_command,
    missing,
    need,
    not_installed,
)
from hkz_xlsx.problems import HkzError
from hkz_xlsx.report.write import check_outputs, suffixes

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "released" / "0.1.0"


def _hkz(
    folder: Path, libraries: tuple[str, ...], *command: str
) -> subprocess.CompletedProcess[str]:
    """The command as it is where these libraries are not installed, in its workers too."""
    away = folder / "away"
    away.mkdir(exist_ok=True)
    lines = [f"sys.modules[{name!r}] = None" for name in libraries]
    (away / "sitecustomize.py").write_text("import sys\n" + "\n".join(lines) + "\n", "utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{away}{os.pathsep}{ROOT}"}
    return subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", *command],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _binary(path: Path) -> Path:
    """The beginning of a workbook of the binary kind; more of it is not looked at."""
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    office = "http://schemas.openxmlformats.org"
    types = f'<Types xmlns="{office}/package/2006/content-types">'
    types += f'<Override PartName="/xl/workbook.bin" ContentType="{kind}"/></Types>'
    links = f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
    links += f'Type="{office}/officeDocument/2006/relationships/officeDocument" '
    links += 'Target="xl/workbook.bin"/></Relationships>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr("_rels/.rels", links)
        package.writestr("xl/workbook.bin", b"\x83\x01\x00\x84\x01\x00")
    return path


def _done(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_extras_bring_what_they_promise() -> None:
    """The table in the code is that of the package."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = listed["optional-dependencies"]
    brought = ",".join(name for name in extras if name != "all")
    assert extras.pop("all") == [f"hkz-xlsx[{brought}]"]
    assert set(extras) == set(EXTRAS)
    names = {"python-docx": "docx", "msoffcrypto-tool": "msoffcrypto"}
    for extra, packages in extras.items():
        for one in packages:
            name = one.partition(">")[0]
            assert extra_of(names.get(name, name.replace("-", "_"))) == extra, one
    core = {one.partition(">")[0].replace("-", "_") for one in listed["dependencies"]}
    assert not core & {name for names in EXTRAS.values() for name in names}


def test_what_an_import_that_fails_is_told_as(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that installs it; an import of our own that fails stays a mistake."""
    monkeypatch.setitem(sys.modules, "typst", None)
    said = missing("typst")
    assert said is not None
    assert "hkz-xlsx[pdf]" in said.hint("nl")
    assert 'pip install "hkz-xlsx[pdf]"' in str(HkzError(said))  # also for who calls it in Python
    assert missing("click") is None
    with pytest.raises(HkzError) as caught:
        need("click", "typst")
    assert [one.code for one in caught.value.problems] == ["ENGINE_MISSING"]
    deep = not_installed(ModuleNotFoundError("x", name="docx.oxml"))
    assert deep is not None
    assert "hkz-xlsx[word]" in deep.hint("en")
    assert not_installed(ModuleNotFoundError("x", name="hkz_xlsx.nothing")) is None


@pytest.mark.parametrize(
    ("prefix", "line"),
    [
        (
            "/home/u/.local/share/pipx/venvs/hkz-xlsx",
            'pipx runpip hkz-xlsx install "hkz-xlsx[pdf]"',
        ),
        ("/home/u/.local/share/uv/tools/hkz-xlsx", 'uv tool install "hkz-xlsx[pdf]"'),
        ("/home/u/werk/.venv", 'pip install "hkz-xlsx[pdf]"'),
    ],
)
def test_the_line_is_that_of_the_tool_that_installed_us(
    monkeypatch: pytest.MonkeyPatch, prefix: str, line: str
) -> None:
    """Beside what pipx installed, pip would install where nobody looks; and what was installed from
    a file or a clone is found again only by a pip of that place. Single quotes are letters to the
    shell of Windows."""
    monkeypatch.setattr(sys, "prefix", prefix)
    assert install_command("pdf") == line


def test_two_libraries_of_one_extra_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(HkzError) as caught:
        need("duckdb", "pyarrow")
    (one,) = caught.value.problems
    assert "duckdb, pyarrow" in one.message("nl")


def test_two_extras_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody installs one, to be told of the next: whatever is asked for together."""
    for library in ("docx", "docxtpl", "typst", "icalendar"):
        monkeypatch.setitem(sys.modules, library, None)
    for told in (
        lambda: need("docx", "typst", "icalendar"),
        lambda: check_outputs([], [Path("r.docx"), Path("r.html"), Path("r.pdf"), Path("a.ics")]),
        lambda: suffixes("docx,html,pdf,ics"),
    ):
        with pytest.raises(HkzError) as caught:
            told()
        (one,) = caught.value.problems
        assert one.hint("en").endswith('"hkz-xlsx[word,pdf,calendar]"')
        assert "docx, typst, icalendar" in one.message("nl")


def test_the_core_does_its_work_without_any_extra(tmp_path: Path) -> None:
    """Make, check, report, repair, merge, carry, batch, collect and compare."""
    away = tuple(name for names in EXTRAS.values() for name in names)
    _done(_hkz(tmp_path, away, "demo", "uit", "--lang", "nl"))
    filled = tmp_path / "uit" / "werkboek-half-ingevuld.xlsx"
    _done(_hkz(tmp_path, away, "check", str(filled)))
    targets = [f"rapport{kind}" for kind in (".html", ".xlsx", ".json", ".md")]
    _done(_hkz(tmp_path, away, "analyze", str(filled), *(w for t in targets for w in ("-o", t))))
    assert all((tmp_path / name).stat().st_size > 1000 for name in targets)
    _done(_hkz(tmp_path, away, "repair", str(filled), "-o", "hersteld.xlsx"))
    _done(_hkz(tmp_path, away, "merge", str(filled), "hersteld.xlsx", "-o", "samen.xlsx"))
    _done(_hkz(tmp_path, away, "compare", str(filled), "hersteld.xlsx"))
    (tmp_path / "k.csv").write_text("Naam;KvK\nDe Brug;51234568\n", "utf-8")
    batch = ("batch", "k.csv", "-o", "wb", "--norm", "125", "--date", "2026-11-01")
    _done(_hkz(tmp_path, away, *batch))
    _done(_hkz(tmp_path, away, "collect", "wb", "--manifest", "wb/manifest.json"))


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ("word", ["analyze", "{file}", "-o", "r.docx"]),
        ("word", ["analyze", "{folder}", "-o", "uit", "--format", "html,docx"]),
        ("pdf", ["analyze", "{file}", "-o", "r.html", "-o", "r.pdf"]),
        ("pdf", ["compare", "{file}", "{file}", "-o", "v.pdf"]),
        ("portfolio", ["aggregate", "{folder}", "-o", "pf"]),
        ("portfolio", ["query", "select 1", "-p", "pf"]),
        ("dask", ["aggregate", "{folder}", "-o", "pf", "--engine", "dask"]),
        ("portfolio,dask", ["aggregate", "{folder}", "-o", "pf", "--engine", "dask"]),
        ("old-excel", ["check", "{xlsb}"]),
        ("old-excel", ["analyze", "{xlsb}", "-o", "r.html"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:1] + value[2:]),
)
def test_what_needs_an_extra_names_the_line_to_install_it(
    extra: str, command: list[str], tmp_path: Path
) -> None:
    """Before any work, once, without a traceback; nothing is written."""
    places = {
        "folder": RELEASED / "workbooks", "file": next((RELEASED / "workbooks").glob("125*nl*")),
        "xlsb": _binary(tmp_path.parent / f"{tmp_path.name}.xlsb"),
    }  # fmt: skip
    filled = [part.format_map(places) for part in command]
    away = tuple(name for one in extra.split(",") for name in EXTRAS[one])
    done = _hkz(tmp_path, away, *filled)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    said = done.stderr + done.stdout
    assert f"hkz-xlsx[{extra}]" in said
    assert ("FILE_NEEDS_EXTRA" if extra == "old-excel" else "ENGINE_MISSING") in said
    assert said.count("pip install") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"away"}
