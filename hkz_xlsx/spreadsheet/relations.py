"""Relationships between the parts of an Open XML package, followed inside the package only."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from hkz_xlsx.machine.limits import RefusedError
from hkz_xlsx.spreadsheet.byte_cache import remembered
from hkz_xlsx.spreadsheet.container import Package
from hkz_xlsx.spreadsheet.safe_xml import parse_xml

_remembered = remembered(most=64, longest=1 << 17)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: its type (last word), target part or address, inside the file or not."""

    type: str
    target: str
    external: bool


def local(name: str) -> str:
    """The name of a tag or attribute without its namespace."""
    return name.rpartition(" ")[2]


def relations(package: Package, part: str) -> Mapping[str, Relation]:
    """Relationships of a part by id; empty when it has none.

    Raises:
        RefusedError: not well-formed, or an id twice.
    """
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    return _relations(package.part(path), path, folder) if package.has(path) else {}


@_remembered
def _relations(data: bytes, path: str, folder: str) -> Mapping[str, Relation]:
    found: dict[str, Relation] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) != "Relationship":
            return
        external = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "")
        if not external:
            target = target.replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        key = attributes.get("Id", "")
        if key in found:
            raise RefusedError("FILE_BROKEN", detail=path)
        found[key] = Relation(kind, target, external)

    parse_xml(data, path, start)
    return found
