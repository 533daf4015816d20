#!/usr/bin/env bash
# exceljs 4.4.0: a formula that gives a text, in a cell with a number format for dates, is read as
# a date; the text is lost, and writing the workbook again puts <v>NaN</v> in the cell, without
# a type, so as a number that is none. Excel and LibreOffice show the text; a formula such as
# IF(B1="","choose a day",B1) in a cell for dates is common.
#
# Expected: the text that the formula gave, as it is with a format that is not for dates.
# Seen with 4.4.0: the result is an invalid Date, and the file that is written says NaN.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund exceljs@4.4.0 jszip@3.10.1 > /dev/null 2>&1
python3 - <<'PY'
import zipfile

NS = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{NS}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="rId1" Type="{NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{NS}/spreadsheetml/2006/main" xmlns:r="{NS}/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="rId1" Type="{NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{NS}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{NS}/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{NS}/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><f>IF(C1="","choose a day",C1)</f><v>choose a day</v></c><c r="B1" s="1" t="str"><f>IF(C1="","choose a day",C1)</f><v>choose a day</v></c></row></sheetData></worksheet>',
}
with zipfile.ZipFile("in.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, text in PARTS.items():
        archive.writestr(name, text)
PY
cat > try.cjs <<'JS'
const ExcelJS = require('exceljs')
const JSZip = require('jszip')
const fs = require('fs')

async function main() {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile('in.xlsx')
  const sheet = book.getWorksheet('A')
  const [plain, dated] = ['A1', 'B1'].map((place) => sheet.getCell(place).value.result)
  await book.xlsx.writeFile('out.xlsx')
  const zip = await JSZip.loadAsync(fs.readFileSync('out.xlsx'))
  const xml = await zip.file('xl/worksheets/sheet1.xml').async('string')
  console.log('exceljs', require('exceljs/package.json').version)
  console.log('A1, no format:', plain)
  console.log('B1, format for dates:', String(dated))
  console.log(xml.match(/<c r="[AB]1".*?<\/c>/g).join('\n'))
  const seen = plain === 'choose a day' && String(dated) === 'Invalid Date' && /NaN<\/v>/.test(xml)
  process.exit(seen ? 0 : 1)
}
main()
JS
node try.cjs
