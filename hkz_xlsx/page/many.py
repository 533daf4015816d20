"""The actions for advisers: many files at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkz_xlsx.page.call import Asked, command, shown
from hkz_xlsx.text import Lang, messages

if TYPE_CHECKING:
    from hkz_xlsx.report.index import IndexedWorkbook


def _lang(asked: Asked) -> Lang:
    return "en" if asked.get("lang") == "en" else "nl"


def many(asked: Asked, target: Path) -> dict[str, Any]:
    """A report for every workbook in a folder: `hkz analyze`, with its index, as one zip.

    What needs attention stands first: errors, failing core requirements, few answers.
    """
    from hkz_xlsx.layout.template import load_template
    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.report.batch import Wish, run
    from hkz_xlsx.writing.stamp import zipped

    lang = _lang(asked)
    folder = target / "rapporten"
    look = load_template(asked.get("template") or "neutraal")
    wish = Wish(folder, (".html", ".xlsx"), None, None, look)
    written: list[Path] = []
    index = run([Path(asked["path"])], load_library(), wish, written.append)
    reports = sorted((path.name, path.read_bytes()) for path in set(written))
    for path in set(written):
        path.unlink()
    (target / asked["name"]).write_bytes(zipped(reports))
    clients = sorted(index.clients, key=_attention)
    return {
        "summary": replace(index, lang=lang, tally=None).summary(),
        "tally": index.tally.text(lang) if index.tally else "",
        "rows": [_row(one, lang) for one in clients],
        "unused": [{"file": u.file, "problems": shown(u.problems, lang)} for u in index.unused],
    }


def _attention(one: IndexedWorkbook) -> tuple[bool, int, float]:
    answered = one.total.answered / one.total.count if one.total.count else 0.0
    return not one.errors, -one.total.core_failed, answered


def _row(one: IndexedWorkbook, lang: Lang) -> dict[str, Any]:
    from hkz_xlsx.report.words import core_line

    name = one.organisation or messages(lang)("report.index.nameless")
    return {
        "client": ", ".join(filter(None, (name, one.location))),
        "file": one.file,
        "answered": one.total.answered,
        "count": one.total.count,
        "indication": "; ".join(f"{v.scheme}: {label}" for v, label in one.indication(lang)),
        "core": core_line(one.total, lang),
        "problems": one.problems,
    }


def merge(asked: Asked, target: Path) -> dict[str, Any]:
    """Several workbooks as one: `hkz merge`."""
    said = command(
        "merge", *asked["paths"], "-o", str(target / asked["name"]), "--rule", asked["rule"]
    )
    return {"fine": said.fine, "problems": shown(said.problems, _lang(asked))}


def collect(asked: Asked, target: Path) -> dict[str, Any]:
    """Which clients sent their workbook back: `hkz collect`; ``unknown`` are files of nobody."""
    from hkz_xlsx.batch import show
    from hkz_xlsx.batch.collect import collect as collect_files
    from hkz_xlsx.batch.manifest import read_sent
    from hkz_xlsx.batch.table import Pick

    lang = _lang(asked)
    entries, told = read_sent(Path(asked["manifest"]), Pick((), hidden=False, struck=False))
    found = collect_files(Path(asked["path"]), entries)
    (target / asked["name"]).write_bytes(show.as_xlsx(found, lang))
    return {
        "note": show.note(found, lang),
        "tally": found.tally.text(lang),
        "rows": show.text_rows(found, lang),
        "unknown": show.unknown_rows(found, lang),
        "problems": shown((*told, *found.told), lang),
    }
