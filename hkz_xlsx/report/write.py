"""From a file name to a rendered report: the format follows the name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.machine.extras import need
from hkz_xlsx.machine.faults import check_targets
from hkz_xlsx.problems import HkzError, Where, problem
from hkz_xlsx.render.document import Document
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.report.comparison import Comparison
from hkz_xlsx.report.model import GapReport

Subject = GapReport | Comparison


def as_document(subject: Subject, look: Look, *, whole: bool = False) -> Document:
    """A gap report or comparison as sections of blocks.

    Args:
        subject: what is reported.
        look: colours, cover and the like.
        whole: very long texts in full, instead of their beginning.
    """
    if isinstance(subject, Comparison):
        from hkz_xlsx.report.compare_content import comparison_document

        return comparison_document(subject, look.cover_lines(subject.lang))
    from hkz_xlsx.report.content import document

    return document(subject, look, whole=whole)


def _json(subject: Subject, look: Look) -> bytes:
    from hkz_xlsx.report import render_json as r

    if isinstance(subject, Comparison):
        page = r.render_comparison(subject)
    else:
        page = r.render(subject, look)
    return page.encode("utf-8")


def _xlsx(subject: Subject, look: Look) -> bytes:
    from hkz_xlsx.report import excel_sheets as r

    if isinstance(subject, Comparison):
        return r.render_comparison(subject, look)
    return r.render(subject, look)


def _dressed(suffix: str) -> Callable[[Subject, Look], bytes]:
    """The renderer of documents for a suffix."""

    def render(subject: Subject, look: Look) -> bytes:
        form = FORMATS[suffix]
        return form(as_document(subject, look, whole=form.chat), look)

    return render


def _word(subject: Subject, look: Look) -> bytes:
    """In the consultant's own template, where there is one and it is a report."""
    if look.word is None or isinstance(subject, Comparison):
        return _dressed(".docx")(subject, look)
    from hkz_xlsx.report.word_fields import own_word_file

    return own_word_file(subject, look, look.word)


Renderer = Callable[[Subject, Look], bytes]

RENDERERS: dict[str, Renderer] = {
    **{suffix: _dressed(suffix) for suffix in FORMATS},
    ".docx": _word,
    ".xlsx": _xlsx,
    ".json": _json,
}
"""Suffix → renderer; each imports its library only when it is used. What any document can be is
also a report."""


def _calendar(subject: Subject, _look: Look) -> bytes:
    """Actions and evidence of a report; a comparison has none."""
    from hkz_xlsx.report.render_ics import render

    if isinstance(subject, Comparison):
        choices = ", ".join(RENDERERS)
        raise HkzError(problem("TARGET_FORMAT", None, suffix=".ics", choices=choices))
    return render(subject)


WRITERS: dict[str, Renderer] = {**RENDERERS, ".ics": _calendar}
"""The same with what is no report: days for a calendar."""

ON_ONE_PAGE = tuple(FORMATS)
"""Suffixes that the first page alone can have."""

GROUP = "hkz_xlsx.renderers"
"""Where packages of others say which formats they make: an entry point with the suffix as its name,
and a function of a `Document` and a `Look` that gives bytes (docs/reports.md)."""


@cache
def renderers() -> Mapping[str, Renderer]:
    """Suffix → renderer, with those of packages that are installed beside this one; a format of
    ours is never replaced."""
    found = {f".{point.name.lower()}": _other(point) for point in entry_points(group=GROUP)}
    return {**found, **WRITERS}


def _other(point: EntryPoint) -> Renderer:
    def render(subject: Subject, look: Look) -> bytes:
        try:
            make = point.load()
            return bytes(make(as_document(subject, look), look))
        except Exception as fault:  # whatever it raises, it is not ours and must be told as theirs
            name = point.dist.name if point.dist else point.value
            slots = {"name": name, "detail": f"{type(fault).__name__}: {fault}"[:200]}
            raise HkzError(problem("RENDERER_FAILED", None, **slots)) from fault

    return render


_NEEDS = {**{suffix: form.needs for suffix, form in FORMATS.items()}, ".ics": ("icalendar",)}
"""Suffix → libraries that come with an extra."""


def check_format(path: Path) -> None:
    """Refuse a file name before any work is done for it.

    Raises:
        HkzError: we do not make its format, or not with what is installed.
    """
    _check_suffix(path)
    need(*_needed([path.suffix.lower()]))


def _needed(suffixes: Iterable[str]) -> Iterator[str]:
    return (library for suffix in suffixes for library in _NEEDS.get(suffix, ()))


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in renderers():
        choices = ", ".join(renderers())
        where = Where(str(path))
        raise HkzError(problem("TARGET_FORMAT", where, suffix=path.suffix or "–", choices=choices))


def suffixes(text: str) -> tuple[str, ...]:
    """``docx,html`` as suffixes.

    Raises:
        HkzError: every word that is no format, and every library for one that is not installed.
    """
    words = [w.strip().lower().removeprefix(".") for w in text.split(",") if w.strip()]
    choices = ", ".join(s.removeprefix(".") for s in renderers())
    wrong = [w for w in words if f".{w}" not in renderers()]
    if wrong or not words:
        raise HkzError(
            *(problem("FORMAT_UNKNOWN", None, format=w, choices=choices) for w in wrong or [text])
        )
    found = tuple(dict.fromkeys(f".{w}" for w in words))
    need(*_needed(found))
    return found


def check_outputs(
    source: Path | Iterable[Path], outputs: Sequence[Path], *, force: bool = True
) -> None:
    """Refuse outputs that cannot be, before anything is read.

    Args:
        source: the file or files that are read.
        outputs: the files that are to be written.
        force: what exists already may be written over.

    Raises:
        HkzError: an unknown format, an input itself, one named twice, or a place where nothing
            can be written.
    """
    sources = [source] if isinstance(source, Path) else list(source)
    inputs = {path.resolve() for path in sources}
    seen: set[Path] = set()
    for path in outputs:
        _check_suffix(path)
    need(*_needed(path.suffix.lower() for path in outputs))
    for path in outputs:
        resolved = path.resolve()
        if resolved in inputs:
            raise HkzError(problem("TARGET_IS_INPUT", Where(str(path))))
        if resolved in seen:
            raise HkzError(problem("TARGET_TWICE", Where(str(path))))
        seen.add(resolved)
    check_targets(outputs, force=force)


def check_summary(suffixes: Iterable[str]) -> None:
    """Refuse formats that the first page alone cannot have.

    Raises:
        HkzError: one of them is such a format.
    """
    wrong = [one for one in suffixes if one not in ON_ONE_PAGE]
    choices = ", ".join(ON_ONE_PAGE)
    if wrong:
        raise HkzError(
            *(problem("SUMMARY_FORMAT", None, suffix=one, choices=choices) for one in wrong)
        )


def look_for(look: Look, suffixes: Iterable[str]) -> Look:
    """The look for these formats: its own Word template is checked before any work is done.

    Raises:
        HkzError: every mistake in it.
    """
    if look.word is not None and ".docx" in suffixes:
        need("docx", "docxtpl")
        from hkz_xlsx.report.word_fields import check

        check(look.word)
    return look


def rendered(subject: Subject, path: Path, look: Look = NEUTRAL, *, summary: bool = False) -> bytes:
    """A gap report or comparison in the format that the file name asks for.

    Args:
        subject: what it is about.
        path: the suffix says the format.
        look: colours, logo, adviser, own Word template.
        summary: only the first page, never in a Word template.
    """
    check_format(path)
    suffix = path.suffix.lower()
    if not summary:
        return renderers()[suffix](subject, look)
    check_summary([suffix])
    from hkz_xlsx.render.document import first_page

    return FORMATS[suffix](first_page(as_document(subject, look)), look)
