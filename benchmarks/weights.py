"""What new weights do to the indication: one made-up field, counted with two question sets.

python -m benchmarks.weights                       (138 with 123, 143 and zw: r1 against r2)
python -m benchmarks.weights 138@2015/r1 138@2015/r2 --organisations 1000
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from hkz_xlsx.layout.codecs import Choice
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.select import Selection, select
from hkz_xlsx.problems import HkzError
from hkz_xlsx.scoring.cell_values import CellValue
from hkz_xlsx.scoring.choices import VERDICTS, T
from hkz_xlsx.scoring.evaluate import Evaluation
from hkz_xlsx.scoring.model import score_model
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import messages

SETS = (
    ("138@2015/r1", "138@2015/r2"), ("143@2021/r1", "143@2021/r2"), ("zw@2018/r1", "zw@2018/r2"),
)  # fmt: skip
ORGANISATIONS, SEED = 400, 17
MISSED = ("partly", "partly", "no", "unknown")


def answers(selection: Selection, organisation: int) -> Mapping[Address, CellValue]:
    """What one organisation types; to a row with the same id it answers the same in every set.

    Organisations differ in how much is in order. A core requirement is met a little more often.
    """
    whole = random.Random(f"{SEED}/{organisation}")
    level = whole.choice([1.0, 0.99, 0.985, 0.97, 0.95, 0.9, 0.8, 0.6])
    typed: dict[Address, CellValue] = {}
    for row in selection.rows:
        one = row.requirement
        chance = random.Random(f"{SEED}/{organisation}/{one.id}")
        # The core flag may differ between sets: the answer must not, or the field would differ.
        code = "yes" if chance.random() < level else chance.choice(MISSED)
        typed[Address(T.requirements, one.id, "answer")] = Choice("status").label(code, "nl")
        if chance.random() < level:
            typed[Address(T.requirements, one.id, "evidence")] = "Verslag"
    return typed


def verdicts(selection: Selection, organisations: int) -> list[str]:
    """The indication of the first scheme, per organisation."""
    model, found = score_model(selection, "nl"), []
    scheme = selection.schemes[0].id
    for organisation in range(organisations):
        values = Evaluation(model.tables, answers(selection, organisation), messages("nl"))
        found.append(VERDICTS[int(values.number(T.schemes, scheme, "verdict_code")) - 1])
    return found


def _facts(selection: Selection) -> str:
    rows = [row.requirement for row in selection.rows]
    core = [row for row in rows if row.core]
    vog = [row for row in core if "VOG" in row.laws]
    total = sum(row.weight for row in rows)
    return (
        f"{len(rows)} questions, weight {total}; {len(core)} core (weight "
        f"{sum(row.weight for row in core)}), of which VOG {len(vog)} (weight "
        f"{sum(row.weight for row in vog)})"
    )


def report(library: Library, asked: Sequence[str], organisations: int) -> list[str]:
    """Markdown lines: counts per set, and who moved."""
    chosen = [select(library, [one]) for one in asked]
    found = [verdicts(selection, organisations) for selection in chosen]
    lines = [f"### {' against '.join(asked)}", "", f"{organisations} organisations, made up.", ""]
    lines += [f"- {one}: {_facts(s)}" for one, s in zip(asked, chosen, strict=True)]
    lines += ["", f"| indication | {' | '.join(asked)} |", f"|---|{'---|' * len(asked)}"]
    for verdict in VERDICTS:
        counts = " | ".join(str(Counter(outcome)[verdict]) for outcome in found)
        lines.append(f"| {verdict} | {counts} |")
    for before, after in pairwise(found):
        moved = Counter((b, a) for b, a in zip(before, after, strict=True) if b != a)
        told = ", ".join(f"{b} → {a}: {n}" for (b, a), n in moved.most_common()) or "nobody"
        lines += ["", f"Moved: {told}."]
    return [*lines, ""]


def main() -> None:
    """Prints the effect of the sets asked for, or of those that are there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--organisations", type=int, default=ORGANISATIONS)
    options = parser.parse_args()
    library = load_library()
    for asked in [tuple(options.sets)] if options.sets else SETS:
        try:
            print("\n".join(report(library, asked, options.organisations)))
        except HkzError as fault:
            print("\n".join(p.text("en") for p in fault.problems))


if __name__ == "__main__":
    main()
