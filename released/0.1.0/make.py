"""How the files beside this one were made, with the code of the commit in ``release.json``.

Kept to show what is in them; it is not meant to run with later code. Answers are drawn with fixed
seeds, so that all but the files of other programs and the portfolio come out the same.

    cd released/0.1.0 && python make.py
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import yaml

from hkz_xlsx import __version__
from hkz_xlsx.layout.build import plan_workbook
from hkz_xlsx.layout.client import client_inputs
from hkz_xlsx.layout.codecs import serial
from hkz_xlsx.layout.describe import describe
from hkz_xlsx.layout.identity import LAYOUT_VERSION
from hkz_xlsx.layout.sample import sample_inputs
from hkz_xlsx.layout.template import load_template
from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.norm.select import Scope, select
from hkz_xlsx.portfolio.quick import quick
from hkz_xlsx.scoring.choices import T
from hkz_xlsx.scoring.tables import Address
from hkz_xlsx.text import catalogue
from hkz_xlsx.workbook.carry import previous_scores
from hkz_xlsx.workbook.open import read_grid
from hkz_xlsx.workbook.read import read_workbook
from hkz_xlsx.workbook.write import write_workbook

COMMIT, DATE = "ecfb26a", "2026-11-28"
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OWN = Path("own-norms")
SETS = ("138", "139", "140", "134", "132", "144", "143", "zw", "125")  # 123 stands in no file alone
NAMES = (
    "De Linde", "Het Anker", "De Ontmoeting", "Pippeloentje", "De Vlinder", "Thuis in Zorg",
    "Praktijk Noord", "Zorggroep De Dreef", "Veilig Verder",
)  # fmt: skip
BRANCHES = ("Welzijn", "Opvang", "Zorg")
LIBRARY = load_library()
DAY = date(2026, 11, 2)


class Answers:
    """Answers of one organisation in which every kind of cell occurs."""

    def __init__(self, plan, seed, day=DAY):
        self.plan, self.lang, self.day = plan, plan.lang, day
        self.chance = random.Random(seed)
        self.inputs = dict(sample_inputs(plan, seed, day))
        self.rows = plan.model.selection.rows

    def word(self, kind, code, lang=""):
        return catalogue(lang or self.lang)[f"choice.{kind}.{code}"]

    def put(self, row, **cells):
        for column, value in cells.items():
            self.inputs[Address(T.requirements, row.requirement.id, column)] = value

    def clear(self, row):
        mine = [a for a in self.inputs if (a.table, a.row) == (T.requirements, row.requirement.id)]
        for address in mine:
            del self.inputs[address]

    def who(self, index, location="Hoofdkantoor"):
        kvk = random.Random(f"kvk {index}").randrange(30_000_000, 90_000_000)
        known = {
            "name": f"Stichting {NAMES[index]} (verzonnen)", "location": location,
            "kvk": str(kvk), "branch": BRANCHES[index % 3], "municipality": "Voorbeeldstad",
            "contact": "S. de Vries", "email": "kwaliteit@voorbeeld.example",
            "assessor": "Kwaliteitsmedewerker",
        }  # fmt: skip
        self.inputs.update(client_inputs(self.plan, known, self.day))
        self.inputs[Address("organisation", "fte", "value")] = (
            "8,5" if index % 2 else float(4 + 9 * index)
        )

    def every_kind(self):
        free = [r for r in self.rows if r.na_allowed and r.requirement.when is None]
        free = free or [r for r in self.rows if r.na_allowed]
        plain = [r for r in self.rows if r not in free[:2]][:40]
        chosen = self.chance.sample(plain, 12)
        for row in (*chosen, *free[:2]):
            self.clear(row)
        other = "en" if self.lang == "nl" else "nl"
        day = serial(self.day)
        yes, partly = self.word("status", "yes"), self.word("status", "partly")
        self.put(chosen[0], answer=yes, maturity=self.word("maturity", "4"),
                 evidence="Verslag «RvT» – 3/11, zie A & B <ondertekend>\ntweede regel",
                 location="=1+1", evidence_date=day - 30, valid_until=day + 200, owner="José Ünal")
        self.put(chosen[1], answer=yes, evidence="Protocol", valid_until=day - 1)
        self.put(chosen[2], answer=partly, maturity=self.word("maturity", "0"),
                 action="Herzien", action_owner="Teamleider", action_due=day - 20,
                 action_status=self.word("action_status", "dropped"))
        self.put(chosen[3], answer=self.word("status", "no"), maturity=self.word("maturity", "3"),
                 action="Opstellen", action_status=self.word("action_status", "done"))
        self.put(chosen[4], answer=self.word("status", "unknown"), note="Navragen. " * 30)
        # chosen[5] stays blank
        self.put(chosen[6], answer=f"{yes}.", maturity="2", evidence="\u00a0Notulen\u200b ",
                 evidence_date="1-2-2026", valid_until="2027-03-31")
        self.put(chosen[7], answer=self.word("status", "partly", other))
        self.put(chosen[8], answer=f" {yes.upper()} ", evidence="0")
        self.put(chosen[9], answer=yes, advisor_answer=self.word("status", "no"),
                 advisor_note="Niet gezien.")
        self.put(chosen[10], answer=self.word("status", "no"),
                 advisor_answer=self.word("status", "partly"), advisor_note="Er ligt een concept.")
        self.put(chosen[11], answer=yes, advisor_answer=yes, location="Map Beleid")
        na = self.word("status", "na")
        for row, note in zip(free[:2], ("Wij bieden deze hulp niet.", None), strict=False):
            self.put(row, answer=na)
            if note:
                self.put(row, note=note)
        return self

    def wrong(self):
        """Words that are no answer, n.v.t. where that cannot be, a date that is none."""
        core = [r for r in self.rows if not r.na_allowed]
        self.put(core[0], answer=self.word("status", "na"))
        self.put(core[1], answer="zie bijlage", valid_until="voorjaar")
        return self

    def advised(self):
        self.inputs[Address(T.settings, "basis", "value")] = self.word("basis", "advisor")
        return self

    def yearly(self):
        start = self.day - timedelta(days=150)
        self.inputs[Address(T.settings, "cycle_date", "value")] = serial(start)
        for index, step in enumerate(self.plan.model.selection.guide.of("yearly")):
            key = (T.steps_yearly, step.id)
            self.inputs[Address(*key, "owner")] = "Directeur"
            self.inputs[Address(*key, "planned")] = serial(start + timedelta(days=30 * index))
            if index < 4:
                self.inputs[Address(*key, "done")] = serial(start + timedelta(days=30 * index + 5))
        return self


def hkz(*words, codes=(0,)):
    done = subprocess.run([sys.executable, "-m", "hkz_xlsx", *map(str, words)],
                          capture_output=True, text=True, check=False)
    assert done.returncode in codes, (words, done.returncode, done.stdout[-500:], done.stderr)
    return done.stdout


def save(path, data):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def plan_of(part, lang, *, scope=(), previous=False, library: Library = LIBRARY):
    parts = part.split("-")
    return plan_workbook(select(library, parts, Scope.parse(scope)), lang, parts, previous=previous)


def filled():
    for index, part in enumerate(SETS):
        for lang, day in (("nl", DAY), ("en", date(2025, 10, 6))):
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


def special():
    later = date(2027, 11, 1)
    for part, lang in (("138", "nl"), ("143", "en"), ("125", "nl")):
        plan = plan_of(part, lang, previous=True)
        one = Answers(plan, 7000 + len(part + lang), later)
        one.who(SETS.index(part))
        one.every_kind()
        earlier = read_workbook(Path(f"workbooks/{part}-{lang}.xlsx"), LIBRARY)
        inputs = {**one.inputs, **previous_scores(earlier, plan)}
        save(f"workbooks/{part}-{lang}-previous.xlsx", write_workbook(plan, inputs))
    scope = ("funding=wmo,zvw", "activities=wijkverpleging")
    makes = (
        ("144-nl-scope", "144", "nl", scope, None, "Locatie Zuid"),
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


def resaved():
    """The same files as other programs save them."""
    with tempfile.TemporaryDirectory() as name:
        for source, target in (("zw-nl", "xlsx:Calc MS Excel 2007 XML"), ("143-nl", "ods:calc8")):
            suffix = target.split(":")[0]
            subprocess.run(
                ["soffice", f"-env:UserInstallation={Path(name).as_uri()}/profile", "--headless",
                 "--convert-to", target, "--outdir", name, f"workbooks/{source}.xlsx"],
                check=True, capture_output=True)
            shutil.copy(f"{name}/{source}.{suffix}", f"workbooks/{source}-libreoffice.{suffix}")
    subprocess.run(["ssconvert", "workbooks/143-en.xlsx", "workbooks/143-en-gnumeric.xlsx"],
                   check=True, capture_output=True)
    book = openpyxl.load_workbook("workbooks/125-nl.xlsx")
    book.save("workbooks/125-nl-openpyxl.xlsx")


def rework():
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
    sheet = book.active
    head = next(r for r in sheet.iter_rows() if sum(c.value is not None for c in r) >= 4)
    letter = next(c for c in head if c.value == catalogue("nl")["merge.column.choose"])
    first = next(c for c in head if str(c.value).startswith("A. "))
    for number in range(letter.row + 1, sheet.max_row + 1):
        a, b = (sheet.cell(number, first.column + i).value for i in (0, 1))
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
    book[titles["result"]]["B9"] = "91 %"
    book.create_sheet("Eigen blad")["A1"] = "Losse aantekening"
    book.save("rework/beschadigd.xlsx")
    hkz("repair", "rework/beschadigd.xlsx", "-o", "rework/hersteld.xlsx", codes=(0, 1))


def authors():
    """Question sets and looks of one's own, and a question set as a sheet to review."""
    hkz("norms", "new", "huisnorm", "-d", OWN)
    one = Answers(plan_of("huisnorm", "nl", library=load_library(OWN)), 3)
    one.who(3)
    save("own-norm-workbook/huisnorm-nl.xlsx", write_workbook(one.plan, one.inputs))
    hkz("norms", "to-xlsx", "143", "-o", "review/vragen-143.xlsx")


def template():
    shutil.copytree(ROOT / "templates" / "voorbeeld-adviesbureau", "own-template")
    path = Path("own-template/template.yaml")
    text = path.read_text("utf-8").replace("De Wegwijzer", "Bureau De Brug")
    path.write_text(text.replace('"#1D4D4F"', '"#3B2A66"').replace("adviesbureau", "eigen bureau"),
                    "utf-8")  # fmt: skip


CLIENTS = """Naam;Locatie;KvK;Branche;Gemeente;Peildatum;Normen;Weglaten;Taal;Sjabloon;Vorig werkboek;Regio
Stichting De Haven;Noord;61740385;Welzijn;Voorbeeldstad;02-11-2026;125;;nl;;;Noord
Stichting De Haven;Zuid;61740385;Welzijn;Testdorp;02-11-2026;143;financiering=wmo;nl;;;Zuid
Praktijk Noord;;{kvk};Zorg;Voorbeeldstad;02-11-2026;143;;en;voorbeeld-adviesbureau;../workbooks/143-nl.xlsx;Noord
Huize Maria;;70315582;Zorg;Testdorp;;125;;nl;;;=Zuid
"""  # fmt: skip


def batch():
    kvk = random.Random("kvk 6").randrange(30_000_000, 90_000_000)
    save("batch/klanten.csv", b"\xef\xbb\xbf" + CLIENTS.format(kvk=kvk).encode())
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


def portfolio():
    hkz("aggregate", "workbooks", "batch/teruggekomen", "-o", "portfolio", "--texts",
        "--manifest", "batch/werkboeken/manifest.json")  # fmt: skip
    hkz("aggregate", "portfolio", "--anonymous", "-o", "anonymous/openbaar.html",
        "-o", "anonymous/openbaar.xlsx")  # fmt: skip


def packed(path, data):
    save(f"{path}.xz", lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def workbooks():
    found = [p for f in ("workbooks", "rework", "batch/teruggekomen", "own-norm-workbook")
             for p in Path(f).iterdir() if p.name != "besluiten.xlsx"]  # fmt: skip
    return sorted(found)


def reports():
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"

        def keep(target, *words):
            hkz(*words, "-o", out, "--force", codes=(0, 1))
            packed(target, out.read_bytes())

        for path in workbooks():
            own = ("--norms", OWN) if path.parts[0].startswith("own") else ()
            keep(f"reports/{path.stem}{tail(path)}.json", "analyze", path, *own)
        for part in SETS:
            one, other = f"workbooks/{part}-en.xlsx", f"workbooks/{part}-nl.xlsx"
            keep(f"comparisons/{part}-en--{part}-nl.json", "compare", one, other)
        for path in Path("workbooks").glob("*-*-*"):
            base = path.with_name("-".join(path.stem.split("-")[:2]) + ".xlsx")
            if base.exists():
                keep(f"comparisons/{base.stem}--{path.stem}.json", "compare", base, path)
        keep("reports/138-nl--with-138-en.json", "analyze", "workbooks/138-nl.xlsx",
             "--previous", "workbooks/138-en.xlsx")  # fmt: skip
    packed("reports/check.json", hkz("check", "workbooks", "rework", "--json", codes=(0, 1)).encode())


def tail(path):
    """What tells two files of one name apart in the name of a report."""
    return "" if path.suffix == ".xlsx" else path.suffix


def descriptions():
    """What the plans were, and every text, to compare old files with what was released."""
    for part in SETS:
        for lang in ("nl", "en"):
            for previous in (False, True):
                plan = plan_of(part, lang, previous=previous)
                name = f"{part}-{lang}{'-previous' if previous else ''}"
                text = describe(plan).encode()
                assert hashlib.sha256(text).hexdigest()[:16] == plan.identity.plan
                packed(f"descriptions/{name}.txt", text)
                yield name, plan.identity.plan
    for lang in ("nl", "en"):
        shutil.copy(ROOT / "hkz_xlsx" / "catalogues" / f"{lang}.yaml", f"catalogues/{lang}.yaml")


def record(path):
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


def main():
    for path in HERE.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    for folder in ("catalogues", "review", "anonymous"):
        Path(folder).mkdir()
    template()
    filled()
    special()
    resaved()
    rework()
    authors()
    batch()
    portfolio()
    reports()
    plans = dict(descriptions())
    lock = yaml.safe_load((ROOT / "norms" / "lock.yaml").read_text("utf-8"))["frozen"]
    sums = {
        p.as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(Path().rglob("*"))
        if p.is_file() and p.name != "release.json"
    }
    release = {
        "version": __version__, "date": DATE, "commit": COMMIT, "layout": LAYOUT_VERSION,
        "question_sets": lock,
        "editions": {str(p.edition): p.edition.fingerprint for p in LIBRARY.newest()},
        "plans": plans,
        "workbooks": [record(path) for path in workbooks()],
        "blank": {p.as_posix(): read_workbook(p, LIBRARY).identity.plan
                  for p in sorted(Path("blank").iterdir())},
        "sha256": sums,
    }  # fmt: skip
    text = json.dumps(release, ensure_ascii=False, indent=1) + "\n"
    Path("release.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
