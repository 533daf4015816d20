"""What a file is: from its identity sheet, its document property, or the ids in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import get_args

from hkz_xlsx.layout.identity import Identity, identity_text
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.model import Activity, Edition, Funding, NormPart
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook, wordings
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.releases import KNOWN_LAYOUTS, LAYOUT_VERSION
from hkz_xlsx.scoring.cell_values import shown
from hkz_xlsx.spreadsheet.grid import Grid
from hkz_xlsx.text import LANGS

_IDENTITY_ID, _IDENTITY_VALUE = "identity.id", "identity.value"
_ID = re.compile(r"[A-Z]{2,4}-\d{3}", re.ASCII)

ENOUGH_IDS, ENOUGH_SHARE, ENOUGH_TEXTS = 5, 0.3, 5
"""A part is recognised by this many of its ids and this share of them, and the workbook by this
many of our own texts beside them: a list of ids alone is no workbook of ours."""


def read_identity(
    grid: Grid, library: Library | None = None
) -> tuple[Identity, tuple[Problem, ...]]:
    """From the identity sheet, else the document property, else the ids in the cells.

    Raises:
        HkzError: when none of the three is ours.
    """
    found, fault = _from_sheet(grid)
    if found is not None:
        return found, ()
    text = identity_text(grid.properties)
    try:
        if text:
            identity = Identity.from_property(text)
            return identity, (problem("IDENTITY_FROM_PROPERTY", Where(grid.file)),)
    except HkzError as broken:
        fault = fault or broken
    # A newer layout is a fact, not damage.
    newer = fault is not None and any(p.code == "LAYOUT_UNKNOWN" for p in fault.problems)
    if library is not None and not newer:
        plan = from_cells(grid, library)
        if plan is not None:
            names = ", ".join(map(str, plan.identity.editions))
            told = problem("IDENTITY_FROM_CELLS", Where(grid.file), norms=names)
            return plan.identity, (told,)
    raise fault or HkzError(problem("NOT_OUR_WORKBOOK"))


def _from_sheet(grid: Grid) -> tuple[Identity | None, HkzError | None]:
    for sheet in grid.sheets:
        marks = {
            value: at
            for at, value in sheet.cells.items()
            if value in (_IDENTITY_ID, _IDENTITY_VALUE)
        }
        if len(marks) == 2:  # noqa: PLR2004 - both columns
            (row, id_column), (_, value_column) = marks[_IDENTITY_ID], marks[_IDENTITY_VALUE]
            rows = {
                str(value): shown(sheet.cells.get((r, value_column)))
                for (r, c), value in sheet.cells.items()
                if c == id_column and r > row
            }
            try:
                return Identity.from_rows(rows), None
            except HkzError as fault:
                # A damaged sheet is made good by the property; a newer layout is a fact.
                newer = any(p.code == "LAYOUT_UNKNOWN" for p in fault.problems)
                if newer:
                    raise
                return None, fault
    return None, None


def other_identity(grid: Grid, library: Library, said: Identity) -> Identity | None:
    """What the cells say, or the document property where that says the same norm.

    Args:
        grid: the file.
        library: question sets that it may be of.
        said: the identity that few rows of the file agree with.

    Returns:
        None when it is what was said before, or when the cells say nothing.
    """
    plan = from_cells(grid, library)
    if plan is None or _parts_of(plan.identity) == _parts_of(said):
        return None
    try:
        own = Identity.from_property(identity_text(grid.properties))
    except HkzError:
        return plan.identity
    return own if _parts_of(own) == _parts_of(plan.identity) else plan.identity


def _parts_of(identity: Identity) -> set[str]:
    return {edition.part for edition in identity.editions}


def from_cells(grid: Grid, library: Library) -> WorkbookPlan | None:
    """The plan that fits the requirement ids and texts in the cells best; None when none does."""
    texts = {shown(value).strip() for sheet in grid.sheets for value in sheet.cells.values()}
    ids = {text for text in texts if _ID.fullmatch(text)}
    parts = _parts(library, ids, texts)
    if not parts:
        return None
    asked = tuple(p.id for p in parts if p.structure != "organisation")
    editions = tuple(p.edition for p in parts)
    best: tuple[int, WorkbookPlan] | None = None
    enough = False
    try:
        scope = _scope(library, asked or tuple(p.id for p in parts), ids, editions)
        selection = select(library, asked, scope, editions, _guide(library, texts))
    except HkzError:
        return None
    written = [
        (layout, lang, wording)
        for layout in sorted(KNOWN_LAYOUTS, reverse=True)
        if layout <= LAYOUT_VERSION  # a draft says what it is
        for lang in LANGS
        for wording in wordings(layout, lang)
    ]
    for layout, lang, wording in written:
        plan = plan_workbook(selection, lang, asked, layout, wording=wording)
        own = _texts(plan)
        here = len(texts & own)
        enough = enough or here >= ENOUGH_TEXTS
        # A newer layout has the headers of an older one too: what it lacks here counts against it.
        fits = 2 * here - len(own)
        if best is None or fits > best[0]:
            best = (fits, plan)
    return best[1] if best is not None and enough else None


def _texts(plan: WorkbookPlan) -> set[str]:
    heads = {f.header for _, b in plan.blocks() for f in b.fields if not f.header.endswith("_")}
    questions = {r.requirement.question.get(plan.lang) for r in plan.model.selection.rows}
    return heads | questions


def _parts(library: Library, ids: set[str], texts: set[str]) -> tuple[NormPart, ...]:
    """Of every part with enough of its ids, the revision whose questions stand in the cells; a
    draft only where more of its questions do."""
    found: dict[str, tuple[int, NormPart]] = {}
    for part in sorted(library.parts, key=lambda part: part.status == "draft"):
        own = {r.id: r for _, _, r in part.requirements()}
        here = ids & set(own)
        if len(here) < ENOUGH_IDS or len(here) < ENOUGH_SHARE * len(own):
            continue
        known = sum(own[i].question.nl in texts or own[i].question.en in texts for i in here)
        if part.id not in found or known > found[part.id][0]:
            found[part.id] = (known, part)
    return tuple(part for _, part in found.values())


def _guide(library: Library, texts: set[str]) -> str:
    """The revision of the step plan whose steps stand in the cells; empty when none do."""
    lines = {line for text in texts for line in text.splitlines()}
    best, most = "", 0
    for name, guide in library.guides.items():
        for track in guide.tracks:
            steps = (*guide.of("first", track), *guide.of("yearly", track))
            own = [one for step in steps for one in (step.title, step.why, step.what)]
            here = sum(one.nl in lines or one.en in lines for one in own)
            # Another plan has steps of this one too: those it lacks here count against it.
            fits = 2 * here - len(own)
            if fits >= most and here:
                best, most = name, fits
    return best


def _scope(
    library: Library, asked: tuple[str, ...], ids: set[str], editions: tuple[Edition, ...]
) -> Scope:
    """The scope that explains which conditional rows are absent, or none."""
    everything = select(library, asked, None, editions).rows
    absent = [r.requirement for r in everything if r.requirement.id not in ids]
    kept: dict[str, tuple[str, ...]] = {}
    kinds: Mapping[str, Iterable[str]] = {
        "funding": get_args(Funding), "activities": get_args(Activity),
    }  # fmt: skip
    for kind, words in kinds.items():
        gone = {w for r in absent if r.when is not None for w in getattr(r.when, kind)}
        if gone:
            kept[kind] = tuple(w for w in words if w not in gone)
    scope = Scope(kept.get("funding"), kept.get("activities"))
    if scope == Scope():
        return scope
    try:
        rows = {r.requirement.id for r in select(library, asked, scope, editions).rows}
    except HkzError:
        return Scope()
    present = {r.requirement.id for r in everything if r.requirement.id in ids}
    return scope if present <= rows else Scope()
