"""Shipped YAML files, parsed when the page is built.

PyYAML's parser in C has no package for WebAssembly, and the one in Python would take most of the
time until the first report. So the build keeps the events of every shipped file under the file's
own hash, and `use` gives them to whoever asks PyYAML for its parser in C. A file with another
content, such as a template of one's own, is parsed as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import yaml

Events = list[int | str]
"""Of every event between start and end of the stream: by how many lines it comes after the one
before, and what it is: a number of `_KINDS`; the text of a scalar; or, where that text stands in
the file just so, its length after the number of `_KINDS`, and how far it begins after the one
before. The file is there anyway, so its words are not kept twice."""

_KINDS = (
    yaml.SequenceStartEvent, yaml.SequenceEndEvent, yaml.MappingStartEvent, yaml.MappingEndEvent
)  # fmt: skip
_SEQUENCE, _SEQUENCE_END, _MAPPING, _MAPPING_END = range(4)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prepared(texts: Iterable[str]) -> str:
    """The events of these files as JSON; files that are not plain data are left out."""
    found: dict[str, Events] = {}
    for text in texts:
        events = _events(text)
        if events:
            found[_hash(text)] = events
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _events(text: str) -> Events:
    events: Events = []
    before = ended = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        special = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if special or isinstance(event, yaml.AliasEvent):
            return []
        mark = event.start_mark
        if mark and isinstance(event, (yaml.ScalarEvent, *_KINDS)):
            events.append(mark.line - before)
            before = mark.line
        if mark and isinstance(event, yaml.ScalarEvent):
            value, start = str(event.value), mark.index
            start += text[start : start + 1] in "'\"" and not text.startswith(value, start)
            if text.startswith(value, start):
                events += [len(_KINDS) + len(value), start - ended]
                ended = start + len(value)
            else:
                events.append(value)
        elif isinstance(event, _KINDS):
            events.append(_KINDS.index(type(event)))
    return events


def _unfolded(events: Events, text: str) -> Iterator[tuple[int, int | str]]:
    """Line and kind, or text, of each event."""
    given = iter(events)
    line = ended = 0
    for step in given:
        line += int(step)
        what = next(given)
        if isinstance(what, int) and what >= len(_KINDS):
            start = ended + int(next(given))
            ended = start + what - len(_KINDS)
            what = text[start:ended]
        yield line, what


class _Mark:
    __slots__ = ("line",)

    def __init__(self, line: int) -> None:
        self.line = line


def _event(line: int, what: int | str) -> yaml.Event:
    made: Any  # events without what their constructors ask for
    if isinstance(what, str):
        made = yaml.ScalarEvent.__new__(yaml.ScalarEvent)
        made.value = what
    else:
        made = _KINDS[what].__new__(_KINDS[what])
    made.anchor = made.tag = None
    made.start_mark = _Mark(line)
    event: yaml.Event = made
    return event


class _Known:
    """As much of a PyYAML loader as `yaml.parse` and `yaml.load` with the base loader use."""

    def __init__(self, events: Events, text: str) -> None:
        self._events = _unfolded(events, text)
        self._next = next(self._events, None)

    def check_event(self) -> bool:
        """Whether there is another one."""
        return self._next is not None

    def get_event(self) -> yaml.Event | None:
        """The next one."""
        found, self._next = self._next, next(self._events, None)
        return _event(*found) if found else None

    def get_single_data(self) -> object:
        """Text, lists and mappings."""
        events = (what for _, what in chain([self._next] if self._next else [], self._events))
        return _value(next(events), events)

    def dispose(self) -> None:
        """Nothing to let go of."""


def _value(event: int | str, events: Iterator[int | str]) -> object:
    if isinstance(event, str):
        return event
    if event == _SEQUENCE:
        values = []
        while (one := next(events)) != _SEQUENCE_END:
            values.append(_value(one, events))
        return values
    found = {}
    while (key := next(events)) != _MAPPING_END:
        found[_value(key, events)] = _value(next(events), events)
    return found


def use(text: str) -> None:
    """Have the files in this JSON of `prepared` parsed by looking them up."""
    known: dict[str, Events] = json.loads(text)

    def loader(base: Callable[[str], Any]) -> Callable[[str], Any]:
        def of(stream: str) -> object:
            events = known.get(_hash(stream))
            return base(stream) if events is None else _Known(events, stream)

        return of

    vars(yaml)["CSafeLoader"] = loader(yaml.SafeLoader)
    vars(yaml)["CBaseLoader"] = loader(yaml.BaseLoader)
