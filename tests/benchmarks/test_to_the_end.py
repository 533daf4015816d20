"""Every benchmark runs to its end, at sizes that say nothing about speed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from benchmarks.bench_memory import peaks
from benchmarks.bench_round import Build, check_made

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "benchmarks"
SIZES: dict[str, tuple[tuple[str, ...], int]] = {
    "bench_one": (("--rounds", "1", "--norm", "125"), 11),
    "bench_reports": (("--rounds", "1", "--norm", "125"), 9),
    "bench_batch": (("2", "--rounds", "1", "--sample", "1", "--starts", "1", "--scopes", "2"), 22),
    "bench_round": (
        ("--files", "2", "--rounds", "1", "--norm", "125", "--blanks", "2", "--baseline", str(ROOT),
         "--work", "check", "prefilled"), 3,
    ),
    "bench_page": (("--browsers", "chrome", "--rounds", "1", "--files", "2"), 3),
    "bench_portfolio": (
        ("--files", "16", "--runs", "2", "2", "--repeat", "1", "--answers", "32", "5"), 17,
    ),
    "bench_memory": (("--files", "2", "--work", "check", "--norm", "125", "--jobs", "1"), 3),
    "bench_workers": (("8", "--rounds", "1", "--killers", "0"), 3),
}  # fmt: skip
"""Per benchmark its arguments, and how many lines of tables it prints at least."""


@pytest.mark.proof
def test_a_figure_of_nothing_is_none(tmp_path: Path) -> None:
    """A command that can use no file ends with 1, as one with findings does."""
    returned, out = tmp_path / "returned", tmp_path / "out"
    returned.mkdir()
    (returned / "a.xlsx").write_text("geen werkboek", "utf-8")
    with pytest.raises(RuntimeError, match="nothing was read"):
        peaks("check", returned, out, 1)
    with pytest.raises(RuntimeError, match="nothing was read"):
        Build("now", sys.executable, ROOT).run("check", str(returned), "--json", "--jobs", "1")


@pytest.mark.parametrize(
    ("command", "made"),
    [
        ("analyze --format json", "a.json"), ("aggregate", "answers/5.parquet"),
        ("batch list.csv", "a.xlsx"), ("migrate", "a.xlsx"),
    ],
)  # fmt: skip
def test_an_index_is_nothing(command: str, made: str, tmp_path: Path) -> None:
    words = [*command.split(), "-o", str(tmp_path)]
    for name in ("index.html", "index.xlsx", "manifest.csv", "sets.parquet"):
        (tmp_path / name).touch()
    for none in (words, ["check"]):
        with pytest.raises(RuntimeError, match="nothing was read"):
            check_made(none, '"usable": false')
    (tmp_path / made).parent.mkdir(exist_ok=True)
    (tmp_path / made).touch()
    check_made(words, "")


def test_none_is_forgotten() -> None:
    assert {path.stem for path in FOLDER.glob("bench_*.py")} == set(SIZES)


_PROOF = {"bench_page", "bench_portfolio", "bench_batch"}
"""Those that need a browser or more than some seconds."""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.proof] if n in _PROOF else []) for n in SIZES]
)
def test_runs_to_its_end(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with all of its tables. LibreOffice is left out: saving with it is no part of ours."""
    if name == "bench_portfolio":
        monkeypatch.setattr("benchmarks.bench_portfolio.shutil.which", lambda _: None)
        monkeypatch.setattr("benchmarks.bench_portfolio.spin", lambda _: 1.0)
    arguments, lines = SIZES[name]
    importlib.import_module(f"benchmarks.{name}").main(arguments)
    told = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("|") for line in told) >= lines
