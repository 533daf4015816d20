"""A selection of norms to a `WorkbookPlan`: a pure function, the same for writer and reader."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.layout.describe import describe, describe_shape
from hkz_xlsx.layout.identity import ROWS, Identity
from hkz_xlsx.layout.plan import Block, Field, Sheet, WorkbookPlan
from hkz_xlsx.norm.asked import Asked
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import Selection, select
from hkz_xlsx.norm.subset import narrowed
from hkz_xlsx.plan_build.sheet_records import sheets_of
from hkz_xlsx.releases import LAYOUT_VERSION, releases
from hkz_xlsx.scoring.model import ScoreModel, score_model
from hkz_xlsx.sheets.lists_and_identity import build_identity
from hkz_xlsx.text import TODAY, Lang, is_todays, wording_print

TWO_FINGERPRINTS = 2
"""The layout since which workbooks carry the fingerprint of their shape and that of their texts."""


def plan_workbook(
    selection: Selection,
    lang: Lang,
    asked: Sequence[str] = (),
    layout: int = LAYOUT_VERSION,
    *,
    previous: bool = False,
    wording: str = TODAY,
) -> WorkbookPlan:
    """Describe the workbook for a selection.

    Args:
        selection: norm parts and rows.
        lang: language of the workbook.
        asked: parts as the user named them; all sector parts by default.
        layout: layout version, for reading older files.
        previous: keep room for an earlier measurement beside this one.
        wording: the release whose texts stand in it, for reading older files.

    Raises:
        ValueError: a part of a workbook in a layout that knows none; our mistake.
    """
    if selection.subset and layout < ROWS["subset"]:
        raise ValueError(selection.subset)
    # The edition and revision of each part stand in the selection.
    chosen = tuple(Asked.parse(one).part for one in asked) or tuple(
        s.owner.id for s in selection.schemes
    )
    identity = Identity(
        layout, lang, chosen, selection.editions, selection.scope, selection.guide.revision,
        previous, subset=selection.subset,
    )  # fmt: skip
    key = (identity, wording, *_content(selection))
    known = _LAST.get(key)
    if known is None:
        known = _LAST[key] = _planned(selection, lang, identity, wording)
        while len(_LAST) > _MOST_LAST:
            _LAST.popitem(last=False)
    _LAST.move_to_end(key)
    return known


_MOST_LAST = 4
"""Plans kept here; each takes some 3 MiB."""

_LAST: OrderedDict[tuple[object, ...], WorkbookPlan] = OrderedDict()
"""The last plans that were made: the next workbook is of the same norms as a rule, and what is made
ready for a plan serves every workbook that has it."""


def _content(selection: Selection) -> tuple[object, ...]:
    """What a selection holds: the objects themselves, which a kept plan keeps from going away."""
    objects = (*selection.parts, selection.guide, *(row.requirement for row in selection.rows))
    remarks = (str(remark) for remark in selection.remarks)
    return (tuple(map(id, objects)), selection.shared.revision, *remarks)


def _planned(selection: Selection, lang: Lang, identity: Identity, wording: str) -> WorkbookPlan:
    model = score_model(selection, lang, identity.layout, wording)
    sheets = sheets_of(model, identity)
    if wording:
        sheets = tuple(_worded(sheet, wording) for sheet in sheets)
    return _named(WorkbookPlan(identity, lang, model, sheets, _properties(model)), wording)


def _properties(model: ScoreModel) -> dict[str, str]:
    """What the file says of itself outside its sheets."""
    text = model.text
    names = ", ".join(p.number for p in model.selection.parts)
    return {
        "title": text("product.title"),
        "subject": f"{text('product.subject')} {names}",
        "author": "hkz_xlsx",
        "comments": text("product.comments"),
        "keywords": model.lang,
    }


def _named(plan: WorkbookPlan, wording: str) -> WorkbookPlan:
    """The plan with its fingerprints, on its last sheet too."""
    identity = replace(plan.identity, plan=_fingerprint(describe(plan)))
    if identity.layout >= TWO_FINGERPRINTS:
        shape, texts = _fingerprint(describe_shape(plan)), wording_print(plan.lang, wording)
        identity = replace(identity, shape=shape, wording=texts)
    last = build_identity(plan.model, identity)
    return replace(plan, identity=identity, sheets=(*plan.sheets[:-1], last))


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _worded(sheet: Sheet, wording: str) -> Sheet:
    """The sheet with lists to choose from that show, and are read in, the words of a release."""

    def codecs(field: Field) -> Field:
        if not any(isinstance(codec, Choice) for codec in field.codecs):
            return field
        worded = (
            replace(codec, wording=wording) if isinstance(codec, Choice) else codec
            for codec in field.codecs
        )
        return replace(field, codecs=tuple(worded))

    def fields(block: Block) -> Block:
        return replace(block, fields=tuple(map(codecs, block.fields)))

    return replace(sheet, blocks=tuple(map(fields, sheet.blocks)))


def wordings(layout: int, lang: Lang, says: str = "") -> tuple[str, ...]:
    """Wordings that a workbook of a layout can have, the most likely first.

    That whose fingerprint the file says, those of the releases with that layout from new to old,
    and that of today. A release whose texts are those of today is called today's.

    Args:
        layout: number of the layout that the file names.
        lang: language of the file: every language has fingerprints of its own.
        says: fingerprint of the wording as the file says it; empty when it says none.

    Returns:
        names for `catalogue`: versions of releases, or `TODAY`; never empty.
    """
    of_layout = [r.version for r in reversed(releases()) if r.layout == layout]
    each = dict.fromkeys([TODAY if is_todays(one, lang) else one for one in of_layout] + [TODAY])
    return tuple(sorted(each, key=lambda one: wording_print(lang, one) != says))


def plan_again(library: Library, identity: Identity) -> WorkbookPlan:
    """The plan that a file was made from, in the wording in which it was written.

    A wording that is not known, of a later release or of a version in between, is read by that
    of the newest release with the same layout.

    Raises:
        HkzError: its edition is not here.
    """
    selection = select(library, identity.asked, identity.scope, identity.editions, identity.guide)
    selection = narrowed(selection, identity.subset)
    plans = (
        plan_workbook(
            selection, identity.lang, identity.asked, identity.layout,
            previous=identity.previous, wording=wording,
        )
        for wording in wordings(identity.layout, identity.lang, identity.wording)
    )  # fmt: skip
    first = next(plans)
    if first.identity.plan == identity.plan:
        return first
    return next((plan for plan in plans if plan.identity.plan == identity.plan), first)
