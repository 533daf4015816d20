"""What a release is made of, and how to see that a file is the one that was released.

    python -m release.bill dist

Copies the sample workbooks to the files of a release, and writes ``SHA256SUMS`` and
``bill-of-materials.cdx.json`` (CycloneDX 1.6) beside them: the package, the fonts in it, and every
package that it can load, with version and licence as they are installed here.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

NAME = "hkz-xlsx"
SAMPLES = Path(__file__).parents[1] / "samples"
SUMS, BILL = "SHA256SUMS", "bill-of-materials.cdx.json"
FONTS = {"Carlito": "OFL-1.1", "DejaVu Sans": "Bitstream-Vera", "Noto Emoji": "OFL-1.1"}
"""What the package itself holds that others made."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def loaded() -> dict[str, Distribution]:
    """Every package that the product can load, with all its extras, by name."""
    found: dict[str, Distribution] = {}
    waiting = [_first(line) for line in distribution(NAME).requires or ()]
    while waiting:
        name = waiting.pop()
        if _key(name) in (*found, NAME):
            continue
        try:
            one = distribution(name)
        except PackageNotFoundError:  # for another system or Python
            continue
        found[_key(name)] = one
        needs = (line for line in one.requires or () if "extra ==" not in line)
        waiting += map(_first, needs)
    return dict(sorted(found.items()))


def _first(line: str) -> str:
    found = _NAME.match(line)
    return found[0] if found else ""


def licence(one: Distribution) -> str:
    """The licence as the package states it, in a line."""
    told = one.metadata
    text = next(iter([*told.get_all("License-Expression", []), *told.get_all("License", [])]), "")
    if text and "\n" not in text and len(text) < 60:
        return text
    kinds = (c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if "License ::" in c)
    return " OR ".join(dict.fromkeys(kinds)) or "see the package"


def bill(files: list[Path]) -> str:
    """The bill of materials as CycloneDX."""
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    def component(name: str, version: str, terms: str, kind: ComponentType) -> Component:
        purl = PackageURL("pypi", name=name, version=version)
        return Component(
            name=name, version=version or None, type=kind, bom_ref=f"{name}@{version}",
            licenses=[DisjunctiveLicense(name=terms)],
            purl=purl if kind is not ComponentType.DATA else None,
        )  # fmt: skip

    own = distribution(NAME)
    bom = Bom()
    main = component(NAME, own.version, licence(own), ComponentType.APPLICATION)
    for path in files:
        part = Component(name=path.name, type=ComponentType.FILE, bom_ref=path.name)
        part.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=_sha256(path)))
        main.components.add(part)
    bom.metadata.component = main
    parts = [component(name, "", terms, ComponentType.DATA) for name, terms in FONTS.items()]
    parts += [
        component(key, one.version, licence(one), ComponentType.LIBRARY)
        for key, one in loaded().items()
    ]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(main, parts)
    return str(JsonV1Dot6(bom).output_as_string(indent=1))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def released(folder: Path) -> list[Path]:
    """The files of a release."""
    return [path for path in sorted(folder.iterdir()) if path.name not in (SUMS, BILL)]


def add_samples(folder: Path, samples: Path = SAMPLES) -> None:
    """The workbooks to download, each under a name of its own: a release has no folders."""
    for kind in ("leeg", "ingevuld"):
        for path in sorted((samples / kind).iterdir()):
            shutil.copyfile(path, folder / f"{path.stem}-{kind}{path.suffix}")


def sums(files: list[Path]) -> Iterator[str]:
    """Lines for ``sha256sum --check``."""
    for path in files:
        yield f"{_sha256(path)}  {path.name}"


def main(folder: Path) -> None:
    """Make the files of a release whole."""
    add_samples(folder)
    files = released(folder)
    (folder / BILL).write_text(bill(files), "utf-8", newline="\n")
    lines = [*sums(files), *sums([folder / BILL])]
    (folder / SUMS).write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
