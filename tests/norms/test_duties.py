"""Rows against their duty, clauses of ISO 9001, the public scope, laws by name, the glossary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hkz_xlsx.norm.checks import check_part
from hkz_xlsx.norm.files import Loader, norms_folder
from hkz_xlsx.norm.load import read_library
from hkz_xlsx.norm.lock import check_lock
from hkz_xlsx.norm.model import (
    Covered,
    Duty,
    DutyException,
    DutyRule,
    Examples,
    NormPart,
    Public,
    Requirement,
    Shared,
    When,
)
from hkz_xlsx.norm.rules import check_row_rules, rule_for
from hkz_xlsx.norm.wording import check_wording
from hkz_xlsx.norm.yaml_nodes import Lines, YamlDocument
from hkz_xlsx.problems import Where
from hkz_xlsx.text import Text
from tests.norms.revisions import copied, replaced
from tests.support import library

R2 = "r2"


def shared() -> Shared:
    """The shared data of the second revision, without mistakes."""
    loader = Loader(norms_folder())
    found = loader.shared(R2)
    assert loader.problems == []
    assert found is not None
    return found


def row_of(**changed: Any) -> Requirement:
    """A row that keeps the duty on the reporting code."""
    blank = Requirement(
        "MHD-208", Text("Kent iedereen de meldcode?", "Does everyone know the reporting code?"),
        Text("Bespreek de meldcode.", "Discuss the reporting code."),
        Examples(("Verslag",), ("Minutes",)), 3, True, "required", False, (), ("MELDCODE",),
        ("8.5.1",), "general", (), None, "meldcode",
    )  # fmt: skip
    return replace(blank, **changed)


def part_with(row: Requirement, public: Public | None = None) -> NormPart:
    """HKZ 138 with this row only."""
    part = library().part("138")
    assert part is not None
    topic = replace(part.rubrieken[0].topics[0], requirements=(row,), title=Text("Hulp", "Help"))
    rubriek = replace(part.rubrieken[0], topics=(topic,), title=Text("Hulp", "Help"))
    return replace(part, rubrieken=(rubriek,), public=public, sources=())


def ruled(row: Requirement, part: str = "138") -> list[tuple[str, Mapping[str, object]]]:
    found = check_row_rules(replace(part_with(row), id=part), row, Where("x"), shared())
    return [(p.code, p.slots) for p in found]


def worded(row: Requirement) -> list[tuple[str, object]]:
    found = check_wording(part_with(row), shared())
    return [(p.code, p.slots.get("law") or p.slots.get("word")) for p in found]


def test_a_row_that_keeps_its_duty() -> None:
    assert ruled(row_of()) == []
    assert worded(row_of()) == []


@pytest.mark.parametrize(
    ("changed", "field", "wanted"),
    [
        ({"core": False}, "core", "yes"),
        ({"weight": 2}, "weight", "3"),
        ({"na_allowed": True}, "na_allowed", "no"),
        ({"evidence_rule": "optional"}, "evidence_rule", "required"),
        ({"laws": ("WMO2015",)}, "laws", "MELDCODE"),
        ({"iso9001": ("7.3",)}, "iso9001", "8.5.1"),
    ],
)
def test_a_row_that_differs_from_its_duty(
    changed: Mapping[str, Any], field: str, wanted: str
) -> None:
    """The row, the field, and what the duty asks."""
    found = ruled(row_of(**changed))
    assert [(code, s["field"], s["wanted"]) for code, s in found] == [("NORM_DUTY", field, wanted)]


def test_more_laws_and_clauses_than_the_least() -> None:
    assert ruled(row_of(laws=("WMO2015", "MELDCODE"), iso9001=("7.3", "8.5.1"))) == []


def test_who_pays_is_part_of_a_duty() -> None:
    """Reporting a calamity in care is asked of those who give care, in any order."""
    care = {
        "duty": "calamity_zorg", "core": False, "laws": ("WKKGZ",), "iso9001": ("10.2.1",),
    }  # fmt: skip
    assert ruled(row_of(**care, when=When(("wlz", "particulier", "zvw")))) == []
    narrow = ruled(row_of(**care, when=When(("wlz",))))
    assert [(code, s["field"]) for code, s in narrow] == [("NORM_DUTY", "when.funding")]
    nobody = ruled(row_of(**care))
    assert [(code, s["field"]) for code, s in nobody] == [("NORM_DUTY", "when.funding")]


def test_an_unknown_duty() -> None:
    assert [code for code, _ in ruled(row_of(duty="niets"))] == ["NORM_REFERENCE_UNKNOWN"]


def test_exceptions_row_before_part_before_rule() -> None:
    why = Text("daarom", "because")
    duty = Duty(
        "d", why, DutyRule(core=True, weight=3), why,
        (DutyException(part="132", weight=2, why=why), DutyException(row="X-1", weight=1, why=why)),
    )  # fmt: skip
    assert rule_for(duty, "138", "Y-1") == DutyRule(core=True, weight=3)
    assert rule_for(duty, "132", "Y-1") == DutyRule(core=True, weight=2)
    assert rule_for(duty, "132", "X-1") == DutyRule(core=True, weight=1)


def test_complaints_in_childcare_rest_on_their_own_act() -> None:
    row = row_of(duty="complaints", laws=("WKO",), iso9001=("8.2.1",))
    assert ruled(row, "132") == []
    assert [s["field"] for _, s in ruled(row, "138")] == ["laws"]


@pytest.mark.parametrize(
    ("value", "choices"),
    [("9.2", "9.2.1, 9.2.2"), ("8.1.1", "8.1"), ("8.5.9", "8.5.1"), ("11.1", "–")],
)
def test_a_clause_of_another_depth(value: str, choices: str) -> None:
    """The message says which there are below it, above it, or beside it."""
    found = ruled(row_of(iso9001=("8.5.1", value)))
    assert [code for code, _ in found] == ["NORM_CLAUSE"]
    assert choices in str(found[0][1]["choices"])


def test_too_many_clauses() -> None:
    found = ruled(row_of(iso9001=("8.5.1", "7.3", "7.2", "7.4")))
    assert [code for code, _ in found] == ["NORM_CLAUSES_MANY"]


def test_a_law_named_without_its_tag() -> None:
    """In the question, the tip or an example of evidence, in one language only."""
    for changed in (
        {"question": Text("Belt u Veilig Thuis?", "Do you call?")},
        {"tip": Text("Bel.", "Call Veilig Thuis.")},
        {"evidence": Examples(("Meldcode",), ("Code",))},
    ):
        plain = {
            "question": Text("Belt u?", "Do you call?"), "tip": Text("Bel.", "Call."),
            "laws": (), "duty": "",
        }  # fmt: skip
        row = row_of(**{**plain, **changed})
        assert worded(row) == [("NORM_LAW_UNTAGGED", "MELDCODE")]


def test_a_word_that_only_looks_like_a_law() -> None:
    """``WOR`` in WORD, ``AI`` in detAIl, ``ARBO`` in harbour: whole words only."""
    text = Text("Staat elk woord en elk detail in het arsenaal?", "Is every word in the harbour?")
    assert worded(row_of(question=text, tip=text, laws=(), duty="")) == []


def test_a_tag_that_nothing_speaks_of() -> None:
    text = Text("Is het dak schoon?", "Is the roof clean?")
    row = row_of(question=text, tip=text, laws=("WTTA",), duty="")
    assert worded(row) == [("NORM_LAW_UNNAMED", "WTTA")]
    subject = Text("Huurt u zzp'ers in?", "Do you hire?")
    assert worded(replace(row, question=subject)) == []


def test_a_tag_that_a_duty_or_who_pays_stands_for() -> None:
    text = Text("Is het dak schoon?", "Is the roof clean?")
    row = row_of(question=text, tip=text)
    assert worded(row) == []
    assert worded(replace(row, duty="")) == [("NORM_LAW_UNNAMED", "MELDCODE")]
    paid = replace(row, duty="", laws=("WABVPZ",), when=When(("zvw",)))
    assert worded(paid) == []


@pytest.mark.parametrize(
    ("english", "wrong"),
    [
        ("Is there a note of talks with clients?", True),
        ("Do you hold a yearly talk?", True),
        ("Is every sign-up recorded?", True),
        ("Is the mediation of care workers written down?", True),
        ("Do you talk with clients?", False),
        ("Who talks to the family?", False),
        ("Is debt mediation free of charge?", False),
        ("Is there a conversation after every referral?", False),
    ],
)
def test_the_glossary(english: str, wrong: bool) -> None:
    row = row_of(question=Text("Is er een gesprek?", english), laws=(), duty="")
    row = replace(row, tip=Text("Doe het.", "Do it."))
    codes = [p.code for p in check_wording(part_with(row), shared())]
    assert codes.count("NORM_WORD") == wrong
    assert set(codes) <= {"NORM_WORD", "NORM_LAW_UNTAGGED"}


def test_titles_follow_the_glossary_too() -> None:
    part = part_with(row_of())
    rubriek = replace(part.rubrieken[0], title=Text("Begin", "Sign-up and start"))
    found = check_wording(replace(part, rubrieken=(rubriek,)), shared())
    assert [p.code for p in found] == ["NORM_WORD"]


def test_released_sets_are_not_compared_with_later_words() -> None:
    """Their shared data know no duties, no clauses and no words."""
    lib = library()
    for part in lib.newest():
        rules = lib.shared_for(part)
        if rules.revision == "r1":
            assert (rules.duties, rules.clauses, rules.words) == ({}, {}, ())
            assert tuple(check_wording(part, rules)) == ()


def public_of(*covers: Covered, sources: tuple[str, ...] = ()) -> list[str]:
    part = part_with(
        row_of(when=When((), ("schuldhulp",)), themes=()), Public(covers=covers, sources=sources)
    )
    head = YamlDocument("138/2015/r2/norm.yaml", {}, Lines(1, {}))
    found = check_part(part, head, {part.rubrieken[0].number: head}, shared())
    return [f"{p.code} {p.slots.get('value', p.slots.get('id'))}" for p in found
            if p.slots.get("value") != "-"]  # fmt: skip


def test_every_phrase_of_the_scope_is_asked_somewhere() -> None:
    text = Text("schuldhulpverlening", "debt counselling")
    assert (
        public_of(Covered("a", text, ("MHD-208",)), Covered("b", text, (), ("schuldhulp",))) == []
    )
    assert public_of(Covered("a", text)) == ["NORM_SCOPE_EMPTY a"]
    assert public_of(Covered("a", text, ("MHD-999",))) == ["NORM_REFERENCE_UNKNOWN MHD-999"]
    assert public_of(Covered("a", text, (), ("bso",))) == ["NORM_REFERENCE_UNKNOWN bso"]
    twice = Covered("a", text, ("MHD-208",))
    assert public_of(twice, twice) == ["NORM_ID_TWICE a"]
    assert public_of(sources=("nergens",)) == ["NORM_REFERENCE_UNKNOWN nergens"]


CASES = [
    ("NORM_REFERENCE_UNKNOWN", "duties.yaml", "laws: [MELDCODE]", "laws: [GRONDWET]"),
    ("NORM_REFERENCE_UNKNOWN", "duties.yaml", 'iso9001: ["8.5.1"]', 'iso9001: ["8.5"]'),
    ("NORM_REFERENCE_UNKNOWN", "duties.yaml", 'part: "132", laws', "laws"),
    ("NORM_KEY_MISSING", "duties.yaml", "    why:", "    # why:"),
    ("NORM_KEY_UNKNOWN", "duties.yaml", "rule: {core", "rule: {kern: yes, core"),
    ("NORM_VALUE_WRONG", "words.yaml", r"'\bsign-?ups?\b'", "'(sign'"),
    ("NORM_VALUE_WRONG", "laws.yaml", 'on: "2026-07-01"', 'on: "juli 2026"'),
    ("NORM_VALUE_WRONG", "laws.yaml", 'on: "2027-01-01", certain: "yes"', 'on: "", certain: "yes"'),
    ("NORM_KEY_UNKNOWN", "laws.yaml", "    unsure:", "    unsafe:"),
]


@pytest.mark.parametrize(("code", "name", "old", "new"), CASES)
def test_mistakes_in_shared_data(tmp_path: Path, code: str, name: str, old: str, new: str) -> None:
    """With the file, and a line for those with a place."""
    root = copied(tmp_path / "norms", later=True)
    replaced(root / "shared" / R2 / name, old, new)
    found = [p for p in read_library(root)[1] if p.where.file == f"shared/{R2}/{name}"]
    assert code in {p.code for p in found}, found
    assert all(p.where.line for p in found)


def test_shared_data_of_the_first_revision_are_as_they_were_locked(tmp_path: Path) -> None:
    """New files beside laws, themes and sources count for revisions that have them only."""
    root = copied(tmp_path / "norms", later=True)
    before = read_library(root)[0].fingerprints
    assert tuple(check_lock(read_library(root)[0], root)) == ()
    replaced(root / "shared" / R2 / "duties.yaml", "name:", "name:  ")
    replaced(root / "shared" / R2 / "words.yaml", "voicemail", "voicemailbericht")
    after = read_library(root)[0].fingerprints
    assert [key for key in before if before[key] != after[key]] == [f"shared/{R2}"]


def test_laws_of_the_second_revision() -> None:
    """Looked at on one day, what is not certain is said; every law can be recognised in a text."""
    laws = shared().laws
    for law in laws.values():
        assert law.checked_on == "2026-11-28", law.id
        assert law.words is not None, law.id
        assert law.words.names, law.id
        assert law.confidence == "general" or law.sources, law.id
        if any(not change.certain for change in law.known_change_after):
            assert law.unsure is not None, law.id
    added = {
        "KLOKKENLUIDERS", "AIV", "CBW", "JAARVERANTWOORDING", "WNT", "WBTR", "WTTA", "WCK",
        "WABVPZ", "WPG", "WARENWET",
    }  # fmt: skip
    before = Loader(norms_folder()).shared("r1")
    assert before is not None
    assert set(laws) == set(before.laws) | added


@pytest.mark.parametrize(
    ("law", "words"),
    [
        ("WGS", "4 weken.*3 werkdagen"),
        ("WLZ", "zes weken.*twee keer per jaar"),
        ("WMO2015", "15 jaar"),
        ("JEUGDWET", "familiegroepsplan.*20 jaar.*01-01-2026"),
        ("AVG", "72 uur"),
        ("WTZA", "NIET bij verblijf"),
        ("WKO", "01-01-2022 tien uur"),
    ],
)
def test_settled_law_is_stated(law: str, words: str) -> None:
    assert re.search(words, shared().laws[law].duty.nl), shared().laws[law].duty.nl
