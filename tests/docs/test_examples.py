"""Every example of README and of the handbooks is run, and gives what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.examples import Page, commands, fits, steps

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("page", "least"),
    [("README.md", 15), ("docs/handboek-consultants.md", 12), ("docs/guide-analysts.md", 8)],
)
def test_every_example_runs(
    page: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HKZ_SETTINGS", str(tmp_path / "instellingen.json"))
    folder = tmp_path / "leeg"
    folder.mkdir()
    one = Page(ROOT / page, folder)
    one.walk()
    assert one.run_count >= least


def test_what_a_page_leaves_out() -> None:
    said = "a\nb 12 c\nd\n"
    assert fits("a\n…\nd", said)
    assert fits("a\nb … c\nd", said)
    assert fits("…\nd", said)
    assert not fits("a\nd", said)
    assert not fits("a\nb … x\nd", said)
    assert not fits("a", said)


def test_what_a_page_is_read_as() -> None:
    text = '<!-- exit: 1 -->\n```sh\nhkz a "b c"  # d\nhkz e \\\n  f\n```\n'
    note, block = steps(text)
    assert (note.note, block.kind, block.line) == ("exit: 1", "sh", 2)
    assert list(commands(block.body)) == [["hkz", "a", "b c"], ["hkz", "e", "f"]]
