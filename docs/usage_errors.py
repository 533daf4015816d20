"""What click says of wrong use, and the help of our commands, in Dutch: to what gettext reads.

python -m docs.usage_errors     writes click.mo and hkz.mo; a test fails when one is stale, or when
                                the installed click says something that click.po does not know
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "hkz_xlsx" / "catalogues" / "locale" / "nl" / "LC_MESSAGES"
DOMAINS = ("click", "hkz")


def known(domain: str = "click") -> Catalog:
    """What is translated."""
    with (FOLDER / f"{domain}.po").open("rb") as file:
        return read_po(file, locale="nl", domain=domain)


def shipped(domain: str) -> Path:
    """The file that gettext reads."""
    return FOLDER / f"{domain}.mo"


def compiled(domain: str) -> bytes:
    """As gettext reads it; the day stands still, so that nothing changes where no word did."""
    target, words = BytesIO(), known(domain)
    words.creation_date = words.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(target, words)
    return target.getvalue()


def sentences(data: bytes) -> dict[str, object]:
    """What a compiled file says; its header is left out."""
    return {str(one.id): one.string for one in read_mo(BytesIO(data)) if one.id}


def said() -> set[str]:
    """Every message of the installed click."""
    folder = Path(click.__file__).parent
    keywords = {"_": None, "ngettext": (1, 2)}
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(folder, keywords=keywords):
        found.add(message if isinstance(message, str) else message[0])
    return found


def main() -> int:
    """Writes the files."""
    for domain in DOMAINS:
        shipped(domain).write_bytes(compiled(domain))
    return 0


if __name__ == "__main__":
    sys.exit(main())
