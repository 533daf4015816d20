"""Fills in the fingerprints of crosswalks that are drafts, and tells what is wrong in any.

python -m docs.crosswalks              (norms of this checkout)
python -m docs.crosswalks FOLDER

To be run after the last change of a question set. Released crosswalks are only checked.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.migrations import check_migrations, read_crosswalks

_MARK = re.compile(r'fingerprint: *"?[0-9a-f]*"?')


def fill(root: Path) -> int:
    """How many files were changed; nothing but the fingerprints in them is."""
    library, changed = Library(root, strict=False), 0
    for crosswalk, document in read_crosswalks(root)[0]:
        path = root / document.file
        lines = path.read_text("utf-8").splitlines(keepends=True)
        before = list(lines)
        for name, end in (("from", crosswalk.source), ("to", crosswalk.target)):
            part = library.part(end.part, end.edition, end.revision)
            line = document.where(name, "fingerprint").line
            if part is None or line is None or crosswalk.status != "draft":
                continue
            mark = f'fingerprint: "{part.edition.fingerprint}"'
            lines[line - 1] = _MARK.sub(mark, lines[line - 1], count=1)
        if lines != before:
            path.write_text("".join(lines), "utf-8")
            changed += 1
    return changed


def main() -> int:
    """Fills in and checks; 1 when there is something to mend."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else norms_folder()
    print(f"changed: {fill(root)}")
    problems = tuple(check_migrations(Library(root, strict=False), root))
    for found in problems:
        print(found.text("en"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
