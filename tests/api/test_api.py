"""What programs may rely on, with its examples; frames of a workbook and of a portfolio."""

from __future__ import annotations

import doctest
from pathlib import Path

import pandas as pd
import pytest

import hkz_xlsx
from hkz_xlsx import api
from hkz_xlsx.problems import HkzError

RETURNED = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks"
PORTFOLIO = Path(__file__).parents[2] / "released" / "0.1.0" / "portfolio"


def test_examples() -> None:
    """Every line of the module's own text, as it stands there."""
    done = doctest.testmod(api, optionflags=doctest.ELLIPSIS)
    assert (done.failed, done.attempted > 8) == (0, True)


def test_exported() -> None:
    assert all(hasattr(hkz_xlsx, name) for name in hkz_xlsx.__all__)
    assert set(hkz_xlsx.__all__) <= set(dir(api))
    with pytest.raises(AttributeError):
        _ = hkz_xlsx.nothing


def test_a_frame_of_a_workbook() -> None:
    """A row per question with the types that are promised, and the numbers of the report."""
    workbook = hkz_xlsx.read(RETURNED / "143-nl.xlsx")
    frame = workbook.frame()
    assert list(frame["requirement"])[:2] == ["KO-101", "KO-102"]
    assert str(frame.dtypes["answer"]) == "category"
    assert str(frame.dtypes["weight"]) == "Int64"
    assert str(frame.dtypes["points"]) == "float64"
    assert str(frame.dtypes["core"]) == "boolean"
    counted = frame[frame["answer"] != "na"]
    score = 100 * (counted["points"].fillna(0) * counted["weight"]).sum() / counted["weight"].sum()
    total = workbook.report().total
    assert total.score is not None
    assert score == pytest.approx(total.score, abs=0.05)
    assert len(frame) == total.count


def test_what_is_empty_is_not_zero(tmp_path: Path) -> None:
    hkz_xlsx.generate("125", output=tmp_path / "leeg.xlsx")
    frame = hkz_xlsx.read(tmp_path / "leeg.xlsx").frame()
    assert set(frame["answer"]) == {"empty"}
    assert frame["points"].isna().all()
    assert frame["maturity"].isna().all()
    with pytest.raises(HkzError) as caught:
        hkz_xlsx.generate("125", output=tmp_path / "leeg.xlsx")
    assert [one.code for one in caught.value.problems] == ["TARGET_EXISTS"]


def test_frames_of_a_portfolio(tmp_path: Path) -> None:
    """Every table with its types, also an empty one; one made by an earlier release as well."""
    found = hkz_xlsx.Portfolio(PORTFOLIO)
    for name in found.tables:
        frame = found.frame(name)
        assert isinstance(frame, pd.DataFrame)
        assert len(frame.columns) > 2
    files = found.frame("files")
    assert str(files.dtypes["reference_date"]) == "datetime64[s]"
    assert str(files.dtypes["counts"]) == "boolean"
    answers = found.frame("answers", ["requirement", "answer"])
    assert list(answers.columns) == ["requirement", "answer"]
    assert list(answers["answer"].cat.categories)[:5] == ["yes", "partly", "no", "unknown", "na"]
    asked = found.query("select count(*) as n from answers")
    assert int(asked["n"][0]) == len(answers)
    for asked, told in ((("filez",), "‘filez’"), (("answers", ["awnser", "question"]), "‘awnser’")):
        with pytest.raises(HkzError) as wrong:
            found.frame(*asked)
        (one,) = wrong.value.problems
        assert (one.code, told in one.message("en")) == ("PORTFOLIO_NAME", True)
        assert ("answer" if asked[1:] else "files, ") in one.hint("en")
        assert isinstance(wrong.value, KeyError)  # as a dictionary says it, in version 0.2.0 too
    with pytest.raises(HkzError) as caught:
        hkz_xlsx.Portfolio(tmp_path)
    assert [one.code for one in caught.value.problems] == ["PORTFOLIO_NONE"]
