#!/usr/bin/env bash
# LibreOffice: a tab in a cell text that also has a line break is not a tab to formulas.
#
# Seen with LibreOffice 7.4.7.2, files written by openpyxl 3.1.5. A cell with "a<tab>b" is what one
# expects: LEN(SUBSTITUTE(A1,"<tab>","")) is 2, and so it is with CHAR(9). A cell with
# "a<tab>b<newline>c" keeps its five characters, and SUBSTITUTE finds no tab in it, neither as a
# literal nor as CHAR(9): the result stays 5 where Excel's rules give 4. CODE of that character is 1,
# not 9. The text itself is saved again with its tab. So a formula that takes white space
# away to see whether a cell is blank takes "<tab><newline>" for a text.
#
# Exits 0 while this holds, 1 when LibreOffice does otherwise, 2 when it is not installed.
set -euo pipefail
command -v soffice >/dev/null || { echo "LibreOffice (soffice) is needed"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet openpyxl==3.1.5
soffice --version
cat >"$work/try.py" <<'PY'
import subprocess
import sys
from pathlib import Path

import openpyxl

work = Path(sys.argv[1])
book = openpyxl.Workbook()
sheet = book.active
for row, text in enumerate(("a\tb", "a\tb\nc", "\t\n"), 1):
    sheet.cell(row, 1, text)
    sheet.cell(row, 2, f"=LEN(A{row})")
    sheet.cell(row, 3, f'=LEN(SUBSTITUTE(A{row},"\t",""))')
    sheet.cell(row, 4, f'=LEN(SUBSTITUTE(A{row},CHAR(9),""))')
    sheet.cell(row, 5, f'=CODE(MID(A{row},{1 if row == 3 else 2},1))')
book.save(work / "in.xlsx")
subprocess.run(
    ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
     "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(work / "out"),
     str(work / "in.xlsx")],
    check=True, capture_output=True, timeout=300,
)
found = openpyxl.load_workbook(work / "out" / "in.xlsx", data_only=True).active
rows = [tuple(row) for row in found.iter_rows(values_only=True)]
for row in rows:
    print(row)
assert [row[0] for row in rows] == ["a\tb", "a\tb\nc", "\t\n"]
same = [row[1:4] for row in rows] == [(3, 2, 2), (5, 5, 5), (2, 2, 2)]
print("as described" if same else "LibreOffice does otherwise now")
sys.exit(0 if same else 1)
PY
"$work/venv/bin/python" "$work/try.py" "$work"
