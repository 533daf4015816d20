"""Every rule of the first page: when there is a sentence, which, and when there is none.

The conditions are those of the table in ``hkz_xlsx/figures/findings.py``; a test below asks that
none of them is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hkz_xlsx.figures import findings as module
from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.findings import findings
from hkz_xlsx.figures.model import Choices, FigureColumn, Figures, FigureTable, Kind
from hkz_xlsx.text import LANGS, Lang, catalogue
from tests.portfolio.made_up import One, made_up

E = "HKZ 125 (2009)"
COLUMNS: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    "response": (("edition", "text"), ("round", "text"), ("n", "whole"), ("complete", "whole"), ("answered_median", "percent")),
    "verdicts": (("edition", "text"), ("scheme", "text"), ("name", "text"), ("n", "whole"), ("count", "whole")),
    "distribution": (("edition", "text"), ("level", "text"), ("name", "text"), ("n", "whole"), ("q1", "percent"),
                     ("median", "percent"), ("q3", "percent"), ("substantiated", "percent"), ("claimed_more", "points")),
    "core": (("edition", "text"), ("requirement", "text"), ("name", "text"), ("n", "whole"), ("failed", "share")),
    "common_gaps": (("edition", "text"), ("requirement", "text"), ("n", "whole"), ("gap_share", "share")),
    "movement": (("edition", "text"), ("level", "text"), ("rounds", "text"), ("n", "whole"), ("change", "points"),
                 ("up", "whole"), ("same", "whole"), ("down", "whole")),
}  # fmt: skip


def figures(choices: Choices | None = None, /, **sections: Sequence[Sequence[Any]]) -> Figures:
    """A field of one set of editions with these rows, written without their edition."""
    found = []
    for key, rows in sections.items():
        headings = tuple(FigureColumn(*column) for column in COLUMNS[key])
        found.append(FigureTable(key, headings, tuple((E, *row) for row in rows)))
    return Figures(choices or Choices(), (), tuple(found))


def response(n: int = 60) -> Sequence[Sequence[Any]]:
    return [("2025", 20, 3, 50.0), ("2026", n, n // 2, 95.0)]


def rubrieken(*medians: float, n: int = 60, total: bool = True) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = (
        [("alles", "Alle vragen", n, 40.0, 60.0, 80.0, 40.0, 12.5)] if total else []
    )
    return rows + [
        ("rubriek", f"{i}. Zorg", n, m - 10 - i, m, m + 10, m, 0.0)
        for i, m in enumerate(medians, 1)
    ]


def told(found: Figures) -> dict[str, str]:
    [(edition, sentences)] = findings(found)
    assert edition == "", "it is named only where there are more"
    return {one.key: one.text for one in sentences}


def core(*failed: Any) -> list[Sequence[Any]]:
    return [(f"Q-{i}", f"Vraag {i}?", 60, value) for i, value in enumerate(failed, 1)]


def gaps(*shares: Any) -> list[Sequence[Any]]:
    return [(f"Q-{i}", 60, value) for i, value in enumerate(shares, 1)]


TEN = Choices(anonymous=True)
CASES: list[tuple[str, Figures, str | None]] = [
    ("response", figures(response=response()),
     "Organisaties in ronde 2026: 60. Minstens 90 % beantwoord: 30; de mediaan van beantwoord is 95,0 %."),
    ("response_undated", figures(response=[("", 12, 3, 50.0)]),
     "Organisaties zonder peildatum: 12. Minstens 90 % beantwoord: 3; de mediaan van beantwoord is 50,0 %."),
    ("response", figures(TEN, response=[("2026", 25, "< 5", 50.0)]),
     "Organisaties in ronde 2026: 25. Minstens 90 % beantwoord: < 5; de mediaan van beantwoord is 50 %."),
    ("nothing", figures(response=response()),
     "Nog geen organisatie heeft een score: er is te weinig beantwoord, of alles is n.v.t."),
    ("nothing", figures(response=response(), distribution=rubrieken(50)), None),
    ("one", figures(response=[("2026", 1, 1, 95.0)]), "Er is één organisatie: er is niets te vergelijken."),
    ("one", figures(response=response(2)), None),
    ("few", figures(response=[("2026", 9, 9, 95.0)]), "Met 9 organisaties zegt een verschil weinig over het veld."),
    ("few", figures(response=[("2026", 10, 9, 95.0)]), None),
    ("verdict", figures(response=response(), verdicts=[("HKZ 125", "Niet gereed", 60, 57), ("HKZ 125", "Gereed voor toetsing", 60, 3)]),
     "Gereed voor toetsing voor HKZ 125: 3 van 60 organisaties."),
    ("verdict", figures(TEN, response=response(), verdicts=[("HKZ 125", "Gereed voor toetsing", 60, "alle op < 5 na")]),
     "Gereed voor toetsing voor HKZ 125: alle op < 5 na van 60 organisaties."),
    ("rubrieken", figures(response=response(), distribution=rubrieken(40, 50, 60)),
     "Het zwakst: ‘1. Zorg’ (mediaan 40,0 %). Het sterkst: ‘3. Zorg’ (mediaan 60,0 %)."),
    ("rubrieken", figures(response=response(), distribution=rubrieken(40, 40, 60)),
     "Het zwakst: ‘1. Zorg’ en ‘2. Zorg’ (mediaan 40,0 %). Het sterkst: ‘3. Zorg’ (mediaan 60,0 %)."),
    ("rubrieken", figures(response=response(), distribution=rubrieken(40, 60, 60, 60, 60)),
     "Het zwakst: ‘1. Zorg’ (mediaan 40,0 %). Het sterkst: 4 rubrieken (mediaan 60,0 %)."),
    ("rubrieken", figures(response=response(), distribution=[*rubrieken(40, 60), ("rubriek", "9. Zelden", 29, 0.0, 1.0, 2.0, 0.0, 0.0)]),
     "Het zwakst: ‘1. Zorg’ (mediaan 40,0 %). Het sterkst: ‘2. Zorg’ (mediaan 60,0 %)."),
    ("rubrieken", figures(response=response(), distribution=rubrieken(40)), None),
    ("rubrieken", figures(response=response(), distribution=rubrieken(40, 40)), None),
    ("rubrieken_same", figures(response=response(), distribution=rubrieken(40, 40)),
     "Alle 2 rubrieken hebben dezelfde mediaan: 40,0 %."),
    ("divided", figures(response=response(), distribution=rubrieken(40, 50)),
     "De organisaties verschillen het meest bij ‘2. Zorg’: de middelste helft scoort van 38,0 % tot 60,0 %."),
    ("divided", figures(response=response(), distribution=rubrieken(40)), None),
    ("divided", figures(response=response(9), distribution=rubrieken(40, 50, n=9)), None),
    ("divided", figures(response=response(), distribution=[("rubriek", f"{i}. X", 60, 10.0, 20.0, 30.0, 1.0, 1.0) for i in (1, 2)]), None),
    ("divided", figures(TEN, response=response(), distribution=[("rubriek", f"{i}. X", 60, None, 20.0, None, 1.0, 1.0) for i in (1, 2)]), None),
    ("claimed", figures(response=response(), distribution=rubrieken(40)),
     "De mediaan van de score is 60,0 %, van de met bewijs onderbouwde score 40,0 %. "
     "De mediaan van het verschil per organisatie is +12,5 procentpunt."),
    ("claimed", figures(response=response(), distribution=[("alles", "Alle", 60, 1.0, 60.0, 2.0, 60.0, 0.0)]), None),
    ("core", figures(response=response(), core=core(25.0, 10.0)),
     "Het vaakst niet op orde is kerneis Q-1 (Vraag 1?): 25,0 % van 60 organisaties."),
    ("core_tie", figures(response=response(), core=core(25.0, 25.0, 10.0)),
     "Even vaak niet op orde, elk bij 25,0 %: kerneisen Q-1 (Vraag 1?) en Q-2 (Vraag 2?)."),
    ("core_many", figures(response=response(), core=core(25.0, 25.0, 25.0, 25.0)),
     "4 kerneisen zijn even vaak niet op orde, elk bij 25,0 %."),
    ("core_fine", figures(response=response(), core=core(0.0, 0.0)),
     "Geen kerneis is ergens met 'voldoet niet' of 'voldoet deels' beantwoord."),
    ("core_fine", figures(response=response()), None),
    ("core_rare", figures(TEN, response=response(), core=core("< 5", "< 5")),
     "Elke kerneis is bij minder dan 5 organisaties niet op orde."),
    ("core", figures(TEN, response=response(), core=core(25.0, "< 5")),
     "Het vaakst niet op orde is kerneis Q-1 (Vraag 1?): 25 % van 60 organisaties."),
    ("core", figures(TEN, response=response(), core=core(25.0, "alle op < 5 na")), None),
    ("core", figures(TEN, response=response(), core=core(25.0, "niet getoond")), None),
    ("gaps", figures(response=response(), common_gaps=gaps(50.0, 40.0, 30.0, 20.0)),
     "Het vaakst is er een tekortkoming bij vraag Q-1 (50,0 %), Q-2 (40,0 %) en Q-3 (30,0 %)."),
    ("gaps", figures(response=response(), common_gaps=gaps(50.0, 40.0, 40.0, 40.0)),
     "Het vaakst is er een tekortkoming bij vraag Q-1 (50,0 %)."),
    ("gaps", figures(response=response(), common_gaps=gaps(50.0)), "Het vaakst is er een tekortkoming bij vraag Q-1 (50,0 %)."),
    ("gaps_many", figures(response=response(), common_gaps=gaps(50.0, 50.0, 50.0, 50.0)),
     "Minstens 4 vragen hebben even vaak een tekortkoming, elk bij 50,0 % van de organisaties."),
    ("gaps", figures(TEN, response=response(), common_gaps=gaps(50.0, "alle op < 5 na", 40.0)), None),
    ("gaps", figures(response=response()), None),
    ("moved", figures(response=response(), movement=[("alles", "2024 → 2025", 9, 1.0, 9, 0, 0), ("alles", "2025 → 2026", 20, -0.5, 5, 6, 9)]),
     "Van de 20 organisaties die in 2025 en 2026 meededen, ging de score bij 5 omhoog, bleef hij bij 6 gelijk en daalde hij bij 9. "
     "De mediaan van de verschillen is −0,5 procentpunt."),
    ("moved", figures(TEN, response=response(), movement=[("alles", "2025 → 2026", 20, 3.0, 15, "< 5", "< 5")]),
     "Van de 20 organisaties die in 2025 en 2026 meededen, ging de score bij 15 omhoog, bleef hij bij < 5 gelijk en daalde hij bij < 5. "
     "De mediaan van de verschillen is +3 procentpunt."),
    ("moved", figures(response=response()), None),
    ("no_movement", figures(response=response()), "Nog geen organisatie heeft twee metingen om te vergelijken."),
    ("no_movement", figures(TEN, response=response()), None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "field", "sentence"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_sentence(key: str, field: Figures, sentence: str | None) -> None:
    assert told(field).get(key) == sentence


def test_no_condition_is_forgotten() -> None:
    """Every rule of the table and of the catalogues has a case in which it holds."""
    keys = {key for key, _, sentence in CASES if sentence}
    in_table = set(re.findall(r"`(\w+)`", module.__doc__ or ""))
    in_catalogue = {
        key.rsplit(".", 1)[1] for key in catalogue("nl") if key.startswith("portfolio.finding.")
    }
    assert keys == in_catalogue
    assert in_table <= keys
    assert {key.partition("_")[0] for key in keys} <= {key.partition("_")[0] for key in in_table}


def test_of_one_organisation_nothing_is_compared() -> None:
    field = figures(
        response=[("2026", 1, 1, 95.0)], distribution=rubrieken(40, 60, n=1), core=core(100.0),
        common_gaps=gaps(100.0), verdicts=[("HKZ 125", "Gereed voor toetsing", 1, 0)],
    )  # fmt: skip
    assert list(told(field)) == ["response", "one", "verdict"]


def test_more_sets_of_editions_are_named() -> None:
    """The largest first, three at most."""
    headings = tuple(FigureColumn(*column) for column in COLUMNS["response"])
    rows = tuple((f"HKZ {i} (2026)", "2026", n, 1, 50.0) for i, n in enumerate((12, 30, 4, 30)))
    found = Figures(Choices(), (), (FigureTable("response", headings, rows),))
    assert [edition for edition, _ in findings(found)] == [
        "HKZ 1 (2026)",
        "HKZ 3 (2026)",
        "HKZ 0 (2026)",
    ]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("members", "keys"),
    [
        ([One([""], score=0.0)], {"response", "one", "verdict"}),
        ([One(["yes", "no"])] * 1, {"response", "one", "verdict"}),
        ([One(["yes", "no"], score=50.0)] * 4, {"response", "verdict", "core", "gaps", "no_movement", "few"}),
        ([One(["yes", "no"], rounds=("2025", "2026"))] * 12, {"response", "verdict", "core", "gaps", "no_movement"}),
    ],
)  # fmt: skip
def test_whole_fields(members: list[One], keys: set[str], lang: Lang, tmp_path: Path) -> None:
    """From the tables on: one that answered nothing, one, a few that are equal, many."""
    found = figures_of(str(made_up(tmp_path, members)), Choices(lang))
    [(_, sentences)] = findings(found)
    assert {one.key for one in sentences} == keys
    for one in sentences:
        assert one.text.endswith(".")
        assert "{" not in one.text


def test_every_number_of_a_sentence_stands_in_a_table(tmp_path: Path) -> None:
    """Nothing is computed for a sentence: what it says is what a cell says."""
    members = [
        One(["no" if number < fails else "yes" for fails in (20, 40, 60)], score=float(number))
        for number in range(97)
    ]
    for choices in (Choices(), Choices(anonymous=True)):
        found = figures_of(str(made_up(tmp_path / str(choices.anonymous), members)), choices)
        cells = {str(c) for s in found.sections for row in s.rows for c in row if c is not None}
        cells |= {"90", "5", "3", "4"}
        [(_, sentences)] = findings(found)
        for one in sentences:
            for number in re.findall(r"\d+(?:,\d+)?", re.sub(r"Q-\d+|HKZ \d+|138", "", one.text)):
                plain = number.replace(",", ".")
                assert (
                    plain in cells or plain + ".0" in cells or plain.removesuffix(".0") in cells
                ), one
