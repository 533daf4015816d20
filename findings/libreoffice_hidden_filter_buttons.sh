#!/usr/bin/env bash
# LibreOffice: filter buttons that a table object hides are shown.
#
# Seen with LibreOffice 7.4.7.2, files written by openpyxl 3.1.5. In Excel a table may hide the
# button of one column: <filterColumn colId="0" hiddenButton="1"/> (ISO/IEC 29500-1, 18.3.2.7). A
# table of three columns that hides two of them shows three buttons in LibreOffice, and once saved
# by it no column says hiddenButton any more: the setting is not read.
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
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.worksheet.filters import FilterColumn
from openpyxl.worksheet.table import Table

work = Path(sys.argv[1])
book = openpyxl.Workbook()
sheet = book.active
for row in (("a", "b", "c"), (1, 2, 3), (4, 5, 6)):
    sheet.append(row)
table = Table(displayName="T", ref="A1:C3")
table._initialise_columns()
for column, name in zip(table.tableColumns, "abc", strict=True):
    column.name = name
for number in (0, 1):
    table.autoFilter.filterColumn.append(FilterColumn(colId=number, hiddenButton=True))
sheet.add_table(table)
book.save(work / "in.xlsx")
subprocess.run(
    ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
     "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(work / "out"),
     str(work / "in.xlsx")],
    check=True, capture_output=True, timeout=300,
)


def hidden(path):
    """How many tables with a filter there are, and how many buttons they hide."""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")]
    filters = sum(part.count("<autoFilter") for part in parts)
    return filters, sum(len(re.findall('hiddenButton="(?:1|true)"', part)) for part in parts)


before, after = hidden(work / "in.xlsx"), hidden(work / "out" / "in.xlsx")
print("filters and hidden buttons before:", before, "after:", after)
same = before == (1, 2) and after[0] >= 1 and after[1] == 0
print("as described" if same else "LibreOffice does otherwise now")
sys.exit(0 if same else 1)
PY
"$work/venv/bin/python" "$work/try.py" "$work"
