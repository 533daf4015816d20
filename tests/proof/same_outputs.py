"""What a fixed set of commands gives, as checksums: the proof that a rebuilding changed nothing.

    python -m tests.proof.same_outputs FOLDER > before.txt

Run it on two trees and compare the two lists. Every file that the commands write counts, and
what they say and with which exit code; only a portfolio's cache does not, which knows by which
program it was made.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

CLIENTS = """Naam;KvK;Locatie;Peildatum;Normen;Financiering
Stichting De Brug;51234568;Noord;01-11-2026;138;wmo
Huize Súdwest;62345679;;01-11-2026;143;
't Venster;01234567;Oost;15-10-2026;144;wlz, zvw
"""

COMMANDS = (
    "norms list --all",
    "norms show 138",
    "norms check",
    "norms to-xlsx 143 -o review.xlsx",
    "norms from-xlsx review.xlsx -d eigen",
    "demo demo --force",
    "demo demo-en --lang en --force",
    "generate 138 -o leeg.xlsx",
    "generate 138 139 -o samen.xlsx --organisation Proef --date 01-11-2026 --scope funding=wmo",
    "generate 144 -o engels.xlsx --lang en --template voorbeeld-adviesbureau",
    "generate 138 -o vervolg.xlsx --answers demo/{demo} --previous demo/{demo} --date 01-11-2027",
    "batch klanten.csv -o werkboeken",
    "batch --example -o voorbeeldlijst.xlsx",
    "collect werkboeken --manifest werkboeken/manifest.json -o stand.xlsx",
    "check demo/{demo} --xlsx nagekeken.xlsx",
    "check bad.xlsx leeg.xlsx demo",
    "repair demo/{demo} -o hersteld.xlsx",
    "merge demo/{demo} hersteld.xlsx -o samengevoegd.xlsx",
    "compare demo/{demo} hersteld.xlsx -o vergelijking.html",
    "analyze demo/{demo} -o rapport.html -o rapport.md -o rapport.json -o rapport.xlsx",
    "analyze demo/{demo} -o rapport.docx -o rapport.pdf",
    "analyze demo werkboeken -o rapporten --format json,html",
    "aggregate demo werkboeken -o portfolio -o veld.html -o veld.xlsx",
    "aggregate portfolio -o openbaar.html --anonymous",
    "query SHOW\u00a0TABLES -p portfolio",
    "generate 999 -o niets.xlsx",
)


def run(folder: Path) -> dict[str, str]:
    """Checksum by name of all that the commands write and say, in a new folder."""
    folder.mkdir(parents=True)
    (folder / "klanten.csv").write_text(CLIENTS, "utf-8")
    (folder / "bad.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": root, "COLUMNS": "120", "NO_COLOR": "1"}
    found = {}
    for number, line in enumerate(COMMANDS, 1):
        filled = next(iter(sorted(folder.glob("demo/*ngevuld*.xlsx"))), Path("none"))
        words = [w.replace("\u00a0", " ") for w in line.replace("{demo}", filled.name).split(" ")]
        done = subprocess.run(
            [sys.executable, "-m", "hkz_xlsx", *words],
            cwd=folder, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        said = b"%d\n" % done.returncode + done.stdout + b"\n--\n" + done.stderr
        found[f"{number:02} {line}"] = hashlib.sha256(said).hexdigest()
        (folder / f"said-{number:02}.txt").write_bytes(said)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if not path.name.startswith("cache.sqlite"):
            name = path.relative_to(folder).as_posix()
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


if __name__ == "__main__":
    for name, digest in run(Path(sys.argv[1]).absolute()).items():
        print(digest, name)
