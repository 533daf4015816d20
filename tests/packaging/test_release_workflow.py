"""What the forge runs for a release: every step names something that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from release.bill import SAMPLES, add_samples

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def _steps(path: Path) -> list[str]:
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_steps_name_what_is_there(path: Path) -> None:
    """Targets of the Makefile, and files: a pattern that matches nothing stops the upload."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for step in _steps(path):
        words = step.split()
        if words[0] == "make":
            assert words[1] in targets, step
        for word in words:
            if "/" in word and not word.startswith(("$", "dist/", "-")):
                assert list(ROOT.glob(word)), f"{step}: {word}"


def test_a_release_has_the_samples_each_under_a_name_of_its_own(tmp_path: Path) -> None:
    """Two folders of them have files of one name; a release has no folders."""
    add_samples(tmp_path)
    want = [path for kind in ("leeg", "ingevuld") for path in (SAMPLES / kind).iterdir()]
    assert len(list(tmp_path.iterdir())) == len(want) > 0
    assert (tmp_path / "hkz-143-leeg.xlsx").read_bytes() == (
        SAMPLES / "leeg" / "hkz-143.xlsx"
    ).read_bytes()


def test_the_release_hands_out_everything() -> None:
    """The page is made before the checksums are."""
    made = (ROOT / "Makefile").read_text("utf-8").partition("\nbill:")[2].partition("\n\n")[0]
    assert -1 < made.find("page.build") < made.find("release.bill")
    text = "\n".join(_steps(ROOT / ".github" / "workflows" / "release.yml"))
    assert text.index("make test") < text.index("make bill") < text.index("dist/*")
