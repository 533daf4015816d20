"""No word of a header is broken on paper, in reports of a field and on pages of an organisation."""

from __future__ import annotations

import pytest

from hkz_xlsx.figures.benchmark import benchmarks
from hkz_xlsx.figures.benchmark_content import benchmark_document
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.content import field_document
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.outputs import render
from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.text import Lang
from tests.portfolio.conftest import Made
from tests.report.extract import broken_in_excel, broken_in_pdf, broken_in_word


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_of_a_field(lang: Lang, anonymous: bool, made: Made) -> None:
    choices = Choices(lang, anonymous=anonymous, sample=not anonymous)
    figures = figures_of(str(made.folder), choices)
    document = field_document(figures, NEUTRAL)
    assert broken_in_excel(render(figures, ".xlsx")) == []
    assert broken_in_word(document) == []
    assert broken_in_pdf(document) == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_of_an_organisation(lang: Lang, made: Made) -> None:
    choices = Choices(lang)
    one = next(iter(benchmarks(str(made.folder), choices)))
    document = benchmark_document(one, choices, NEUTRAL)
    assert broken_in_word(document) == []
    assert broken_in_pdf(document) == []
