"""``make site``: the handbooks and all other pages as one site, from the files as they are.

The pages link to each other as they do in the repository, so the site has the same folders. A link
that leads nowhere, a page that stands in no menu and an anchor that is not there are errors.

python -m docs.site FOLDER
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]

MENU: dict[str, list[str]] = {
    "Organisaties": [
        "docs/wat-is-hkz.md", "docs/pagina.md", "docs/handleiding.md", "samples/README.md",
        "docs/persoonsgegevens.md",
    ],
    "Consultants": [
        "docs/handboek-consultants.md", "docs/batch.md", "docs/returned-files.md",
        "docs/reports.md", "docs/word-template.md", "docs/lifecycle.md", "docs/templates.md",
    ],
    "Analysts": [
        "docs/guide-analysts.md", "docs/portfolio.md", "docs/codebook.md", "docs/scoring.md",
    ],
    "Reference": [
        "docs/cli.md", "docs/problems.md", "docs/platforms.md", "docs/reading.md", "docs/words.md",
        "NOTICES.md", "SECURITY.md", "CHANGELOG.md",
    ],
    "Norm authors and developers": [
        "docs/norm-format.md", "docs/norms-r2.md", "CONTRIBUTING.md", "docs/architecture.md",
        "docs/page.md", "docs/proof.md", "benchmarks/README.md",
    ],
}  # fmt: skip
"""The pages of the site by part of its menu; what stands in `docs` beside these comes last under
*Reference*, and the pages of the question sets under a part of their own."""

_BESIDE = ("*.png", "*.json", "*.ipynb", "*.xlsx", "*.csv", "LICENSE", "*.yaml", "*.sh")
"""What pages link to beside pages."""

_FOLDERS = ("docs", "samples", "benchmarks", "templates", "norms", "release", "findings")


def title(page: str) -> str:
    """The first heading of a page."""
    found = re.search(r"^# (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    return found[1] if found else page


def config(source: Path, target: Path) -> dict[str, object]:
    """What the generator is told; nothing on the site comes from elsewhere."""
    sets = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs/norms-r2").glob("*.md"))
    menu: list[dict[str, object]] = [{"hkz_xlsx": "README.md"}]
    menu += [{part: [{title(page): page} for page in pages]} for part, pages in parts().items()]
    menu.append({"Question sets of 2026": [{title(page): page} for page in sets]})
    return {
        "site_name": "hkz_xlsx",
        "docs_dir": str(source),
        "site_dir": str(target),
        "use_directory_urls": False,  # the pages also open from a disk
        "theme": {"name": "readthedocs", "locale": "nl", "highlightjs": False},
        "plugins": ["search"],
        "markdown_extensions": ["tables", "toc", "fenced_code", "sane_lists"],
        "validation": {
            "nav": {"omitted_files": "warn", "not_found": "warn"},
            "links": {"not_found": "warn", "anchors": "warn", "absolute_links": "warn"},
        },
        "nav": menu,
    }  # fmt: skip


def stage(folder: Path) -> None:
    """The pages, and what they link to, in the folders where they stand."""
    pages = ["README.md", *(page for part in parts().values() for page in part)]
    pages += [p.relative_to(ROOT).as_posix() for p in (ROOT / "docs/norms-r2").glob("*.md")]
    beside = [p for name in _FOLDERS for kind in _BESIDE for p in (ROOT / name).rglob(kind)]
    files = [*(ROOT / page for page in pages), *beside, ROOT / "LICENSE"]
    for path in files:
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def parts() -> dict[str, list[str]]:
    """Every page, by part of the menu."""
    there = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    others = sorted(there - {page for part in MENU.values() for page in part})
    return {**MENU, "Reference": [*MENU["Reference"], *others]}


def main(target: Path) -> int:
    """Build it; the exit code of the generator, for which every warning is an error."""
    with tempfile.TemporaryDirectory() as name:
        source, settings = Path(name) / "pages", Path(name) / "mkdocs.yml"
        stage(source)
        settings.write_text(yaml.safe_dump(config(source, target.resolve())), "utf-8")
        # Not --quiet: then the generator counts no warnings, and --strict finds nothing wrong.
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f"]
        return subprocess.run([*command, str(settings)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
