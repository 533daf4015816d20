"""The shipped norms: complete, consistent, frozen, and never like NEN's text or numbering."""

from __future__ import annotations

import re

from hkz_xlsx.norm.catalogue import load_catalogue
from hkz_xlsx.norm.content import check_content, check_drafts
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import read_library
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
    """25 topics of HKZ 138 and 53 of HKZ 123, some in parts, each with a requirement."""
    topics = {part.id: [t for r in part.rubrieken for t in r.topics] for part in library().newest()}
    assert len({t.catalogue for t in topics["138"]}) == 25
    assert len(topics["123"]) == 53
    assert len({t.catalogue for t in topics["123"]}) == 53


SIZES = {
    "123": (90, 145, 53), "138": (40, 70, 25), "139": (40, 60, 25), "140": (40, 60, 21),
    "134": (20, 40, 13), "143": (50, 80, 27), "zw": (60, 95, 20), "125": (30, 50, 14),
    "132": (30, 60, 7), "144": (40, 60, 10),
}  # fmt: skip
"""Of every part: rows of any revision, from and to, and how many topics were published of it. The
second question sets ask for duties of law that the first left out, so five are larger; none may
grow by more than a third, which a test below holds them to. Since layout 2 a small organisation
does not need to see them all: it begins with the core requirements, and has the rest in portions
with their minutes."""


def test_every_norm_of_the_brief_is_there() -> None:
    """Every part has a usable number of rows and about one kerneis in ten."""
    assert {p.id for p in library().newest()} == SIZES.keys()
    for part in library().parts:
        least, most, _ = SIZES[part.id]
        rows = [row for _, _, row in part.requirements()]
        assert least <= len(rows) <= most, (part.id, part.edition.revision, len(rows))
        assert 0.04 <= sum(r.core for r in rows) / len(rows) <= 0.2, part.id
        assert all(rubriek.topics for rubriek in part.rubrieken), part.id


def test_a_question_set_grows_by_a_third_at_most() -> None:
    """Someone who did the set before is not asked for a whole new one."""
    first = {p.id: p for p in library().parts if p.edition.revision == "r1"}
    for part in library().newest():
        before = len(list(first[part.id].requirements()))
        assert len(list(part.requirements())) <= before * 4 / 3, part.id


def test_every_topic_of_the_catalogue_is_covered() -> None:
    """Numbers of topics as published with the facts; a broad one may be cut in several."""
    topics = {
        p.id: {t.catalogue for r in p.rubrieken for t in r.topics} for p in library().newest()
    }
    expected = {key: count for key, (_, _, count) in SIZES.items()}
    assert {key: len(found) for key, found in topics.items()} == expected


def test_content_has_no_mistakes() -> None:
    """Form, length, readability, no two questions the same, no paragraph numbers, NEN named."""
    assert tuple(check_content(library().newest())) == ()
    assert tuple(check_drafts(library())) == ()


def test_catalogue_of_all_norms() -> None:
    """One for each; what they say we have, we have. How many there are stands in a page."""
    entries = load_catalogue()
    assert len({entry.id for entry in entries}) == len(entries)
    have = {part for entry in entries for part in entry.parts}
    assert have == {p.id for p in library().newest()}
    for entry in entries:
        assert entry.name.nl, entry.id
        assert entry.name.en, entry.id


def test_sector_parts_bring_the_general_part() -> None:
    """A sector part and the general part are inseparable; other norms stand alone."""
    for part in library().newest():
        expected = ("123",) if part.structure == "sector" else ()
        assert part.together_with == expected, part.id


def test_every_row_says_where_it_comes_from() -> None:
    """A confidence, and a source unless it is general knowledge."""
    for part in library().newest():
        for _, _, row in part.requirements():
            assert row.sources or row.confidence == "general", row.id


def test_wkkgz_duties_are_not_asked_of_everybody() -> None:
    """The Wkkgz does not cover Wmo support or youth care: its own rows never name those."""
    for part in library().newest():
        for _, _, row in part.requirements():
            if row.when is not None and row.laws == ("WKKGZ",):
                assert not set(row.when.funding) & {"wmo", "jeugdwet"}, row.id


def test_laws_say_how_old_their_text_is() -> None:
    """Every law has a date it was looked at and the state of the text."""
    for law in library().shared_for(library().newest()[0]).laws.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", law.checked_on), law.id
        assert law.text_state.nl, law.id
        assert law.text_state.en, law.id
