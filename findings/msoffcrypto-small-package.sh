#!/usr/bin/env bash
# msoffcrypto-tool 6.1.0: a workbook of less than 4,096 bytes, encrypted by it, comes out as a
# file that it cannot decrypt again. encrypt() gives no error, and the file has all the streams of
# an encrypted workbook. Streams below 4,096 bytes belong in the ministream of a compound file
# ([MS-CFB] 2.6.3, mini stream cutoff size); reading follows that, and gets other bytes.
# One of 4,096 bytes or more comes back as it was.
#
# Expected: what was encrypted. Seen with 6.1.0: the smallest valid xlsx fails with InvalidKeyError
# (or another error, as the bytes fall); padded beyond the cutoff it is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet msoffcrypto-tool==6.1.0 openpyxl==3.1.5
"$folder/venv/bin/python" - <<'PY'
import io
import sys
import zipfile
from importlib.metadata import version

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

NS = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{NS}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="rId1" Type="{NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{NS}/spreadsheetml/2006/main" xmlns:r="{NS}/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="rId1" Type="{NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{NS}/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData></worksheet>',
}


def workbook(padding: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.comment = b" " * padding
    return target.getvalue()


def there_and_back(plain: bytes) -> str:
    locked, back = io.BytesIO(), io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt("secret", locked)
    try:
        file = OOXMLFile(io.BytesIO(locked.getvalue()))
        file.load_key(password="secret")
        file.decrypt(back)
    except Exception as fault:  # which one it is, hangs on the size
        return type(fault).__name__
    return "same" if back.getvalue() == plain else "other bytes"


print("msoffcrypto-tool", version("msoffcrypto-tool"))
small, large = workbook(0), workbook(4_096)
for plain in (small, large):
    assert openpyxl.load_workbook(io.BytesIO(plain)).active["A1"].value == 7  # valid input
found = there_and_back(small), there_and_back(large)
print(f"{len(small)} bytes: {found[0]}; {len(large)} bytes: {found[1]}")
sys.exit(0 if len(small) < 4_096 <= len(large) and found[0] != "same" and found[1] == "same" else 1)
PY
