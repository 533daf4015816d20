"""A selection of norms to a `WorkbookPlan`: a pure function, the same for writer and reader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from hkz_xlsx.layout.describe import describe
from hkz_xlsx.layout.identity import LAYOUT_VERSION, Identity
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.norm.asked import Asked
from hkz_xlsx.norm.load import Library
from hkz_xlsx.norm.select import Selection, select
from hkz_xlsx.scoring.model import score_model
from hkz_xlsx.sheets import (
    assessment_sheet,
    help_sheet,
    lists_and_identity,
    overview_sheet,
    plan_and_evidence,
    result_sheet,
    review_sheet,
    start_sheet,
    steps_sheet,
)
from hkz_xlsx.text import Lang, messages


def plan_workbook(
    selection: Selection,
    lang: Lang,
    asked: Sequence[str] = (),
    layout: int = LAYOUT_VERSION,
    *,
    previous: bool = False,
) -> WorkbookPlan:
    """Describe the workbook for a selection.

    Args:
        selection: norm parts and rows.
        lang: language of the workbook.
        asked: parts as the user named them; all sector parts by default.
        layout: layout version, for reading older files.
        previous: keep room for an earlier measurement beside this one.
    """
    model = score_model(selection, lang)
    text = messages(lang)
    # The edition and revision of each part stand in the selection.
    chosen = tuple(Asked.parse(one).part for one in asked) or tuple(
        s.owner.id for s in selection.schemes
    )
    identity = Identity(
        layout, lang, chosen, selection.editions, selection.scope, selection.guide.revision,
        previous,
    )  # fmt: skip
    sheets = (
        start_sheet.build(model),
        overview_sheet.build(model),
        assessment_sheet.build(model, layout),
        plan_and_evidence.build_plan(model),
        result_sheet.build(model, previous=previous),
        steps_sheet.build(model),
        review_sheet.build(model),
        plan_and_evidence.build_evidence(model),
        help_sheet.build(model),
        lists_and_identity.build_lists(model),
        lists_and_identity.build_identity(model, identity),
    )
    names = ", ".join(p.number for p in selection.parts)
    properties = {
        "title": text("product.title"),
        "subject": f"{text('product.subject')} {names}",
        "author": "hkz_xlsx",
        "comments": text("product.comments"),
        "keywords": lang,
    }
    plan = WorkbookPlan(identity, lang, model, sheets, properties)
    fingerprint = hashlib.sha256(describe(plan).encode("utf-8")).hexdigest()[:16]
    named = replace(identity, plan=fingerprint)
    last = lists_and_identity.build_identity(model, named)
    return replace(plan, identity=named, sheets=(*sheets[:-1], last))


def plan_again(library: Library, identity: Identity) -> WorkbookPlan:
    """The plan that a file was made from; raises `HkzError` when its edition is not here."""
    selection = select(library, identity.asked, identity.scope, identity.editions, identity.guide)
    return plan_workbook(
        selection, identity.lang, identity.asked, identity.layout, previous=identity.previous
    )
