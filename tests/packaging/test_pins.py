"""The pinned versions are those of what pyproject.toml asks for, each with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PINS = ROOT / "requirements" / "test.txt"
_PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n?",
    re.MULTILINE,
)


def pinned() -> dict[str, list[Version]]:
    """Every version pinned, by name; several where they differ by Python or system."""
    found: dict[str, list[Version]] = {}
    for name, version, _, hashes in _PIN.findall(PINS.read_text("utf-8")):
        assert hashes
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


def asked() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"].get("optional-dependencies", {}).values()
    lists = [project["project"]["dependencies"], project["dependency-groups"]["test"], *extras]
    found = [Requirement(one) for each in lists for one in each if isinstance(one, str)]
    return [one for one in found if canonicalize_name(one.name) != "hkz-xlsx"]


@pytest.mark.parametrize("requirement", asked(), ids=str)
def test_what_is_asked_for_is_pinned(requirement: Requirement) -> None:
    """Run `make pins` after a change of pyproject.toml."""
    versions = pinned().get(canonicalize_name(requirement.name), [])
    assert versions, f"{requirement.name} is not pinned: make pins"
    assert all(requirement.specifier.contains(one) for one in versions), "make pins"


def test_nothing_but_pins() -> None:
    """No address of a registry, no file, nothing without a hash: all lines are accounted for."""
    text = PINS.read_text("utf-8")
    assert _PIN.sub("", text).strip() == ""
    assert "://" not in text
    assert len(pinned()) > 40
