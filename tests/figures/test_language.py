"""A report is in the language of its reader, whatever the language of whoever made the tables."""

from __future__ import annotations

import shutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.model import Choices, Figures
from hkz_xlsx.portfolio.told import kept_slots, said
from hkz_xlsx.problems import RETURNED, Problem, problem
from hkz_xlsx.text import LANGS, Lang, catalogue, say
from tests.portfolio.conftest import Made
from tests.support import library

_TYPED = ("file", "organisation", "other_file", "counting_file")
RELEASED = Path(__file__).parents[2] / "released"


def norm_texts(lang: Lang) -> set[str]:
    """Every question, example and title of every set."""
    found = set()
    for part in library().parts:
        for rubriek, topic, one in part.requirements():
            examples = one.evidence.nl if lang == "nl" else one.evidence.en
            titles = rubriek.title.get(lang), topic.title.get(lang)
            found |= {*examples, *titles, one.question.get(lang)}
    return found


def _words(figures: Figures) -> Iterator[str]:
    """Every text of every table but those that people typed."""
    for section in figures.sections:
        if section.key == "evidence_words":
            continue
        for row in section.rows:
            for heading, cell in zip(section.headings, row, strict=True):
                if isinstance(cell, str) and heading.key not in _TYPED:
                    yield cell


@pytest.mark.parametrize("lang", LANGS)
def test_no_words_of_the_other_language(lang: Lang, made: Made) -> None:
    """The portfolio was made in Dutch: examples of evidence, questions, names and messages."""
    other: Lang = "en" if lang == "nl" else "nl"
    figures = figures_of(str(made.folder), Choices(lang))
    wrong = norm_texts(other) - norm_texts(lang)
    told = set(_words(figures))
    assert told & norm_texts(lang)
    assert not {cell for cell in told if cell in wrong or any(one in cell for one in wrong)}
    (broken,) = figures.rows("unusable", code="FILE_CUT_OFF")
    found = problem("FILE_CUT_OFF")
    assert (broken["message"], broken["hint"]) == (found.message(lang), found.hint(lang))


@pytest.mark.parametrize("lang", LANGS)
def test_every_message_in_both_languages(lang: Lang) -> None:
    """With what stood in it; of an earlier release without, or as it was written."""
    for code in sorted(RETURNED):
        texts = (catalogue(lang)[f"problem.{code}.{part}"] for part in ("message", "hint"))
        names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
        found = Problem(code, slots={**dict.fromkeys(names, "<3>"), "unasked": "geheim"})
        kept = kept_slots(found)
        assert "geheim" not in kept
        written = found.message("nl")
        assert said(code, written, kept, lang) == (found.message(lang), found.hint(lang))
        message, hint = said(code, written, None, lang)
        unknown = Problem(code, slots=dict.fromkeys(names, "…"))
        assert message == (written if lang == "nl" else unknown.message(lang))
        assert hint == ("" if names else found.hint(lang))


def test_code_of_a_later_version() -> None:
    assert said("NOT_YET", "Iets nieuws.", "{}", "en") == ("Iets nieuws.", "")


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
def test_tables_of_an_earlier_release(version: str, tmp_path: Path) -> None:
    """What they have in Dutch only is called that."""
    folder = tmp_path / "portfolio"
    shutil.copytree(RELEASED / version / "portfolio", folder)
    figures = figures_of(str(folder), Choices("en"))
    names = {str(row["name"]) for row in figures.rows("evidence")}
    dutch = norm_texts("nl")
    shown = {say("en", "portfolio.in_dutch", text=text) for text in dutch}
    assert names
    assert names <= {*shown, say("en", "portfolio.other_evidence")}
