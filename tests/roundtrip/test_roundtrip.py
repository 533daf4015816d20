"""What is written as answers is read back the same, through both readers of sheets."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hkz_xlsx.layout.codecs import CHOICES, Choice
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.scoring.cell_values import CellValue, cell_value
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.spreadsheet.open import Engine
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.base import Stamper
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of

# Everything a cell can hold: no control characters, no lone surrogates, and nothing that is
# blank to a person (white space alone is read as blank, and told).
_TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufffe\uffff"),
    min_size=1, max_size=60,
).filter(lambda t: bool(t.strip()) and "_x" not in t)  # fmt: skip
_DAYS = st.integers(32_874, 73_415).map(float)
_NUMBERS = st.one_of(st.integers(0, 10_000).map(float), st.floats(0, 1e6, width=32))


def _value(kind: str, name: str, lang: Lang) -> st.SearchStrategy[CellValue]:
    match kind:
        case "choice":
            return st.sampled_from([Choice(name).label(c, lang) for c in CHOICES[name]])
        case "date":
            return _DAYS
        case "number":
            return _NUMBERS
        case _:
            return _TEXTS


def _answers(lang: Lang) -> st.SearchStrategy[dict[Address, CellValue]]:
    """Any number of typed cells, anywhere in the workbook."""
    plan, cells = plan_of(lang), []
    for _, block, field in plan.inputs():
        for index, row in enumerate(block.table.rows):
            codec = field.codec(index)
            if codec is not None:
                name = codec.name if isinstance(codec, Choice) else ""
                cells.append((Address(block.table.key, row, field.key), codec.kind, name))
    chosen = st.lists(st.sampled_from(cells), max_size=25, unique_by=lambda c: c[0])
    return chosen.flatmap(
        lambda some: st.fixed_dictionaries({a: _value(kind, name, lang) for a, kind, name in some})
    )


_EXAMPLES = partial(
    settings, deadline=None, derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # an example is slow: the first failing one will do
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def _plain(value: object) -> object:
    return cell_value(value) if isinstance(value, datetime) else value


@pytest.mark.parametrize("engine", [None, "exact"])
@pytest.mark.parametrize("lang", LANGS)
@_EXAMPLES(max_examples=6)
@given(data=st.data())
def test_answers_come_back(
    lang: Lang, engine: Engine | None, tmp_path: Path, data: st.DataObject
) -> None:
    """Typed cells are raw cells, value by value; what was blank stays blank."""
    _come_back(lang, engine, tmp_path, data)


@pytest.mark.proof
@pytest.mark.parametrize("engine", [None, "exact"])
@pytest.mark.parametrize("lang", LANGS)
@_EXAMPLES(max_examples=100)
@given(data=st.data())
def test_many_answers_come_back(
    lang: Lang, engine: Engine | None, tmp_path: Path, data: st.DataObject
) -> None:
    """The same, for many more."""
    _come_back(lang, engine, tmp_path, data)


def _come_back(lang: Lang, engine: Engine | None, tmp_path: Path, data: st.DataObject) -> None:
    inputs = data.draw(_answers(lang))
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan_of(lang), inputs))
    submission = read_workbook(path, library(), engine)
    found = {a: _plain(v) for a, v in submission.raw.items()}
    assert found == inputs
    assert not [p for p in submission.problems if p.code != "ANSWER_CLEANED"]


@pytest.mark.parametrize("lang", LANGS)
def test_identity_comes_back(lang: Lang, tmp_path: Path) -> None:
    """The plan is rebuilt from the file alone, and is the same plan."""
    path = tmp_path / "werkboek.xlsx"
    path.write_bytes(write_workbook(plan_of(lang)))
    submission = read_workbook(path, library())
    assert submission.identity == plan_of(lang).identity
    assert submission.plan.identity.plan == plan_of(lang).identity.plan


@pytest.mark.parametrize("text", ["_x0041_", "a _x000D_ b", "_x005F_", "__x0041__ _x12_"])
def test_text_that_looks_like_an_escape(text: str, tmp_path: Path) -> None:
    """Typed literally it comes back literally, from a built file and from a stamped one."""
    plan = plan_of("nl")
    name = Address("organisation", "name", "value")
    for data in (write_workbook(plan, {name: text}), Stamper(plan).make({name: text})):
        path = tmp_path / "w.xlsx"
        path.write_bytes(data)
        assert read_workbook(path, library()).raw[name] == text
