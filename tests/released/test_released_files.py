"""Every file that a released version wrote reads as it did when it was released."""

from __future__ import annotations

import hashlib
import json
import lzma
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.batch.manifest import read_manifest
from hkz_xlsx.cli.main import cli
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.lock import check_lock
from hkz_xlsx.norm.yaml_nodes import read_yaml
from hkz_xlsx.plan_build.plans import PLANS
from hkz_xlsx.portfolio.manifest import read_manifest as read_groups
from hkz_xlsx.report.model import gap_report
from hkz_xlsx.report.render_json import as_data
from hkz_xlsx.returned.read import understand
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.rework.repair import repaired
from hkz_xlsx.spreadsheet.open import read_grid
from tests.support import library

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "released"
RECORDS = {
    "0.1.0": "d5778d348efd3317ac6de638c9dbed34de15a3cbd198cab09bb5b020d574e4a1",
    "0.2.0": "41ce51e193b57098a4a7a6b1d1960cfc20eb4928a2a024497b2723f50c46fc60",
}
"""sha256 of the record of every release: it can be added to, and never edited."""

CHANGED = {"LAYOUT_CHANGED", "PLAN_CHANGED", "LAYOUT_UNKNOWN", "IDENTITY_CONTRADICTED"}
Data = Mapping[str, Any]


@cache
def record(version: str) -> Data:
    found: Data = json.loads((RELEASED / version / "release.json").read_text("utf-8"))
    return found


def packed(path: Path) -> Data:
    found: Data = json.loads(lzma.decompress(path.read_bytes()))
    return found


@cache
def norms(folder: Path | None) -> Library:
    return load_library(folder) if folder else library()


def files(key: str) -> list[Any]:
    """Version and what is recorded of every workbook."""
    return [
        pytest.param(version, one, id=f"{version} {one['file'] if key == 'workbooks' else one}")
        for version in RECORDS
        for one in record(version)[key]
    ]


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, list(map(str, words)))


def fine(*words: object, codes: tuple[int, ...] = (0,)) -> Result:
    result = run(*words)
    assert result.exit_code in codes, result.output
    assert "LAYOUT_CHANGED" not in result.output
    return result


@pytest.fixture(params=RECORDS)
def release(request: pytest.FixtureRequest) -> Path:
    return RELEASED / str(request.param)


def counted(report: Data) -> Data:
    """What a report says in numbers and codes; how it says it may become better."""
    scores = ("total", "counted", "self_total", "advisor_total", "status_counts", "core_failed")
    gap = ("requirement", "kind", "priority", "finding", "core", "weight")
    return {
        **{name: report[name] for name in scores},
        "basis": report["basis"],
        "day": report["reference_date"],
        "organisation": report["organisation"],
        "verdicts": [(v["scheme"], v["code"], v["score"]) for v in report["verdicts"]],
        "sets": [(x["key"], x["score"]) for x in (*report["rubrieken"], *report["themes"])],
        "gaps": [tuple(line[name] for name in gap) for line in report["gaps"]],
        "signals": [(s["code"], s["requirement"]) for s in report["signals"]],
        "errors": sorted(
            (p["code"], p.get("cell", "")) for p in report["problems"] if p["severity"] == "error"
        ),
        "lines": {
            name: len(report[name])
            for name in ("actions", "evidence", "not_applicable", "opinions")
        },
    }


def plain(report: Data) -> Data:
    """As JSON has it: lists, no tuples."""
    found: Data = json.loads(json.dumps(report))
    return found


@pytest.mark.parametrize(("version", "known"), files("workbooks"))
def test_filled_workbook(version: str, known: Data) -> None:
    """Not another layout, not other questions, and every number of the report of then."""
    path = RELEASED / version / known["file"]
    used = norms(RELEASED / version / known["norms"] if known["norms"] else None)
    grid = read_grid(path.name, path.read_bytes())
    submission = understand(grid, used, PLANS.again).submission
    codes = {p.code for p in submission.problems}
    assert not codes & CHANGED
    assert submission.identity.plan == known["plan"] == submission.plan.identity.plan
    assert submission.identity.layout == known["layout"]
    then = packed(RELEASED / version / known["report"])
    assert counted(plain(as_data(gap_report(submission)))) == counted(then)
    if known["quick"]:
        found = quick(grid, used)
        assert found, "a portfolio reads it the slow way now"
        assert found.readings == submission.readings


@pytest.mark.parametrize(("version", "name"), files("blank"))
def test_blank_workbook(version: str, name: str) -> None:
    """Read as blank: as it was written, nothing filled in."""
    grid = read_grid(name, (RELEASED / version / name).read_bytes())
    submission = understand(grid, library(), PLANS.again).submission
    assert submission.problems == ()
    assert submission.plan.identity.plan == record(version)["blank"][name]
    assert not [r for r in submission.readings.values() if r.state != "blank"]


def test_every_kind_of_workbook_is_kept(release: Path) -> None:
    """A workbook of every norm set and language; with an earlier one, scope, other programs."""
    kept, editions = record(release.name)["workbooks"], record(release.name)["editions"]
    alone = {(w["parts"][0], w["lang"]) for w in kept if len(w["parts"]) == 1}
    released = [part for part in library().parts if str(part.edition) in editions]
    sets = {part.id for part in released if part.structure != "organisation"}
    assert len(released) == len(editions)
    assert {(part, lang) for part in sets for lang in ("nl", "en")} <= alone
    assert [w for w in kept if w["previous"]]
    assert [w for w in kept if w["scope"]]
    assert [w for w in kept if len(w["parts"]) > 1]
    assert sum(w["quick"] for w in kept) > len(kept) / 2
    answers: set[str] = set()
    for one in kept:
        counts = packed(release / one["report"])["status_counts"]
        answers |= {name for name, count in counts.items() if count}
    assert answers == {"yes", "partly", "no", "unknown", "na", "empty", "check"}


def test_nothing_was_edited(release: Path) -> None:
    """Every file is the one that was released; none is gone and none came."""
    known = record(release.name)["sha256"]
    assert len(known) > 200
    found = {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.rglob("*")
        if path.is_file() and path.name != "release.json" and "__pycache__" not in path.parts
    }
    assert {n: h for n, h in found.items() if known.get(n) != h} == {}
    assert known.keys() == found.keys()
    text = (release / "release.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == RECORDS[release.name]


def test_every_release_is_tested() -> None:
    assert {path.name for path in RELEASED.iterdir()} == RECORDS.keys()


def test_question_sets_are_those_of_the_lock(release: Path) -> None:
    """Its revisions are here and locked as they were released."""
    known = record(release.name)
    document = read_yaml(ROOT / "norms" / "lock.yaml", "lock.yaml", [])
    assert document is not None
    assert isinstance(document.value, Mapping)
    frozen = document.value["frozen"]
    assert isinstance(frozen, Mapping)
    assert known["question_sets"].items() <= frozen.items()
    assert list(check_lock(load_library(), ROOT / "norms")) == []
    here = {str(p.edition): p.edition.fingerprint for p in library().parts}
    assert known["editions"].items() <= here.items()


def test_descriptions_are_those_of_the_workbooks(release: Path) -> None:
    """The fingerprint of a plan is that of its description."""
    known = record(release.name)
    assert len(known["plans"]) == 36
    for name, fingerprint in known["plans"].items():
        text = lzma.decompress((release / f"descriptions/{name}.txt.xz").read_bytes())
        assert hashlib.sha256(text).hexdigest()[:16] == fingerprint
    plans = set(known["plans"].values())
    assert set(known["blank"].values()) <= plans
    plain_ones = [w for w in known["workbooks"] if not w["scope"] and not w["norms"]]
    assert {w["plan"] for w in plain_ones if len(w["parts"]) == 1} <= plans


def test_catalogues_are_kept(release: Path) -> None:
    """The texts of both languages, with the same keys."""
    nl, en = (read_yaml(release / f"catalogues/{lang}.yaml", lang, []) for lang in ("nl", "en"))
    assert nl is not None
    assert en is not None
    assert isinstance(nl.value, Mapping)
    assert isinstance(en.value, Mapping)
    assert nl.value.keys() == en.value.keys() >= {"sheet", "column", "choice"}


def test_portfolio_is_read(release: Path, tmp_path: Path) -> None:
    """Tables, figures and anonymous figures of a portfolio that was made then."""
    folder = tmp_path / "portfolio"
    shutil.copytree(release / "portfolio", folder)
    shown = fine("query", "select file, score, substantiated from files where state = 'read'",
                 "-p", folder, "--format", "json")  # fmt: skip
    rows = {row["file"]: row for row in json.loads(shown.stdout)}
    for one in record(release.name)["workbooks"]:
        if (name := one["file"].removeprefix("batch/")) in rows:
            total = packed(release / one["report"])["total"]
            assert rows[name]["score"] == total["score"], name
            assert rows[name]["substantiated"] == total["substantiated"], name
    assert len(rows) > 25
    fine("aggregate", folder, "--anonymous", "-o", tmp_path / "openbaar.html")
    assert (tmp_path / "openbaar.html").stat().st_size > 50_000


def test_portfolio_with_its_cache_is_brought_up_to_date(release: Path, tmp_path: Path) -> None:
    """Files handed in again, with the manifest of then: read anew where that is needed."""
    folder = tmp_path / "portfolio"
    shutil.copytree(release / "portfolio", folder)
    fine("aggregate", release / "workbooks/125-nl.xlsx", release / "batch/teruggekomen",
         "-o", folder, "-o", tmp_path / "veld.html", "-j", 1,
         "--manifest", release / "batch/werkboeken/manifest.csv")  # fmt: skip
    shown = fine("query", "select count(*) n from files where state = 'read'", "-p", folder,
                 "--format", "json")  # fmt: skip
    assert json.loads(shown.stdout) == [{"n": 2}]


def test_manifests_and_client_list(release: Path, tmp_path: Path) -> None:
    """Both forms say the same, and take what came back; the list still makes workbooks."""
    batch = release / "batch"
    both = [batch / "werkboeken" / f"manifest.{form}" for form in ("json", "csv")]
    sent, again = map(read_manifest, both)
    assert sent == again
    assert len(sent) == 4
    assert read_groups(both[0]).columns == read_groups(both[1]).columns == ("Regio",)
    target = tmp_path / "stand.json"
    fine("collect", batch / "teruggekomen", "--manifest", both[0], "-o", target, "--jobs", 1)
    now, then = (json.loads(p.read_text("utf-8"))["clients"] for p in (target, batch / target.name))
    states = [[(c["file"], c["state"], c["percentage"]) for c in one] for one in (now, then)]
    assert states[0] == states[1]
    fine("batch", batch / "klanten.csv", "-o", tmp_path / "werkboeken", "--dry-run")


def test_norms_of_ones_own_and_a_review(release: Path, tmp_path: Path) -> None:
    """A folder of own norms is right and makes workbooks; a review gives its rubriek files."""
    own = release / "own-norms"
    assert "LOCK" not in fine("norms", "list", "--norms", own).output
    # Of a draft that nobody named this version says how to; release 0.1.0 just took it.
    told = fine("generate", "huisnorm", "--norms", own, "-o", tmp_path / "x.xlsx", codes=(1,))
    assert "NORM_ONLY_DRAFT" in told.stderr
    assert "huisnorm@2026/r1" in told.stderr
    fine("generate", "huisnorm@2026/r1", "--norms", own, "-o", tmp_path / "huisnorm.xlsx")
    fine("norms", "from-xlsx", release / "review/vragen-143.xlsx", "-d", tmp_path / "rubrieken")
    newest = max(key for key in record(release.name)["question_sets"] if key.startswith("143/"))
    revision = newest.replace("/", "@", 1)  # 143@2021/r2: the question set of then
    fine("norms", "to-xlsx", revision, "-o", tmp_path / "vragen.xlsx")
    fine("norms", "from-xlsx", tmp_path / "vragen.xlsx", "-d", tmp_path / "now")
    then, now = (
        {p.name: p.read_text("utf-8") for p in (tmp_path / name).iterdir()}
        for name in ("rubrieken", "now")
    )
    assert then == now


def test_template(release: Path, tmp_path: Path) -> None:
    """A template of one's own still gives its colours."""
    look = load_template(str(release / "own-template"))
    assert look.palette.dark == "#3B2A66"
    target = tmp_path / "werkboek.xlsx"
    fine("generate", "125", "--template", release / "own-template", "-o", target)


def test_merge_with_the_decisions_of_then(release: Path, tmp_path: Path) -> None:
    """The same two files and the same choices give the same scores."""
    work = release / "rework"
    target, report = tmp_path / "samen.xlsx", tmp_path / "samen.json"
    fine("merge", work / "noord.xlsx", work / "zuid.xlsx", "--rule", "ask-file",
         "--decisions", work / "besluiten.xlsx", "-o", target)  # fmt: skip
    fine("analyze", target, "-o", report)
    now = json.loads(report.read_text("utf-8"))
    assert counted(now) == counted(packed(release / "reports/samen.json.xz"))


def test_repair_of_then_and_now(release: Path) -> None:
    """A damaged file of then gives every answer that its repaired copy of then holds."""
    read = {
        name: understand(
            read_grid(name, (release / f"rework/{name}.xlsx").read_bytes(), complete=True),
            library(), PLANS.again,
        ).submission
        for name in ("beschadigd", "hersteld")
    }  # fmt: skip
    fresh = {a: v for a, v in repaired(read["beschadigd"]).inputs.items() if v is not None}
    kept = read["hersteld"].as_understood
    assert {a: v for a, v in kept.items() if fresh.get(a) != v} == {}
    assert len(kept) > 100


def test_comparisons(release: Path, tmp_path: Path) -> None:
    """Two files of then compare as they did."""
    name = "125-en--125-nl"
    old, new = (release / f"workbooks/{stem}.xlsx" for stem in name.split("--"))
    target = tmp_path / "vergelijking.json"
    fine("compare", old, new, "-o", target, codes=(0, 1))
    then, now = (
        packed(release / f"comparisons/{name}.json.xz"),
        json.loads(target.read_text("utf-8")),
    )
    assert then.keys() <= now.keys()
    same = [key for key in then if key not in ("schema", "notices", "problems")]
    changes = [[{**one, "label": ""} for one in found["changes"]] for found in (then, now)]
    assert changes[0] == changes[1]  # words of a report are those of today
    same.remove("changes")
    assert {key: now[key] for key in same} == {key: then[key] for key in same}
