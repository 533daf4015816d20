"""One of something is told as one: no plural behind 1, in any text of a report."""

from __future__ import annotations

import re

import pytest

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.render.markdown import text as markdown
from hkz_xlsx.report.content import document
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import Lang
from tests.report.cases import PART, inputs_of, submission
from tests.support import plan_of

PLURALS = {
    "nl": "vragen|kerneisen|tekorten|oordelen|antwoorden|acties|rubrieken|signalen|regels|dagen",
    "en": "questions|requirements|gaps|answers|actions|parts|signals|lines|days|themes",
}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_plural_behind_one(lang: Lang) -> None:
    """One question open, one partly met, one action, one opinion of the adviser, one n.v.t."""
    inputs = inputs_of("ready", lang)
    rows = [r.requirement for r in plan_of(lang, PART).model.selection.rows]
    label = Choice("status").label
    first, second, *_ = (row for row in rows if not row.core)
    core = next(row for row in rows if row.core)
    del inputs[Address(T.requirements, first.id, "answer")]
    inputs[Address(T.requirements, core.id, "answer")] = label("partly", lang)
    inputs[Address(T.requirements, core.id, "action")] = "Afmaken"
    inputs[Address(T.requirements, second.id, "advisor_answer")] = label("partly", lang)
    page = markdown(document(gap_report(submission(inputs, lang), lang)))
    assert re.findall(rf"(?<![\d.,])1 (?:{PLURALS[lang]})\b.*", page) == []
