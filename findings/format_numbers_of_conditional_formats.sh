#!/usr/bin/env bash
# In a workbook by XlsxWriter that openpyxl opened and saved, one number (numFmtId) means two number formats in
# styles.xml: one of a cell and another one of a conditional format (dxf). Excel gives every format of a file one number,
# so a reader that gathers all <numFmt> elements by number shows 95 % or a date with the sign of a conditional format.
# Only those inside <numFmts> are for cells.
# Exits 0 while that is so, non-zero when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 XlsxWriter==3.3.1
cd "$folder"
"$folder/v/bin/python" - <<'PY'
import re
import sys
import zipfile
from datetime import date

import openpyxl
import xlsxwriter

book = xlsxwriter.Workbook("a.xlsx")
sheet = book.add_worksheet()
sheet.write_number(0, 0, 1, book.add_format({"num_format": "0.0"}))
ticked = book.add_format({"num_format": 'General;General;General;"✓ "@'})
rule = {"type": "cell", "criteria": "==", "value": '"yes"', "format": ticked}
sheet.conditional_format("B1:B9", rule)
book.close()

again = openpyxl.load_workbook("a.xlsx")
again.active["C1"] = date(2026, 4, 3)
again.active["C1"].number_format = "d mmmm yyyy"
again.save("b.xlsx")

clash = {}
for name in ("a.xlsx", "b.xlsx"):
    text = zipfile.ZipFile(name).read("xl/styles.xml").decode()
    found = {}
    for tag in re.findall(r"<numFmt [^>]*>", text):
        number = re.search(r'numFmtId="(\d+)"', tag)[1]
        found.setdefault(number, []).append(re.search(r'formatCode="([^"]*)"', tag)[1])
    print(name, found)
    clash[name] = {n: codes for n, codes in found.items() if len(set(codes)) > 1}
print("openpyxl", openpyxl.__version__, "XlsxWriter", xlsxwriter.__version__)
print("numbers with two formats:", clash)
sys.exit(0 if not clash["a.xlsx"] and clash["b.xlsx"] else 1)
PY
