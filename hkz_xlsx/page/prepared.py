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
from typing import Any

import yaml

Events = list[int | str]
"""Of every event between start and end of the stream: by how many lines it comes after the one
before, and what it is: the text of a scalar, or a number of `_KINDS`."""

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
    before = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        special = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if special or isinstance(event, yaml.AliasEvent):
            return []
        scalar = isinstance(event, yaml.ScalarEvent)
        if scalar or isinstance(event, _KINDS):
            line = event.start_mark.line if event.start_mark else before
            what = getattr(event, "value", "") if scalar else _KINDS.index(type(event))
            events += [line - before, what]
            before = line
    return events


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

    def __init__(self, events: Events) -> None:
        self._events = events
        self._at = self._line = 0

    def check_event(self) -> bool:
        """Whether there is another one."""
        return self._at < len(self._events)

    def get_event(self) -> yaml.Event:
        """The next one."""
        step, what = self._events[self._at : self._at + 2]
        self._at += 2
        self._line += int(step)
        return _event(self._line, what)

    def get_single_data(self) -> object:
        """Text, lists and mappings."""
        events = iter(self._events[1::2])
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
            return base(stream) if events is None else _Known(events)

        return of

    vars(yaml)["CSafeLoader"] = loader(yaml.SafeLoader)
    vars(yaml)["CBaseLoader"] = loader(yaml.BaseLoader)
