"""Plain YAML values to typed norm data: every mistake with file and line, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from annotated_types import MinLen
from pydantic import TypeAdapter, ValidationError

from hkz_xlsx.norm.model import (
    Clause,
    Duty,
    Law,
    Name,
    Profile,
    Public,
    Source,
    Status,
    Structure,
    Theme,
    Topic,
    Word,
)
from hkz_xlsx.norm.yaml_nodes import YamlDocument
from hkz_xlsx.problems import Problem, problem
from hkz_xlsx.text import Text

T = TypeVar("T")
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class RubriekHead:
    """A rubriek as named in ``norm.yaml``; its topics stand in ``rubrieken/``."""

    number: Name
    title: Text
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Head:
    """``norm.yaml``: everything about a norm part but its topics."""

    id: Name
    number: Name
    name: Text
    short_name: Text
    edition: Name
    revision: Name
    status: Status
    shared: Name
    structure: Structure
    scope: Text
    together_with: tuple[str, ...]
    notice: Text
    questions_note: Text
    iso9001_relation: Text
    sources: tuple[str, ...]
    rubrieken: Annotated[tuple[RubriekHead, ...], MinLen(1)]
    profile: Profile
    public: Public | None = None
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class RubriekFile:
    """``rubrieken/rubriek-N.yaml``."""

    rubriek: Name
    topics: Annotated[tuple[Topic, ...], MinLen(1)]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class LawsFile:
    """``shared/<revision>/laws.yaml``."""

    laws: tuple[Law, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class ThemesFile:
    """``shared/<revision>/themes.yaml``."""

    themes: tuple[Theme, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class SourcesFile:
    """``shared/<revision>/sources.yaml``."""

    sources: tuple[Source, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class DutiesFile:
    """``shared/<revision>/duties.yaml``."""

    duties: tuple[Duty, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class ClausesFile:
    """``shared/<revision>/iso9001.yaml``."""

    clauses: tuple[Clause, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class WordsFile:
    """``shared/<revision>/words.yaml``."""

    words: tuple[Word, ...]
    __pydantic_config__ = _STRICT


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
"""Making an adapter costs more than reading a file with it."""


def typed(document: YamlDocument, kind: type[T], problems: list[Problem]) -> T | None:
    """The document as ``kind``, or None with every mistake added to ``problems``.

    Args:
        document: values as YAML gave them, with the line of each.
        kind: the class wanted.
        problems: mistakes are added here, each with file and line.
    """
    try:
        if kind not in _ADAPTERS:
            _ADAPTERS[kind] = TypeAdapter(kind)
        found: T = _ADAPTERS[kind].validate_python(document.value)
    except ValidationError as fault:
        problems.extend(_problems(document, fault.errors(include_url=False)))
        return None
    return found


def _problems(document: YamlDocument, errors: Iterable[Any]) -> Iterable[Problem]:
    codes = {
        "missing": "NORM_KEY_MISSING",
        "missing_argument": "NORM_KEY_MISSING",
        "extra_forbidden": "NORM_KEY_UNKNOWN",
        "unexpected_keyword_argument": "NORM_KEY_UNKNOWN",
    }
    for error in errors:
        path = tuple(error["loc"])
        value = error.get("input", "")
        yield problem(
            codes.get(error["type"], "NORM_VALUE_WRONG"),
            document.where(*path),
            path=".".join(str(step) for step in path),
            value=_shown(value),
            detail=_expected(error),
        )


def _shown(value: object) -> str:
    """A value as its author sees it; of one that holds others, its form."""
    if isinstance(value, str):
        return value
    return "{…}" if isinstance(value, Mapping) else "[…]" if isinstance(value, list) else "–"


_FORMS = {"list": "[…]", "tuple": "[…]", "dict": "{…}", "dataclass": "{…}", "string": '"…"'}


def _expected(error: Mapping[str, Any]) -> str:
    """What may stand there; the words of the library where it is neither a form nor a choice."""
    if error["type"] == "literal_error":
        return str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    if error["type"] == "too_short":
        return f"≥ {error['ctx']['min_length']}"
    return _FORMS.get(error["type"].split("_")[0], str(error["msg"]))
