"""Freezes a release: what this version writes, kept for ever under ``released/<version>/``.

    make release VERSION=0.2.0

Set the version in ``pyproject.toml`` and in the catalogues first. It writes filled and blank
workbooks of every norm set, what every command makes of them, the description and the texts of
the workbooks; and adds the release to the record in the package, by which its files are read. An
existing release is never written over. Answers are drawn with fixed seeds.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from hkz_xlsx.layout.describe import describe, describe_shape
from hkz_xlsx.layout.plan import WorkbookPlan
from hkz_xlsx.layout.style_template import Look
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.plan_build.build import plan_workbook
from hkz_xlsx.releases import LAYOUT_VERSION
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.read_by_place import quick
from hkz_xlsx.rework.carry import previous_scores
from hkz_xlsx.spreadsheet.open import read_grid
from hkz_xlsx.text import Lang, catalogue
from hkz_xlsx.writing.workbook import write_workbook
from release.answers import DAY, Answers
from release.record import (
    RELEASED,
    ROOT,
    known_to_the_package,
    known_to_the_tests,
    record_of_release,
    refused,
    write_json,
)

OWN = Path("own-norms")
LIBRARY = load_library()
SETS = tuple(part.id for part in LIBRARY.newest() if part.structure != "organisation")
"""Question sets of which a release keeps workbooks; a part for all sectors stands in none alone."""
DAYS: tuple[tuple[Lang, date], ...] = (("nl", DAY), ("en", date(2025, 10, 6)))
EARLIER: tuple[tuple[str, Lang], ...] = (("138", "nl"), ("143", "en"), ("125", "nl"))


def hkz(*words: object, codes: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in codes, (words, done.returncode, done.stdout[-500:], done.stderr)
    return done.stdout


def save(name: str | Path, data: bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def plan_of(
    part: str, lang: Lang, *, scope: Sequence[str] = (), previous: bool = False,
    library: Library = LIBRARY,
) -> WorkbookPlan:  # fmt: skip
    parts = part.split("-")
    return plan_workbook(select(library, parts, Scope.parse(scope)), lang, parts, previous=previous)


def filled() -> None:
    for index, part in enumerate(SETS):
        for lang, day in DAYS:
            one = Answers(plan_of(part, lang), 100 * index + len(lang + part) + day.year, day)
            one.who(index)
            one.every_kind()
            if index % 3 == 0:
                one.yearly()
            if lang == "en" and index % 2 == 0:
                one.advised()
            if (part, lang) in (("zw", "nl"), ("125", "en")):
                one.wrong()
            save(f"workbooks/{part}-{lang}.xlsx", write_workbook(one.plan, one.inputs))
    for part in SETS:
        save(f"blank/{part}-nl.xlsx", write_workbook(plan_of(part, "nl")))


def special() -> None:
    later = date(2027, 11, 1)
    for part, lang in EARLIER:
        plan = plan_of(part, lang, previous=True)
        one = Answers(plan, 7000 + len(part + lang), later)
        one.who(SETS.index(part))
        one.every_kind()
        earlier = read_workbook(Path(f"workbooks/{part}-{lang}.xlsx"), LIBRARY)
        inputs = {**one.inputs, **previous_scores(earlier, plan)}
        save(f"workbooks/{part}-{lang}-previous.xlsx", write_workbook(plan, inputs))
    both = ("funding=wmo,zvw", "activities=wijkverpleging")
    makes: tuple[tuple[str, str, Lang, tuple[str, ...], Look | None, str], ...] = (
        ("144-nl-scope", "144", "nl", both, None, "Locatie Zuid"),
        ("132-en-scope", "132", "en", ("activities=bso",), None, "BSO"),
        ("143-nl-template", "143", "nl", (), load_template("own-template"), "Praktijk 2"),
        ("125-en-template", "125", "en", (), load_template("voorbeeld-adviesbureau"), "Locatie 2"),
        ("125-143-nl", "125-143", "nl", (), None, "Locatie 3"),
    )
    for number, (name, part, lang, scope, look, place) in enumerate(makes):
        one = Answers(plan_of(part, lang, scope=scope), 8000 + number)
        one.who(SETS.index(part.split("-")[0]), place)
        one.every_kind()
        more = (look,) if look else ()
        save(f"workbooks/{name}.xlsx", write_workbook(one.plan, one.inputs, *more))


def resaved() -> None:
    """The same file as other programs save it; LibreOffice where it is installed."""
    openpyxl.load_workbook("workbooks/125-nl.xlsx").save("workbooks/125-nl-openpyxl.xlsx")
    if not shutil.which("soffice"):
        return
    with tempfile.TemporaryDirectory() as name:
        for source, target in (("zw-nl", "xlsx:Calc MS Excel 2007 XML"), ("143-nl", "ods:calc8")):
            suffix = target.split(":")[0]
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation={Path(name).as_uri()}/profile",
                    "--headless",
                    "--convert-to",
                    target,
                    "--outdir",
                    name,
                    f"workbooks/{source}.xlsx",
                ],
                check=True,
                capture_output=True,
            )
            shutil.copy(f"{name}/{source}.{suffix}", f"workbooks/{source}-libreoffice.{suffix}")


def rework() -> None:
    """Two locations put together, and a damaged file mended."""
    for place, seed in (("noord", 41), ("zuid", 42)):
        one = Answers(plan_of("125", "nl"), seed)
        one.who(8, place.title())
        one.every_kind()
        save(f"rework/{place}.xlsx", write_workbook(one.plan, one.inputs))
    words = ("merge", "rework/noord.xlsx", "rework/zuid.xlsx", "--rule", "ask-file",
             "--decisions", "rework/besluiten.xlsx", "-o", "rework/samen.xlsx")  # fmt: skip
    hkz(*words)
    book = openpyxl.load_workbook("rework/besluiten.xlsx")
    sheet = book.worksheets[0]
    head = next(r for r in sheet.iter_rows() if sum(c.value is not None for c in r) >= 4)
    letter = next(c for c in head if c.value == catalogue("nl")["merge.column.choose"])
    first = next(c for c in head if str(c.value).startswith("A. "))
    left = int(first.column or 1)
    for number in range(letter.row + 1, sheet.max_row + 1):
        a, b = (sheet.cell(number, left + i).value for i in (0, 1))
        wanted = "A" if number % 2 else "B"
        sheet.cell(number, letter.column).value = wanted if a and b else "A" if a else "B"
    book.save("rework/besluiten.xlsx")
    hkz(*words)
    book = openpyxl.load_workbook("rework/noord.xlsx")
    titles = {key: catalogue("nl")[f"sheet.{key}.tab"] for key in ("assessment", "result")}
    sheet = book[titles["assessment"]]
    sheet.insert_cols(3)
    sheet["C12"] = "eigen kolom: nog bespreken"
    sheet["B25"] = "vraag overgetypt"
    sheet.delete_rows(30)
    book[titles["result"]]["A10"] = "91 %"  # typed over a formula
    book.create_sheet("Eigen blad")["A1"] = "Losse aantekening"
    book.save("rework/beschadigd.xlsx")
    hkz("repair", "rework/beschadigd.xlsx", "-o", "rework/hersteld.xlsx", codes=(0, 1))


def authors() -> None:
    """Question sets and looks of one's own, and a question set as a sheet to review."""
    hkz("norms", "new", "huisnorm", "-d", OWN)
    one = Answers(plan_of("huisnorm@2026/r1", "nl", library=load_library(OWN)), 3)
    one.who(3)
    save("own-norm-workbook/huisnorm-nl.xlsx", write_workbook(one.plan, one.inputs))
    hkz("norms", "to-xlsx", "143", "-o", "review/vragen-143.xlsx")


def template() -> None:
    shutil.copytree(ROOT / "templates" / "voorbeeld-adviesbureau", "own-template")
    path = Path("own-template/template.yaml")
    text = path.read_text("utf-8").replace("De Wegwijzer", "Bureau De Brug")
    path.write_text(text.replace('"#1D4D4F"', '"#3B2A66"').replace("adviesbureau", "eigen bureau"),
                    "utf-8")  # fmt: skip


COLUMNS = "Naam;Locatie;KvK;Branche;Gemeente;Peildatum;Normen;Weglaten;Taal;Sjabloon;Vorig werkboek"
PLACE = "Welzijn;Testdorp;02-11-2026;143"
CLIENTS = f"""{COLUMNS};Regio
Stichting De Haven;Noord;61740385;Welzijn;Voorbeeldstad;02-11-2026;125;;nl;;;Noord
Stichting De Haven;Zuid;61740385;{PLACE};financiering=wmo;nl;;;Zuid
Praktijk Noord;;KVK;{PLACE};;en;voorbeeld-adviesbureau;../workbooks/143-nl.xlsx;Noord
Huize Maria;;70315582;Zorg;Testdorp;;125;;nl;;;=Zuid
"""


def batch() -> None:
    kvk = random.Random("kvk 6").randrange(30_000_000, 90_000_000)
    save("batch/klanten.csv", b"\xef\xbb\xbf" + CLIENTS.replace("KVK", str(kvk)).encode())
    hkz("batch", "batch/klanten.csv", "-o", "batch/werkboeken")
    hkz("batch", "--example", "-o", "batch/voorbeeldlijst.xlsx")
    manifest = json.loads(Path("batch/werkboeken/manifest.json").read_text("utf-8"))
    entry = next(e for e in manifest["workbooks"] if e["norms"].startswith("125"))
    sent = read_workbook(Path("batch/werkboeken") / entry["file"], LIBRARY)
    one = Answers(sent.plan, 51)
    one.every_kind()
    kept = {a: v for a, v in one.inputs.items() if a.table != "organisation"}
    save(f"batch/teruggekomen/{entry['file']}",
         write_workbook(sent.plan, {**kept, **sent.as_understood}))  # fmt: skip
    hkz("collect", "batch/teruggekomen", "--manifest", "batch/werkboeken/manifest.json",
        "-o", "batch/stand.json", "-o", "batch/stand.xlsx")  # fmt: skip


def portfolio() -> None:
    hkz("aggregate", "workbooks", "batch/teruggekomen", "-o", "portfolio", "--texts",
        "--manifest", "batch/werkboeken/manifest.json")  # fmt: skip
    hkz("aggregate", "portfolio", "--anonymous", "-o", "anonymous/openbaar.html",
        "-o", "anonymous/openbaar.xlsx")  # fmt: skip


def packed(path: str, data: bytes) -> None:
    save(f"{path}.xz", lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def workbooks() -> list[Path]:
    found = [p for f in ("workbooks", "rework", "batch/teruggekomen", "own-norm-workbook")
             for p in Path(f).glob("*.*") if p.name != "besluiten.xlsx"]  # fmt: skip
    return sorted(found)


def each_report() -> None:
    """The JSON report on every filled workbook."""
    with tempfile.TemporaryDirectory() as name:
        for path in workbooks():
            own = ("--norms", OWN) if path.parts[0].startswith("own") else ()
            target = f"reports/{path.stem}{tail(path)}.json"
            _keep(Path(name) / "out.json", target, "analyze", path, *own)


def _keep(out: Path, target: str, *words: object) -> None:
    hkz(*words, "-o", out, "--force", codes=(0, 1))
    packed(target, out.read_bytes())


def compared() -> None:
    """Comparisons of two workbooks of one norm, and what is said of all."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"
        for part in SETS:  # the English one is a year older
            one, other = f"workbooks/{part}-en.xlsx", f"workbooks/{part}-nl.xlsx"
            _keep(out, f"comparisons/{part}-en--{part}-nl.json", "compare", one, other)
        for path in Path("workbooks").glob("*-*-*"):
            base = path.with_name("-".join(path.stem.split("-")[:2]) + ".xlsx")
            if base.exists():
                _keep(out, f"comparisons/{base.stem}--{path.stem}.json", "compare", base, path)
        earlier = ("workbooks/138-nl.xlsx", "--previous", "workbooks/138-en.xlsx")
        _keep(out, "reports/138-nl--with-138-en.json", "analyze", *earlier)
    found = hkz("check", "workbooks", "rework", "--json", codes=(0, 1))
    packed("reports/check.json", found.encode())


def tail(path: Path) -> str:
    """What tells two files of one name apart in the name of a report."""
    return "" if path.suffix == ".xlsx" else path.suffix


def descriptions() -> Iterator[tuple[str, str]]:
    """What the plans were, and every text, to compare old files with what was released."""
    for part in SETS:
        for lang in ("nl", "en"):
            for previous in (False, True):
                plan = plan_of(part, lang, previous=previous)
                name = f"{part}-{lang}{'-previous' if previous else ''}"
                packed(f"shapes/{part}{'-previous' if previous else ''}.txt",
                       describe_shape(plan).encode())  # fmt: skip
                text = describe(plan).encode()
                assert hashlib.sha256(text).hexdigest()[:16] == plan.identity.plan
                packed(f"descriptions/{name}.txt", text)
                yield name, plan.identity.plan
    for lang in ("nl", "en"):
        shutil.copy(ROOT / "hkz_xlsx" / "catalogues" / f"{lang}.yaml", f"catalogues/{lang}.yaml")


def record(path: Path) -> dict[str, object]:
    """What is known of a filled workbook."""
    library = load_library(OWN) if path.parts[0].startswith("own") else LIBRARY
    data = path.read_bytes()
    submission = read_workbook(path, library)
    identity = submission.identity
    return {
        "file": path.as_posix(), "parts": list(identity.asked), "lang": identity.lang,
        "scope": str(identity.scope), "previous": identity.previous, "layout": identity.layout,
        "plan": identity.plan, "quick": quick(read_grid("", data), library) is not None,
        "norms": OWN.name if library is not LIBRARY else "",
        "report": f"reports/{path.stem}{tail(path)}.json.xz",
        "problems": sorted({p.code for p in submission.problems}),
    }  # fmt: skip


_PARTS = (template, filled, special, resaved, rework, authors, batch, portfolio, each_report,
          compared)  # fmt: skip


def main(version: str, day: str, parts: Sequence[Callable[[], None]] = _PARTS) -> None:
    if why := refused(version):
        raise SystemExit(why)
    warnings.filterwarnings("ignore", module="openpyxl")
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".release-") as name:
        os.chdir(name)
        for folder in ("catalogues", "review", "anonymous"):
            Path(folder).mkdir()
        for make in parts:
            make()
        plans = dict(descriptions())
        found = record_of_release(version, day, plans, [record(path) for path in workbooks()])
        write_json(Path("release.json"), found)
        record_text = Path("release.json").read_bytes()
        os.chdir(ROOT)
        shutil.copytree(name, RELEASED / version)
    known_to_the_package(version, day)
    known_to_the_tests(version, record_text)
    print(f"released/{version}: layout {LAYOUT_VERSION}. Commit it with the record.")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else date.today().isoformat())
