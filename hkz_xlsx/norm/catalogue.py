"""The catalogue of all HKZ norms and related documents, with or without questions of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.model import Name
from hkz_xlsx.norm.schema import typed
from hkz_xlsx.norm.yaml_nodes import read_yaml
from hkz_xlsx.problems import HkzError, Problem
from hkz_xlsx.text import Text

CATALOGUE_FILE = "catalogue.yaml"
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One norm or document; ``parts`` are the ids of our question sets that cover it."""

    id: Name
    number: str
    name: Text
    kind: Literal["hkz", "part", "legacy", "belgian", "assessment", "nen", "related"]
    editions: tuple[str, ...]
    structure: Text
    scope: Text
    accreditation: Text
    assessment: Text
    cpv: Text
    parts: tuple[str, ...]
    confidence: Literal["seen", "inferred", "general"]
    sources: tuple[str, ...]
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class _File:
    entries: tuple[CatalogueEntry, ...]
    __pydantic_config__ = _STRICT


def load_catalogue(root: Path | None = None) -> tuple[CatalogueEntry, ...]:
    """Every entry in written order.

    Raises:
        HkzError: every mistake in the file.
    """
    problems: list[Problem] = []
    document = read_yaml((root or norms_folder()) / CATALOGUE_FILE, CATALOGUE_FILE, problems)
    found = typed(document, _File, problems) if document is not None else None
    if found is None or problems:
        raise HkzError(*problems)
    return found.entries
