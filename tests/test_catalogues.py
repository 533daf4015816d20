"""The message catalogues: complete in both languages, with the same slots, and nothing unused."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from hkz_xlsx.problems import CODES, Problem, Where
from hkz_xlsx.scoring import choices as c
from hkz_xlsx.text import LANGS, Lang, catalogue, say

SOURCE = Path(__file__).parents[1] / "hkz_xlsx"


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_same_keys_and_slots() -> None:
    """Every key in both languages, with the same slots."""
    dutch, english = catalogue("nl"), catalogue("en")
    assert dutch.keys() == english.keys()
    for key in dutch:
        assert _slots(dutch[key]) == _slots(english[key]), key
        assert dutch[key], key


def test_every_problem_code_has_its_texts() -> None:
    """Message and hint for every code, and no text for a code that is not there."""
    for lang in LANGS:
        named = {k.split(".")[1] for k in catalogue(lang) if k.startswith("problem.")}
        assert named == set(CODES)


def test_every_problem_code_is_used() -> None:
    """A code that nothing reports is a promise nobody keeps; a signal has its code by its name."""
    listed = ("problems.py", "problem_codes.py")
    code = "\n".join(p.read_text("utf-8") for p in SOURCE.rglob("*.py") if p.name not in listed)
    signals = {f"SIGNAL_{name.upper()}" for name in c.SIGNAL_COLUMNS}
    assert signals <= set(CODES)
    unused = {name for name in CODES if f'"{name}"' not in code}
    assert unused == signals


def test_every_choice_has_a_label() -> None:
    """Labels of a list differ, without regard to case: the formulas compare them so."""
    for lang in LANGS:
        texts = catalogue(lang)
        for name, codes in c.LISTS.items():
            labels = [texts[f"choice.{name}.{code}"] for code in codes]
            assert len({label.lower() for label in labels}) == len(codes)
            for label in labels:
                assert label == label.strip()
                assert not set(label) & set("*?~"), "a wildcard in a label"


def test_input_messages_fit_excel() -> None:
    """Titles of 32 and messages of 255 characters."""
    for lang in LANGS:
        for key, text in catalogue(lang).items():
            if re.match(r"column\.requirements\..*\.(prompt|error)$|form\..*\.error$", key):
                assert len(text) <= 255, key
            if re.match(r"column\.requirements\..*\.title$", key):
                assert len(text) <= 32, key


def test_problem_text_shows_control_characters() -> None:
    """A file name cannot send escape codes to a terminal."""
    found = Problem("FILE_MISSING", Where("a\x1b[31m\n.xlsx"))
    assert "\x1b" not in found.text("nl")
    assert "␛[31m↵" in found.text("nl")


_MANY = frozenset(
    {"NORM_QUESTION_LONG", "NORM_CLAUSES_MANY", "SPLIT_MANY", "CHECK_READ", "MERGE_NO_ROOM"}
)
"""Codes with a number that is never one, or that is a part of another."""


def test_nothing_is_called_cells_of_which_there_is_one() -> None:
    """What a message counts has a word for one; ``{count}`` in front of a noun says always many."""
    bare = re.compile(r"\{(?:count|more)\} (?!van |of |more than )[a-zë]+(?:en|s|ën)\b")
    found = [
        key
        for lang in LANGS
        for key, text in catalogue(lang).items()
        if key.startswith("problem.") and bare.search(text) and key.split(".")[1] not in _MANY
    ]
    assert found == []


def test_one_and_many() -> None:
    words: tuple[tuple[Lang, str, str], ...] = (
        ("nl", "1 cel.", "2 cellen."),
        ("en", "1 cell.", "2 cells."),
    )
    for lang, one, many in words:
        for count, said in ((1, one), (2, many)):
            slots = {"count": str(count), "name": "A", "date": "01-02-2026", "cells": ""}
            assert said in Problem("AGREED_CHANGED", Where("x.xlsx"), slots).message(lang)
    assert "(en nog 1 cel op dit blad)" in Problem(
        "EXTRA_TEXT", Where(), {"value": "x", "more": "1"}
    ).message("nl")
    assert "nog" not in Problem("EXTRA_TEXT", Where(), {"value": "x", "more": "0"}).message("nl")
    assert say("nl", "share.done", count=1).startswith("Weggehaald uit de kopie: 1 cel. ")
    assert say("nl", "share.done", count=0).startswith("Weggehaald uit de kopie: 0 cellen. ")
    assert say("en", "report.others", count=1) == "1 other"
    assert "passen is 1 regel weggelaten." in say("nl", "report.left_out_markdown.count", count=1)
    assert "passen zijn 2 regels weggelaten." in say(
        "nl", "report.left_out_markdown.count", count=2
    )


@pytest.mark.parametrize("section", ["report", "portfolio", "paper"])
def test_reports_in_english_use_one_word(section: str) -> None:
    """That of the workbooks they are about: chapter, advisor, N/A (docs/words.md)."""
    other = re.compile(r"\b(rubriek|rubrieken|[Aa]dviser\w*|n/a)\b")
    found = {
        key: other.findall(text)
        for key, text in catalogue("en").items()
        if key.partition(".")[0] == section
    }
    assert {key: words for key, words in found.items() if words} == {}
