"""Then and now: what counts as solved, slipped and new; what makes two workbooks incomparable."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from hkz_xlsx.problems import HkzError
from hkz_xlsx.report.comparison import CHANGES, compare, whose
from hkz_xlsx.report.render_json import comparison_data
from hkz_xlsx.report.render_text import terminal_comparison
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.scoring.cell_values import CellValue, serial
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from tests.report.cases import PART, TODAY, read_case, submission
from tests.support import plan_of

ROWS = [r.requirement.id for r in plan_of("nl", PART).model.selection.rows]
PLAIN = [
    r.requirement.id
    for r in plan_of("nl", PART).model.selection.rows
    if r.na_allowed and r.requirement.evidence_rule == "required"
]

STEPS = (
    ("Voldoet niet", "Voldoet", "solved"),
    ("Voldoet niet", "Voldoet deels", "improved"),
    ("Voldoet", "Voldoet deels", "slipped"),
    ("Weet niet", "Voldoet niet", "slipped"),
    ("", "Voldoet niet", "new_gap"),
    ("", "Voldoet", "new_fine"),
    ("N.v.t.", "Voldoet niet", "new_gap"),
    ("Voldoet", "", "withdrawn"),
    ("Voldoet niet", "N.v.t.", "to_na"),
    ("Voldoet", "Voldoet", "same"),
    ("N.v.t.", "N.v.t.", "same"),
)  # fmt: skip


def _side(column: int, day: float | None = None, name: str = "De Brug") -> Submission:
    inputs: dict[Address, CellValue] = {
        Address("organisation", "name", "value"): name,
        Address("organisation", "kvk", "value"): "51234568",
    }
    if day is not None:
        inputs[Address(T.settings, "reference_date", "value")] = day
    for row, step in zip(PLAIN[: len(STEPS)], STEPS, strict=True):
        if step[column]:
            inputs[Address(T.requirements, row, "answer")] = step[column]
            inputs[Address(T.requirements, row, "evidence")] = "Verslag"
            inputs[Address(T.requirements, row, "note")] = "reden"
    return submission(inputs)


def test_every_kind_of_change() -> None:
    """Each pair of answers gives the change of the rules."""
    found = compare(_side(0, serial(TODAY) - 365), _side(1, serial(TODAY)))
    changes = {c.requirement: c.change for c in found.changes}
    assert [changes[row] for row, _ in zip(PLAIN[: len(STEPS)], STEPS, strict=True)] == [
        s[2] for s in STEPS
    ]
    assert set(changes) == set(ROWS)
    assert found.remarks == ()
    text = terminal_comparison(found)
    assert "teruggevallen" in text
    assert PLAIN[0] in text


def test_numbers_are_those_of_the_two_workbooks() -> None:
    """Scores are not computed anew in another way; a difference needs two numbers."""
    found = compare(read_case("half"), read_case("nearly"), same_client=True)
    assert found.now.total.answered == len(ROWS)
    assert found.total.difference == round(
        (found.now.total.score or 0) - (found.then.total.score or 0), 1
    )
    assert (
        compare(read_case("empty"), read_case("nearly"), same_client=True).total.difference is None
    )


def test_remarks() -> None:
    """Other name, no date, dates the wrong way round."""
    found = compare(_side(0, serial(TODAY), "De Linde"), _side(1, serial(TODAY) - 9))
    assert len(found.remarks) == 2
    assert "De Linde" in found.remarks[0]
    assert "verwisseld" in found.remarks[1]
    assert "OWNER_OTHER_NAME" in {p.code for p in whose(_side(0, name="De Linde"), _side(1))}
    assert "geen peildatum" in compare(_side(0), _side(1)).remarks[0]


def test_other_norm_parts() -> None:
    """Questions that stand in one workbook only are added or removed, and it is said."""
    wide = submission({}, "nl", "138")
    more = submission({}, "nl", "139")
    found = compare(wide, more)
    kinds = {c.change for c in found.changes}
    assert kinds == {"same", "added", "removed"}
    assert kinds < set(CHANGES)
    assert len(found.remarks) >= 2


def test_nothing_in_common() -> None:
    """Two norms without a common question cannot be compared."""
    with pytest.raises(HkzError) as fault:
        compare(submission({}, "nl", "143"), read_case("empty"))
    assert [p.code for p in fault.value.problems] == ["COMPARE_NOTHING"]


def test_json_follows_its_schema() -> None:
    """The published schema of a comparison alone; a missing key would be noticed."""
    path = Path(__file__).parents[2] / "docs" / "comparison.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    data = json.loads(
        json.dumps(
            comparison_data(compare(read_case("half"), read_case("nearly"), same_client=True))
        )
    )
    jsonschema.validate(data, schema)
    del data["total"]["difference"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
