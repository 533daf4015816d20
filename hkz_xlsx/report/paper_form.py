"""A form to fill in with a pen: the questions of a workbook, with boxes and room to write.

Every block bears the number of its question, so that answers can be typed over into the workbook.
"""

from __future__ import annotations

import json
from importlib import resources
from itertools import groupby
from typing import Any

from hkz_xlsx.layout.names import rubriek_names
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.norm.select import SelectedRow, Selection
from hkz_xlsx.render.pdf import logo_data, settable_data
from hkz_xlsx.render.typeset import FONTS, typeset_pdf
from hkz_xlsx.render.words import shortened
from hkz_xlsx.scoring.choices import STATUSES
from hkz_xlsx.scoring.model import rubriek_key
from hkz_xlsx.text import Lang, messages, say

_ORGANISATION = ("name", "location", "kvk", "contact", "assessor")
_SIGNING = ("name", "function", "date", "shared_with", "decision")
_TEXTS = (
    "how", "answers", "answer", "meaning", "organisation", "evidence", "action", "owner", "due",
    "signing", "after",
)  # fmt: skip


def _question(row: SelectedRow, lang: Lang) -> dict[str, Any]:
    text, asked = messages(lang), row.requirement
    about = [row.topic.title.get(lang)]
    if asked.core:
        about.append(f"★ {text('choice.core')}")
    examples = asked.evidence.nl if lang == "nl" else asked.evidence.en
    tip = [asked.tip.get(lang)]
    if examples:
        tip.append(say(lang, "assessment.examples", examples="; ".join(examples)))
    words = [one for one in STATUSES if one != "na" or row.na_allowed]
    return {
        "id": asked.id,
        "about": " · ".join(about),
        "question": asked.question.get(lang),
        "tip": " ".join(tip),
        "answers": [text(f"choice.status.{one}") for one in words],
        "note": text("paper.note_or_reason" if row.na_allowed else "paper.note"),
    }


def _sections(selection: Selection, lang: Lang) -> list[dict[str, Any]]:
    """One per rubriek, in the order of the workbook."""
    names = iter(rubriek_names(selection, lang))
    found = []
    for _, group in groupby(selection.rows, lambda r: rubriek_key(r.part.id, r.rubriek.number)):
        rows = list(group)
        found.append(
            {
                "title": next(names),
                "note": say(lang, "paper.count", count=len(rows)),
                "questions": [_question(row, lang) for row in rows],
            }
        )
    return found


def form_data(selection: Selection, look: Look, lang: Lang) -> dict[str, Any]:
    """Everything that stands on the form, as plain data.

    Args:
        selection: the questions, in the order in which they are printed.
        look: colours, cover text and adviser.
        lang: language of the form.

    Returns:
        what the Typst template of the form reads, by name.
    """
    text, parts = messages(lang), selection.parts_with_rows
    editions = [
        say(lang, "start.edition", number=p.number, edition=p.edition.edition,
            revision=p.edition.revision)
        for p in parts
    ]  # fmt: skip
    palette = look.palette
    return {
        "lang": lang,
        "title": text("paper.title"),
        "author": look.adviser or "hkz_xlsx",
        "subtitle": [" + ".join(f"{p.number} {p.short_name.get(lang)}" for p in parts), *editions],
        "cover": list(look.cover_lines(lang)),
        "footer": shortened("; ".join(editions), 95),
        "texts": {key: text(f"paper.{key}") for key in _TEXTS} | {"page": text("print.page")},
        "how": text("paper.how_steps").split("\n"),
        "meanings": [[text(f"choice.status.{s}"), text(f"paper.meaning_{s}")] for s in STATUSES],
        "organisation": [text(f"form.organisation.{key}.label") for key in _ORGANISATION],
        "sections": _sections(selection, lang),
        "signing": [text(f"form.sign_off.{key}.label") for key in _SIGNING]
        + [text("paper.signature")],
        "after": text("paper.after_steps").split("\n"),
        "notices": list(dict.fromkeys(p.notice.get(lang) for p in parts)),
        "colors": {
            "dark": palette.dark, "accent": palette.accent, "soft": palette.soft,
            "line": palette.line, "grey": palette.grey_text,
        },
    }  # fmt: skip


def paper_form(selection: Selection, look: Look, lang: Lang) -> bytes:
    """The form as a tagged PDF (PDF/UA-1), A4 upright; the same input gives the same bytes.

    Args:
        selection: the questions, as for a workbook.
        look: colours, logo and cover text.
        lang: language of the form.
    """
    ready = settable_data(form_data(selection, look, lang))
    ready["fonts"] = list(FONTS)
    ready["logo"] = logo_data(look, lang)
    source = (resources.files("hkz_xlsx") / "report" / "pages" / "form.typ").read_bytes()
    return typeset_pdf(source, {"data": json.dumps(ready, ensure_ascii=False)})
