"""The site has every page once, and is made without a warning."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from docs.site import ROOT, parts, stage, title


def test_every_page_stands_in_the_menu_once() -> None:
    pages = [page for part in parts().values() for page in part]
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= set(pages)
    assert len(pages) == len(set(pages))
    assert all(title(page) != page for page in pages), "every page has a heading"


def test_what_pages_link_to_comes_along(tmp_path: Path) -> None:
    """The generator checks pages and anchors; files beside them are looked for here."""
    stage(tmp_path)
    for page in tmp_path.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)[)#]", page.read_text("utf-8")):
            if not target.startswith(("http", "mailto:", "<")):
                found = (page.parent / target).resolve()
                inside = found.relative_to(tmp_path)
                assert found.exists() or not (ROOT / inside).is_file(), (page.name, target)


@pytest.mark.proof
def test_the_site_is_made_without_a_warning() -> None:
    """And asks nothing of another machine: no font, script or style from elsewhere."""
    subprocess.run(["make", "site"], cwd=ROOT, check=True)
    for page in (ROOT / "build/site").rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]+)", page.read_text("utf-8")
        )
        assert not [one for one in loaded if one.startswith(("http", "//"))], page
