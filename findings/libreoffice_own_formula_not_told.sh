#!/usr/bin/env bash
# LibreOffice: a formula keeps its stored number while the cells that it adds up change.
#
# Seen with LibreOffice 7.4.7.2 with its settings as installed: files of Excel are not recalculated on
# loading. A column of shared formulas gives empty texts, stored as Excel stores them (t="str" with an
# empty <v>); a second column makes numbers of those, and a cell adds these up with SUMIFS, with 0 as
# its stored value. Then numbers are typed beside the first column. A sum that is a formula of its own
# stays 0 until all is recalculated; the same sum written as a formula shared by that one cell
# (t="shared" with a ref of one cell) follows at once.
#
# Exits 0 while this holds, 1 when LibreOffice does otherwise, 2 when LibreOffice or its bridge to
# Python is not installed.
set -euo pipefail
command -v soffice >/dev/null || { echo "LibreOffice (soffice) is needed"; exit 2; }
bridge=/usr/bin/python3
"$bridge" -c "import uno" 2>/dev/null || { echo "python3-uno is needed"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
soffice --version
cat >"$work/try.py" <<'PY'
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

work = Path(sys.argv[1])
ROWS = 5
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def shared(cell, first, text, number, value):
    group = f'<f t="shared" ref="{first}" si="{number}">{text}</f>' if text else (
        f'<f t="shared" si="{number}"/>')
    kind = ' t="str"' if value == "" else ""
    return f'<c r="{cell}"{kind}>{group}<v>{value}</v></c>'


total = f"SUMIFS($C$1:$C${ROWS},$D$1:$D${ROWS},1)"
rows = []
for n in range(1, ROWS + 1):
    top = n == 1
    cells = shared(f"B{n}", f"B1:B{ROWS}", 'IF(ISBLANK($A1),"",$A1)' if top else "", 0, "")
    cells += shared(f"C{n}", f"C1:C{ROWS}", "IF(ISNUMBER($B1),$B1,0)" if top else "", 1, 0)
    cells += f'<c r="D{n}"><v>1</v></c>'
    if top:
        cells += f'<c r="E1"><f>{total}</f><v>0</v></c>'
        cells += shared("F1", "F1:F1", total, 2, 0)
        cells += '<c r="G1"><f>1+1</f><v>2</v></c>'
    rows.append(f'<row r="{n}">{cells}</row>')
parts = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
    'Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/docProps/app.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{DOC}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" '
    f'Type="{DOC}/extended-properties" Target="docProps/app.xml"/></Relationships>',
    "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>Microsoft Excel</Application><AppVersion>16.0300'
    "</AppVersion></Properties>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><fileVersion appName="xl"/>'
    '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
    f'Id="rId1" Type="{DOC}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData>'
    "</worksheet>",
}
with zipfile.ZipFile(work / "in.xlsx", "w") as archive:
    for name, text in parts.items():
        archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)

office = subprocess.Popen(
    ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless",
     "--norestore", f"--accept=pipe,name={work.name};urp"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
try:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={work.name};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.2)
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context)
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    book = desktop.loadComponentFromURL((work / "in.xlsx").as_uri(), "_blank", 0, (hidden,))
    sheet = book.Sheets.getByIndex(0)
    for n in range(ROWS):
        sheet.getCellByPosition(0, n).Value = 1
    typed = [sheet.getCellByPosition(column, 0).Value for column in (4, 5)]
    book.calculateAll()
    again = [sheet.getCellByPosition(column, 0).Value for column in (4, 5)]
    book.close(True)
finally:
    os.killpg(office.pid, signal.SIGKILL)  # the program behind the command too
print("its own, shared by one cell; after typing:", typed, "after recalculating:", again)
same = typed == [0, ROWS] and again == [ROWS, ROWS]
print("as described" if same else "LibreOffice does otherwise now")
sys.exit(0 if same else 1)
PY
"$bridge" "$work/try.py" "$work"
