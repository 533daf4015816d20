"""Shipped YAML, parsed beforehand: the same values and lines as PyYAML gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hkz_xlsx.page import prepared

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("norms", "templates", "hkz_xlsx/catalogues")
    for path in (ROOT / folder).rglob("*.yaml")
)
ODD = """\
# a remark, and an é before the first word
"a b": 'it''s'
folded: >
  two
  lines
same: [x, "", '', "\\t", -1, {y: z}]
"""


@pytest.fixture(autouse=True)
def _loaders() -> Iterator[None]:
    kept = yaml.CSafeLoader, yaml.CBaseLoader
    yield
    vars(yaml)["CSafeLoader"], vars(yaml)["CBaseLoader"] = kept


def _events(text: str, loader: Any) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line if event.start_mark else -1
        if isinstance(event, yaml.ScalarEvent):
            found.append((line, event.value))
        elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent) and not isinstance(
            event, yaml.DocumentStartEvent | yaml.DocumentEndEvent
        ):
            found.append((line, type(event).__name__))
    return found


def test_every_shipped_file() -> None:
    """Every event with its line, and every value."""
    texts = [path.read_text("utf-8") for path in FILES]
    texts.append(ODD)
    made = prepared.prepared(texts)
    want = [(_events(t, yaml.CSafeLoader), yaml.load(t, yaml.CBaseLoader)) for t in texts]
    assert len(made.encode()) < 0.7 * len("".join(texts).encode())
    prepared.use(made)
    asked = prepared._Known
    for text, (events, value) in zip(texts, want, strict=True):
        assert isinstance(yaml.CSafeLoader(text), asked), text[:80]
        assert _events(text, yaml.CSafeLoader) == events
        assert yaml.load(text, yaml.CBaseLoader) == value


def test_what_was_not_there_is_parsed() -> None:
    """A template of one's own, and what is not plain data."""
    prepared.use(prepared.prepared(["a: 1\n", "a: &x 1\nb: *x\n"]))
    assert not isinstance(yaml.CSafeLoader("a: &x 1\nb: *x\n"), prepared._Known)
    assert yaml.load("b: [2]\n", yaml.CBaseLoader) == {"b": ["2"]}
