"""YAML as plain values that remember their line: every scalar stays text.

YAML 1.1 silently turns an unquoted ``4.10`` into 4.1, ``6:10`` into 370 and ``No`` into
False; a duplicate key silently wins. So values are built from the parser's events: text,
list or mapping, nothing else. Anchors, aliases, tags and merge keys are refused (an alias
bomb of 300 bytes never ends when it is printed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hkz_xlsx.problems import Problem, Where, fault_name, problem

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Plain = Any
"""Text, a list of plain values, or a mapping of text to plain values."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Line of a value and of its parts, in the shape of the value itself."""

    line: int
    parts: Mapping[str | int, Lines]

    def at(self, path: tuple[str | int, ...]) -> int:
        """1-based line of the deepest known part along ``path``."""
        here = self
        for step in path:
            if step not in here.parts:
                break
            here = here.parts[step]
        return here.line


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One YAML file as plain values."""

    file: str
    value: Plain
    lines: Lines

    def where(self, *path: str | int) -> Where:
        """The place of a value in this file."""
        return Where(self.file, self.lines.at(path))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _StopError(Exception):
    def __init__(self, found: Problem) -> None:
        self.found = found


class _Builder:
    """Builds one document from parser events, collecting duplicate keys."""

    def __init__(self, file: str, events: Iterator[yaml.Event], problems: list[Problem]) -> None:
        self._file, self._events, self._problems = file, events, problems

    def _next(self) -> yaml.Event:
        event = next(self._events)
        line = _line(event)
        forbidden = (
            isinstance(event, yaml.AliasEvent)
            or getattr(event, "anchor", None) is not None
            or getattr(event, "tag", None) is not None
        )
        if forbidden:
            raise _StopError(problem("NORM_YAML_FORBIDDEN", Where(self._file, line)))
        return event

    def document(self) -> tuple[Plain, Lines]:
        for event in iter(self._next, None):
            if isinstance(
                event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent
            ):
                return self._value(event, 0)
            if isinstance(event, yaml.StreamEndEvent):
                break
        raise _StopError(problem("NORM_YAML_BROKEN", Where(self._file, 1), detail="leeg / empty"))

    def _value(self, event: yaml.Event, depth: int) -> tuple[Plain, Lines]:
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _StopError(problem("NORM_YAML_FORBIDDEN", Where(self._file, line)))
        if isinstance(event, yaml.ScalarEvent):
            return event.value, Lines(line, {})
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(line, depth)
        return self._mapping(line, depth)

    def _sequence(self, line: int, depth: int) -> tuple[Plain, Lines]:
        values: list[Plain] = []
        parts: dict[str | int, Lines] = {}
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            value, parts[len(values)] = self._value(event, depth + 1)
            values.append(value)
        return values, Lines(line, parts)

    def _mapping(self, line: int, depth: int) -> tuple[Plain, Lines]:
        values: dict[str, Plain] = {}
        parts: dict[str | int, Lines] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key_line = _line(event)
            key, _ = self._value(event, depth + 1)
            value, lines = self._value(self._next(), depth + 1)
            if not isinstance(key, str) or key == "<<":
                raise _StopError(problem("NORM_YAML_FORBIDDEN", Where(self._file, key_line)))
            if key in values:
                self._problems.append(
                    problem("NORM_KEY_TWICE", Where(self._file, key_line), key=key)
                )
            values[key] = value
            parts[key] = Lines(key_line, lines.parts)
        return values, Lines(line, parts)


def read_yaml(path: Path, shown_as: str, problems: list[Problem]) -> YamlDocument | None:
    """Read one file; on a fault add to ``problems`` and return None when nothing is usable.

    Args:
        path: the file to read, at most 1 MiB.
        shown_as: how messages name the file.
        problems: collects everything found wrong.
    """
    try:
        raw = path.read_bytes()
    except OSError as fault:
        problems.append(problem("NORM_FILE_MISSING", Where(shown_as), detail=fault_name(fault)))
        return None
    if len(raw) > MAX_BYTES:
        problems.append(problem("NORM_YAML_FORBIDDEN", Where(shown_as, 1)))
        return None
    try:
        text = raw.decode("utf-8")
        value, lines = _Builder(shown_as, yaml.parse(text, Loader=_LOADER), problems).document()
    except _StopError as stop:
        problems.append(stop.found)
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        detail = getattr(fault, "problem", None) or ("YAML" if mark else "UTF-8")
        problems.append(problem("NORM_YAML_BROKEN", Where(shown_as, line), detail=detail))
        return None
    return YamlDocument(shown_as, value, lines)
