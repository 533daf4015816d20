"""From a file name to a rendered report: the format follows the name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.report.model import GapReport


def _html(report: GapReport) -> bytes:
    from hkz_xlsx.report.render_html import render

    return render(report).encode("utf-8")


def _markdown(report: GapReport) -> bytes:
    from hkz_xlsx.report.render_text import markdown

    return markdown(report).encode("utf-8")


def _json(report: GapReport) -> bytes:
    from hkz_xlsx.report.render_json import render

    return render(report).encode("utf-8")


def _xlsx(report: GapReport) -> bytes:
    from hkz_xlsx.report.render_xlsx import render

    return render(report)


RENDERERS: dict[str, Callable[[GapReport], bytes]] = {
    ".html": _html,
    ".md": _markdown,
    ".json": _json,
    ".xlsx": _xlsx,
}
"""Suffix → renderer; each imports its library only when it is used."""


def check_format(path: Path) -> None:
    """Raise `HkzError` for a name whose format we do not make, before any work is done."""
    if path.suffix.lower() not in RENDERERS:
        choices = ", ".join(RENDERERS)
        where = Where(str(path))
        raise HkzError(problem("TARGET_FORMAT", where, suffix=path.suffix or "–", choices=choices))


def check_outputs(source: Path, outputs: Sequence[Path]) -> None:
    """Raise `HkzError` for outputs that cannot be: unknown format, the input itself, or twice."""
    seen: set[Path] = set()
    for path in outputs:
        check_format(path)
        resolved = path.resolve()
        if resolved == source.resolve():
            raise HkzError(problem("TARGET_IS_INPUT", Where(str(path))))
        if resolved in seen:
            raise HkzError(problem("TARGET_TWICE", Where(str(path))))
        seen.add(resolved)


def rendered(report: GapReport, path: Path) -> bytes:
    """The report in the format that the file name asks for."""
    check_format(path)
    return RENDERERS[path.suffix.lower()](report)
