"""A package of others beside ours: a format of its own, and norms of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.report.write import WRITERS, renderers
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import plan_of

CODE = """
from pathlib import Path

def text(document, look):
    return "\\n".join(section.title for section in document.sections).encode()

def wrong(document, look):
    raise ValueError("kan niet")

def folder():
    return Path({folder!r})
"""
POINTS = """
[hkz_xlsx.renderers]
tekst = anders:text
mislukt = anders:wrong
ontbreekt = niet_te_laden:text
html = anders:text

[hkz_xlsx.norms]
onze-normen = anders:folder
"""


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package as pip installs it, where Python looks for packages."""
    place = tmp_path / "site"
    info = place / "anders-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: anders\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(POINTS, "utf-8")
    (place / "anders.py").write_text(CODE.format(folder=str(norms_folder())), "utf-8")
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.chdir(tmp_path)
    Path("w.xlsx").write_bytes(write_workbook(plan_of("nl", "125")))
    renderers.cache_clear()
    yield tmp_path
    renderers.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.mark.usefixtures("beside")
def test_a_format_of_its_own() -> None:
    done = run("analyze", "w.xlsx", "-o", "r.tekst")
    assert done.exit_code == 0, done.output
    assert "In één oogopslag" in Path("r.tekst").read_text("utf-8")
    assert run("analyze", "w.xlsx", "-o", "r.html").exit_code == 0
    assert Path("r.html").read_bytes().startswith(b"<!"), "one of ours is not replaced"
    assert set(renderers()) - set(WRITERS) == {".tekst", ".mislukt", ".ontbreekt"}


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("kind", ["mislukt", "ontbreekt"])
def test_what_goes_wrong_in_it_is_told_as_its_own(kind: str) -> None:
    done = run("analyze", "w.xlsx", "-o", f"r.{kind}")
    assert done.exit_code == 1
    assert "RENDERER_FAILED" in done.stderr
    assert "anders" in done.stderr
    assert not Path(f"r.{kind}").exists()


@pytest.mark.usefixtures("beside")
def test_norms_by_the_name_of_a_package() -> None:
    done = run("norms", "list", "--norms", "onze-normen")
    assert done.exit_code == 0, done.output
    assert "HKZ 138" in done.stdout
    assert run("norms", "list", "--norms", "andere-normen").exit_code != 0
    Path("onze-normen").mkdir()
    assert "HKZ 138" not in run("norms", "list", "--norms", "onze-normen").stdout
