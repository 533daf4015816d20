"""The shipped norms: complete, consistent, frozen, and never like NEN's text or numbering."""

from __future__ import annotations

import re

from hkz_xlsx.norm.load import norms_folder, read_library
from hkz_xlsx.norm.lock import check_lock
from tests.support import library


def test_no_problems() -> None:
    """Every file loads, every reference resolves, both languages are complete."""
    assert read_library()[1] == ()


def test_released_revisions_are_as_they_were_locked() -> None:
    """A released revision never changes; there is at least one to guard."""
    released = [p for p in library().parts if p.status == "released"]
    assert {p.id for p in released} >= {"138", "123"}
    assert tuple(check_lock(library(), norms_folder())) == ()


def test_every_topic_of_the_two_parts_is_there() -> None:
    """25 topics of HKZ 138 and 53 of HKZ 123, each with at least one requirement."""
    topics = {part.id: [t for r in part.rubrieken for t in r.topics] for part in library().newest()}
    assert len(topics["138"]) == 25
    assert len(topics["123"]) == 53
    assert len({t.catalogue for t in topics["123"]}) == 53


def test_138_brings_123() -> None:
    """The sector part and the general part are inseparable."""
    part = library().part("138")
    assert part is not None
    assert part.together_with == ("123",)


def test_texts_are_questions_of_one_sentence() -> None:
    """A question ends with a question mark, is short, and asks no 'en/of'."""
    for part in library().newest():
        for _, _, row in part.requirements():
            for text in (row.question.nl, row.question.en):
                assert text.endswith("?"), row.id
                assert len(text.split()) <= 30, row.id
                assert not re.search(r"\ben/of\b|\band/or\b", text), row.id
            assert len(row.tip.nl) <= 340, row.id


def test_nothing_looks_like_a_norm_paragraph() -> None:
    """No text of a row names a paragraph such as N.N or N.N.N of the norm."""
    paragraph = re.compile(r"\b[1-9]\.\d(\.\d+)?\b")
    for part in library().newest():
        for _, _, row in part.requirements():
            texts = (row.question, row.tip)
            examples = (*row.evidence.nl, *row.evidence.en)
            for text in (*(t.nl for t in texts), *(t.en for t in texts), *examples):
                assert not paragraph.search(text), (row.id, text)


def test_no_two_questions_are_the_same() -> None:
    """Neither in Dutch nor in English, over all parts."""
    rows = [row for part in library().newest() for _, _, row in part.requirements()]
    assert len({r.question.nl.lower() for r in rows}) == len(rows)
    assert len({r.question.en.lower() for r in rows}) == len(rows)


def test_every_row_says_where_it_comes_from() -> None:
    """A confidence, and a source unless it is general knowledge."""
    for part in library().newest():
        for _, _, row in part.requirements():
            assert row.sources or row.confidence == "general", row.id


def test_wkkgz_duties_are_not_asked_of_everybody() -> None:
    """The Wkkgz does not cover Wmo support or youth care: rows on it alone carry a condition."""
    for part in library().newest():
        for _, _, row in part.requirements():
            if row.laws == ("WKKGZ",):
                assert row.when is not None, row.id
                assert not set(row.when.funding) & {"wmo", "jeugdwet"}, row.id


def test_laws_say_how_old_their_text_is() -> None:
    """Every law has a date it was looked at and the state of the text."""
    for law in library().shared_for(library().newest()[0]).laws.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", law.checked_on), law.id
        assert law.text_state.nl, law.id
        assert law.text_state.en, law.id
