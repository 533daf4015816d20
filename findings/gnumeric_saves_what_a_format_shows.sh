#!/usr/bin/env bash
# Gnumeric 1.12.55 (Debian's package gnumeric) writes a text cell of an .ods as its format shows it, and
# nothing else: "Yes" under a conditional format with the number format General;General;General;"+ "@ is
# saved as the paragraph "+ Yes" without office:string-value. The value has changed for every reader; a
# conditional format came to be data. As .xlsx the same program keeps "Yes". Exits 1 when that changes.
set -euo pipefail
command -v ssconvert >/dev/null || { echo "ssconvert is missing: apt-get install gnumeric" >&2; exit 2; }
ssconvert --version 2>&1 | grep -q "1\.12\.55" || { echo "another version of Gnumeric" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check xlsxwriter==3.2.9 openpyxl==3.1.5 2>pip.log || { cat pip.log >&2; exit 2; }
venv/bin/python - <<'PY'
import xlsxwriter

book = xlsxwriter.Workbook("a.xlsx")
sheet = book.add_worksheet()
for row in range(2):
    sheet.write(row, 0, "Yes")
shown = book.add_format({"num_format": 'General;General;General;"+ "@'})
sheet.conditional_format("A1", {"type": "cell", "criteria": "==", "value": '"Yes"', "format": shown})
book.close()
PY
ssconvert -T Gnumeric_OpenCalc:odf a.xlsx b.ods 2>/dev/null
ssconvert -T Gnumeric_Excel:xlsx2 a.xlsx b.xlsx 2>/dev/null
venv/bin/python - <<'PY'
import re
import sys
import zipfile

import openpyxl

content = zipfile.ZipFile("b.ods").read("content.xml").decode()
cells = re.findall(r"<table:table-cell([^>]*)><text:p>(.*?)</text:p>", content)
book = openpyxl.load_workbook("b.xlsx")
kept = [cell.value for cell in book.active["A"][:2]]
print("Gnumeric 1.12.55, .ods", [text for _, text in cells[:2]], "string-value" in content)
print("Gnumeric 1.12.55, .xlsx", kept)
seen = [text for _, text in cells[:2]] == ["+ Yes", "Yes"] and "string-value" not in content
sys.exit(not (seen and kept == ["Yes", "Yes"]))
PY
