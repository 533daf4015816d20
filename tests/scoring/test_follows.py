"""What follows from an expression is worked out once, and never taken for that of another one."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from hkz_xlsx.layout.refs import RowRefs
from hkz_xlsx.scoring import expr as x
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.follows import Follows
from hkz_xlsx.scoring.formula import formula
from hkz_xlsx.scoring.reads import read_by
from hkz_xlsx.scoring.tables import Computed, Given, Table


def _counted(most: int, *, equal: bool = True) -> tuple[Follows[str], list[str]]:
    asked: list[str] = []  # not the expressions: nothing else keeps those

    def make(e: object) -> str:
        asked.append(repr(e))
        return repr(e)

    return Follows(make, most, equal=equal), asked


def test_equal_expressions_share_what_follows() -> None:
    follows, asked = _counted(10)
    one, other = x.Here("a"), x.Here("a")
    assert follows(one) == follows(other) == follows(one) == "Here(column='a')"
    assert asked == [repr(one)]
    assert follows(x.Here("b")) == "Here(column='b')"


def test_only_the_same_object_where_equal_is_not_enough() -> None:
    """1 and 1.0 are equal, and not shown alike."""
    follows, asked = _counted(10, equal=False)
    whole, real = x.Num(1), x.Num(1.0)
    assert whole == real
    assert [follows(whole), follows(real), follows(whole)] == [repr(whole), repr(real), repr(whole)]
    assert len(asked) == 2


@pytest.mark.parametrize("equal", [True, False])
def test_old_ones_go_and_come_again(equal: bool) -> None:
    """Of many more than are kept each is right, also where the number of an object comes again."""
    follows, asked = _counted(5, equal=equal)
    stays = x.Here("stays")
    for turn, n in product(range(3), range(40)):
        assert follows(x.Num(n + turn)) == repr(x.Num(n + turn))
        assert follows(stays) == "Here(column='stays')"
    assert asked.count(repr(stays)) == 1  # asked for all the time
    assert len(follows._same) + len(follows._same_before) <= 10
    assert len(follows._equal) + len(follows._equal_before) <= 10


def test_numbers_keep_their_kind_from_plan_to_plan() -> None:
    """A workbook shows 1 where its expression says 1, whatever another one said before."""
    shown = []
    for value in (1.0, 1, True, 1.0):
        table = Table("t", ("r",), (Given("id", ("r",)), Computed("c", x.Num(value))))
        found = Evaluation((table,), {}, str).value("t", "r", "c")
        shown.append(repr(found))
    assert shown == ["1.0", "1", "True", "1.0"]


class _Named(RowRefs):
    """References by name."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "sheet", name)

    def here(self, column: str) -> str:
        return f"{self.sheet}.{column}"

    cell: Any = lambda self, cell: f"{self.sheet}!{cell.row}"
    column: Any = lambda self, column: f"{self.sheet}!{column.column}"
    link_target: Any = lambda self, column: (f"#{self.sheet}!{column.column}", 7)
    text: Any = lambda self, key: f'{self.sheet} 100% "{key}"'


def test_a_formula_names_the_places_of_its_own_workbook() -> None:
    """What was kept of one plan holds nothing of it."""
    column = x.Column("t", "c")
    e = x.If(
        x.Both((x.equals(x.Here("h"), x.Cell("t", "c", "r")), x.Is("text", x.Msg("k")))),
        x.Link(column, x.Num(3), x.Txt("50%")),
        x.Link(column, x.Position(x.Num(1), column), x.Txt("")),
    )
    for name in ("A", "B"):
        assert formula(e, _Named(name)) == (
            f'=IF(AND({name}.h={name}!r,ISTEXT("{name} 100% ""k""")),'
            f'HYPERLINK("#{name}!c10","50%"),'
            f'HYPERLINK("#{name}!c"&(MATCH(1,{name}!c,0)+7),""))'
        )


def test_what_is_read_of_the_own_table() -> None:
    e = (x.Here("h"), x.Cell("t", "c", "r"), x.Total("SUM", (x.Column("u", "d"),)))
    assert read_by(e, "own") == {("own", "h"), ("t", "c"), ("u", "d")}
    assert read_by(e, "other") == {("other", "h"), ("t", "c"), ("u", "d")}
    assert read_by(x.Num(1), "own") == set()
