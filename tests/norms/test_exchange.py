"""Crosswalks for others: every row in it once, counted and not typed, and the same every time.

`tests/proof/test_exchange_formats.py` has the libraries of both formats read them.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.exchange import Judged, as_oscal, as_sssom
from hkz_xlsx.norm.routes import checked_between
from tests.norms.revisions import copied
from tests.norms.test_migrations import HEAD, JUDGED
from tests.support import library

SETS = ("143@2021/r1", "143@2021/r2")


@cache
def judged(part: str = "143", edition: str = "2021") -> Judged:
    old, new = (library().part(part, edition, revision) for revision in ("r1", "r2"))
    assert old is not None
    assert new is not None
    return Judged(checked_between(library(), old, new), old, new)


def rows(one: Judged) -> tuple[set[str], set[str]]:
    old, new = ({r.id for _, _, r in part.requirements()} for part in (one.old, one.new))
    return old, new


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in ("norms", "crosswalk", *arguments)])


@pytest.mark.parametrize("part", [("143", "2021"), ("zw", "2018"), ("123", "2015+A1:2019")])
def test_every_row_is_in_it(part: tuple[str, str]) -> None:
    one = judged(*part)
    old, new = rows(one)
    lines = [line.split("\t") for line in as_sssom(one, "nl").splitlines() if line[0] != "#"]
    assert {len(line) for line in lines} == {8}
    pairs = [(line[0].removeprefix("OLD:"), line[3].removeprefix("NEW:")) for line in lines[1:]]
    assert {a for a, _ in pairs} - {"sssom:NoTermFound"} == old
    assert {b for _, b in pairs} - {"sssom:NoTermFound"} == new
    ways, ends = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    for line, (a, b) in zip(lines[1:], pairs, strict=True):
        expected = f"{'n' if ends[b] > 1 else 1}:{'n' if ways[a] > 1 else 1}"
        expected = "0:1" if a.startswith("sssom") else "1:0" if b.startswith("sssom") else expected
        assert line[6] == expected, line
    (mapping,) = json.loads(as_oscal(one, "nl"))["mapping-collection"]["mappings"]
    gaps = [
        mapping.get(f"{side}-gap-summary", {}).get("unmapped-controls", [{"with-ids": []}])[0]
        for side in ("source", "target")
    ]
    sides = [
        [x["id-ref"] for m in mapping["maps"] for x in m[side]] for side in ("sources", "targets")
    ]
    assert sorted((*sides[0], *gaps[0]["with-ids"])) == sorted(old)
    assert sorted((*sides[1], *gaps[1]["with-ids"])) == sorted(new)
    assert mapping["coverage"]["target-coverage"] == round(len(sides[1]) / len(new), 4)


def test_a_split_row_holds_more_than_each_part() -> None:
    lines = [line.split("\t") for line in as_sssom(judged(), "en").splitlines()]
    split = [line for line in lines if line[0] == "OLD:KO-207"]
    assert {(line[2], line[3], line[6]) for line in split} == {
        ("skos:narrowMatch", "NEW:KO-207", "1:n"), ("skos:narrowMatch", "NEW:KO-218", "1:n"),
    }  # fmt: skip
    assert all("childcare" in line[7] for line in split)
    maps = json.loads(as_oscal(judged(), "en"))["mapping-collection"]["mappings"][0]["maps"]
    (one,) = [m for m in maps if m["sources"] == [{"type": "control", "id-ref": "KO-207"}]]
    assert (one["relationship"], len(one["targets"])) == ("superset-of", 2)


def test_what_is_said_of_the_whole() -> None:
    text = as_sssom(judged(), "nl")
    head = yaml.safe_load("\n".join(x[1:] for x in text.splitlines() if x.startswith("#")))
    assert head["mapping_date"] == judged().crosswalk.made.on
    assert head["subject_source_version"] == judged().old.edition.fingerprint
    assert head["curie_map"]["OLD"] == "urn:hkz-xlsx:143:2021:r1:"


def test_the_command(tmp_path: Path) -> None:
    """Printed or written; the same bytes every time; a file that is there stays."""
    printed = run(*SETS, "--format", "oscal")
    path = tmp_path / "x.json"
    assert run(*SETS, "--format", "oscal", "-o", path).exit_code == 0
    assert path.read_text("utf-8") == printed.stdout
    again = run(*SETS, "--format", "oscal", "-o", path)
    assert (again.exit_code, "TARGET_EXISTS" in again.stderr) == (1, True)
    none = run(*reversed(SETS), "--format", "sssom")
    assert (none.exit_code, none.stdout) == (1, "")
    assert "MIGRATION_NONE" in none.stderr


def test_what_nobody_judged_is_not_given_away(tmp_path: Path) -> None:
    root = copied(tmp_path / "norms", later=True)
    path = root / "migrations/143/2021-r1--2021-r2.yaml"
    path.write_text(HEAD + JUDGED, "utf-8")
    told = run(*SETS, "--format", "sssom", "--norms", root)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "MIGRATION_UNJUDGED" in told.stderr
    assert f"{path.name}:" in told.stderr
